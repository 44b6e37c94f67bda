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

    /// <summary>One of them over the years, beside the other groupings of the kind.</summary>
    public CourseChart? Course { get; init; }

    /// <summary>Which.</summary>
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
            var held = Lines.Count(l => l.Series.Count > 0);
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
    private const int MostCompared = 100;

    /// <summary>Of so few every period is looked at, by one statement.</summary>
    private const int FewUnits = 100;

    /// <summary>As many figures of units as are added up for one page; of more, only those of the indicator that is shown.</summary>
    private const int MostAdded = 20_000;

    public static Task<List<RegionLink>> RegionListAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Regions.Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position)
            .Select(r => new RegionLink(r.Code, r.Kind, r.GroupType, new Bilingual(r.ShortEn, r.ShortZh), r.Reports, r.Note)).ToListAsync(ct);

    public static Task<RegionPage?> RegionPageAsync(this PlanDbContext db, CurrentPlan plan, string code, string? indicatorCode, string? courseOf, CancellationToken ct) =>
        db.RegionPageAsync(plan, code, indicatorCode, courseOf, asReport: false, ct);

    /// <summary>The region with all its indicators, without one to compare by.</summary>
    public static Task<RegionPage?> RegionReportAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct) =>
        db.RegionPageAsync(plan, code, indicatorCode: null, courseOf: null, asReport: true, ct);

    private static async Task<RegionPage?> RegionPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? indicatorCode, string? courseOf, bool asReport, CancellationToken ct)
    {
        var regions = await db.RegionsAsync(plan, ct);
        if (regions.Find(code) is not { } region)
            return null;

        var empty = db.KnownReadings(plan.AsOf).Where(k => k.Reading.RegionId == region.Id && k.Value == null);
        var placed = await db.PlacedIndicators(
                db.Indicators.Where(i => i.PlanId == plan.Id && ((i.Due && i.ReportedBy != ReportedBy.National) || db.Standings.Any(s => s.IndicatorId == i.Id && s.RegionId == region.Id))),
                region.Id)
            .Select(i => new { Placed = i, Weighs = db.Indicators.Any(o => o.WeightId == i.Indicator.Id), Empty = empty.Where(k => k.Reading.IndicatorId == i.Indicator.Id).Select(k => k.Reading.Period).ToList() }).ToListAsync(ct);
        var all = await db.IndicatorLinesAsync([.. placed.Select(p => p.Placed)], plan, region.Id, ct);
        var lines = all.FindAll(l => l.Standing is not null);
        var chosen = asReport ? null
            : indicatorCode is null ? lines.FirstOrDefault(l => l.Series.Count > 1) ?? lines.FirstOrDefault()
            : lines.FirstOrDefault(l => string.Equals(l.Code, indicatorCode, StringComparison.Ordinal));
        // On a past day the indicator may not have had a figure here yet: the page is shown without it.
        if (chosen is null && indicatorCode is not null && plan.AsOf is null)
            return null;

        var (comparedPeriod, compared) = chosen is null ? (null, [])
            : plan.AsOf is null ? await db.ComparedAsync(regions, chosen, region.Kind, ct)
            : await db.ComparedAsOfAsync(plan, regions, chosen, region.Kind, ct);
        var (latest, course) = region.Kind == RegionKind.Unit ? ([], []) : await db.RollupsAsync(plan, regions, region, courseOf, ct);
        return new RegionPage
        {
            Region = region,
            Related = [.. regions.Related(region).Select(r => LinkOf(r.Region, r.Note))],
            Lines = lines,
            Weights = placed.Where(p => p.Weighs).Select(p => p.Placed.Indicator.Id).ToHashSet(),
            Baseline = plan.BaselinePeriod,
            Rollups = latest,
            Course = course.Count == 0 || region.Kind == RegionKind.Country ? null : CourseOf(course) is { Lines.Count: > 0 } drawn ? drawn : null,
            CourseOf = courseOf ?? (course.Count == 0 ? null : course[0].Indicator.Code),
            Places = region.Kind == RegionKind.Unit ? await db.PlacesAsync(plan, regions, region, chosen?.Id, ct) : new Dictionary<int, Place>(),
            Chosen = chosen,
            Compared = Shown(compared, region),
            ComparedPeriod = comparedPeriod,
            Gaps = region is { Kind: RegionKind.Unit, Reports: true }
                ? ReportingGap.Of(
                    all.Select(l => l.Indicator).Where(i => i.Due && i.ReportedBy != ReportedBy.National),
                    all.SelectMany(l => l.Series.Select(p => (l.Id, p.Period))).Concat(placed.SelectMany(p => p.Empty.Select(e => (p.Placed.Indicator.Id, e)))),
                    plan.From, plan.Day < plan.EndPeriod.End ? plan.Day : plan.EndPeriod.End)
                : [],
        };
    }

    /// <summary>Totals over the years, where every region of the whole reports: a total of fewer would look like a fall.</summary>
    private static CourseChart CourseOf(List<RollupLine> lines)
    {
        var indicator = lines[0].Indicator;
        var known = lines.FindAll(l => l.Rollup is { Value: not null, IsWhole: true });
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
    /// Rank 1 is the best by the indicator's own direction; equal values share a rank. Regions are ranked for the latest period of the region's
    /// own that at least half as many report as report the fullest one: the first to report is not first of one.
    /// </summary>
    private static async Task<Dictionary<int, Place>> PlacesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Region region, int? chosenId, CancellationToken ct)
    {
        var neighbours = regions.Related(region).Where(g => g.Region.GroupType == GroupType.Macro)
            .SelectMany(g => regions.Related(g.Region)).Select(n => n.Region.Id).Distinct().ToArray();
        var own = db.KnownReadings(plan.AsOf).Where(k => k.Value != null && k.Reading.RegionId == region.Id);
        var units = regions.All.Count(r => r.Kind == RegionKind.Unit);
        // A period that half of all units report is shared whatever the others are, and the latest usually is. For the rest all of its periods are looked at.
        var latest = plan.AsOf is not null || units <= FewUnits ? [] : await db.SharedPeriodsAsync(
            plan, own.Where(k => db.Standings.Any(s => s.IndicatorId == k.Reading.IndicatorId && s.RegionId == region.Id && s.Period == k.Reading.Period)), regions, neighbours, ct);
        latest.RemoveAll(p => p.All * 2 < units);
        var found = latest.Select(p => p.IndicatorId).ToArray();
        var rest = await db.SharedPeriodsAsync(plan, own.Where(k => !found.Contains(k.Reading.IndicatorId)), regions, neighbours, ct);
        latest.AddRange(rest.GroupBy(p => p.IndicatorId).Select(g => g.Where(p => p.All * 2 >= g.Max(q => q.All)).MaxBy(p => p.Period)!));
        var added = latest.Count * units <= MostAdded ? latest : latest.FindAll(l => l.IndicatorId == chosenId);
        var nation = (await db.RollupsAsync(plan, regions, added.ToDictionary(l => l.IndicatorId, l => l.Period), ct)).ToDictionary(n => n.Indicator.Id);
        return latest.ToDictionary(l => l.IndicatorId, l => new Place(l.Better + 1, l.All, l.Period)
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
        this PlanDbContext db, CurrentPlan plan, IQueryable<KnownReading> readings, PlanRegions regions, int[] neighbours, CancellationToken ct)
    {
        var wholes = regions.Wholes.Select(w => w.Id).ToArray();
        return (
            from own in readings
            join indicator in db.Indicators on own.Reading.IndicatorId equals indicator.Id
            join unit in db.KnownReadings(plan.AsOf).Where(k => k.Value != null && !wholes.Contains(k.Reading.RegionId))
                on new { own.Reading.IndicatorId, own.Reading.PeriodEnd, own.Reading.Period } equals new { unit.Reading.IndicatorId, unit.Reading.PeriodEnd, unit.Reading.Period }
            let near = neighbours.Contains(unit.Reading.RegionId)
            let better = indicator.Better == Better.Increase ? unit.Value > own.Value : unit.Value < own.Value
            group new { near, better } by new { own.Reading.IndicatorId, own.Reading.Period } into units
            select new PlaceOfPeriod(
                units.Key.IndicatorId, units.Key.Period, units.Count(), units.Count(u => u.better), units.Count(u => u.near), units.Count(u => u.near && u.better))).ToListAsync(ct);
    }

    /// <summary>The chosen indicator in every region of the kind, for the latest period of the region's own that enough of them report.</summary>
    private static async Task<(Period?, List<ComparedRegion>)> ComparedAsync(
        this PlanDbContext db, PlanRegions regions, IndicatorLine chosen, RegionKind kind, CancellationToken ct)
    {
        var known = db.KnownReadings(asOf: null).Where(k => k.Reading.IndicatorId == chosen.Id && k.Value != null && k.Reading.Region!.Kind == kind);
        var counts = await known.GroupBy(k => k.Reading.Period).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        if (SharedPeriod(chosen, counts) is not { } period)
            return (null, []);

        var values = await (
            from k in known
            where k.Reading.PeriodEnd == period.End && k.Reading.Period == period
            join judged in db.Standings on new { k.Reading.IndicatorId, k.Reading.RegionId } equals new { judged.IndicatorId, judged.RegionId }
            select new { k.Reading.RegionId, Value = k.Value!.Value, judged.Status, k.Revision.Source }).ToListAsync(ct);
        return (period, InOrder(chosen.Better, values.Select(v => Compared(regions[v.RegionId], v.Value, v.Status, v.Source))));
    }

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
