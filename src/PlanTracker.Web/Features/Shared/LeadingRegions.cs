using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>The regions a long ranking shows, picked by the database.</summary>
/// <param name="RegionIds">The leading ones and, if it is not among them, the last.</param>
/// <param name="Count">How many regions have a value.</param>
/// <param name="LastRank">Rank of the last: equal values share one.</param>
public sealed record LeadingRegions(IReadOnlyList<int> RegionIds, int Count, int LastRank);

public static class LeadingRegionsQueries
{
    /// <param name="known">Values of one indicator for one period; at least one.</param>
    /// <param name="better">Which is the best.</param>
    /// <param name="most">How many lead.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<LeadingRegions> LeadingAsync(this IQueryable<KnownReading> known, Better better, int most, CancellationToken ct)
    {
        var higher = better == Better.Increase;
        var values = known.Select(k => new { k.Reading.RegionId, Value = k.Value!.Value });
        var (first, last) = higher ? (values.OrderByDescending(v => v.Value), values.OrderBy(v => v.Value)) : (values.OrderBy(v => v.Value), values.OrderByDescending(v => v.Value));
        var picked = await first.ThenBy(v => v.RegionId).Take(most).Select(v => new { v.RegionId, Count = 0, Ahead = 0 })
            .Concat(last.ThenByDescending(v => v.RegionId).Take(1)
                .Select(v => new { v.RegionId, Count = known.Count(), Ahead = known.Count(k => higher ? k.Value > v.Value : k.Value < v.Value) }))
            .ToListAsync(ct);
        return new LeadingRegions([.. picked.Select(v => v.RegionId).Distinct()], picked.Sum(v => v.Count), picked.Sum(v => v.Ahead) + 1);
    }
}
