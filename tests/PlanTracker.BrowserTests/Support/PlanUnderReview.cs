using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>
/// A served plan for tests that only look: one reading waits for review, one was returned, one is approved, and so it is with reports of progress; a
/// round that is over asked for readings.
/// </summary>
public sealed class PlanUnderReview(TestCluster cluster) : ServedPlan(cluster)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var (reporter, reviewer) = (await Plan.PersonAsync("reporter"), await Plan.PersonAsync("reviewer"));
        await SubmitAsync(reporter, "110000", "6.9");
        await Plan.WithAsync(async (_, store) => await store.ReturnAsync([await SubmitAsync(reporter, "330000", "3.31")], "Table 3 says 3.2.", reviewer, CancellationToken.None));
        await Plan.WithAsync(async (_, store) => await store.ApproveAsync([await SubmitAsync(reporter, "310000", "4.4")], reviewer, CancellationToken.None));
        long[] items = [await ReportAsync(reporter, "B01.1", "under-way", "probable"), await ReportAsync(reporter, "B01.2", "preparing", "in-doubt"), await ReportAsync(reporter, "B01.3", "stopped", "")];
        await WithProgressAsync((_, store) => store.ApproveAsync(items, reviewer, CancellationToken.None));
        await WithProgressAsync(async (_, store) => await store.ReturnAsync([await ReportAsync(reporter, "B01.1", "in-operation", "feasible", basedOn: 1)], "Which site?", reviewer, CancellationToken.None));
        await ReportAsync(reporter, "B02.1", "not-started", "unachievable");
        await OpenRoundAsync();
    }

    private async Task OpenRoundAsync()
    {
        var administrator = await Plan.PersonAsync("administrator");
        await Plan.WithAsync(async (db, _) =>
        {
            var store = new RoundStore(db, TimeProvider.System);
            var plan = await db.Plans.Select(p => p.Id).SingleAsync();
            var faults = await store.CreateAsync(new StatedRound
            {
                PlanId = plan,
                Code = "y2024",
                NameEn = "Year 2024",
                NameZh = "2024 年报",
                Period = "2024",
                OpensOn = "2025-02-01",
                Deadline = "2025-03-31",
                Locks = false,
                Indicators = ["I13", "P-RD-INT", "P-RD-EXP"],
                Regions = ["CN"],
            }, administrator, CancellationToken.None);
            faults.Should().BeEmpty();
            faults = await store.GrantAsync(plan, "y2024", new StatedException("zhejiang", null, "2090-01-01", "The bulletin comes late."), administrator, CancellationToken.None);
            faults.Should().BeEmpty();
            return plan;
        });
    }

    private async Task<long> SubmitAsync(Guid author, string region, string value)
    {
        var submission = new Submission
        {
            Source = "National R&D bulletin 2024, table 3",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(await Plan.IndicatorAsync("P-RD-INT"), await Plan.RegionAsync(region), Period.Annual(2024)), value)],
        };
        await Plan.WithAsync((_, store) => store.SubmitAsync(submission, author, CancellationToken.None));
        return await Plan.WithAsync(async (db, _) => await db.Revisions.Where(r => r.RequestId == submission.RequestId).Select(r => r.Id).SingleAsync());
    }

    private async Task<long> ReportAsync(Guid author, string item, string stage, string confidence, int basedOn = 0)
    {
        var pdf = "%PDF-1.7"u8.ToArray();
        var stated = new StatedReport
        {
            Subject = ReportSubject.Item(await Plan.WithAsync((db, _) => db.Elements.Where(e => e.Code == item).Select(e => e.Id).SingleAsync())),
            Stage = stage,
            Percent = string.Equals(stage, "not-started", StringComparison.Ordinal) ? "0" : "40",
            Confidence = confidence,
            Statement = "Two of five sites run.",
            Evidence = "Report 7, https://example.org/report",
            Files = [new GivenFile("report.pdf", pdf.Length, pdf)],
            NextStep = "Open the third site.",
            BasedOn = basedOn,
            RequestId = Guid.NewGuid(),
        };
        await WithProgressAsync((_, store) => store.SubmitAsync(stated, author, CancellationToken.None));
        return await Plan.WithAsync((db, _) => db.ProgressReports.Where(r => r.RequestId == stated.RequestId).Select(r => r.Id).SingleAsync());
    }

    private async Task<T> WithProgressAsync<T>(Func<PlanDbContext, ProgressStore, Task<T>> work)
    {
        await using var scope = Plan.Application.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<PlanDbContext>(), scope.ServiceProvider.GetRequiredService<ProgressStore>());
    }
}
