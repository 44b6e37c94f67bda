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
        var part = await db.LedgerPartAsync(db.Indicators.Where(i => indicatorIds.Contains(i.Id)), db.Regions.Where(r => regionIds.Contains(r.Id)), ct);
        var facts = await db.FactsAsync(part, asOf: null, ct);
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
        this PlanDbContext db, IQueryable<Indicator> indicators, IQueryable<Region> regions, DateOnly? asOf, CancellationToken ct) =>
        await db.StandingsAsOfAsync(await db.LedgerPartAsync(indicators, regions, ct), asOf, ct);

    /// <summary>The same for a part of the ledger that was looked up before.</summary>
    public static async Task<Dictionary<Series, Standing>> StandingsAsOfAsync(this PlanDbContext db, LedgerPart part, DateOnly? asOf, CancellationToken ct) =>
        (await db.SeriesAsOfAsync(part, asOf, ct)).ToDictionary(f => f.Series, f => f.ToStanding());

    /// <summary>What stood in each series of a part of the ledger at the end of a day.</summary>
    public static async Task<List<SeriesFacts>> SeriesAsOfAsync(this PlanDbContext db, LedgerPart part, DateOnly? asOf, CancellationToken ct)
    {
        var facts = await db.FactsAsync(part, asOf, ct);
        return [.. facts.Series.Select(facts.Of)];
    }

    /// <summary>These indicators and regions by their ids, with the countries.</summary>
    public static async Task<LedgerPart> LedgerPartAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, IQueryable<Region> regions, CancellationToken ct)
    {
        var judged = await indicators.AsNoTracking().ToDictionaryAsync(i => i.Id, ct);
        if (judged.Count == 0)
            return new LedgerPart(judged, new Dictionary<int, Region>(), new HashSet<int>());
        var found = await db.Regions.AsNoTracking().Select(r => new { Region = r, Asked = regions.Any(a => a.Id == r.Id) })
            .Where(r => r.Asked || r.Region.Kind == RegionKind.Country).ToListAsync(ct);
        return new LedgerPart(
            judged,
            found.Where(r => r.Asked).ToDictionary(r => r.Region.Id, r => r.Region),
            found.Where(r => r.Region.Kind == RegionKind.Country).Select(r => r.Region.Id).ToHashSet());
    }

    /// <summary>Everything a judgement of this part rests on.</summary>
    internal static async Task<LedgerFacts> FactsAsync(this PlanDbContext db, LedgerPart part, DateOnly? asOf, CancellationToken ct)
    {
        var (indicatorIds, regionIds) = (part.Indicators.Keys.ToArray(), part.Regions.Keys.ToArray());
        var readings = await db.KnownReadings(asOf)
            .Where(k => indicatorIds.Contains(k.Reading.IndicatorId) && regionIds.Contains(k.Reading.RegionId) && k.Value != null)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, k.Value, k.Revision.Status, k.Revision.Source })
            .ToListAsync(ct);
        return new LedgerFacts(
            await db.AimsAsync(part, asOf, ct), [.. regionIds],
            readings.ToLookup(r => new Series(r.IndicatorId, r.RegionId), r => new ApprovedValue(r.Period, r.Value!.Value, r.Status, r.Source)));
    }

    /// <summary>The indicators of this part with their targets in its regions and in the country.</summary>
    internal static async Task<LedgerAims> AimsAsync(this PlanDbContext db, LedgerPart part, DateOnly? asOf, CancellationToken ct)
    {
        int[] indicatorIds = [.. part.Indicators.Keys], regionIds = [.. part.Regions.Keys.Union(part.Countries)];
        var targets = await db.KnownTargets(asOf)
            .Where(t => t.Role != TargetRole.Reference && indicatorIds.Contains(t.IndicatorId) && regionIds.Contains(t.RegionId)).ToListAsync(ct);
        return new LedgerAims(
            part.Indicators.ToDictionary(i => i.Key, i => JudgedIndicator.Of(i.Value)), targets.ToLookup(t => new Series(t.IndicatorId, t.RegionId)),
            targets.Where(t => part.Countries.Contains(t.RegionId)).ToLookup(t => t.IndicatorId));
    }
}
