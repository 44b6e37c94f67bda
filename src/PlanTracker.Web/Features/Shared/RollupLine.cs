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

public static class RollupQueries
{
    /// <summary>One indicator for one period: the country and every grouping.</summary>
    public static async Task<List<RollupLine>> RollupsAsync(this PlanDbContext db, CurrentPlan plan, Indicator indicator, Period period, CancellationToken ct)
    {
        var wholes = await db.WholesAsync(plan, onlyId: null, ct);
        return await db.RollupLinesAsync(plan, wholes.Select(w => (indicator, period, w)), ct);
    }

    /// <summary>
    /// Every indicator that has a rule, for one country or grouping: each for its latest period that at least half as many regions report as
    /// report its fullest one.
    /// </summary>
    public static async Task<List<RollupLine>> RollupsAsync(this PlanDbContext db, CurrentPlan plan, int wholeId, CancellationToken ct)
    {
        if (await db.WholesAsync(plan, wholeId, ct) is not [var whole])
            return [];
        var indicators = await db.Indicators.AsNoTracking()
            .Where(i => i.PlanId == plan.Id && i.Aggregation != Aggregation.Reported && i.ReportedBy != ReportedBy.National).OrderBy(i => i.Position).ToListAsync(ct);
        var parts = await db.PartsOfAsync(plan, [whole], ct);
        var regionIds = parts.Select(p => p.RegionId).ToArray();
        var indicatorIds = indicators.Select(i => i.Id).ToArray();
        var periods = (await db.KnownReadings(plan.AsOf)
                .Where(k => indicatorIds.Contains(k.Reading.IndicatorId) && regionIds.Contains(k.Reading.RegionId) && k.Value != null)
                .GroupBy(k => new { k.Reading.IndicatorId, k.Reading.Period }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct))
            .ToLookup(p => p.Key.IndicatorId);
        var chosen = indicators.Where(i => periods[i.Id].Any())
            .Select(i => (i, periods[i.Id].Where(p => p.Count * 2 >= periods[i.Id].Max(q => q.Count)).Max(p => p.Key.Period), whole));
        return await db.RollupLinesAsync(plan, chosen, ct);
    }

    /// <summary>The country, for indicators that have a rule, each in the period asked for.</summary>
    public static async Task<List<RollupLine>> RollupsAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyDictionary<int, Period> periods, CancellationToken ct)
    {
        var country = (await db.WholesAsync(plan, plan.RootRegionId, ct))[0];
        var indicators = await db.Indicators.AsNoTracking().Where(i => periods.Keys.Contains(i.Id) && i.Aggregation != Aggregation.Reported).ToListAsync(ct);
        return await db.RollupLinesAsync(plan, indicators.Select(i => (i, periods[i.Id], country)), ct);
    }

    private sealed record Whole(int Id, string Code, Bilingual Short);

    private sealed record Part(int WholeId, int RegionId, DateOnly? ValidFrom, DateOnly? ValidTo)
    {
        public bool ExistsOn(DateOnly day) => !(day < ValidFrom) && !(day > ValidTo);
    }

    private static Task<List<Whole>> WholesAsync(this PlanDbContext db, CurrentPlan plan, int? onlyId, CancellationToken ct) =>
        db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind != RegionKind.Unit && (onlyId == null || r.Id == onlyId)).OrderBy(r => r.Position)
            .Select(r => new Whole(r.Id, r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);

    /// <summary>The regions a whole is made of, as far as they report: the units right below the country, the members of a grouping.</summary>
    private static async Task<List<Part>> PartsOfAsync(this PlanDbContext db, CurrentPlan plan, IReadOnlyCollection<Whole> wholes, CancellationToken ct)
    {
        var ids = wholes.Select(w => w.Id).ToArray();
        var members = await db.RegionMemberships.Where(m => ids.Contains(m.GroupingId) && m.Region!.Reports)
            .Select(m => new Part(m.GroupingId, m.RegionId, m.Region!.ValidFrom, m.Region.ValidTo)).ToListAsync(ct);
        if (!ids.Contains(plan.RootRegionId))
            return members;
        var units = await db.Regions.Where(r => r.Kind == RegionKind.Unit && r.Reports && r.ParentId == plan.RootRegionId)
            .Select(r => new Part(plan.RootRegionId, r.Id, r.ValidFrom, r.ValidTo)).ToListAsync(ct);
        return [.. members, .. units];
    }

    private static async Task<List<RollupLine>> RollupLinesAsync(
        this PlanDbContext db, CurrentPlan plan, IEnumerable<(Indicator Indicator, Period Period, Whole Whole)> wanted, CancellationToken ct)
    {
        var lines = wanted.ToList();
        var parts = (await db.PartsOfAsync(plan, [.. lines.Select(l => l.Whole).Distinct()], ct)).ToLookup(p => p.WholeId);
        var values = await db.ValuesAsync(plan, lines.ConvertAll(l => (l.Indicator, l.Period)), ct);
        var weightIds = lines.Select(l => l.Indicator.WeightId).OfType<int>().Distinct().ToArray();
        var weights = await db.Indicators.Where(i => weightIds.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => new Bilingual(i.NameEn, i.NameZh), ct);

        return [.. lines.Select(l => new RollupLine
        {
            Indicator = l.Indicator,
            RegionCode = l.Whole.Code,
            Region = l.Whole.Short,
            Period = l.Period,
            Weight = l.Indicator.WeightId is { } weight ? weights[weight] : null,
            Rollup = Rollup.Of(l.Indicator.Aggregation, [.. parts[l.Whole.Id].Where(p => p.ExistsOn(l.Period.End)).Select(p => new RollupPart(
                l.Indicator.Aggregation == Aggregation.Last
                    ? LastKnown(values[(l.Indicator.Id, p.RegionId)], l.Period)
                    : Exactly(values[(l.Indicator.Id, p.RegionId)], l.Period),
                l.Indicator.WeightId is { } by ? LastKnown(values[(by, p.RegionId)], l.Period) : null))]),
            Reported = Exactly(values[(l.Indicator.Id, l.Whole.Id)], l.Period),
        })];
    }

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
        var all = wanted.Where(w => w.Indicator.Aggregation == Aggregation.Last).Select(w => w.Indicator.Id)
            .Concat(wanted.Select(w => w.Indicator.WeightId).OfType<int>()).Distinct().ToArray();
        var rows = await db.KnownReadings(plan.AsOf)
            .Where(k => k.Value != null && ((exact.Contains(k.Reading.IndicatorId) && periods.Contains(k.Reading.Period)) || all.Contains(k.Reading.IndicatorId)))
            .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, k.Value }).ToListAsync(ct);
        return rows.ToLookup(r => (r.IndicatorId, r.RegionId), r => (r.Period, r.Value!.Value));
    }
}
