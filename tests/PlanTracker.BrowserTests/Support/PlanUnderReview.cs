using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>A served plan for tests that only look: one reading waits for review, one was returned, one is approved.</summary>
public sealed class PlanUnderReview(TestCluster cluster) : ServedPlan(cluster)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var (reporter, reviewer) = (await Plan.PersonAsync("reporter"), await Plan.PersonAsync("reviewer"));
        await SubmitAsync(reporter, "110000", "6.9");
        await Plan.WithAsync(async (_, store) => await store.ReturnAsync([await SubmitAsync(reporter, "330000", "3.31")], "Table 3 says 3.2.", reviewer, CancellationToken.None));
        await Plan.WithAsync(async (_, store) => await store.ApproveAsync([await SubmitAsync(reporter, "310000", "4.4")], reviewer, CancellationToken.None));
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
