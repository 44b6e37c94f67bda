namespace PlanTracker.Domain;

/// <summary>A value planned for the end of a period: the baseline, an interim target or the final target.</summary>
public readonly record struct PathPoint(Period Period, decimal Value);

/// <summary>
/// The values a plan expects between its baseline and its final target: straight lines through the baseline and every interim target.
/// </summary>
public sealed class PlannedPath
{
    private readonly PathPoint[] _points;

    /// <param name="baseline">Where the path starts.</param>
    /// <param name="targets">Interim targets and the final one, in any order; all later than the baseline.</param>
    /// <exception cref="ArgumentException">There is no target, or one is not later than the baseline.</exception>
    public PlannedPath(PathPoint baseline, IEnumerable<PathPoint> targets)
    {
        _points = [baseline, .. targets.OrderBy(t => t.Period)];
        if (_points.Length < 2 || _points[1].Period.EndMonth <= baseline.Period.EndMonth)
            throw new ArgumentException("A path needs a target later than its baseline.", nameof(targets));
    }

    public PathPoint Baseline => _points[0];

    public PathPoint Final => _points[^1];

    /// <summary>
    /// The planned value at the end of <paramref name="period"/>. Before the baseline it is the baseline's value,
    /// after the final target the final target's: what was to be reached stays to be kept.
    /// </summary>
    public decimal ValueAt(Period period)
    {
        var month = period.EndMonth;
        if (month <= Baseline.Period.EndMonth)
            return Baseline.Value;

        for (var i = 1; i < _points.Length; i++)
        {
            var (from, to) = (_points[i - 1], _points[i]);
            if (month > to.Period.EndMonth)
                continue;

            var passed = month - from.Period.EndMonth;
            var length = to.Period.EndMonth - from.Period.EndMonth;
            return from.Value + ((to.Value - from.Value) * passed / length);
        }

        return Final.Value;
    }
}
