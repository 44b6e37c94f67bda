using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>What a page rests on: how many readings, counted up to <see cref="MostCounted"/> and one more, and the day the last of them came to count.</summary>
public sealed record DataVintage(int Readings, DateOnly? Last)
{
    /// <summary>Above it a page says "more than": to count millions takes longer than the page.</summary>
    public const int MostCounted = 10_000;
}

public static class DataVintageQueries
{
    /// <summary>The readings that had come to count by the day the page shows, as far as they are counted.</summary>
    public static IQueryable<Reading> CountedReadings(this PlanDbContext db, CurrentPlan plan) =>
        (plan.AsOf is null
            ? db.Readings.Where(r => r.Indicator!.PlanId == plan.Id && r.Status != null)
            : db.Readings.Where(r => r.Indicator!.PlanId == plan.Id && db.Revisions.Any(v => v.ReadingId == r.Id && v.KnownOn <= plan.Day)))
        .Take(DataVintage.MostCounted + 1);

    /// <summary>The days on which they did, the last first.</summary>
    public static IQueryable<DateOnly?> KnownDays(this PlanDbContext db, CurrentPlan plan) =>
        db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn <= plan.Day).OrderByDescending(v => v.KnownOn).Select(v => v.KnownOn);

    public static async Task<DataVintage> VintageAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var (counted, days) = (db.CountedReadings(plan), db.KnownDays(plan));
        var found = await db.Plans.Where(p => p.Id == plan.Id).Select(_ => new { Readings = counted.Count(), Last = days.FirstOrDefault() }).SingleAsync(ct);
        return new DataVintage(found.Readings, found.Last);
    }
}
