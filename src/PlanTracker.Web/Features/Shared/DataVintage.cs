using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>What a page rests on: how many readings, and the day the last of them came to count.</summary>
public sealed record DataVintage(int Readings, DateOnly? Last);

public static class DataVintageQueries
{
    /// <summary>What had come to count by the day the page shows.</summary>
    public static IQueryable<ReadingRevision> KnownRevisions(this PlanDbContext db, CurrentPlan plan) =>
        db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn <= plan.Day);

    public static async Task<DataVintage> VintageAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var found = await db.KnownRevisions(plan).GroupBy(_ => 1)
            .Select(g => new { Readings = g.Select(v => v.ReadingId).Distinct().Count(), Last = g.Max(v => v.KnownOn) }).SingleOrDefaultAsync(ct);
        return new DataVintage(found?.Readings ?? 0, found?.Last);
    }
}
