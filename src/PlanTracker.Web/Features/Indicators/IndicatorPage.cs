using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Indicators;

public sealed record IndicatorPage
{
    public required Indicator Indicator { get; init; }

    public required IReadOnlyList<SpokenFor> Elements { get; init; }

    /// <summary>The series shown as trend.</summary>
    public required IndicatorLine Line { get; init; }

    public required RegionName Region { get; init; }

    /// <summary>Regions that have readings or targets, the country first.</summary>
    public required IReadOnlyList<RegionName> Regions { get; init; }

    /// <summary>What every document states for this indicator in this region.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>Every statement ever made for this region's series, latest period first.</summary>
    public required IReadOnlyList<RevisionLine> Revisions { get; init; }

    /// <summary>Regions by value in one period, the best first.</summary>
    public required IReadOnlyList<RankedRegion> Ranking { get; init; }

    public Period? RankedPeriod { get; init; }

    /// <summary>Periods regions can be ranked for.</summary>
    public required IReadOnlyList<Period> RankedPeriods { get; init; }
}

public sealed record SpokenFor(string Code, ElementKind Kind, Bilingual Title);

public sealed record RegionName(int Id, string Code, RegionKind Kind, Bilingual Short);

public sealed record RevisionLine(
    Period Period, DateOnly PeriodEnd, int Number, decimal? Value, ObservationStatus Status, Quality Quality, string Source, string? Note,
    RevisionState State, string? Author, string? Reviewer, DateTimeOffset CreatedAt, DateTimeOffset? ReviewedAt);

public sealed record RankedRegion(int Rank, string Code, RegionKind Kind, Bilingual Short, decimal Value, ObservationStatus Status, Quality Quality, string Source);

public sealed record IndicatorListLine(IndicatorLine Line, Bilingual Group, int Regions);

public static class IndicatorQueries
{
    public static async Task<List<IndicatorListLine>> IndicatorListAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var lines = await db.IndicatorLinesAsync(db.Indicators.Where(i => i.PlanId == plan.Id), plan, plan.RootRegionId, ct);
        var more = await db.Indicators.Where(i => i.PlanId == plan.Id)
            .Select(i => new
            {
                i.Id,
                Group = new Bilingual(i.GroupEn, i.GroupZh),
                Regions = db.Standings.Count(s => s.IndicatorId == i.Id && s.Value != null && s.Region!.Kind == RegionKind.Unit),
            }).ToDictionaryAsync(i => i.Id, ct);
        return [.. lines.Select(l => new IndicatorListLine(l, more[l.Id].Group, more[l.Id].Regions))];
    }

    public static async Task<IndicatorPage?> IndicatorPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? regionCode, Period? period, CancellationToken ct)
    {
        var indicator = await db.Indicators.AsNoTracking().SingleOrDefaultAsync(i => i.PlanId == plan.Id && i.Code == code, ct);
        if (indicator is null)
            return null;

        var regions = await db.Regions
            .Where(r => r.RegionSet == plan.RegionSet && (r.Kind == RegionKind.Country || db.Standings.Any(s => s.IndicatorId == indicator.Id && s.RegionId == r.Id)))
            .OrderBy(r => r.Position).Select(r => new RegionName(r.Id, r.Code, r.Kind, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);
        var region = regionCode is null
            ? regions.FirstOrDefault(r => indicator.ReportedBy != ReportedBy.Regional || r.Kind != RegionKind.Country) ?? regions[0]
            : regions.FirstOrDefault(r => string.Equals(r.Code, regionCode, StringComparison.Ordinal));
        if (region is null)
            return null;

        var periods = await db.RankedPeriodsAsync(indicator.Id, ct);
        var rankedPeriod = period is { } wanted && periods.Contains(wanted) ? wanted : periods.Count > 0 ? periods[0] : (Period?)null;
        return new IndicatorPage
        {
            Indicator = indicator,
            Elements = await db.IndicatorElements.Where(s => s.IndicatorId == indicator.Id).OrderBy(s => s.Element!.Position)
                .Select(s => new SpokenFor(s.Element!.Code, s.Element.Kind, new Bilingual(s.Element.TitleEn, s.Element.TitleZh))).ToListAsync(ct),
            Line = (await db.IndicatorLinesAsync(db.Indicators.Where(i => i.Id == indicator.Id), plan, region.Id, ct))[0],
            Region = region,
            Regions = regions,
            Targets = [.. (await db.KnownTargets(plan.AsOf).Where(t => t.IndicatorId == indicator.Id && t.RegionId == region.Id).ToListAsync(ct))
                .OrderBy(t => t.Period).ThenBy(t => t.Code, StringComparer.Ordinal)],
            Revisions = await db.RevisionLinesAsync(indicator.Id, region.Id, ct),
            RankedPeriods = periods,
            RankedPeriod = rankedPeriod,
            Ranking = rankedPeriod is { } ranked ? await db.RankingAsync(indicator.Id, indicator.Better, ranked, ct) : [],
        };
    }

    /// <summary>Periods for which at least two units have an approved value, latest first.</summary>
    private static async Task<List<Period>> RankedPeriodsAsync(this PlanDbContext db, int indicatorId, CancellationToken ct)
    {
        var periods = await db.Readings
            .Where(r => r.IndicatorId == indicatorId && r.Value != null && r.Region!.Kind != RegionKind.Country)
            .GroupBy(r => r.Period).Where(g => g.Count() > 1).Select(g => g.Key).ToListAsync(ct);
        return [.. periods.OrderDescending()];
    }

    private static async Task<List<RankedRegion>> RankingAsync(this PlanDbContext db, int indicatorId, Better better, Period period, CancellationToken ct)
    {
        var values = await db.Readings
            .Where(r => r.IndicatorId == indicatorId && r.Period == period && r.Value != null && r.Region!.Kind != RegionKind.Country)
            .Select(r => new RankedRegion(
                0, r.Region!.Code, r.Region.Kind, new Bilingual(r.Region.ShortEn, r.Region.ShortZh), r.Value!.Value, r.Status!.Value,
                r.ApprovedRevision!.Quality, r.ApprovedRevision.Source))
            .ToListAsync(ct);
        var ordered = better == Better.Increase ? values.OrderByDescending(v => v.Value) : values.OrderBy(v => v.Value);
        return [.. ordered.ThenBy(v => v.Code, StringComparer.Ordinal)
            .Select(v => v with { Rank = 1 + values.Count(o => better.Worse(v.Value, o.Value)) })];
    }

    private static async Task<List<RevisionLine>> RevisionLinesAsync(this PlanDbContext db, int indicatorId, int regionId, CancellationToken ct)
    {
        var lines = await db.Revisions
            .Where(v => v.Reading!.IndicatorId == indicatorId && v.Reading.RegionId == regionId
                && (v.State == RevisionState.Approved || v.State == RevisionState.Superseded))
            .Select(v => new RevisionLine(
                v.Reading!.Period, v.Reading.PeriodEnd, v.Number, v.Value, v.Status, v.Quality, v.Source, v.Note, v.State,
                v.Author!.DisplayName, v.Reviewer!.DisplayName, v.CreatedAt, v.ReviewedAt))
            .ToListAsync(ct);
        return [.. lines.OrderByDescending(l => l.Period).ThenByDescending(l => l.Number)];
    }
}
