using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>Units as tiles of one size, placed as on a map and shaded by an indicator's value: a small region is seen as well as a large one.</summary>
public sealed record TileMap
{
    /// <summary>Shades, from the lowest fifth of the values to the highest.</summary>
    public const int Shades = 5;

    public required IReadOnlyList<Tile> Tiles { get; init; }

    public string? IndicatorCode { get; init; }

    public Bilingual? Indicator { get; init; }

    public Bilingual Unit { get; init; }

    public Period? Period { get; init; }

    public int Columns => Tiles.Max(t => t.Column);

    public int Rows => Tiles.Max(t => t.Row);

    /// <summary>What each shade stands for: the lowest and highest value in it.</summary>
    public IEnumerable<(int Shade, decimal Low, decimal High)> Legend =>
        Tiles.Where(t => t.Value is not null).GroupBy(t => t.Shade).OrderBy(g => g.Key).Select(g => (g.Key, g.Min(t => t.Value!.Value), g.Max(t => t.Value!.Value)));

    /// <summary>The map of one indicator in one period; without one, the bare map. Nothing where the regions have no places.</summary>
    /// <param name="indicator">What is shown.</param>
    /// <param name="period">When.</param>
    /// <param name="values">Regions in their order, each with its value.</param>
    public static TileMap? Of(Indicator? indicator, Period? period, IEnumerable<(Region Region, decimal? Value)> values)
    {
        var placed = values.Where(v => v.Region is { Kind: RegionKind.Unit, TileCol: not null, TileRow: not null }).ToList();
        if (placed.Count == 0)
            return null;

        var ordered = placed.Select(p => p.Value).OfType<decimal>().Order().ToList();
        return new TileMap
        {
            IndicatorCode = indicator?.Code,
            Indicator = indicator?.Name,
            Unit = indicator?.Unit ?? new Bilingual("", ""),
            Period = period,
            Tiles = [.. placed.Select(p => new Tile(
                p.Region.Code, p.Region.Short, p.Region.Iso, p.Region.TileCol!.Value, p.Region.TileRow!.Value, p.Region.Reports, p.Value,
                p.Value is { } value ? ShadeOf(value, ordered) : 0))],
        };
    }

    /// <summary>The fifth in which a value lies; equal values lie in the same one.</summary>
    private static int ShadeOf(decimal value, List<decimal> ordered) => 1 + (ordered.IndexOf(value) * Shades / ordered.Count);
}

/// <summary>A unit on the map; its shade is 1 to <see cref="TileMap.Shades"/>, 0 where there is no value.</summary>
public sealed record Tile(string Code, Bilingual Short, string? Iso, int Column, int Row, bool Reports, decimal? Value, int Shade)
{
    /// <summary>What fits on a tile.</summary>
    public Bilingual Label => new(Iso is { } iso ? iso[(iso.IndexOf('-', StringComparison.Ordinal) + 1)..] : Short.En, Short.Zh);
}

public static class TileMapQueries
{
    /// <summary>The map of one indicator in one period.</summary>
    public static async Task<TileMap?> TileMapAsync(this PlanDbContext db, CurrentPlan plan, Indicator? indicator, Period? period, CancellationToken ct)
    {
        var known = db.KnownReadings(plan.AsOf).Where(k => indicator != null && k.Reading.IndicatorId == indicator.Id && k.Reading.Period == period);
        var units = await (
            from unit in db.Regions.AsNoTracking()
            where unit.RegionSet == plan.RegionSet && unit.Kind == RegionKind.Unit && unit.TileCol != null
            orderby unit.Position
            from value in known.Where(k => k.Reading.RegionId == unit.Id).Select(k => k.Value).DefaultIfEmpty()
            select new { Region = unit, Value = value }).ToListAsync(ct);
        return TileMap.Of(indicator, period, units.Select(u => (u.Region, u.Value)));
    }

    /// <summary>The latest period that at least half as many of the units on the map report as report the fullest one.</summary>
    public static async Task<Period?> LatestSharedPeriodAsync(this PlanDbContext db, CurrentPlan plan, int indicatorId, CancellationToken ct)
    {
        var periods = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicatorId && k.Value != null && k.Reading.Region!.Kind == RegionKind.Unit && k.Reading.Region.TileCol != null)
            .GroupBy(k => k.Reading.Period).Select(g => new { Period = g.Key, Count = g.Count() }).ToListAsync(ct);
        return periods.Where(p => p.Count * 2 >= periods.Max(q => q.Count)).Select(p => (Period?)p.Period).Max();
    }
}
