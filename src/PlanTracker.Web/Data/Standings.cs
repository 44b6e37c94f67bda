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

        var indicators = await db.Indicators.Where(i => indicatorIds.Contains(i.Id)).ToDictionaryAsync(i => i.Id, ct);
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
            Write(standing, indicators[one.IndicatorId], targets[one], [.. readings[one].OrderBy(r => r.Period)]);
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>What the methods are given. A baseline whose figure was not seen anywhere is not judged from.</summary>
    public static AssessmentCase CaseOf(Indicator indicator, IEnumerable<Target> targets, IEnumerable<Observation> readings)
    {
        var stated = targets.Where(t => t.Role != TargetRole.Reference).ToList();
        var baseline = stated.Find(t => t.Role == TargetRole.Baseline && t.Verified != Target.NotSeen);
        return new AssessmentCase
        {
            Better = indicator.Better,
            Baseline = baseline is null ? null : new PathPoint(baseline.Period, baseline.Value),
            Targets = [.. stated.Where(t => t.Role is TargetRole.Interim or TargetRole.Final).Select(t => new PathPoint(t.Period, t.Value))],
            Readings = [.. readings],
            Min = indicator.Min,
            Max = indicator.Max,
        };
    }

    private static void Write(Standing standing, Indicator indicator, IEnumerable<Target> targets, List<ApprovedValue> readings)
    {
        var one = CaseOf(indicator, targets, readings.Select(r => new Observation(r.Period, r.Value)));
        var assessment = Assessment.Of(one);

        standing.Period = one.Latest?.Period;
        standing.Value = one.Latest?.Value;
        standing.ObservationStatus = readings.Count > 0 ? readings[^1].Status : null;
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
    }

    /// <summary>Quotients are kept to twelve decimals: far beyond what is shown, and the same whenever they are computed again.</summary>
    private static decimal? Kept(decimal? value) => value is { } v ? decimal.Round(v, 12, MidpointRounding.ToEven) : null;

    private sealed record ApprovedValue(Period Period, decimal Value, ObservationStatus Status);
}
