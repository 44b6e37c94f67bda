using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Regions;

public sealed record RegionPage
{
    public required Region Region { get; init; }

    /// <summary>Groupings it belongs to, or the units of a grouping.</summary>
    public required IReadOnlyList<RegionLink> Related { get; init; }

    public required IReadOnlyList<IndicatorLine> Lines { get; init; }

    /// <summary>Place among the units that have a value for the same period, by indicator.</summary>
    public required IReadOnlyDictionary<int, Place> Places { get; init; }

    /// <summary>The regions of a country or grouping together, by indicator.</summary>
    public required IReadOnlyList<RollupLine> Rollups { get; init; }

    /// <summary>The indicator whose trend and comparison are shown.</summary>
    public IndicatorLine? Chosen { get; init; }

    public required IReadOnlyList<ComparedRegion> Compared { get; init; }

    public Period? ComparedPeriod { get; init; }
}

public sealed record RegionLink(string Code, RegionKind Kind, GroupType? GroupType, Bilingual Short, bool Reports, string? Note);

/// <summary>Where a unit stands among all units and among those of its macro-region, for one period, and what the country has.</summary>
public sealed record Place(int Rank, int Of, Period Period)
{
    public int MacroRank { get; init; }

    /// <summary>Units of the macro-region with a value, this one included; 0 where it belongs to none.</summary>
    public int MacroOf { get; init; }

    public RollupLine? Nation { get; init; }
}

public sealed record ComparedRegion(string Code, Bilingual Short, decimal Value, Status Status, string Source);

public static class RegionQueries
{
    public static Task<List<RegionLink>> RegionListAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Regions.Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position)
            .Select(r => new RegionLink(r.Code, r.Kind, r.GroupType, new Bilingual(r.ShortEn, r.ShortZh), r.Reports, r.Note)).ToListAsync(ct);

    public static async Task<RegionPage?> RegionPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? indicatorCode, CancellationToken ct)
    {
        var region = await db.Regions.AsNoTracking().SingleOrDefaultAsync(r => r.RegionSet == plan.RegionSet && r.Code == code, ct);
        if (region is null)
            return null;

        var lines = await db.IndicatorLinesAsync(
            db.Indicators.Where(i => i.PlanId == plan.Id && db.Standings.Any(s => s.IndicatorId == i.Id && s.RegionId == region.Id)), plan, region.Id, ct);
        if (plan.AsOf is not null)
            lines = [.. lines.Where(l => l.Standing is not null)];
        var chosen = indicatorCode is null
            ? lines.FirstOrDefault(l => l.Series.Count > 1) ?? lines.FirstOrDefault()
            : lines.FirstOrDefault(l => string.Equals(l.Code, indicatorCode, StringComparison.Ordinal));
        // On a past day the indicator may not have had a figure here yet: the page is shown without it.
        if (chosen is null && indicatorCode is not null && plan.AsOf is null)
            return null;

        var comparedPeriod = chosen is null ? null : await db.ComparedPeriodAsync(chosen, region.Kind, plan.AsOf, ct);
        return new RegionPage
        {
            Region = region,
            Related = await db.RelatedAsync(region, ct),
            Lines = lines,
            Rollups = region.Kind == RegionKind.Unit ? [] : await db.RollupsAsync(plan, region.Id, ct),
            Places = region.Kind == RegionKind.Unit ? await db.PlacesAsync(plan, region, ct) : new Dictionary<int, Place>(),
            Chosen = chosen,
            Compared = comparedPeriod is { } period ? await db.ComparedAsync(chosen!, region.Kind, period, plan.AsOf, ct) : [],
            ComparedPeriod = comparedPeriod,
        };
    }

    private static Task<List<RegionLink>> RelatedAsync(this PlanDbContext db, Region region, CancellationToken ct)
    {
        var related = region.Kind == RegionKind.Grouping
            ? db.RegionMemberships.Where(m => m.GroupingId == region.Id).Select(m => new { Other = m.Region!, m.Note })
            : db.RegionMemberships.Where(m => m.RegionId == region.Id).Select(m => new { Other = m.Grouping!, m.Note });
        return related.OrderBy(m => m.Other.Position)
            .Select(m => new RegionLink(
                m.Other.Code, m.Other.Kind, m.Other.GroupType, new Bilingual(m.Other.ShortEn, m.Other.ShortZh), m.Other.Reports, m.Note)).ToListAsync(ct);
    }

    /// <summary>
    /// Rank 1 is the best by the indicator's own direction; equal values share a rank. Regions are ranked for the latest period of the region's
    /// own that at least half as many report as report the fullest one: the first to report is not first of one.
    /// </summary>
    private static async Task<Dictionary<int, Place>> PlacesAsync(this PlanDbContext db, CurrentPlan plan, Region region, CancellationToken ct)
    {
        var peers = db.KnownReadings(plan.AsOf).Where(k => k.Value != null && k.Reading.Region!.Kind == RegionKind.Unit)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.Period, k.Value });
        var own = db.KnownReadings(plan.AsOf).Where(k => k.Reading.RegionId == region.Id && k.Value != null)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.Period, k.Value, k.Reading.Indicator!.Better });
        var neighbours = await db.RegionMemberships
            .Where(m => m.Grouping!.GroupType == GroupType.Macro && db.RegionMemberships.Any(o => o.GroupingId == m.GroupingId && o.RegionId == region.Id))
            .Select(m => m.RegionId).Distinct().ToArrayAsync(ct);
        var near = db.KnownReadings(plan.AsOf).Where(k => k.Value != null && neighbours.Contains(k.Reading.RegionId))
            .Select(k => new { k.Reading.IndicatorId, k.Reading.Period, k.Value });
        var periods = await own.Select(mine => new
        {
            mine.IndicatorId,
            mine.Period,
            NearBetter = near.Count(r => r.IndicatorId == mine.IndicatorId && r.Period == mine.Period
                && (mine.Better == Better.Increase ? r.Value > mine.Value : r.Value < mine.Value)),
            Near = near.Count(r => r.IndicatorId == mine.IndicatorId && r.Period == mine.Period),
            Better = peers.Count(r => r.IndicatorId == mine.IndicatorId && r.Period == mine.Period
                && (mine.Better == Better.Increase ? r.Value > mine.Value : r.Value < mine.Value)),
            All = peers.Count(r => r.IndicatorId == mine.IndicatorId && r.Period == mine.Period),
        }).ToListAsync(ct);
        var latest = periods.GroupBy(p => p.IndicatorId).Select(g => g.Where(p => p.All * 2 >= g.Max(q => q.All)).MaxBy(p => p.Period)!).ToList();
        var nation = (await db.RollupsAsync(plan, latest.ToDictionary(l => l.IndicatorId, l => l.Period), ct)).ToDictionary(n => n.Indicator.Id);
        return latest.ToDictionary(l => l.IndicatorId, l => new Place(l.Better + 1, l.All, l.Period)
        {
            MacroRank = l.NearBetter + 1,
            MacroOf = l.Near,
            Nation = nation.GetValueOrDefault(l.IndicatorId),
        });
    }

    private static async Task<Period?> ComparedPeriodAsync(this PlanDbContext db, IndicatorLine chosen, RegionKind kind, DateOnly? asOf, CancellationToken ct)
    {
        var own = chosen.Series.Select(p => p.Period).ToHashSet();
        var periods = await db.KnownReadings(asOf).Where(k => k.Reading.IndicatorId == chosen.Id && k.Value != null && k.Reading.Region!.Kind == kind)
            .GroupBy(k => k.Reading.Period).Select(g => new { Period = g.Key, Count = g.Count() }).ToListAsync(ct);
        var shared = periods.Where(p => own.Contains(p.Period)).ToList();
        return shared.Where(p => p.Count * 2 >= shared.Max(q => q.Count)).MaxBy(p => p.Period)?.Period;
    }

    private static async Task<List<ComparedRegion>> ComparedAsync(
        this PlanDbContext db, IndicatorLine chosen, RegionKind kind, Period period, DateOnly? asOf, CancellationToken ct)
    {
        var values = await db.KnownReadings(asOf)
            .Where(k => k.Reading.IndicatorId == chosen.Id && k.Reading.Period == period && k.Value != null && k.Reading.Region!.Kind == kind)
            .Select(k => new
            {
                k.Reading.RegionId,
                k.Reading.Region!.Code,
                Short = new Bilingual(k.Reading.Region.ShortEn, k.Reading.Region.ShortZh),
                Value = k.Value!.Value,
                k.Revision.Source,
            }).ToListAsync(ct);
        var standings = asOf is null
            ? await db.Standings.Where(s => s.IndicatorId == chosen.Id).ToDictionaryAsync(s => s.RegionId, s => s.Status, ct)
            : (await db.StandingsAsOfAsync(db.Indicators.Where(i => i.Id == chosen.Id), db.Regions.Where(r => r.Kind == kind), asOf, ct))
                .ToDictionary(s => s.Key.RegionId, s => s.Value.Status);
        var ordered = chosen.Better == Better.Increase ? values.OrderByDescending(v => v.Value) : values.OrderBy(v => v.Value);
        return [.. ordered.ThenBy(v => v.Code, StringComparer.Ordinal)
            .Select(v => new ComparedRegion(v.Code, v.Short, v.Value, standings.GetValueOrDefault(v.RegionId), v.Source))];
    }
}
