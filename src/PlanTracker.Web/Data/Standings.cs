using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A line of the plan's ledger: an indicator in a region.</summary>
public readonly record struct Series(int IndicatorId, int RegionId);

/// <summary>What an indicator lends to a judgement.</summary>
public sealed record JudgedIndicator(int Id, Better Better, decimal? Min, decimal? Max, Measure Measure);

/// <summary>An approved value with its observation status.</summary>
public readonly record struct ApprovedValue(Period Period, decimal Value, ObservationStatus Status, string Source = "");

/// <summary>Keeps <see cref="Standing"/> true.</summary>
public static class Standings
{
    /// <summary>First key of a plan's lock, where that of a series has its indicator: no indicator has this id.</summary>
    private const int PlanLock = -1;

    /// <summary>A server has room for some thousand locks in all, so one transaction locks so many series singly and above that the whole plan.</summary>
    internal const int MostSeriesLocks = 1000;

    /// <summary>
    /// Makes every other writer of these series wait until this transaction ends, so that two approvals in one series cannot each
    /// judge without the other's reading; waits itself for whoever holds the whole plan. Once in a transaction.
    /// </summary>
    public static async Task LockAsync(this PlanDbContext db, IEnumerable<Series> series, CancellationToken ct)
    {
        var ordered = series.Distinct().OrderBy(s => s.IndicatorId).ThenBy(s => s.RegionId).ToArray();
        var (indicators, regions) = (ordered.Select(s => s.IndicatorId).ToArray(), ordered.Select(s => s.RegionId).ToArray());
        if (ordered.Length > MostSeriesLocks)
        {
            await db.Database.ExecuteSqlAsync($"""
                select pg_advisory_xact_lock({PlanLock}, plan_id)
                from (select distinct plan_id from indicators where id = any ({indicators}) order by plan_id) plans
                """, ct);
            return;
        }

        await db.Database.ExecuteSqlAsync($"""
            select pg_advisory_xact_lock_shared({PlanLock}, plan_id)
            from (select distinct plan_id from indicators where id = any ({indicators}) order by plan_id) plans
            """, ct);
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(i, r) from unnest({indicators}, {regions}) as s(i, r) order by i, r", ct);
    }

    /// <summary>Makes every other writer of a plan's readings and targets wait until this transaction ends, with one lock.</summary>
    public static Task LockPlanAsync(this PlanDbContext db, int planId, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({PlanLock}, {planId})", ct);

    /// <summary>Judges these series anew from their approved readings and targets, within the caller's transaction.</summary>
    public static async Task RejudgeAsync(this PlanDbContext db, IReadOnlyCollection<Series> series, CancellationToken ct)
    {
        var indicatorIds = series.Select(s => s.IndicatorId).Distinct().ToArray();
        var regionIds = series.Select(s => s.RegionId).Distinct().ToArray();
        var facts = await db.FactsAsync(
            db.Indicators.Where(i => indicatorIds.Contains(i.Id)), db.Regions.Where(r => regionIds.Contains(r.Id)), asOf: null, ct);
        var standings = await db.Standings
            .Where(s => indicatorIds.Contains(s.IndicatorId) && regionIds.Contains(s.RegionId))
            .ToDictionaryAsync(s => new Series(s.IndicatorId, s.RegionId), ct);

        foreach (var one in series.Distinct())
        {
            var known = facts.Of(one);
            var standing = standings.GetValueOrDefault(one);
            if (known.IsEmpty && standing is not null)
                db.Standings.Remove(standing);
            else if (!known.IsEmpty)
                known.WriteTo(standing ?? db.Standings.Add(new Standing { IndicatorId = one.IndicatorId, RegionId = one.RegionId }).Entity);
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>The standings of indicators in regions at the end of a day, judged from what was known then.</summary>
    public static async Task<Dictionary<Series, Standing>> StandingsAsOfAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, IQueryable<Region> regions, DateOnly? asOf, CancellationToken ct)
    {
        var facts = await db.FactsAsync(indicators, regions, asOf, ct);
        return facts.Series.ToDictionary(s => s, s => facts.Of(s).ToStanding());
    }

    /// <summary>Everything a judgement of these indicators in these regions rests on.</summary>
    internal static async Task<LedgerFacts> FactsAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, IQueryable<Region> regions, DateOnly? asOf, CancellationToken ct)
    {
        var aims = await db.AimsAsync(indicators, regions, asOf, ct);
        var readings = await db.KnownReadings(asOf)
            .Where(k => indicators.Any(i => i.Id == k.Reading.IndicatorId) && regions.Any(r => r.Id == k.Reading.RegionId) && k.Value != null)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, k.Value, k.Revision.Status, k.Revision.Source })
            .ToListAsync(ct);
        var regionIds = await regions.Select(r => r.Id).ToListAsync(ct);
        return new LedgerFacts(
            aims, [.. regionIds],
            readings.ToLookup(r => new Series(r.IndicatorId, r.RegionId), r => new ApprovedValue(r.Period, r.Value!.Value, r.Status, r.Source)));
    }

    /// <summary>These indicators with their targets in these regions and in the country.</summary>
    internal static async Task<LedgerAims> AimsAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, IQueryable<Region> regions, DateOnly? asOf, CancellationToken ct)
    {
        var judged = await indicators.Select(i => new JudgedIndicator(i.Id, i.Better, i.Min, i.Max, i.Measure)).ToDictionaryAsync(i => i.Id, ct);
        var targets = await db.KnownTargets(asOf)
            .Where(t => t.Role != TargetRole.Reference && indicators.Any(i => i.Id == t.IndicatorId)
                && (regions.Any(r => r.Id == t.RegionId) || db.Regions.Any(r => r.Id == t.RegionId && r.Kind == RegionKind.Country)))
            .ToListAsync(ct);
        var countries = (await db.Regions.Where(r => r.Kind == RegionKind.Country).Select(r => r.Id).ToListAsync(ct)).ToHashSet();
        return new LedgerAims(
            judged, targets.ToLookup(t => new Series(t.IndicatorId, t.RegionId)),
            targets.Where(t => countries.Contains(t.RegionId)).ToLookup(t => t.IndicatorId));
    }
}

/// <summary>Targets and approved values of many series.</summary>
internal sealed record LedgerFacts(LedgerAims Aims, HashSet<int> Regions, ILookup<Series, ApprovedValue> Readings)
{
    /// <summary>Series with a target or a reading.</summary>
    public IEnumerable<Series> Series => Aims.Targets.Select(t => t.Key).Where(s => Regions.Contains(s.RegionId)).Union(Readings.Select(r => r.Key));

    public SeriesFacts Of(Series series) => Aims.With(series, Readings[series]);
}

/// <summary>Indicators with their targets: all that judging many series takes besides the readings.</summary>
internal sealed record LedgerAims(
    Dictionary<int, JudgedIndicator> Indicators, ILookup<Series, TargetPoint> Targets, ILookup<int, TargetPoint> NationalTargets)
{
    public SeriesFacts With(Series series, IEnumerable<ApprovedValue> readings) =>
        SeriesFacts.Of(series, Indicators[series.IndicatorId], Targets[series], NationalTargets[series.IndicatorId], readings);
}

/// <summary>What one series is judged from: its own targets or, where it has none and measures a rate, the country's.</summary>
public sealed record SeriesFacts
{
    public required Series Series { get; init; }

    public required JudgedIndicator Indicator { get; init; }

    /// <summary>Baseline, interim and final targets as they are judged against, earliest first.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>Earliest first.</summary>
    public required IReadOnlyList<ApprovedValue> Readings { get; init; }

    /// <summary>The targets are the country's.</summary>
    public bool National { get; init; }

    /// <summary>
    /// A share or an amount per head can be compared with the country's target, an amount cannot: half the country's base stations are no goal
    /// for a province. The way starts at the region's own reading for the period of the country's baseline; the country's value is not its own.
    /// </summary>
    public static SeriesFacts Of(
        Series series, JudgedIndicator indicator, IEnumerable<TargetPoint> own, IEnumerable<TargetPoint> national, IEnumerable<ApprovedValue> readings)
    {
        var values = readings.OrderBy(r => r.Period).ToList();
        var stated = own.Where(t => t.Role != TargetRole.Reference).OrderBy(t => t.Period).ToList();
        var facts = new SeriesFacts { Series = series, Indicator = indicator, Targets = stated, Readings = values };
        if (indicator.Measure != Measure.Rate || stated.Exists(t => t.Role != TargetRole.Baseline))
            return facts;

        var lent = national.Where(t => t.RegionId != series.RegionId && t.Role != TargetRole.Reference).ToList();
        var start = stated.Find(t => t.Role == TargetRole.Baseline) ?? OwnStart(series, lent.Find(t => t.Role == TargetRole.Baseline), values);
        var aims = lent.Where(t => t.Role != TargetRole.Baseline && !(t.Period.EndMonth <= start?.Period.EndMonth)).OrderBy(t => t.Period).ToList();
        if (aims.Count == 0)
            return facts;
        return facts with { Targets = start is null ? aims : [start, .. aims], National = true };
    }

    private static TargetPoint? OwnStart(Series series, TargetPoint? baseline, List<ApprovedValue> readings)
    {
        if (baseline is null || readings.FindIndex(r => r.Period.EndMonth == baseline.Period.EndMonth) is var at && at < 0)
            return null;
        return baseline with
        {
            RegionId = series.RegionId,
            Period = readings[at].Period,
            Value = readings[at].Value,
            Document = new Bilingual("the region's own reading", "本地区实际值"),
            Source = readings[at].Source,
            Verified = "yes",
            Note = null,
        };
    }

    /// <summary>What the methods are given. A baseline whose figure was not seen anywhere is not judged from.</summary>
    public AssessmentCase Case
    {
        get
        {
            var baseline = Targets.FirstOrDefault(t => t.Role == TargetRole.Baseline && t.CanBeJudgedFrom);
            var start = baseline is null ? (PathPoint?)null : new PathPoint(baseline.Period, baseline.Value);
            PathPoint[] aims = [.. Targets.Where(t => t.Role is TargetRole.Interim or TargetRole.Final).Select(t => new PathPoint(t.Period, t.Value))];
            var shape = Targets.FirstOrDefault(t => t.Role == TargetRole.Final)?.Shape ?? PathShape.Linear;
            return new AssessmentCase
            {
                Better = Indicator.Better,
                Baseline = start,
                Targets = aims,
                Readings = [.. Readings.Select(r => new Observation(r.Period, r.Value))],
                // A region's own start need not fit the shape of the country's path.
                Shape = PlannedPath.FaultOf(shape, start, aims) is null ? shape : PathShape.Linear,
                Min = Indicator.Min,
                Max = Indicator.Max,
            };
        }
    }

    /// <summary>Neither a reading nor a target of its own: nothing stands here.</summary>
    public bool IsEmpty => Readings.Count == 0 && (National || Targets.Count == 0);

    /// <summary>The standing; none where nothing stands.</summary>
    public Standing? ToStandingIfAny() => IsEmpty ? null : ToStanding();

    public Standing ToStanding()
    {
        var standing = new Standing { IndicatorId = Series.IndicatorId, RegionId = Series.RegionId };
        WriteTo(standing);
        return standing;
    }

    public void WriteTo(Standing standing)
    {
        var one = Case;
        var assessment = Assessment.Of(one);
        standing.Period = one.Latest?.Period;
        standing.Value = one.Latest?.Value;
        standing.ObservationStatus = Readings.Count > 0 ? Readings[^1].Status : null;
        standing.PreviousPeriod = one.Previous?.Period;
        standing.PreviousValue = one.Previous?.Value;
        standing.Status = assessment.Default.Status;
        standing.Reason = assessment.Default.Reason;
        standing.Agreement = assessment.Agreement;
        standing.Planned = one.Latest is { } latest && latest.Period > one.Baseline?.Period ? Kept(one.Path?.ValueAt(latest.Period)) : null;
        standing.Attainment = standing.Planned is null ? null : Kept(one.Attainment);
        standing.Elapsed = standing.Planned is null ? null : Kept(one.Elapsed);
        standing.PaceRatio = standing.Planned is null ? null : one.PaceRatio;
        standing.Receding = assessment.Default.Status != Status.NoJudgement && one.Receding;
        standing.AchievedAtBaseline = standing.Planned is not null && one.AchievedAtBaseline;
        standing.NationalTarget = National;
    }

    /// <summary>Quotients are kept to twelve decimals: far beyond what is shown, and the same whenever they are computed again.</summary>
    private static decimal? Kept(decimal? value) => value is { } v ? decimal.Round(v, 12, MidpointRounding.ToEven) : null;
}
