namespace PlanTracker.Domain;

/// <summary>
/// One interim or final target by itself: what was read by its date and how that is judged, or, where its date is later than every reading, where
/// the recent pace leads.
/// </summary>
/// <param name="Target">The target.</param>
/// <param name="Reading">The last reading not later than the target's date; none where its date is still to come.</param>
/// <param name="Verdict">By the path to this target, from what was read by its date; none where its date is still to come.</param>
/// <param name="Projection">Where the recent pace leads by its date; only where its date is still to come.</param>
public sealed record TargetVerdict(PathPoint Target, Observation? Reading, Verdict? Verdict, Projection? Projection)
{
    /// <summary>Every target of the case, the earliest first. A target's date has come when a reading is as late.</summary>
    public static IReadOnlyList<TargetVerdict> Of(AssessmentCase one)
    {
        var projections = Pace.Of(one).Projections.ToDictionary(p => p.Period);
        return [.. one.Targets.Select(target => one.Latest is { } latest && latest.Period.EndMonth >= target.Period.EndMonth
            ? AtItsDate(one, target)
            : new TargetVerdict(target, null, null, projections.GetValueOrDefault(target.Period)))];
    }

    private static TargetVerdict AtItsDate(AssessmentCase one, PathPoint target)
    {
        var then = one with
        {
            Targets = [.. one.Targets.Where(t => t.Period <= target.Period)],
            Readings = [.. one.Readings.Where(r => r.Period.EndMonth <= target.Period.EndMonth)],
        };
        return new TargetVerdict(target, then.Latest, PathMethod.Judge(then), null);
    }
}
