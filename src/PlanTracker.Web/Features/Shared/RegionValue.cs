using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>What was approved for a region and a period.</summary>
public readonly record struct RegionValue(Region Region, Period Period, decimal Value);

/// <param name="Value">A region's value.</param>
/// <param name="Rank">From 1; equal values share one.</param>
public readonly record struct RankedValue(RegionValue Value, int Rank);

public static class RegionValueQueries
{
    /// <summary>Every approved value of an indicator, by region and period in their order.</summary>
    public static async Task<List<RegionValue>> RegionValuesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Indicator indicator, CancellationToken ct)
    {
        var values = await db.ValuesOf(plan, indicator).Select(k => new { k.Reading.RegionId, k.Reading.Period, Value = k.Value!.Value }).ToListAsync(ct);
        return [.. values.Select(v => new RegionValue(regions[v.RegionId], v.Period, v.Value)).OrderBy(v => v.Region.Position).ThenBy(v => v.Period)];
    }

    /// <summary>The approved values of an indicator for one period, from the index alone and in no order.</summary>
    public static async Task<List<RegionValue>> RegionValuesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Indicator indicator, Period period, CancellationToken ct)
    {
        var values = await db.ValuesOf(plan, indicator).Where(k => k.Reading.PeriodEnd == period.End && k.Reading.Period == period)
            .Select(k => new { k.Reading.RegionId, Value = k.Value!.Value }).ToListAsync(ct);
        return values.ConvertAll(v => new RegionValue(regions[v.RegionId], period, v.Value));
    }

    /// <summary>The values of one period with their ranks, the best first; of more than a page shows those that lead, that of one region, and the last.</summary>
    /// <param name="values">One of each region.</param>
    /// <param name="better">Which is the best.</param>
    /// <param name="leading">How many lead, where not all are shown.</param>
    /// <param name="regionId">Whose value is shown wherever it lies.</param>
    public static List<RankedValue> Ranked(this IReadOnlyCollection<RegionValue> values, Better better, int leading, int regionId)
    {
        var ordered = (better == Better.Increase ? values.OrderByDescending(v => v.Value) : values.OrderBy(v => v.Value)).ThenBy(v => v.Region.Code, StringComparer.Ordinal);
        var ranked = new List<RankedValue>();
        foreach (var value in ordered.Take(values.Count <= leading + 1 ? values.Count : leading))
            ranked.Add(new RankedValue(value, ranked.Count > 0 && ranked[^1].Value.Value == value.Value ? ranked[^1].Rank : ranked.Count + 1));
        if (ranked.Count == values.Count)
            return ranked;

        var rest = values.Where(v => v.Region.Id == regionId).Append(ordered.Last()).Distinct().Except(ranked.Select(r => r.Value));
        return [.. ranked, .. rest.Select(v => new RankedValue(v, 1 + values.Count(o => better == Better.Increase ? o.Value > v.Value : o.Value < v.Value)))];
    }

    private static IQueryable<KnownReading> ValuesOf(this PlanDbContext db, CurrentPlan plan, Indicator indicator) =>
        db.KnownReadings(plan.AsOf).Where(k => k.Reading.IndicatorId == indicator.Id && k.Value != null);
}
