using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>How the units lie for one indicator, in the latest period that at least half as many report as report its fullest one of late.</summary>
public sealed record RegionSpread
{
    public required Indicator Indicator { get; init; }

    public required Period Period { get; init; }

    /// <summary>Each unit with its value, the highest first.</summary>
    public required IReadOnlyList<(Region Region, decimal Value)> Values { get; init; }

    public Distribution Distribution => Distribution.Of(Values.Select(v => v.Value));

    public TileMap? Map(PlanRegions regions)
    {
        var values = Values.ToDictionary(v => v.Region.Id, v => (decimal?)v.Value);
        return TileMap.Of(Indicator, Period, regions.All.Where(r => r.Kind == RegionKind.Unit && r.TileCol is not null).Select(r => (r, values.GetValueOrDefault(r.Id))));
    }
}

public static class RegionSpreadQueries
{
    /// <summary>A period is looked for among the last that any unit reports and those of so many years before it.</summary>
    private const int YearsBack = 3;

    /// <summary>These indicators, as far as more than one unit reports them.</summary>
    public static async Task<List<RegionSpread>> RegionSpreadsAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, IReadOnlyCollection<Indicator> indicators, CancellationToken ct)
    {
        var ids = indicators.Select(i => i.Id).ToArray();
        var known = db.KnownReadings(plan.AsOf).Where(k => ids.Contains(k.Reading.IndicatorId) && k.Value != null && k.Reading.Region!.Kind == RegionKind.Unit);
        var latest = known.GroupBy(k => k.Reading.IndicatorId).Select(g => new { IndicatorId = g.Key, End = g.Max(k => k.Reading.PeriodEnd) });
        var values = (await (
                from k in known
                join last in latest on k.Reading.IndicatorId equals last.IndicatorId
                where k.Reading.PeriodEnd > last.End.AddYears(-YearsBack)
                select new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, Value = k.Value!.Value }).ToListAsync(ct))
            .ToLookup(v => v.IndicatorId);
        return [.. from indicator in indicators
                   let periods = values[indicator.Id].GroupBy(v => v.Period).ToList()
                   where periods.Count > 0
                   let chosen = periods.Where(p => p.Count() * 2 >= periods.Max(o => o.Count())).MaxBy(p => p.Key)!
                   where chosen.Count() > 1
                   select new RegionSpread
                   {
                       Indicator = indicator,
                       Period = chosen.Key,
                       Values = [.. chosen.Select(v => (Region: regions[v.RegionId], v.Value)).OrderByDescending(v => v.Value).ThenBy(v => v.Region.Position)],
                   }];
    }
}
