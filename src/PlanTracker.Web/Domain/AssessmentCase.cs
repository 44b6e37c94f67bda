namespace PlanTracker.Domain;

/// <summary>
/// What there is to judge: one indicator in one region, with its targets and its approved readings. Everything a method needs, and nothing else.
/// </summary>
public sealed record AssessmentCase
{
    private readonly Observation[] _readings = [];
    private readonly PathPoint[] _targets = [];

    public required Better Better { get; init; }

    /// <summary>Where the plan started, if it says so.</summary>
    public PathPoint? Baseline { get; init; }

    /// <summary>Interim and final targets in any order; the latest is the final one.</summary>
    public required IReadOnlyList<PathPoint> Targets
    {
        get => _targets;
        init => _targets = [.. value.OrderBy(t => t.Period)];
    }

    /// <summary>Approved readings in any order. Those not later than the baseline inform trends, and tell whether the latest recedes.</summary>
    public required IReadOnlyList<Observation> Readings
    {
        get => _readings;
        init => _readings = [.. value.OrderBy(r => r.Period)];
    }

    public PathShape Shape { get; init; }

    /// <summary>No value below this can be right; projections stop there.</summary>
    public decimal? Min { get; init; }

    /// <summary>No value above this can be right; projections stop there.</summary>
    public decimal? Max { get; init; }

    public PathPoint? Target => _targets.Length > 0 ? _targets[^1] : null;

    public Observation? Latest => _readings.Length > 0 ? _readings[^1] : null;

    public Observation? Previous => _readings.Length > 1 ? _readings[^2] : null;

    /// <summary>The latest reading is worse than the one before it.</summary>
    public bool Receding => Latest is { } latest && Previous is { } previous && Better.Worse(latest.Value, previous.Value);

    /// <summary>The latest reading has reached the final target.</summary>
    public bool Reached => Target is { } target && Latest is { } latest && !Better.Worse(latest.Value, target.Value);

    /// <summary>The baseline had already passed the final target: a target to revisit.</summary>
    public bool AchievedAtBaseline => Baseline is { } b && Target is { } t && b.Value != t.Value && !Better.Worse(b.Value, t.Value);

    /// <summary>The planned path; none without a baseline or a target.</summary>
    public PlannedPath? Path => Baseline is { } baseline && _targets.Length > 0 ? new PlannedPath(baseline, _targets, Shape) : null;

    /// <summary>Share of the way from baseline to final target that is done; 1 is all of it.</summary>
    public decimal? Attainment => Baseline is { } b && Target is { } t && Latest is { } v && t.Value != b.Value
        ? (v.Value - b.Value) / (t.Value - b.Value)
        : null;

    /// <summary>Share of the time from baseline to final target that had passed at the end of the latest reading's period, 0 to 1.</summary>
    public decimal? Elapsed => Baseline is { } b && Target is { } t && Latest is { } v
        ? Math.Clamp(v.Period.YearsSince(b.Period) / t.Period.YearsSince(b.Period), 0m, 1m)
        : null;

    /// <summary>
    /// Change since the baseline over the change planned for that time, r = (v - b) / (p(t) - b). It speaks only of a gain that is due: where
    /// the path is still flat, or expects a setback first, there is none, because a better reading would lower it.
    /// </summary>
    public decimal? PaceRatio => Path is { } path && Latest is { } latest && path.ValueAt(latest.Period) is var planned
        && Better.Worse(path.Baseline.Value, planned)
        ? Verdict.Kept((latest.Value - path.Baseline.Value) / (planned - path.Baseline.Value))
        : null;

    /// <summary>
    /// What is settled before any method speaks: nothing to judge, arrived, or was there once and is no longer.
    /// </summary>
    /// <param name="needsBaseline">Whether the method measures from the baseline.</param>
    /// <returns>Nothing when the method has to decide.</returns>
    internal Verdict? Settled(bool needsBaseline)
    {
        if (Target is not { } target)
            return Verdict.None(NoJudgementReason.NoTarget);
        if (Latest is not { } latest)
            return Verdict.None(NoJudgementReason.NoReading);
        if (Baseline is { } start && latest.Period.EndMonth <= start.Period.EndMonth)
            return Verdict.None(NoJudgementReason.NoReadingSinceBaseline);
        if (Reached)
        {
            return new Verdict(Status.Achieved)
            {
                Working = $"v = {Rounding.Exact(latest.Value)} {(Better == Better.Increase ? "≥" : "≤")} T = {Rounding.Exact(target.Value)}",
            };
        }

        if (Baseline is not { } baseline)
            return needsBaseline ? Verdict.None(NoJudgementReason.NoBaseline) : null;
        // The target is to keep the baseline, or less than the baseline already was: not being there is a loss.
        return Better.Worse(baseline.Value, target.Value)
            ? null
            : new Verdict(Status.MovingAway) { Working = $"v = {Rounding.Exact(latest.Value)}, b = {Rounding.Exact(baseline.Value)}, T = {Rounding.Exact(target.Value)}" };
    }

    /// <summary>A projected value, kept within what is possible.</summary>
    internal decimal Bounded(decimal value)
    {
        if (Min is { } min && value < min)
            return min;
        return Max is { } max && value > max ? max : value;
    }

    /// <summary>
    /// The latest reading and those whole years before it: at most <paramref name="most"/>, latest last. Readings of other times of the year
    /// are left out, so that a half-year is never taken for a year.
    /// </summary>
    internal Observation[] YearlySeries(int most)
    {
        if (Latest is not { } latest)
            return [];
        return [.. _readings.Where(r => (latest.Period.EndMonth - r.Period.EndMonth) % 12 == 0)
            .GroupBy(r => r.Period.EndMonth).Select(g => g.Last()).TakeLast(most)];
    }
}
