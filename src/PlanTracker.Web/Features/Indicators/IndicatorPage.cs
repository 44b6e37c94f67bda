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

    /// <summary>As many regions lead the ranking, where there are very many.</summary>
    public const int Leading = 59;

    /// <summary>Regions by value in one period, the best first; of very many the leading ones, the one that is shown, and the last.</summary>
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

public sealed record RankedRegion(int Rank, string Code, RegionKind Kind, Bilingual Short, decimal Value, Quality Quality, string Source);

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
    /// <summary>As many indicators as one page lists.</summary>
    private const int MostListed = 100;

    public static async Task<IndicatorList?> IndicatorListAsync(this PlanDbContext db, CurrentPlan plan, int number, CancellationToken ct)
    {
        var placed = await db.PlacedIndicators(db.Indicators.Where(i => i.PlanId == plan.Id), plan.RootRegionId).ToListAsync(ct);
        if (placed.PageOf(number, MostListed) is not { } page)
            return null;

        var ids = page.Items.Select(i => i.Indicator.Id).ToArray();
        var lines = await db.IndicatorLinesAsync(placed, plan, plan.RootRegionId, plan.AsItStands ? LineReadings.Values with { Of = ids } : LineReadings.Values, ct);
        var reporting = db.ReportingUnits(plan, await db.RegionsAsync(plan, ct));
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

        var values = many ? [] : await db.RegionValuesAsync(plan, planRegions, indicator, ct);
        var periods = !many ? RankedPeriods(values)
            : plan.AsOf is null ? await db.PeriodsAsync(planRegions, indicator, ct)
            : await db.RankedPeriodsAsync(plan, planRegions, indicator.Id, ct);
        var rankedPeriod = period is { } wanted && periods.Contains(wanted) ? wanted : periods.Count > 0 ? periods[0] : (Period?)null;
        var compared = rankedPeriod is not { } ranked ? []
            : many ? await db.RegionValuesAsync(plan, planRegions, indicator, ranked, ct)
            : values.FindAll(v => v.Period == ranked);
        var rivals = compared.FindAll(v => v.Region.Kind != RegionKind.Country);
        var shown = rivals.Ranked(indicator.Better, many ? IndicatorPage.Leading : rivals.Count, region.Id);
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
                ? await db.RollupsAsync(plan, planRegions, found.Weighted, together, compared, ct)
                : [],
            RegionSeries = indicator.ReportedBy == ReportedBy.National ? null : RegionSeries.Of(values),
            Map = rankedPeriod is null ? null : TileMap.Of(indicator, rankedPeriod, planRegions, compared.ToDictionary(v => v.Region.Id, v => v.Value)),
            Ranking = shown.Count == 0 ? [] : await db.StatedAsync(plan, indicator, rankedPeriod!.Value, shown, ct),
            RankedCount = rivals.Count,
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

    private static int[] CountriesOf(PlanRegions regions) => [.. regions.Wholes.Where(r => r.Kind == RegionKind.Country).Select(r => r.Id)];

    /// <summary>Ranked regions with who stated their values.</summary>
    private static async Task<List<RankedRegion>> StatedAsync(
        this PlanDbContext db, CurrentPlan plan, Indicator indicator, Period period, List<RankedValue> ranked, CancellationToken ct)
    {
        var ids = ranked.ConvertAll(r => r.Value.Region.Id);
        var stated = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Reading.IndicatorId == indicator.Id && k.Reading.PeriodEnd == period.End && k.Reading.Period == period && ids.Contains(k.Reading.RegionId))
            .Select(k => new { k.Reading.RegionId, k.Revision.Quality, k.Revision.Source }).ToDictionaryAsync(k => k.RegionId, ct);
        // One that was taken back in between is left out.
        return [.. from r in ranked
                   where stated.ContainsKey(r.Value.Region.Id)
                   let statement = stated[r.Value.Region.Id]
                   select new RankedRegion(r.Rank, r.Value.Region.Code, r.Value.Region.Kind, r.Value.Region.Short, r.Value.Value, statement.Quality, statement.Source)];
    }
}
