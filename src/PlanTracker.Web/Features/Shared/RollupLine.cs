using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>The regions of a country or grouping as one, beside what was reported for the whole.</summary>
public sealed record RollupLine
{
    public required Indicator Indicator { get; init; }

    public required string RegionCode { get; init; }

    public required Bilingual Region { get; init; }

    public required Period Period { get; init; }

    public required Rollup Rollup { get; init; }

    /// <summary>What the weights are, for a weighted mean.</summary>
    public Bilingual? Weight { get; init; }

    public decimal? Reported { get; init; }

    public decimal? Difference => Rollup.Value - Reported;
}

/// <summary>An indicator with the name of what it is weighted by.</summary>
public sealed class WeightedIndicator
{
    public required Indicator Indicator { get; init; }

    public Indicator? Weight { get; init; }
}

/// <summary>A whole by what its regions report.</summary>
/// <param name="Latest">Each indicator in its latest period.</param>
/// <param name="Course">One of them over the years, beside the other wholes of the kind.</param>
/// <param name="Choices">Which that can be.</param>
public sealed record RegionsTogether(IReadOnlyList<RollupLine> Latest, IReadOnlyList<RollupLine> Course, IReadOnlyList<Indicator> Choices)
{
    public static readonly RegionsTogether None = new([], [], []);
}

public static class RollupQueries
{
    public static IQueryable<WeightedIndicator> WithWeights(this PlanDbContext db, IQueryable<Indicator> indicators) =>
        from indicator in indicators.AsNoTracking()
        join known in db.Indicators.AsNoTracking() on indicator.WeightId equals known.Id into weights
        from weight in weights.DefaultIfEmpty()
        orderby indicator.Position
        select new WeightedIndicator { Indicator = indicator, Weight = weight };

    /// <summary>One indicator for one period: the country and every grouping.</summary>
    /// <param name="db">Where to look.</param>
    /// <param name="plan">On the day of the page.</param>
    /// <param name="regions">Whose values are put together.</param>
    /// <param name="indicator">One that has a rule.</param>
    /// <param name="period">When.</param>
    /// <param name="known">Its values for that period. Weights and earlier values are looked up.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<RollupLine>> RollupsAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, WeightedIndicator indicator, Period period, IEnumerable<RegionValue> known, CancellationToken ct)
    {
        var wanted = regions.Wholes.Select(w => (indicator, period, w)).ToList();
        return indicator.Indicator.Aggregation is Aggregation.Sum or Aggregation.Mean
            ? Lines(wanted, PartsOf(regions, wanted), known.ToLookup(v => (indicator.Indicator.Id, v.Region.Id), v => (v.Period, v.Value)))
            : await db.RollupLinesAsync(plan, regions, wanted, ct);
    }

    /// <summary>
    /// Every indicator that has a rule, for one country or grouping: each for its latest period that at least half as many regions report as
    /// report its fullest one. One of them, the first unless named, also over all such periods, beside the other wholes of its kind. Of a whole of
    /// very many regions only that one is added up, for its latest such period.
    /// </summary>
    public static async Task<RegionsTogether> RollupsAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Region whole, string? named, CancellationToken ct)
    {
        var all = await db.WithWeights(db.Indicators
            .Where(i => i.PlanId == plan.Id && i.Aggregation != Aggregation.Reported && i.ReportedBy != ReportedBy.National)).ToListAsync(ct);
        var regionIds = regions.PartsOf(whole).Select(p => p.Id).ToArray();
        var many = regionIds.Length > PlanRegions.FewUnits;
        var indicators = many ? all.Where(i => named is null || i.Indicator.Code == named).Take(1).ToList() : all;
        var indicatorIds = indicators.Select(i => i.Indicator.Id).ToArray();
        var periods = (await db.KnownReadings(plan.AsOf)
                .Where(k => indicatorIds.Contains(k.Reading.IndicatorId) && regionIds.Contains(k.Reading.RegionId) && k.Value != null)
                .GroupBy(k => new { k.Reading.IndicatorId, k.Reading.Period }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct))
            .ToLookup(p => p.Key.IndicatorId);
        var reported = (from indicator in indicators
                        let own = periods[indicator.Indicator.Id].ToList()
                        where own.Count > 0
                        select (Indicator: indicator, Periods: own.Where(p => p.Count * 2 >= own.Max(q => q.Count)).Select(p => p.Key.Period).Order().ToList())).ToList();
        var latest = reported.ConvertAll(r => (r.Indicator, r.Periods[^1], whole));
        var course = reported.Where(r => !many && (named is null || r.Indicator.Indicator.Code == named)).Take(1)
            .SelectMany(r => r.Periods.SelectMany(p => regions.LikeIt(whole).Select(w => (r.Indicator, p, w))));
        var lines = await db.RollupLinesAsync(plan, regions, [.. latest, .. course], ct);
        return new RegionsTogether(lines[..latest.Count], lines[latest.Count..], [.. (many ? all : reported.ConvertAll(r => r.Indicator)).Select(i => i.Indicator)]);
    }

    /// <summary>The country, for indicators that have a rule, each in the period asked for.</summary>
    public static async Task<List<RollupLine>> RollupsAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, IReadOnlyDictionary<int, Period> periods, CancellationToken ct)
    {
        var indicators = await db.WithWeights(db.Indicators.Where(i => periods.Keys.Contains(i.Id) && i.Aggregation != Aggregation.Reported)).ToListAsync(ct);
        return await db.RollupLinesAsync(
            plan, regions, indicators.ConvertAll(i => (i, periods[i.Indicator.Id], regions[plan.RootRegionId])), ct);
    }

    private static async Task<List<RollupLine>> RollupLinesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, List<(WeightedIndicator Weighted, Period Period, Region Whole)> wanted, CancellationToken ct)
    {
        var parts = PartsOf(regions, wanted);
        if (OneSum(regions, wanted, parts) is { } whole)
            return await db.SumLinesAsync(plan, regions, wanted, whole, parts[whole.Id], ct);

        return Lines(wanted, parts, await db.ValuesAsync(plan, wanted.ConvertAll(w => (w.Weighted.Indicator, w.Period)), ct));
    }

    private static Dictionary<int, List<Region>> PartsOf(PlanRegions regions, List<(WeightedIndicator Weighted, Period Period, Region Whole)> wanted) =>
        wanted.Select(w => w.Whole).Distinct().ToDictionary(w => w.Id, w => regions.PartsOf(w).ToList());

    private static List<RollupLine> Lines(
        List<(WeightedIndicator Weighted, Period Period, Region Whole)> wanted, Dictionary<int, List<Region>> parts,
        ILookup<(int IndicatorId, int RegionId), (Period Period, decimal Value)> values) =>
        wanted.ConvertAll(w =>
        {
            var (indicator, weight) = (w.Weighted.Indicator, w.Weighted.Weight);
            return LineOf(w, Exactly(values[(indicator.Id, w.Whole.Id)], w.Period), Rollup.Of(
                indicator.Aggregation, [.. parts[w.Whole.Id].Where(p => ExistsOn(p, w.Period.End)).Select(p => new RollupPart(
                    indicator.Aggregation == Aggregation.Last
                        ? LastKnown(values[(indicator.Id, p.Id)], w.Period)
                        : Exactly(values[(indicator.Id, p.Id)], w.Period),
                    weight is null ? null : LastKnown(values[(weight.Id, p.Id)], w.Period)))]));
        });

    private static RollupLine LineOf((WeightedIndicator Weighted, Period Period, Region Whole) wanted, decimal? reported, Rollup rollup) => new()
    {
        Indicator = wanted.Weighted.Indicator,
        RegionCode = wanted.Whole.Code,
        Region = wanted.Whole.Short,
        Period = wanted.Period,
        Weight = wanted.Weighted.Weight?.Name,
        Rollup = rollup,
        Reported = reported,
    };

    /// <summary>The whole, if all that is wanted are sums of it, of very many regions, which are nearly all there are.</summary>
    private static Region? OneSum(
        PlanRegions regions, List<(WeightedIndicator Weighted, Period Period, Region Whole)> wanted, Dictionary<int, List<Region>> parts) =>
        parts.Count == 1 && parts.Single() is var (id, own) && own.Count > PlanRegions.FewUnits && regions.All.Count - own.Count <= PlanRegions.FewUnits
            && wanted.TrueForAll(w => w.Weighted.Indicator.Aggregation == Aggregation.Sum && own.TrueForAll(p => ExistsOn(p, w.Period.End)))
            ? regions[id] : null;

    /// <summary>The same lines, added up by the database.</summary>
    private static async Task<List<RollupLine>> SumLinesAsync(
        this PlanDbContext db, CurrentPlan plan, PlanRegions regions, List<(WeightedIndicator Weighted, Period Period, Region Whole)> wanted, Region whole, List<Region> parts,
        CancellationToken ct)
    {
        var ids = wanted.Select(w => w.Weighted.Indicator.Id).Distinct().ToArray();
        var periods = wanted.Select(w => w.Period).Distinct().ToArray();
        var days = periods.Select(p => p.End).Distinct().ToArray();
        var others = regions.All.Except([whole, .. parts]).Select(r => r.Id).ToArray();
        var sums = (await db.KnownReadings(plan.AsOf)
                .Where(k => ids.Contains(k.Reading.IndicatorId) && days.Contains(k.Reading.PeriodEnd) && periods.Contains(k.Reading.Period) && k.Value != null
                    && !others.Contains(k.Reading.RegionId))
                .GroupBy(k => new { k.Reading.IndicatorId, k.Reading.Period, Reported = k.Reading.RegionId == whole.Id })
                .Select(g => new { g.Key, Sum = g.Sum(k => k.Value!.Value), Count = g.Count() }).ToListAsync(ct))
            .ToDictionary(s => (s.Key.IndicatorId, s.Key.Period, s.Key.Reported));
        return wanted.ConvertAll(w =>
        {
            var sum = sums.GetValueOrDefault((w.Weighted.Indicator.Id, w.Period, false));
            return LineOf(w, sums.GetValueOrDefault((w.Weighted.Indicator.Id, w.Period, true))?.Sum, new Rollup(sum?.Sum, sum?.Count ?? 0, parts.Count));
        });
    }

    private static bool ExistsOn(Region region, DateOnly day) => !(day < region.ValidFrom) && !(day > region.ValidTo);

    private static decimal? Exactly(IEnumerable<(Period Period, decimal Value)> values, Period period) =>
        values.Where(v => v.Period == period).Select(v => (decimal?)v.Value).FirstOrDefault();

    /// <summary>A weight of an earlier year is nearer to the truth than none.</summary>
    private static decimal? LastKnown(IEnumerable<(Period Period, decimal Value)> values, Period period) =>
        values.Where(v => v.Period <= period).OrderBy(v => v.Period).Select(v => (decimal?)v.Value).LastOrDefault();

    /// <summary>Approved values by indicator and region: those of the periods asked for and, where the last known one counts, all before.</summary>
    private static async Task<ILookup<(int IndicatorId, int RegionId), (Period Period, decimal Value)>> ValuesAsync(
        this PlanDbContext db, CurrentPlan plan, List<(Indicator Indicator, Period Period)> wanted, CancellationToken ct)
    {
        var exact = wanted.Where(w => w.Indicator.Aggregation != Aggregation.Last).Select(w => w.Indicator.Id).Distinct().ToArray();
        var periods = wanted.Select(w => w.Period).Distinct().ToArray();
        var days = periods.Select(p => p.End).Distinct().ToArray();
        var all = wanted.Where(w => w.Indicator.Aggregation == Aggregation.Last).Select(w => w.Indicator.Id)
            .Concat(wanted.Select(w => w.Indicator.WeightId).OfType<int>()).Distinct().ToArray();
        var known = db.KnownReadings(plan.AsOf).Where(k => k.Value != null);
        // Asked for both where there is only one, the database would look through the whole ledger.
        var asked = all.Length == 0
            ? known.Where(k => exact.Contains(k.Reading.IndicatorId) && days.Contains(k.Reading.PeriodEnd) && periods.Contains(k.Reading.Period))
            : known.Where(k => (exact.Contains(k.Reading.IndicatorId) && days.Contains(k.Reading.PeriodEnd) && periods.Contains(k.Reading.Period)) || all.Contains(k.Reading.IndicatorId));
        var rows = await asked.Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, k.Value }).ToListAsync(ct);
        return rows.ToLookup(r => (r.IndicatorId, r.RegionId), r => (r.Period, r.Value!.Value));
    }
}
