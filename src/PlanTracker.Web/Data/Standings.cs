using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A line of the plan's ledger: an indicator in a region.</summary>
public readonly record struct Series(int IndicatorId, int RegionId);

/// <summary>Keeps <see cref="Standing"/> true.</summary>
public static class Standings
{
    /// <summary>
    /// Makes every other writer of these series wait until this transaction ends, so that two approvals in one series cannot each
    /// judge without the other's reading.
    /// </summary>
    public static Task LockAsync(this PlanDbContext db, IEnumerable<Series> series, CancellationToken ct)
    {
        var ordered = series.Distinct().OrderBy(s => s.IndicatorId).ThenBy(s => s.RegionId).ToArray();
        var (indicators, regions) = (ordered.Select(s => s.IndicatorId).ToArray(), ordered.Select(s => s.RegionId).ToArray());
        return db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(i, r) from unnest({indicators}, {regions}) as s(i, r) order by i, r", ct);
    }

    /// <summary>Judges these series anew from their approved readings and targets, within the caller's transaction.</summary>
    public static async Task RejudgeAsync(this PlanDbContext db, IReadOnlyCollection<Series> series, CancellationToken ct)
    {
        var indicatorIds = series.Select(s => s.IndicatorId).Distinct().ToArray();
        var regionIds = series.Select(s => s.RegionId).Distinct().ToArray();

        var better = await db.Indicators.Where(i => indicatorIds.Contains(i.Id)).ToDictionaryAsync(i => i.Id, i => i.Better, ct);
        var targets = (await db.Targets.AsNoTracking()
                .Where(t => indicatorIds.Contains(t.IndicatorId) && regionIds.Contains(t.RegionId) && t.Role != TargetRole.Reference)
                .ToListAsync(ct))
            .ToLookup(t => new Series(t.IndicatorId, t.RegionId));
        var readings = (await db.Readings.AsNoTracking()
                .Where(r => indicatorIds.Contains(r.IndicatorId) && regionIds.Contains(r.RegionId) && r.Value != null)
                .Select(r => new { r.IndicatorId, r.RegionId, r.Period, r.Value, r.Status })
                .ToListAsync(ct))
            .ToLookup(r => new Series(r.IndicatorId, r.RegionId), r => new ApprovedValue(r.Period, r.Value!.Value, r.Status!.Value));
        var standings = await db.Standings
            .Where(s => indicatorIds.Contains(s.IndicatorId) && regionIds.Contains(s.RegionId))
            .ToDictionaryAsync(s => new Series(s.IndicatorId, s.RegionId), ct);

        foreach (var one in series.Distinct())
        {
            if (!standings.TryGetValue(one, out var standing))
                standing = db.Standings.Add(new Standing { IndicatorId = one.IndicatorId, RegionId = one.RegionId }).Entity;
            Write(standing, better[one.IndicatorId], [.. targets[one]], [.. readings[one].OrderBy(r => r.Period)]);
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>Baseline and targets as the method takes them. A baseline whose figure was not seen anywhere is not judged from.</summary>
    public static (PathPoint? Baseline, IReadOnlyList<PathPoint> Targets) PathOf(IEnumerable<Target> targets)
    {
        PathPoint? baseline = null;
        var points = new List<PathPoint>();
        foreach (var target in targets)
        {
            var point = new PathPoint(target.Period, target.Value);
            if (target.Role is TargetRole.Interim or TargetRole.Final)
                points.Add(point);
            else if (target.Role == TargetRole.Baseline && target.Verified != "no")
                baseline = point;
        }

        return (baseline, points);
    }

    private static void Write(Standing standing, Better better, List<Target> targets, List<ApprovedValue> readings)
    {
        var (baseline, points) = PathOf(targets);
        var judgement = PathMethod.Judge(better, baseline, points, readings.Select(r => new Observation(r.Period, r.Value)));
        var latest = readings.Count > 0 ? readings[^1] : null;
        var previous = readings.Count > 1 ? readings[^2] : null;

        standing.Period = latest?.Period;
        standing.Value = latest?.Value;
        standing.ObservationStatus = latest?.Status;
        standing.PreviousPeriod = previous?.Period;
        standing.PreviousValue = previous?.Value;
        standing.Status = judgement.Status;
        standing.Reason = judgement.Reason;
        standing.Planned = Kept(judgement.Planned);
        standing.Attainment = Kept(judgement.Attainment);
        standing.Elapsed = Kept(judgement.Elapsed);
        standing.PaceRatio = Kept(judgement.PaceRatio);
        standing.Receding = judgement.Receding;
        standing.AchievedAtBaseline = judgement.AchievedAtBaseline;
    }

    /// <summary>Quotients are kept to 12 decimals: far beyond what is shown, and the same whenever they are computed again.</summary>
    private static decimal? Kept(decimal? value) => value is { } v ? decimal.Round(v, 12, MidpointRounding.ToEven) : null;

    private sealed record ApprovedValue(Period Period, decimal Value, ObservationStatus Status);
}
