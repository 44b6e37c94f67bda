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

    /// <summary>Regions that have readings or targets, the country first; none where there are too many to choose from.</summary>
    public required IReadOnlyList<RegionName> Regions { get; init; }

    /// <summary>There are so many that one is named, not chosen from a list.</summary>
    public required bool HasManyRegions { get; init; }

    /// <summary>What was typed for a region and names none.</summary>
    public string? UnknownRegion { get; init; }

    /// <summary>What every document states for this indicator in this region.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>Every statement ever made for this region's series, latest period first.</summary>
    public required IReadOnlyList<RevisionLine> Revisions { get; init; }

    /// <summary>How fast it goes and would have to go.</summary>
    public required Pace Pace { get; init; }

    /// <summary>Each target judged by itself, the earliest first.</summary>
    public required IReadOnlyList<TargetVerdict> Milestones { get; init; }

    /// <summary>What the reader tries.</summary>
    public required WhatIfPage WhatIf { get; init; }

    /// <summary>Regions by value in one period, the best first; of very many the leading ones and the last.</summary>
    public required IReadOnlyList<RankedRegion> Ranking { get; init; }

    /// <summary>How many regions have a value in that period.</summary>
    public required int RankedCount { get; init; }

    public Period? RankedPeriod { get; init; }

    /// <summary>The units on a map, shaded by their value in that period.</summary>
    public TileMap? Map { get; init; }

    /// <summary>The regions together for that period, for the country and each grouping; none where the indicator has no rule.</summary>
    public required IReadOnlyList<RollupLine> Rollups { get; init; }

    /// <summary>Every unit's course and the spread of each period; none where there are too few or too many units.</summary>
    public RegionSeries? RegionSeries { get; init; }

    /// <summary>Periods regions can be ranked for.</summary>
    public required IReadOnlyList<Period> RankedPeriods { get; init; }
}

public sealed record SpokenFor(string Code, ElementKind Kind, Bilingual Title);

/// <summary>What was approved for a region and a period.</summary>
public readonly record struct RegionValue(Region Region, Period Period, decimal Value);

public sealed record RankedRegion(int Rank, string Code, RegionKind Kind, Bilingual Short, decimal Value, ObservationStatus Status, Quality Quality, string Source);

/// <param name="Line">The indicator in the whole country.</param>
/// <param name="Group">What it is listed under.</param>
/// <param name="Regions">How many regions report it, if only regions do; counted up to <see cref="MostCounted"/>.</param>
public sealed record IndicatorListLine(IndicatorLine Line, Bilingual Group, int Regions)
{
    public const int MostCounted = 100;
}

/// <summary>A page of the indicators of a plan.</summary>
/// <param name="National">All that are judged for the whole country, on whichever page.</param>
/// <param name="Shown">Those on this page.</param>
public sealed record IndicatorList(IReadOnlyList<IndicatorLine> National, NumberedPage<IndicatorListLine> Shown);

public static class IndicatorQueries
{
    /// <summary>As many regions as are listed with their ranks.</summary>
    private const int MostRanked = 60;

    /// <summary>As many indicators as one page lists.</summary>
    private const int MostListed = 100;

    public static async Task<IndicatorList?> IndicatorListAsync(this PlanDbContext db, CurrentPlan plan, int number, CancellationToken ct)
    {
        var placed = await db.PlacedIndicators(db.Indicators.Where(i => i.PlanId == plan.Id), plan.RootRegionId).ToListAsync(ct);
        if (placed.PageOf(number, MostListed) is not { } page)
            return null;

        var ids = page.Items.Select(i => i.Indicator.Id).ToArray();
        var lines = await db.IndicatorLinesAsync(placed, plan, plan.RootRegionId, plan.AsItStands ? LineReadings.Values with { Of = ids } : LineReadings.Values, ct);
        var reporting = db.ReportingUnits(plan);
        var regions = await db.Indicators.Where(i => ids.Contains(i.Id) && i.ReportedBy == ReportedBy.Regional)
            .Select(i => new { i.Id, Count = reporting.Where(r => r.IndicatorId == i.Id).Take(IndicatorListLine.MostCounted + 1).Count() }).ToDictionaryAsync(i => i.Id, i => i.Count, ct);
        var shown = lines.Where(l => ids.Contains(l.Id)).Select(l => new IndicatorListLine(l, new Bilingual(l.Indicator.GroupEn, l.Indicator.GroupZh), regions.GetValueOrDefault(l.Id)));
        return new IndicatorList(lines.FindAll(l => l.ReportedBy != ReportedBy.Regional), new NumberedPage<IndicatorListLine>([.. shown], page.Number, page.Of));
    }

    public static async Task<IndicatorPage?> IndicatorPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? regionCode, Period? period, WhatIfForm whatIf, CancellationToken ct)
    {
        if (await db.FoundIndicatorAsync(plan, code, ct) is not { } found)
            return null;

        var indicator = found.Weighted.Indicator;
        var planRegions = await db.RegionsAsync(plan, ct);
        var most = PlanRegions.FewUnits + planRegions.Wholes.Count;
        var asked = (regionCode is null ? null : planRegions.Named(regionCode)?.Id) ?? plan.RootRegionId;
        var ofIndicator = db.Standings.AsNoTracking().Where(s => s.IndicatorId == indicator.Id);
        var standings = await ofIndicator.OrderBy(s => s.RegionId).Take(most + 1).Union(ofIndicator.Where(s => s.RegionId == asked)).ToDictionaryAsync(s => s.RegionId, ct);
        // Of very many regions one is named, not chosen; their courses are not drawn, and so not read either.
        var many = standings.Count > most;
        List<RegionName> regions = many ? []
            : [.. planRegions.All.Where(r => r.Kind == RegionKind.Country || standings.ContainsKey(r.Id)).Select(NameOf)];
        var (region, unknown) = many ? Named(planRegions, regionCode, indicator, standings.Keys) : (Chosen(regions, regionCode, indicator), null);
        if (region is null)
            return null;

        var values = many ? [] : await db.RegionValuesAsync(plan, planRegions, indicator.Id, ct);
        var periods = !many ? RankedPeriods(values)
            : plan.AsOf is null ? await db.PeriodsAsync(planRegions, indicator, ct)
            : await db.RankedPeriodsAsync(plan, planRegions, indicator.Id, ct);
        var rankedPeriod = period is { } wanted && periods.Contains(wanted) ? wanted : periods.Count > 0 ? periods[0] : (Period?)null;
        var (ranking, rankedCount) = rankedPeriod is not { } ranked ? ([], 0)
            : many ? await db.LeadingAsync(planRegions, indicator, ranked, plan.AsOf, ct)
            : await db.RankingAsync(indicator, ranked, plan.AsOf, ct);
        var placed = new PlacedIndicator { Indicator = indicator, Standing = standings.GetValueOrDefault(region.Id) };
        var line = (await db.IndicatorLinesAsync([placed], plan, region.Id, LineReadings.Whole, ct))[0];
        return new IndicatorPage
        {
            Indicator = indicator,
            Elements = found.Elements,
            Line = line,
            Pace = Pace.Of(line.Facts.Case),
            Milestones = TargetVerdict.Of(line.Facts.Case),
            WhatIf = WhatIfPage.Of(line, whatIf),
            Region = region,
            Regions = regions,
            HasManyRegions = many,
            UnknownRegion = unknown,
            Targets = [.. line.Stated.OrderBy(t => t.Period).ThenBy(t => t.Code, StringComparer.Ordinal)],
            Revisions = await db.RevisionLinesAsync(db.Readings.Where(r => r.IndicatorId == indicator.Id && r.RegionId == region.Id), plan.AsOf, ct),
            RankedPeriods = periods,
            RankedPeriod = rankedPeriod,
            Rollups = rankedPeriod is { } together && indicator.Aggregation != Aggregation.Reported
                ? await db.RollupsAsync(plan, planRegions, found.Weighted, together, ct)
                : [],
            RegionSeries = indicator.ReportedBy == ReportedBy.National ? null : RegionSeries.Of(values),
            Map = rankedPeriod is null ? null : !many ? MapOf(indicator, rankedPeriod.Value, planRegions, values) : await db.TileMapAsync(plan, planRegions, indicator, rankedPeriod, ct),
            Ranking = ranking,
            RankedCount = rankedCount,
        };
    }

    private static RegionName NameOf(Region region) => new(region.Id, region.Code, region.Kind, region.Short);

    private static RegionName? Chosen(List<RegionName> regions, string? code, Indicator indicator) => code is null
        ? regions.FirstOrDefault(r => indicator.ReportedBy != ReportedBy.Regional || r.Kind != RegionKind.Country) ?? regions[0]
        : regions.FirstOrDefault(r => string.Equals(r.Code, code, StringComparison.Ordinal));

    /// <summary>The region that was named by code or name; if none was, or none is called so, the one that is shown first.</summary>
    private static (RegionName Region, string? Unknown) Named(PlanRegions regions, string? text, Indicator indicator, IEnumerable<int> standing)
    {
        if (text is not null && regions.Named(text) is { } named)
            return (NameOf(named), null);
        var first = indicator.ReportedBy != ReportedBy.Regional
            ? regions.All.First(r => r.Kind == RegionKind.Country)
            : standing.Order().Select(id => regions[id]).First(r => r.Kind != RegionKind.Country);
        return (NameOf(first), string.IsNullOrWhiteSpace(text) ? null : text);
    }

    private sealed record FoundIndicator(WeightedIndicator Weighted, IReadOnlyList<SpokenFor> Elements);

    /// <summary>The indicator with what it is weighted by and what it speaks for.</summary>
    private static async Task<FoundIndicator?> FoundIndicatorAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct)
    {
        var found = await db.WithWeights(db.Indicators.Where(i => i.PlanId == plan.Id && i.Code == code)).Select(i => new
        {
            i.Indicator,
            i.Weight,
            Elements = db.IndicatorElements.Where(s => s.IndicatorId == i.Indicator.Id).OrderBy(s => s.Element!.Position)
                .Select(s => new SpokenFor(s.Element!.Code, s.Element.Kind, new Bilingual(s.Element.TitleEn, s.Element.TitleZh))).ToList(),
        }).FirstOrDefaultAsync(ct);
        return found is null ? null : new FoundIndicator(new WeightedIndicator { Indicator = found.Indicator, Weight = found.Weight }, found.Elements);
    }

    /// <summary>Every approved value of an indicator, by region and period in their order.</summary>
    private static async Task<List<RegionValue>> RegionValuesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, int indicatorId, CancellationToken ct)
    {
        var values = await db.KnownReadings(plan.AsOf).Where(k => k.Reading.IndicatorId == indicatorId && k.Value != null)
            .Select(k => new { k.Reading.RegionId, k.Reading.Period, Value = k.Value!.Value }).ToListAsync(ct);
        return [.. values.Select(v => new RegionValue(regions[v.RegionId], v.Period, v.Value)).OrderBy(v => v.Region.Position).ThenBy(v => v.Period)];
    }

    /// <summary>Periods for which at least two regions have an approved value, latest first.</summary>
    private static List<Period> RankedPeriods(IEnumerable<RegionValue> values) =>
        [.. values.Where(v => v.Region.Kind != RegionKind.Country).GroupBy(v => v.Period).Where(g => g.Count() > 1).Select(g => g.Key).OrderDescending()];

    /// <summary>The same, counted by the database.</summary>
    private static async Task<List<Period>> RankedPeriodsAsync(this PlanDbContext db, CurrentPlan plan, PlanRegions regions, int indicatorId, CancellationToken ct)
    {
        var countries = CountriesOf(regions);
        var periods = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicatorId && k.Value != null && !countries.Contains(k.Reading.RegionId))
            .GroupBy(k => k.Reading.Period).Where(g => g.Count() > 1).Select(g => g.Key).ToListAsync(ct);
        return [.. periods.OrderDescending()];
    }

    private static TileMap? MapOf(Indicator indicator, Period period, PlanRegions regions, IEnumerable<RegionValue> values) =>
        TileMap.Of(indicator, period, regions, values.Where(v => v.Period == period).ToDictionary(v => v.Region.Id, v => v.Value));

    /// <summary>Periods any region has a value for, latest first: looked up one after the other, not counted over all values.</summary>
    private static async Task<List<Period>> PeriodsAsync(this PlanDbContext db, PlanRegions regions, Indicator indicator, CancellationToken ct)
    {
        var countries = CountriesOf(regions);
        var ends = await db.Database.SqlQuery<DateOnly>($"""
            with recursive ends (period_end) as (
                select max(period_end) from readings where indicator_id = {indicator.Id} and status is not null and value is not null and region_id <> all({countries})
                union all
                select (select max(r.period_end) from readings r
                    where r.indicator_id = {indicator.Id} and r.status is not null and r.value is not null and r.region_id <> all({countries}) and r.period_end < e.period_end)
                from ends e where e.period_end is not null
            )
            select period_end as "Value" from ends where period_end is not null
            """).ToListAsync(ct);
        return [.. ends.Select(end => Period.LastEnded(indicator.Frequency, end)).Distinct()];
    }

    /// <summary>The leading regions and the last, picked and counted by the database.</summary>
    private static async Task<(List<RankedRegion> Ranking, int Count)> LeadingAsync(
        this PlanDbContext db, PlanRegions regions, Indicator indicator, Period period, DateOnly? asOf, CancellationToken ct)
    {
        var countries = CountriesOf(regions);
        var known = db.KnownReadings(asOf)
            .Where(k => k.Reading.IndicatorId == indicator.Id && k.Reading.PeriodEnd == period.End && k.Reading.Period == period && k.Value != null && !countries.Contains(k.Reading.RegionId));
        var leading = await known.LeadingAsync(indicator.Better, MostRanked - 1, ct);
        var ranking = Ranked(indicator, await RankedAsync(known.Where(k => leading.RegionIds.Contains(k.Reading.RegionId)), ct));
        if (ranking.Count > 0)
            ranking[^1] = ranking[^1] with { Rank = leading.LastRank };
        return (ranking, leading.Count);
    }

    private static int[] CountriesOf(PlanRegions regions) => [.. regions.Wholes.Where(r => r.Kind == RegionKind.Country).Select(r => r.Id)];

    private static async Task<(List<RankedRegion> Ranking, int Count)> RankingAsync(
        this PlanDbContext db, Indicator indicator, Period period, DateOnly? asOf, CancellationToken ct)
    {
        var ranking = Ranked(indicator, await RankedAsync(
            db.KnownReadings(asOf).Where(k =>
                k.Reading.IndicatorId == indicator.Id && k.Reading.PeriodEnd == period.End && k.Reading.Period == period && k.Value != null && k.Reading.Region!.Kind != RegionKind.Country),
            ct));
        return (ranking, ranking.Count);
    }

    private static Task<List<RankedRegion>> RankedAsync(IQueryable<KnownReading> known, CancellationToken ct) =>
        known.Select(k => new RankedRegion(
            0, k.Reading.Region!.Code, k.Reading.Region.Kind, new Bilingual(k.Reading.Region.ShortEn, k.Reading.Region.ShortZh), k.Value!.Value,
            k.Revision.Status, k.Revision.Quality, k.Revision.Source)).ToListAsync(ct);

    /// <summary>The best first; equal values share a rank.</summary>
    private static List<RankedRegion> Ranked(Indicator indicator, List<RankedRegion> values)
    {
        var ordered = indicator.Better == Better.Increase ? values.OrderByDescending(v => v.Value) : values.OrderBy(v => v.Value);
        var ranks = new Dictionary<decimal, int>();
        return [.. ordered.ThenBy(v => v.Code, StringComparer.Ordinal).Select((v, before) =>
        {
            ranks.TryAdd(v.Value, before + 1);
            return v with { Rank = ranks[v.Value] };
        })];
    }
}
