using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Goals;

/// <summary>What people do with goals in words, at a time of the test's choice.</summary>
internal sealed class GoalSteps(SeededPlan plan)
{
    public SettableClock Clock { get; } = new(new DateTimeOffset(2024, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public async Task<T> WithAsync<T>(Func<PlanDbContext, MilestoneStore, Task<T>> work)
    {
        await using var scope = plan.Application.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        return await work(db, new MilestoneStore(db, Clock));
    }

    public Task<int> GoalAsync(string code) => WithAsync((db, _) => db.Milestones.Where(m => m.Code == code).Select(m => m.Id).SingleAsync());

    public async Task<StatedAssessment> StatedAsync(
        string code = "A01-2023", string status = "on-track", string statement = "Half of it is done.", string evidence = "Report 1", int basedOn = 0) => new()
        {
            MilestoneId = await GoalAsync(code),
            Status = status,
            Statement = statement,
            Evidence = evidence,
            BasedOn = basedOn,
            RequestId = Guid.NewGuid(),
        };

    public async Task<AssessmentResult> SubmitAsync(StatedAssessment stated, string author = "reporter")
    {
        var id = await plan.PersonAsync(author);
        return await WithAsync((_, store) => store.SubmitAsync(stated, id, CancellationToken.None));
    }

    /// <summary>The number of an assessment that was taken.</summary>
    public async Task<long> TakenAsync(StatedAssessment stated, string author = "reporter")
    {
        (await SubmitAsync(stated, author)).Faults.Should().BeEmpty();
        return (await AssessmentAsync(stated.RequestId)).Id;
    }

    public async Task<ReviewResult> ApproveAsync(params long[] assessments) => await ApproveAsync("reviewer", assessments);

    public async Task<ReviewResult> ApproveAsync(string reviewer, params long[] assessments)
    {
        var id = await plan.PersonAsync(reviewer);
        return await WithAsync((_, store) => store.ApproveAsync(assessments, id, CancellationToken.None));
    }

    public async Task<ReviewResult> ReturnAsync(string? reason, params long[] assessments)
    {
        var id = await plan.PersonAsync("reviewer");
        return await WithAsync((_, store) => store.ReturnAsync(assessments, reason, id, CancellationToken.None));
    }

    public Task<MilestoneAssessment> AssessmentAsync(Guid requestId) =>
        WithAsync((db, _) => db.MilestoneAssessments.SingleAsync(a => a.RequestId == requestId));

    public Task<List<RevisionState>> StatesAsync(string code = "A01-2023") =>
        WithAsync((db, _) => db.MilestoneAssessments.Where(a => a.Milestone!.Code == code).OrderBy(a => a.Number).Select(a => a.State).ToListAsync());

    /// <summary>All that a refused step must leave as it was.</summary>
    public Task<string> FootprintAsync() => WithAsync(async (db, _) =>
    {
        var assessments = await db.MilestoneAssessments.OrderBy(a => a.Id).Select(a => $"{a.Id} {a.State} {a.ReviewerId} {a.ReviewedAt} {a.Reason} {a.KnownOn}").ToListAsync();
        return string.Join('\n', [.. assessments, $"{await db.AuditEvents.CountAsync()} events"]);
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
        return await WithAsync((db, _) => db.MilestonesInScope(id).OrderBy(m => m.Id).Select(m => m.Code).ToListAsync());
    }
}
