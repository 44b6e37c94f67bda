using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>How the units lie for one indicator, in the latest period that at least half as many report as report its fullest one of late.</summary>
public sealed record RegionSpread
{
    public required Indicator Indicator { get; init; }

    public required Period Period { get; init; }

    public required Distribution Distribution { get; init; }

    public required UnitValue Highest { get; init; }

    public required UnitValue Lowest { get; init; }

    /// <summary>Each unit with its value; none where there are more than a page shows.</summary>
    public IReadOnlyList<UnitValue> Values { get; init; } = [];
}

public sealed record UnitValue(Region Region, decimal Value);

public static class RegionSpreadQueries
{
    /// <summary>A period is looked for among the last that any unit reports and those of so many years before it.</summary>
    private const int YearsBack = 3;

    /// <summary>These indicators, as far as more than one unit reports them.</summary>
    public static async Task<List<RegionSpread>> RegionSpreadsAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, IReadOnlyCollection<Indicator> indicators, CancellationToken ct)
    {
        var counted = regions.HasFewUnits || plan.AsOf is not null ? [] : await db.CountedSpreadsAsync(regions, indicators, ct);
        var rest = indicators.Where(i => !counted.ContainsKey(i.Id)).ToList();
        var read = rest.Count == 0 ? [] : await db.ReadSpreadsAsync(plan, regions, rest, ct);
        return [.. indicators.Select(i => counted.GetValueOrDefault(i.Id) ?? read.GetValueOrDefault(i.Id)).OfType<RegionSpread>()];
    }

    /// <summary>The units on a map, shaded by one of the spreads.</summary>
    public static async Task<TileMap?> TileMapAsync(this PlanDbContext db, CurrentPlan plan, PlanRegions regions, RegionSpread spread, CancellationToken ct) =>
        spread.Values.Count == 0
            ? await db.TileMapAsync(plan, regions, spread.Indicator, spread.Period, ct)
            : TileMap.Of(spread.Indicator, spread.Period, regions, spread.Values.ToDictionary(v => v.Region.Id, v => v.Value));

    private static async Task<Dictionary<int, RegionSpread>> ReadSpreadsAsync(
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
        return (from indicator in indicators
                let periods = values[indicator.Id].GroupBy(v => v.Period).ToList()
                where periods.Count > 0
                let chosen = periods.Where(p => p.Count() * 2 >= periods.Max(o => o.Count())).MaxBy(p => p.Key)!
                where chosen.Count() > 1
                let ordered = chosen.Select(v => new UnitValue(regions[v.RegionId], v.Value)).OrderByDescending(v => v.Value).ThenBy(v => v.Region.Position).ToList()
                select new RegionSpread
                {
                    Indicator = indicator,
                    Period = chosen.Key,
                    Distribution = Distribution.Of(ordered.Select(v => v.Value)),
                    Highest = ordered[0],
                    Lowest = ordered[^1],
                    Values = ordered,
                }).ToDictionary(s => s.Indicator.Id);
    }

    private sealed record CountedSpread(int IndicatorId, string Period, int Count, decimal[] Values, int Highest, int Lowest);

    /// <summary>
    /// The same counted by the database, for the latest period any unit reports. Where fewer than half of all units report it, another may be the
    /// fuller one: that indicator is left out here.
    /// </summary>
    private static async Task<Dictionary<int, RegionSpread>> CountedSpreadsAsync(
        this PlanDbContext db, PlanRegions regions, IReadOnlyCollection<Indicator> indicators, CancellationToken ct)
    {
        int[] ids = [.. indicators.Select(i => i.Id)], wholes = regions.WholeIds;
        var half = (regions.Units + 1) / 2;
        // The places are those of Distribution.Places.
        var spreads = await db.Database.SqlQuery<CountedSpread>($"""
            with latest as (
                select i.id, (
                    select r.period_end from readings r
                    where r.indicator_id = i.id and r.status is not null and r.value is not null and r.region_id <> all({wholes})
                    order by r.period_end desc limit 1) as period_end
                from unnest({ids}) i (id)
            ), sorted as (
                select r.indicator_id, r.period, r.value, r.region_id
                from latest l
                join readings r on r.indicator_id = l.id and r.period_end = l.period_end and r.status is not null and r.value is not null and r.region_id <> all({wholes})
                order by r.indicator_id, r.period, r.value, r.region_id desc
            ), ordered as (
                select indicator_id, period, count(*)::int as n, array_agg(value) as v, array_agg(region_id) as regions
                from sorted
                group by indicator_id, period
                having count(*) >= {half}
            )
            select indicator_id, period, n as count, regions[n] as highest, regions[1] as lowest, array[
                v[1],
                v[1 + (n - 1) / 4], v[least(2 + (n - 1) / 4, n)],
                v[1 + (n - 1) / 2], v[least(2 + (n - 1) / 2, n)],
                v[1 + 3 * (n - 1) / 4], v[least(2 + 3 * (n - 1) / 4, n)],
                v[n]] as values
            from ordered
            """).ToListAsync(ct);
        var byId = indicators.ToDictionary(i => i.Id);
        return spreads.GroupBy(s => s.IndicatorId).Select(g => g.MaxBy(s => Period.Parse(s.Period))!).ToDictionary(s => s.IndicatorId, s => new RegionSpread
        {
            Indicator = byId[s.IndicatorId],
            Period = Period.Parse(s.Period),
            Distribution = Distribution.Of(s.Count, s.Values),
            Highest = new UnitValue(regions[s.Highest], s.Values[^1]),
            Lowest = new UnitValue(regions[s.Lowest], s.Values[0]),
        });
    }
}
