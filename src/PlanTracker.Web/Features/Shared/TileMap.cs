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
    /// <param name="regions">Whose units are shown.</param>
    /// <param name="values">Values by region.</param>
    public static TileMap? Of(Indicator? indicator, Period? period, PlanRegions regions, IReadOnlyDictionary<int, decimal> values)
    {
        if (regions.OnMap.Count == 0)
            return null;

        var placed = regions.OnMap.Select(r => (Region: r, Value: values.TryGetValue(r.Id, out var value) ? value : (decimal?)null)).ToList();
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
    public static async Task<TileMap?> TileMapAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Indicator? indicator, Period? period, CancellationToken ct)
    {
        if (indicator is null || period is not { } shown || regions.OnMap.Count == 0)
            return TileMap.Of(indicator, period, regions, new Dictionary<int, decimal>());

        var ids = regions.OnMap.Select(r => r.Id).ToArray();
        var values = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicator.Id && k.Reading.PeriodEnd == shown.End && k.Reading.Period == shown && ids.Contains(k.Reading.RegionId) && k.Value != null)
            .Select(k => new { k.Reading.RegionId, Value = k.Value!.Value }).ToDictionaryAsync(k => k.RegionId, k => k.Value, ct);
        return TileMap.Of(indicator, period, regions, values);
    }

    /// <summary>The latest period that at least half as many of the units on the map report as report the fullest one.</summary>
    public static async Task<Period?> LatestSharedPeriodAsync(this PlanDbContext db, CurrentPlan plan, PlanRegions regions, int indicatorId, CancellationToken ct)
    {
        var ids = regions.OnMap.Select(r => r.Id).ToArray();
        var periods = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicatorId && k.Value != null && ids.Contains(k.Reading.RegionId))
            .GroupBy(k => k.Reading.Period).Select(g => new { Period = g.Key, Count = g.Count() }).ToListAsync(ct);
        return periods.Where(p => p.Count * 2 >= periods.Max(q => q.Count)).Select(p => (Period?)p.Period).Max();
    }
}
