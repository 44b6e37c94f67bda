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
}

/// <summary>A unit on the map; its shade is 1 to <see cref="TileMap.Shades"/>, 0 where there is no value.</summary>
public sealed record Tile(string Code, Bilingual Short, string? Iso, int Column, int Row, bool Reports, decimal? Value, int Shade)
{
    /// <summary>What fits on a tile.</summary>
    public Bilingual Label => new(Iso is { } iso ? iso[(iso.IndexOf('-', StringComparison.Ordinal) + 1)..] : Short.En, Short.Zh);
}

public static class TileMapQueries
{
    /// <summary>The map of one indicator in one period; without one, the bare map. Nothing where the regions have no places.</summary>
    public static async Task<TileMap?> TileMapAsync(this PlanDbContext db, CurrentPlan plan, Indicator? indicator, Period? period, CancellationToken ct)
    {
        var units = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind == RegionKind.Unit && r.TileCol != null && r.TileRow != null)
            .OrderBy(r => r.Position).ToListAsync(ct);
        if (units.Count == 0)
            return null;

        var values = indicator is null || period is not { } at ? [] : await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicator.Id && k.Reading.Period == at && k.Value != null)
            .ToDictionaryAsync(k => k.Reading.RegionId, k => k.Value!.Value, ct);
        var ordered = units.Where(u => values.ContainsKey(u.Id)).Select(u => values[u.Id]).Order().ToList();
        return new TileMap
        {
            IndicatorCode = indicator?.Code,
            Indicator = indicator?.Name,
            Unit = indicator?.Unit ?? new Bilingual("", ""),
            Period = period,
            Tiles = [.. units.Select(u => new Tile(
                u.Code, u.Short, u.Iso, u.TileCol!.Value, u.TileRow!.Value, u.Reports,
                values.TryGetValue(u.Id, out var value) ? value : null, values.TryGetValue(u.Id, out var own) ? ShadeOf(own, ordered) : 0))],
        };
    }

    /// <summary>The latest period that at least half as many units report as report the fullest one.</summary>
    public static async Task<Period?> LatestSharedPeriodAsync(this PlanDbContext db, CurrentPlan plan, int indicatorId, CancellationToken ct)
    {
        var periods = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicatorId && k.Value != null && k.Reading.Region!.Kind == RegionKind.Unit)
            .GroupBy(k => k.Reading.Period).Select(g => new { Period = g.Key, Count = g.Count() }).ToListAsync(ct);
        return periods.Where(p => p.Count * 2 >= periods.Max(q => q.Count)).Select(p => (Period?)p.Period).Max();
    }

    /// <summary>The fifth in which a value lies; equal values lie in the same one.</summary>
    private static int ShadeOf(decimal value, List<decimal> ordered) => 1 + (ordered.IndexOf(value) * TileMap.Shades / ordered.Count);
}
