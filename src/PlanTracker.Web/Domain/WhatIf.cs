namespace PlanTracker.Domain;

/// <summary>A case as it would be with another final target, another date for it, or another reading. Nothing is stored.</summary>
/// <param name="Target">The final target's value; empty: as it is.</param>
/// <param name="By">The final target's period; empty: as it is.</param>
/// <param name="Reading">A reading to come, or another value for a period that has one; empty: as they are.</param>
public sealed record WhatIf(decimal? Target, Period? By, Observation? Reading)
{
    /// <summary>
    /// The changed case. An earlier final target drops the interim targets that are not before it; a shape that no longer fits gives way to a
    /// straight line.
    /// </summary>
    /// <returns>Nothing when there would be no way from baseline to target: the target not later than the baseline, or a date for no target.</returns>
    public AssessmentCase? Of(AssessmentCase one)
    {
        var targets = one.Targets;
        if (Target is not null || By is not null)
        {
            if ((Target ?? one.Target?.Value) is not { } value || (By ?? one.Target?.Period) is not { } by)
                return null;
            targets = [.. one.Targets.SkipLast(1).Where(t => t.Period.EndMonth < by.EndMonth), new PathPoint(by, value)];
            if (by.EndMonth <= one.Baseline?.Period.EndMonth)
                return null;
        }

        return one with
        {
            Targets = targets,
            Readings = Reading is { } reading ? [.. one.Readings.Where(r => r.Period != reading.Period), reading] : one.Readings,
            Shape = PlannedPath.FaultOf(one.Shape, one.Baseline, [.. targets]) is null ? one.Shape : PathShape.Linear,
        };
    }
}
