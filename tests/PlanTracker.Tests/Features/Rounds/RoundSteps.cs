using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>A round over the year 2025, from 1 to 31 March 2026, and what people do in it on the day the clock shows.</summary>
public sealed class RoundSteps(SeededPlan plan)
{
    public const string Code = "y2025";

    public SettableClock Clock { get; } = new(new DateTimeOffset(2026, 3, 10, 8, 0, 0, TimeSpan.Zero));

    public static StatedRound Round { get; } = new()
    {
        PlanId = 0,
        Code = Code,
        NameEn = "Year 2025",
        NameZh = "2025 年报",
        Period = "2025",
        OpensOn = "2026-03-01",
        Deadline = "2026-03-31",
        Locks = true,
        Indicators = ["I13", "P-RD-INT"],
        Regions = ["CN"],
    };

    public void ItIs(string day) => Clock.Advance(DateTimeOffset.Parse(day + "T08:00Z", System.Globalization.CultureInfo.InvariantCulture) - Clock.GetUtcNow());

    public async Task OpenAsync(StatedRound? round = null)
    {
        (await WithAsync(async (store, planId, author) => await store.CreateAsync((round ?? Round) with { PlanId = planId }, author, CancellationToken.None)))
            .Should().BeEmpty("the round can be opened");
    }

    public Task<IReadOnlyList<RoundFault>> GrantAsync(string? person, string? region, string until) => WithAsync((store, planId, author) =>
        store.GrantAsync(planId, Code, new StatedException(person, region, until, "agreed by telephone"), author, CancellationToken.None));

    public Task CloseAsync() => WithAsync((store, planId, author) => store.CloseAsync(planId, Code, author, CancellationToken.None));

    /// <summary>Does something with the store of rounds, as the administrator.</summary>
    public async Task<T> WithAsync<T>(Func<RoundStore, int, Guid, Task<T>> work)
    {
        var administrator = await plan.PersonAsync("administrator");
        return await plan.WithAsync(async (db, _) => await work(new RoundStore(db, Clock), await db.Plans.Select(p => p.Id).SingleAsync(), administrator));
    }

    public async Task<SubmissionResult> SubmitAsync(string person, string indicator, string region, string value, string period = "2025")
    {
        var (author, indicatorId, regionId, parsed) = (await plan.PersonAsync(person), await plan.IndicatorAsync(indicator), await plan.RegionAsync(region), Period.Parse(period));
        return await plan.WithAsync(async (db, _) => await new ReadingStore(db, Clock).SubmitAsync(new Submission
        {
            Source = "Bulletin of the test",
            RequestId = Guid.NewGuid(),
            Explanation = "As counted.",
            Cells = [new TypedCell(new CellKey(indicatorId, regionId, parsed), value)
            {
                Status = ObservationStatus.A,
                BasedOn = await db.Readings
                    .Where(r => r.IndicatorId == indicatorId && r.RegionId == regionId && r.Period == parsed).Select(r => r.LastNumber).SingleOrDefaultAsync(),
            }],
        }, author, CancellationToken.None));
    }

    public Task<ReviewResult> ReturnAsync(string indicator, string region) => ReviewAsync(indicator, region, (store, ids, by) => store.ReturnAsync(ids, "check the unit", by, CancellationToken.None));

    public Task<ReviewResult> ApproveAsync(string indicator, string region) => ReviewAsync(indicator, region, (store, ids, by) => store.ApproveAsync(ids, by, CancellationToken.None));

    public async Task<IReadOnlyList<RoundDue>> DueAsync(string person)
    {
        var id = await plan.PersonAsync(person);
        return await plan.WithAsync(async (db, _) => await db.RoundsDueAsync(await db.Plans.Select(p => p.Id).SingleAsync(), id, Clock.GetUtcNow(), CancellationToken.None));
    }

    private async Task<ReviewResult> ReviewAsync(string indicator, string region, Func<ReadingStore, long[], Guid, Task<ReviewResult>> decide)
    {
        var reviewer = await plan.PersonAsync("reviewer");
        return await plan.WithAsync(async (db, _) => await decide(new ReadingStore(db, Clock), await db.Readings
            .Where(r => r.Indicator!.Code == indicator && r.Region!.Code == region && r.PendingRevisionId != null).Select(r => r.PendingRevisionId!.Value).ToArrayAsync(), reviewer));
    }
}
