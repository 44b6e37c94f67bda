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
        var latest = db.Indicators.Where(i => ids.Contains(i.Id)).Select(i => new
        {
            IndicatorId = i.Id,
            End = known.Where(k => k.Reading.IndicatorId == i.Id).OrderByDescending(k => k.Reading.PeriodEnd).Select(k => (DateOnly?)k.Reading.PeriodEnd).FirstOrDefault(),
        });
        var periods = (await (
                from k in known
                join last in latest on k.Reading.IndicatorId equals last.IndicatorId
                where k.Reading.PeriodEnd > last.End!.Value.AddYears(-YearsBack)
                group k by new { k.Reading.IndicatorId, k.Reading.Period } into units
                select new { units.Key.IndicatorId, units.Key.Period, Count = units.Count() }).ToListAsync(ct))
            .ToLookup(p => p.IndicatorId);
        var chosen = periods.ToDictionary(p => p.Key, p => p.Where(o => o.Count * 2 >= p.Max(q => q.Count)).Max(o => o.Period));
        var (days, named) = (chosen.Values.Select(p => p.End).Distinct().ToArray(), chosen.Values.Distinct().ToArray());
        var values = (await known.Where(k => days.Contains(k.Reading.PeriodEnd) && named.Contains(k.Reading.Period))
                .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, Value = k.Value!.Value }).ToListAsync(ct))
            .Where(v => v.Period == chosen[v.IndicatorId]).ToLookup(v => v.IndicatorId);
        return [.. from indicator in indicators
                   let units = values[indicator.Id].ToList()
                   where units.Count > 1
                   select new RegionSpread
                   {
                       Indicator = indicator,
                       Period = chosen[indicator.Id],
                       Values = [.. units.Select(v => (Region: regions[v.RegionId], v.Value)).OrderByDescending(v => v.Value).ThenBy(v => v.Region.Position)],
                   }];
    }
}
