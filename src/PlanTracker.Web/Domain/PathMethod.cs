namespace PlanTracker.Domain;

/// <summary>The one vocabulary of status, for all methods.</summary>
public enum Status
{
    NoJudgement,
    Achieved,
    OnTrack,
    Behind,
    FarBehind,
    MovingAway,
}

/// <summary>Why a method gives no judgement.</summary>
public enum NoJudgementReason
{
    None,
    NoTarget,
    NoBaseline,
    NoReading,
    NoReadingSinceBaseline,
}

/// <summary>Which way is better.</summary>
public enum Better
{
    Increase,
    Decrease,
}

/// <summary>A reading as a method sees it: when, and how much.</summary>
public readonly record struct Observation(Period Period, decimal Value);

/// <summary>The verdict of a method with the figures it rests on.</summary>
public sealed record Judgement
{
    public required Status Status { get; init; }

    public NoJudgementReason Reason { get; init; }

    /// <summary>Share of the way from baseline to final target that is done; 1 is all of it. Unitless, may be negative or above 1.</summary>
    public decimal? Attainment { get; init; }

    /// <summary>Share of the time from baseline to final target that had passed at the end of the reading's period, 0 to 1.</summary>
    public decimal? Elapsed { get; init; }

    /// <summary>What the path planned for the reading's period, in the indicator's unit.</summary>
    public decimal? Planned { get; init; }

    /// <summary>Change since the baseline over planned change; 1 is exactly on the path. Empty while the path plans no gain over the baseline.</summary>
    public decimal? PaceRatio { get; init; }

    /// <summary>The latest reading is worse than the one before it.</summary>
    public bool Receding { get; init; }

    /// <summary>The baseline had already reached the target: a target to revisit.</summary>
    public bool AchievedAtBaseline { get; init; }

    public static Judgement None(NoJudgementReason reason) => new() { Status = Status.NoJudgement, Reason = reason };
}

/// <summary>
/// The default method: progress against the schedule of the plan. Achieved when the latest reading has reached the final target; otherwise the
/// pace ratio r = (v - b) / (p(t) - b) decides: at least 0.95 on track, 0.60 to 0.95 behind, 0 to 0.60 far behind, below 0 moving away.
/// </summary>
/// <remarks>Source: plan practice, progress against schedule. Signed distances make a flag for "lower is better" unnecessary once a path exists.</remarks>
public static class PathMethod
{
    /// <summary>Pace ratio from which a reading counts as on track.</summary>
    public const decimal OnTrackFrom = 0.95m;

    /// <summary>Pace ratio from which a reading counts as behind rather than far behind.</summary>
    public const decimal BehindFrom = 0.60m;

    /// <summary>
    /// Decimals a pace ratio is kept to. The verdict rests on the kept figure, so a limit that is met exactly is not missed because
    /// the planned value has no finite decimals.
    /// </summary>
    public const int RatioDecimals = 12;

    /// <summary>Judges one indicator in one region.</summary>
    /// <param name="better">Which way is better.</param>
    /// <param name="baseline">Where the plan started, if it says so.</param>
    /// <param name="targets">Interim and final targets; the latest is the final one.</param>
    /// <param name="readings">Approved readings in any order; those not later than the baseline play no part.</param>
    public static Judgement Judge(Better better, PathPoint? baseline, IReadOnlyCollection<PathPoint> targets, IEnumerable<Observation> readings)
    {
        if (targets.Count == 0)
            return Judgement.None(NoJudgementReason.NoTarget);

        var known = readings.OrderBy(r => r.Period).ToArray();
        if (known.Length == 0)
            return Judgement.None(NoJudgementReason.NoReading);

        var target = targets.MaxBy(t => t.Period);
        var latest = known[^1];
        var receding = known.Length > 1 && Worse(better, latest.Value, known[^2].Value);
        var reached = !Worse(better, latest.Value, target.Value);

        if (baseline is not { } start)
        {
            // Without a baseline there is no way to measure, but an arrival is plain to see.
            return reached
                ? new Judgement { Status = Status.Achieved, Receding = receding }
                : Judgement.None(NoJudgementReason.NoBaseline);
        }

        if (latest.Period.EndMonth <= start.Period.EndMonth)
            return Judgement.None(NoJudgementReason.NoReadingSinceBaseline);

        return Judge(better, new PlannedPath(start, targets), latest, reached, receding);
    }

    /// <summary>Whether <paramref name="value"/> is worse than <paramref name="other"/>.</summary>
    public static bool Worse(Better better, decimal value, decimal other) =>
        better == Better.Increase ? value < other : value > other;

    private static Judgement Judge(Better better, PlannedPath path, Observation latest, bool reached, bool receding)
    {
        var (b, t) = (path.Baseline.Value, path.Final.Value);
        var planned = path.ValueAt(latest.Period);
        // The ratio speaks only of a gain that is due. Where the path is still flat, or expects a setback first, a better reading would lower it.
        decimal? pace = Worse(better, b, planned)
            ? decimal.Round((latest.Value - b) / (planned - b), RatioDecimals, MidpointRounding.ToEven)
            : null;
        var alreadyThere = b != t && !Worse(better, b, t);
        var length = path.Final.Period.EndMonth - path.Baseline.Period.EndMonth;
        var passed = latest.Period.EndMonth - path.Baseline.Period.EndMonth;

        return new Judgement
        {
            Status = reached ? Status.Achieved
                : alreadyThere ? Status.MovingAway
                : pace is { } r ? ByPace(r)
                // No gain is due yet (or the target is to keep the baseline): being no worse than planned is on track.
                : Worse(better, latest.Value, planned) ? Status.MovingAway : Status.OnTrack,
            Attainment = t == b ? null : (latest.Value - b) / (t - b),
            Elapsed = Math.Min(1m, (decimal)passed / length),
            Planned = planned,
            PaceRatio = pace,
            Receding = receding,
            AchievedAtBaseline = alreadyThere,
        };
    }

    private static Status ByPace(decimal ratio) => ratio switch
    {
        >= OnTrackFrom => Status.OnTrack,
        >= BehindFrom => Status.Behind,
        >= 0 => Status.FarBehind,
        _ => Status.MovingAway,
    };
}
