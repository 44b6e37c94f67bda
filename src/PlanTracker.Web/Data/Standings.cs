using Microsoft.EntityFrameworkCore;
namespace PlanTracker.Data;

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
