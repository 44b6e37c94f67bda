using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>What people report about goals and items, at a time of the test's choice.</summary>
internal sealed class ProgressSteps(SeededPlan plan)
{
    public SettableClock Clock { get; } = new(new DateTimeOffset(2024, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public async Task<T> WithAsync<T>(Func<PlanDbContext, ProgressStore, Task<T>> work)
    {
        await using var scope = plan.Application.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        return await work(db, new ProgressStore(db, Clock));
    }

    public Task<int> GoalAsync(string code) => WithAsync((db, _) => db.Milestones.Where(m => m.Code == code).Select(m => m.Id).SingleAsync());

    public Task<int> ItemAsync(string code) => WithAsync((db, _) => db.Elements.Where(e => e.Code == code).Select(e => e.Id).SingleAsync());

    /// <summary>A report about a goal (<c>A01-2023</c>) or an item (<c>B01.1</c>) that lacks nothing.</summary>
    public async Task<StatedReport> StatedAsync(
        string code = "A01-2023", string status = "on-track", string stage = "under-way", string percent = "", string confidence = "probable",
        string statement = "Half of it is done.", string evidence = "Report 1", int basedOn = 0)
    {
        var goal = code.Contains('-', StringComparison.Ordinal);
        return new StatedReport
        {
            Subject = goal ? ReportSubject.Goal(await GoalAsync(code)) : ReportSubject.Item(await ItemAsync(code)),
            Status = goal ? status : "",
            Stage = stage,
            Percent = percent,
            Confidence = confidence,
            Statement = statement,
            Evidence = evidence,
            BasedOn = basedOn,
            RequestId = Guid.NewGuid(),
        };
    }

    public async Task<ReportResult> SubmitAsync(StatedReport stated, string author = "reporter")
    {
        var id = await plan.PersonAsync(author);
        return await WithAsync((_, store) => store.SubmitAsync(stated, id, CancellationToken.None));
    }

    /// <summary>The number of a report that was taken.</summary>
    public async Task<long> TakenAsync(StatedReport stated, string author = "reporter")
    {
        (await SubmitAsync(stated, author)).Faults.Should().BeEmpty();
        return (await ReportAsync(stated.RequestId)).Id;
    }

    public async Task<ReviewResult> ApproveAsync(params long[] reports) => await ApproveAsync("reviewer", reports);

    public async Task<ReviewResult> ApproveAsync(string reviewer, params long[] reports)
    {
        var id = await plan.PersonAsync(reviewer);
        return await WithAsync((_, store) => store.ApproveAsync(reports, id, CancellationToken.None));
    }

    public async Task<ReviewResult> ReturnAsync(string? reason, params long[] reports)
    {
        var id = await plan.PersonAsync("reviewer");
        return await WithAsync((_, store) => store.ReturnAsync(reports, reason, id, CancellationToken.None));
    }

    public Task<ProgressReport> ReportAsync(Guid requestId) =>
        WithAsync((db, _) => db.ProgressReports.SingleAsync(a => a.RequestId == requestId));

    public Task<List<RevisionState>> StatesAsync(string code = "A01-2023") =>
        WithAsync((db, _) => db.ProgressReports.Where(a => a.Milestone!.Code == code || a.Item!.Code == code).OrderBy(a => a.Number).Select(a => a.State).ToListAsync());

    /// <summary>All that a refused step must leave as it was.</summary>
    public Task<string> FootprintAsync() => WithAsync(async (db, _) =>
    {
        var reports = await db.ProgressReports.OrderBy(a => a.Id).Select(a => $"{a.Id} {a.State} {a.ReviewerId} {a.ReviewedAt} {a.Reason} {a.KnownOn}").ToListAsync();
        return string.Join('\n', [.. reports, $"{await db.AuditEvents.CountAsync()} events", $"{await db.EvidenceFiles.CountAsync()} files"]);
    });

    public async Task GrantAsync(string person, string region, string? element = null)
    {
        var personId = await plan.PersonAsync(person);
        await WithAsync(async (db, _) =>
        {
            var regionId = await db.Regions.Where(r => r.Code == region).Select(r => r.Id).SingleAsync();
            var elementId = element is null ? (int?)null : await db.Elements.Where(e => e.Code == element).Select(e => e.Id).SingleAsync();
            db.ScopeGrants.Add(new ScopeGrant { PersonId = personId, RegionId = regionId, ElementId = elementId });
            return await db.SaveChangesAsync();
        });
    }

    public async Task<List<string>> ReachAsync(string person)
    {
        var id = await plan.PersonAsync(person);
        return await WithAsync(async (db, _) => (List<string>)[
            .. await db.MilestonesInScope(id).OrderBy(m => m.Id).Select(m => m.Code).ToListAsync(),
            .. await db.ItemsInScope(id).OrderBy(e => e.Position).Select(e => e.Code).ToListAsync()]);
    }
}
