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

    /// <summary>Those of them on this page of the table.</summary>
    public required IReadOnlyList<IndicatorLine> Shown { get; init; }

    /// <summary>Which page that is, from 1.</summary>
    public required int Number { get; init; }

    public required int Pages { get; init; }

    /// <summary>The indicator that was named in the address, if one was.</summary>
    public string? Named { get; init; }

    /// <summary>Very many units report some of the indicators shown: those are ranked where they are chosen.</summary>
    public bool RanksChosenOnly => Region.Kind == RegionKind.Unit && Shown.Any(l => l.Standing?.Value is not null && !Places.ContainsKey(l.Id));

    /// <summary>Place among the units that have a value for the same period, by indicator.</summary>
    public required IReadOnlyDictionary<int, Place> Places { get; init; }

    /// <summary>The regions of a country or grouping together, by indicator.</summary>
    public required IReadOnlyList<RollupLine> Rollups { get; init; }

    /// <summary>One of them over the years, beside the other groupings of the kind.</summary>
    public CourseChart? Course { get; init; }

    /// <summary>Which of them can be.</summary>
    public required IReadOnlyList<Indicator> TogetherChoices { get; init; }

    /// <summary>It is made of so many regions that one indicator at a time is added up.</summary>
    public bool AddsUpOne => TogetherChoices.Count > Rollups.Count;

    /// <summary>Which is.</summary>
    public string? CourseOf { get; init; }

    /// <summary>The indicator whose trend and comparison are shown.</summary>
    public IndicatorLine? Chosen { get; init; }

    public required IReadOnlyList<ComparedRegion> Compared { get; init; }

    public Period? ComparedPeriod { get; init; }

    /// <summary>What a unit that reports still owes.</summary>
    public required IReadOnlyList<ReportingGap> Gaps { get; init; }

    /// <summary>Where the region stands, in a sentence or two.</summary>
    public Bilingual Finding
    {
        get
        {
            var held = Lines.Count(l => l.Standing?.Value is not null);
            var judged = Lines.Any(l => l.Status != Status.NoJudgement) ? Findings.OfMany(Lines, new("indicators", "指标"))
                : Region.Kind == RegionKind.Grouping
                ? new Bilingual($"{Rollups.Count} {(Rollups.Count == 1 ? "indicator" : "indicators")} of its regions taken together; no target is stated for the grouping, so none is judged.", $"其所含地区的 {Rollups.Count} 项指标可汇总；未规定该区域目标，故不作判断。")
                : held == 0 ? new("No reading is held for this region.", "本地区没有数据。")
                : new($"{held} {(held == 1 ? "indicator" : "indicators")} with readings; no target is stated for this region, so none is judged.", $"{held} 项指标有数据；未规定本地区目标，故不作判断。");
            return OfPlaces() is { } places ? new($"{judged.En} {places.En}", judged.Zh + places.Zh) : judged;
        }
    }

    /// <summary>Indicators others are weighted by: to have more of them is no merit.</summary>
    public required IReadOnlySet<int> Weights { get; init; }

    /// <summary>What is older says nothing about the plan.</summary>
    public required Period Baseline { get; init; }

    /// <summary>In how many indicators it is among the leading third, where it is nearest to the top and where to the bottom.</summary>
    private Bilingual? OfPlaces()
    {
        var placed = Lines.Where(l => !Weights.Contains(l.Id) && Places.TryGetValue(l.Id, out var p) && p.Of > 2 && p.Period > Baseline).Select(l => (Line: l, Place: Places[l.Id])).ToList();
        if (placed.Count < 2)
            return null;
        var (best, last) = (placed.MinBy(p => (decimal)p.Place.Rank / p.Place.Of), placed.MaxBy(p => (decimal)p.Place.Rank / p.Place.Of));
        var leading = placed.Count(p => p.Place.Rank * 3 <= p.Place.Of);
        return new(
            $"It is among the leading third of regions in {leading} of {placed.Count}; best placed in {best.Line.Name.En} ({best.Place.Rank} of {best.Place.Of}), lowest placed in {last.Line.Name.En} ({last.Place.Rank} of {last.Place.Of}).",
            $"{placed.Count} 项指标中有 {leading} 项居各地区前三分之一；位次最前的是{best.Line.Name.Zh}（{best.Place.Rank}／{best.Place.Of}），位次最靠后的是{last.Line.Name.Zh}（{last.Place.Rank}／{last.Place.Of}）。");
    }
}

public sealed record RegionLink(string Code, RegionKind Kind, GroupType? GroupType, Bilingual Short, bool Reports, string? Note);

/// <summary>What a plan's set of regions is made of.</summary>
/// <param name="Wholes">The country and the groupings.</param>
/// <param name="Units">Units, as far as they are on this page.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="Pages">Of how many.</param>
public sealed record RegionList(IReadOnlyList<RegionLink> Wholes, IReadOnlyList<RegionLink> Units, int Number, int Pages);

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
    private const int MostCompared = 60;

    /// <summary>As far back as a period is looked for that others report too.</summary>
    private const int MostPeriods = 5;

    /// <summary>As many indicators as one page of the table shows; fewer where each has to be looked up among very many units.</summary>
    private const int MostLines = 100, MostLinesOfMany = 20;

    /// <summary>As many units as one page lists.</summary>
    private const int MostListed = 200;

    /// <summary>Country, groupings and a page of the units.</summary>
    public static async Task<RegionList?> RegionListAsync(this PlanDbContext db, CurrentPlan plan, int number, CancellationToken ct)
    {
        var regions = await db.RegionsAsync(plan, ct);
        var units = regions.All.Where(r => r.Kind == RegionKind.Unit).ToList();
        return units.PageOf(number, MostListed) is not { } page ? null : new RegionList(
            [.. regions.Wholes.Select(w => LinkOf(w, w.Note))], [.. page.Items.Select(u => LinkOf(u, u.Note))], page.Number, page.Of);
    }

    public static Task<RegionPage?> RegionPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? indicatorCode, string? courseOf, int? number, CancellationToken ct) =>
        db.RegionPageAsync(plan, code, indicatorCode, courseOf, number, asReport: false, ct);

    /// <summary>The region with all its indicators, without one to compare by.</summary>
    public static Task<RegionPage?> RegionReportAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct) =>
        db.RegionPageAsync(plan, code, indicatorCode: null, courseOf: null, number: 1, asReport: true, ct);

    private static async Task<RegionPage?> RegionPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? indicatorCode, string? courseOf, int? number, bool asReport, CancellationToken ct)
    {
        var regions = await db.RegionsAsync(plan, ct);
        if (regions.Find(code) is not { } region)
            return null;

        var found = await db.PlacedIndicators(
                db.Indicators.Where(i => i.PlanId == plan.Id && ((i.Due && i.ReportedBy != ReportedBy.National) || db.Standings.Any(s => s.IndicatorId == i.Id && s.RegionId == region.Id))),
                region.Id)
            .Select(i => new { Placed = i, Weighs = db.Indicators.Any(o => o.WeightId == i.Indicator.Id) }).ToListAsync(ct);
        var placed = found.ConvertAll(i => i.Placed);
        var most = asReport ? int.MaxValue : regions.HasFewUnits ? MostLines : MostLinesOfMany;
        var listed = placed.FindAll(p => p.Standing is not null);
        var first = Chosen(listed, p => p.Indicator.Code, p => p.Standing?.PreviousValue is not null, indicatorCode)?.Indicator;
        // Where standings say what is asked for, the readings of one page do.
        var ofPage = plan.AsItStands && !asReport;
        var page = ofPage ? PageOf(listed.ConvertAll(p => p.Indicator), most, number, indicatorCode) : null;
        if (ofPage && page is null)
            return null;

        var needed = page is null ? LineReadings.Whole
            : new LineReadings([.. page.Items.Concat(first is null ? [] : [first.Id])], first is null ? [] : [first.Id]);
        var all = await db.IndicatorLinesAsync(placed, plan, region.Id, needed, ct);
        var lines = all.FindAll(l => l.Standing is not null);
        page ??= PageOf(lines.ConvertAll(l => l.Indicator), most, number, indicatorCode);
        if (page is null)
            return null;

        var chosen = asReport ? null : Chosen(lines, l => l.Code, l => l.Standing?.PreviousValue is not null, indicatorCode);
        // On a past day the indicator may not have had a figure here yet: the page is shown without it.
        if (chosen is null && indicatorCode is not null && plan.AsOf is null)
            return null;

        var shown = lines.FindAll(l => page.Items.Contains(l.Id));
        var places = region.Kind == RegionKind.Unit ? await db.PlacesAsync(plan, regions, region, [.. page.Items.Concat(chosen is null ? [] : [chosen.Id]).Distinct()], chosen?.Id, ct) : [];
        var (comparedPeriod, compared) = chosen is null ? (null, [])
            : plan.AsOf is not null ? await db.ComparedAsOfAsync(plan, regions, chosen, region.Kind, ct)
            : places.GetValueOrDefault(chosen.Id) is { Of: > PlanRegions.FewUnits } place ? (place.Period, await db.LeadingAsync(plan, regions, chosen, place.Period, region, ct))
            : await db.ComparedAsync(regions, chosen, region.Kind, ct);
        var together = region.Kind == RegionKind.Unit ? RegionsTogether.None : await db.RollupsAsync(plan, regions, region, courseOf, ct);
        return new RegionPage
        {
            Region = region,
            Related = [.. regions.Related(region).Select(r => LinkOf(r.Region, r.Note))],
            Lines = lines,
            Shown = shown,
            Number = page.Number,
            Pages = page.Of,
            Named = indicatorCode,
            Weights = found.Where(i => i.Weighs).Select(i => i.Placed.Indicator.Id).ToHashSet(),
            Baseline = plan.BaselinePeriod,
            Rollups = together.Latest,
            Course = together.Course.Count == 0 || region.Kind == RegionKind.Country ? null : CourseOf(together.Course) is { Lines.Count: > 0 } drawn ? drawn : null,
            TogetherChoices = together.Choices,
            CourseOf = courseOf ?? (together.Choices.Count == 0 ? null : together.Choices[0].Code),
            Places = places,
            Chosen = chosen,
            Compared = Shown(compared, region),
            ComparedPeriod = comparedPeriod,
            // What was never reported stands in no page of the table.
            Gaps = region is { Kind: RegionKind.Unit, Reports: true }
                ? await db.GapsAsync(plan, region, all.FindAll(l => page.Items.Contains(l.Id) || (page.Number == 1 && l.Standing is null)), ct)
                : [],
        };
    }

    /// <summary>The indicators of the page that was asked for; without one, of that with the named indicator.</summary>
    private static NumberedPage<int>? PageOf(List<Indicator> indicators, int most, int? number, string? named) =>
        indicators.ConvertAll(i => i.Id).PageOf(number ?? (Math.Max(0, indicators.FindIndex(i => string.Equals(i.Code, named, StringComparison.Ordinal))) / most) + 1, most);

    /// <summary>The one that was named; otherwise the first that has moved, or the first at all.</summary>
    private static T? Chosen<T>(List<T> indicators, Func<T, string> code, Func<T, bool> hasMoved, string? named)
        where T : class => named is null
        ? indicators.FirstOrDefault(hasMoved) ?? indicators.FirstOrDefault()
        : indicators.Find(i => string.Equals(code(i), named, StringComparison.Ordinal));

    /// <summary>What the unit owes of these indicators.</summary>
    private static async Task<IReadOnlyList<ReportingGap>> GapsAsync(
        this PlanDbContext db, CurrentPlan plan, Region region, List<IndicatorLine> lines, CancellationToken ct)
    {
        var due = lines.FindAll(l => l.Indicator.Due && l.ReportedBy != ReportedBy.National);
        var ids = due.ConvertAll(l => l.Id);
        var empty = await db.KnownReadings(plan.AsOf).Where(k => ids.Contains(k.Reading.IndicatorId) && k.Reading.RegionId == region.Id && k.Value == null)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.Period }).ToListAsync(ct);
        return ReportingGap.Of(
            due.Select(l => l.Indicator),
            due.SelectMany(l => l.Series.Select(p => (l.Id, p.Period))).Concat(empty.Select(e => (e.IndicatorId, e.Period))),
            plan.From, plan.Day < plan.EndPeriod.End ? plan.Day : plan.EndPeriod.End);
    }

    /// <summary>Totals over the years, where every region of the whole reports: a total of fewer would look like a fall.</summary>
    private static CourseChart CourseOf(IReadOnlyList<RollupLine> lines)
    {
        var indicator = lines[0].Indicator;
        var known = lines.Where(l => l.Rollup is { Value: not null, IsWhole: true }).ToList();
        var greatest = known.Select(l => Math.Abs(l.Rollup.Value!.Value)).DefaultIfEmpty().Max();
        CoursePoint Point(RollupLine line) => indicator.Aggregation is Aggregation.Sum or Aggregation.Last
            ? CoursePoint.Stated(line.Period, line.Rollup.Value!.Value, "")
            : CoursePoint.Computed(line.Period, line.Rollup.Value!.Value, greatest, "");
        return new CourseChart
        {
            Title = indicator.Name,
            Unit = indicator.Unit,
            File = $"{indicator.Code}-together",
            Lines = [.. known.GroupBy(l => l.RegionCode).Select(g => new CourseLine(g.First().Region, g.ToDictionary(l => l.Period, Point))).Take(CourseChart.MostLines)],
        };
    }

    private static RegionLink LinkOf(Region region, string? note) => new(region.Code, region.Kind, region.GroupType, region.Short, region.Reports, note);

    /// <summary>
    /// Rank 1 is the best by the indicator's own direction; equal values share a rank. Regions are ranked for the latest of the region's own periods
    /// that at least half as many report as report the fullest of its <see cref="MostPeriods"/> latest: the first to report is not first of one. Where
    /// very many report, ranks are counted for the chosen indicator only.
    /// </summary>
    private static async Task<Dictionary<int, Place>> PlacesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Region region, int[] ids, int? chosenId, CancellationToken ct)
    {
        int[] neighbours = [.. regions.Related(region).Where(g => g.Region.GroupType == GroupType.Macro)
            .SelectMany(g => regions.Related(g.Region)).Select(n => n.Region.Id).Distinct()];
        var wholes = regions.WholeIds;
        var own = db.KnownReadings(plan.AsOf).Where(k => k.Value != null && k.Reading.RegionId == region.Id);
        var (places, ranked) = (new List<PlaceOfPeriod>(), ids);
        if (!regions.HasFewUnits && plan.AsOf is null)
        {
            var latest = own.Where(k => db.Standings.Any(s => s.IndicatorId == k.Reading.IndicatorId && s.RegionId == region.Id && s.Period == k.Reading.Period));
            var units = db.KnownReadings(plan.AsOf).Where(k => k.Value != null && !wholes.Contains(k.Reading.RegionId));
            var few = await latest
                .Where(o => ids.Contains(o.Reading.IndicatorId)
                    && units.Where(k => k.Reading.IndicatorId == o.Reading.IndicatorId && k.Reading.PeriodEnd == o.Reading.PeriodEnd && k.Reading.Period == o.Reading.Period)
                        .Take(PlanRegions.FewUnits + 1).Count() <= PlanRegions.FewUnits)
                .Select(o => o.Reading.IndicatorId).ToListAsync(ct);
            if (chosenId is { } chosen && !few.Contains(chosen))
            {
                // A period that half of all units report is shared whatever the others are, and the latest usually is. Otherwise all are looked at.
                places = await db.SharedPeriodsAsync(plan, latest.Where(k => k.Reading.IndicatorId == chosen), wholes, neighbours, ct);
                places.RemoveAll(p => p.All * 2 < regions.Units);
                if (places.Count == 0)
                    few.Add(chosen);
            }

            ranked = [.. few];
        }

        var recent = db.Indicators.Where(i => ranked.Contains(i.Id))
            .SelectMany(i => own.Where(k => k.Reading.IndicatorId == i.Id).OrderByDescending(k => k.Reading.PeriodEnd).Take(MostPeriods));
        var rest = ranked.Length == 0 ? [] : await db.SharedPeriodsAsync(plan, recent, wholes, neighbours, ct);
        places.AddRange(rest.GroupBy(p => p.IndicatorId).Select(g => g.Where(p => p.All * 2 >= g.Max(q => q.All)).MaxBy(p => p.Period)!));
        var nation = (await db.RollupsAsync(plan, regions, places.ToDictionary(l => l.IndicatorId, l => l.Period), ct)).ToDictionary(n => n.Indicator.Id);
        return places.ToDictionary(l => l.IndicatorId, l => new Place(l.Better + 1, l.All, l.Period)
        {
            MacroRank = l.NearBetter + 1,
            MacroOf = l.Near,
            Nation = nation.GetValueOrDefault(l.IndicatorId),
        });
    }

    /// <summary>How many units report an indicator for a period, and how many of them do better.</summary>
    private sealed record PlaceOfPeriod(int IndicatorId, Period Period, int All, int Better, int Near, int NearBetter);

    /// <summary>All units beside these readings of one region.</summary>
    private static Task<List<PlaceOfPeriod>> SharedPeriodsAsync(
        this PlanDbContext db, CurrentPlan plan, IQueryable<KnownReading> readings, int[] wholes, int[] neighbours, CancellationToken ct) => (
            from own in readings
            join indicator in db.Indicators on own.Reading.IndicatorId equals indicator.Id
            join unit in db.KnownReadings(plan.AsOf).Where(k => k.Value != null && !wholes.Contains(k.Reading.RegionId))
                on new { own.Reading.IndicatorId, own.Reading.PeriodEnd, own.Reading.Period } equals new { unit.Reading.IndicatorId, unit.Reading.PeriodEnd, unit.Reading.Period }
            let near = neighbours.Contains(unit.Reading.RegionId)
            let better = indicator.Better == Better.Increase ? unit.Value > own.Value : unit.Value < own.Value
            group new { near, better } by new { own.Reading.IndicatorId, own.Reading.Period } into units
            select new PlaceOfPeriod(
                units.Key.IndicatorId, units.Key.Period, units.Count(), units.Count(u => u.better), units.Count(u => u.near), units.Count(u => u.near && u.better))).ToListAsync(ct);

    /// <summary>The chosen indicator in every region of the kind, for the latest period of the region's own that enough of them report.</summary>
    private static async Task<(Period?, List<ComparedRegion>)> ComparedAsync(
        this PlanDbContext db, PlanRegions regions, IndicatorLine chosen, RegionKind kind, CancellationToken ct)
    {
        var known = db.KnownReadings(asOf: null).Where(k => k.Reading.IndicatorId == chosen.Id && k.Value != null && k.Reading.Region!.Kind == kind);
        var counts = await known.GroupBy(k => k.Reading.Period).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        if (SharedPeriod(chosen, counts) is not { } period)
            return (null, []);

        var shared = known.Where(k => k.Reading.PeriodEnd == period.End && k.Reading.Period == period);
        return (period, InOrder(chosen.Better, await db.ComparedAsync(regions, shared, ct)));
    }

    /// <summary>Of very many regions those that are shown, for a period that is known to be shared.</summary>
    private static async Task<List<ComparedRegion>> LeadingAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, IndicatorLine chosen, Period period, Region region, CancellationToken ct)
    {
        var values = await db.RegionValuesAsync(plan, regions, chosen.Indicator, period, ct);
        var ids = values.FindAll(v => v.Region.Kind == RegionKind.Unit).Ranked(chosen.Better, MostCompared, region.Id).ConvertAll(r => r.Value.Region.Id);
        var shown = db.KnownReadings(plan.AsOf).Where(k =>
            k.Reading.IndicatorId == chosen.Id && k.Reading.PeriodEnd == period.End && k.Reading.Period == period && ids.Contains(k.Reading.RegionId));
        return InOrder(chosen.Better, await db.ComparedAsync(regions, shown, ct));
    }

    private static async Task<IEnumerable<ComparedRegion>> ComparedAsync(this PlanDbContext db, PlanRegions regions, IQueryable<KnownReading> known, CancellationToken ct) =>
        (await (
            from k in known
            join judged in db.Standings on new { k.Reading.IndicatorId, k.Reading.RegionId } equals new { judged.IndicatorId, judged.RegionId }
            select new { k.Reading.RegionId, Value = k.Value!.Value, judged.Status, k.Revision.Source }).ToListAsync(ct))
        .Select(v => Compared(regions[v.RegionId], v.Value, v.Status, v.Source));

    /// <summary>The same on the past day of the page, when no standings were kept: they are judged.</summary>
    private static async Task<(Period?, List<ComparedRegion>)> ComparedAsOfAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, IndicatorLine chosen, RegionKind kind, CancellationToken ct)
    {
        var part = new LedgerPart(
            new Dictionary<int, Indicator> { [chosen.Id] = chosen.Indicator }, regions.All.Where(r => r.Kind == kind).ToDictionary(r => r.Id),
            new HashSet<int> { plan.RootRegionId });
        var facts = await db.SeriesAsOfAsync(part, plan.AsOf, ct);
        var counts = facts.SelectMany(f => f.Readings).GroupBy(r => r.Period).ToDictionary(g => g.Key, g => g.Count());
        if (SharedPeriod(chosen, counts) is not { } period)
            return (null, []);
        return (period, InOrder(
            chosen.Better,
            from series in facts
            from reading in series.Readings
            where reading.Period == period
            select Compared(regions[series.Series.RegionId], reading.Value, series.ToStanding().Status, reading.Source)));
    }

    /// <summary>The latest of a region's own periods that at least half as many regions report as report the fullest of them.</summary>
    private static Period? SharedPeriod(IndicatorLine chosen, Dictionary<Period, int> counts)
    {
        var shared = chosen.Series.Select(p => p.Period).Where(counts.ContainsKey).Distinct().ToList();
        return shared.Where(p => counts[p] * 2 >= shared.Max(q => counts[q])).Select(p => (Period?)p).Max();
    }

    /// <summary>Of very many regions the leading ones, the last, and the region itself.</summary>
    private static List<ComparedRegion> Shown(List<ComparedRegion> compared, Region region) =>
        [.. compared.Where((c, at) => at < MostCompared || at == compared.Count - 1 || c.Code == region.Code)];

    private static ComparedRegion Compared(Region region, decimal value, Status status, string source) => new(region.Code, region.Short, value, status, source);

    private static List<ComparedRegion> InOrder(Better better, IEnumerable<ComparedRegion> regions) =>
        [.. (better == Better.Increase ? regions.OrderByDescending(v => v.Value) : regions.OrderBy(v => v.Value)).ThenBy(v => v.Code, StringComparer.Ordinal)];
}
