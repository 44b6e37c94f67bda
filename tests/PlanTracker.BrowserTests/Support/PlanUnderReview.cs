using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>A served plan for tests that only look: one reading waits for review, one was returned, one is approved, and a round that is over asked for them.</summary>
public sealed class PlanUnderReview(TestCluster cluster) : ServedPlan(cluster)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var (reporter, reviewer) = (await Plan.PersonAsync("reporter"), await Plan.PersonAsync("reviewer"));
        await SubmitAsync(reporter, "110000", "6.9");
        await Plan.WithAsync(async (_, store) => await store.ReturnAsync([await SubmitAsync(reporter, "330000", "3.31")], "Table 3 says 3.2.", reviewer, CancellationToken.None));
        await Plan.WithAsync(async (_, store) => await store.ApproveAsync([await SubmitAsync(reporter, "310000", "4.4")], reviewer, CancellationToken.None));
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
                Locks = true,
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
}
