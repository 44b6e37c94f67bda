namespace PlanTracker.Domain;

/// <summary>A value planned for the end of a period: the baseline, an interim target or the final target.</summary>
public readonly record struct PathPoint(Period Period, decimal Value);

/// <summary>How the planned values run from one stated value to the next.</summary>
public enum PathShape
{
    /// <summary>Even steps in the indicator's unit.</summary>
    Linear,

    /// <summary>Even growth in per cent.</summary>
    Geometric,

    /// <summary>The last stated value holds until the next is due.</summary>
    Stepped,

    /// <summary>Each year's value is stated; between two of them the path is straight.</summary>
    Manual,
}

/// <summary>What a shape asks for and does not find.</summary>
public enum ShapeFault
{
    /// <summary>Growth in per cent needs values above zero.</summary>
    GeometricNeedsPositive,

    /// <summary>A manual path states a value for every year between baseline and final target.</summary>
    ManualNeedsEveryYear,
}

/// <summary>
/// The values a plan expects between its baseline and its final target, through every interim target.
/// </summary>
public sealed class PlannedPath
{
    private readonly PathPoint[] _points;

    /// <param name="baseline">Where the path starts.</param>
    /// <param name="targets">Interim targets and the final one, in any order; all later than the baseline.</param>
    /// <param name="shape">How it runs between them.</param>
    /// <exception cref="ArgumentException">
    /// There is no target, one is not later than the baseline, or a geometric path would have to pass zero.
    /// </exception>
    public PlannedPath(PathPoint baseline, IEnumerable<PathPoint> targets, PathShape shape = PathShape.Linear)
    {
        _points = [baseline, .. targets.OrderBy(t => t.Period)];
        if (_points.Length < 2 || _points[1].Period.EndMonth <= baseline.Period.EndMonth)
            throw new ArgumentException("A path needs a target later than its baseline.", nameof(targets));
        if (shape == PathShape.Geometric && Array.Exists(_points, p => p.Value <= 0))
            throw new ArgumentException("A geometric path needs values above zero.", nameof(targets));
        Shape = shape;
    }

    /// <summary>Why no path of <paramref name="shape"/> leads through these values; nothing when one does.</summary>
    public static ShapeFault? FaultOf(PathShape shape, PathPoint? baseline, IReadOnlyCollection<PathPoint> targets)
    {
        IEnumerable<PathPoint> points = baseline is { } start ? targets.Prepend(start) : targets;
        return shape switch
        {
            PathShape.Geometric when points.Any(p => p.Value <= 0) => ShapeFault.GeometricNeedsPositive,
            PathShape.Manual when targets.Count > 0 && !EveryYear(baseline, targets) => ShapeFault.ManualNeedsEveryYear,
            _ => null,
        };
    }

    private static bool EveryYear(PathPoint? baseline, IReadOnlyCollection<PathPoint> targets)
    {
        var stated = targets.Select(t => t.Period.EndMonth).ToHashSet();
        var from = baseline?.Period.EndMonth ?? stated.Min();
        return Enumerable.Range(1, Math.Max(0, (stated.Max() - from - 1) / 12)).All(years => stated.Contains(stated.Max() - (12 * years)));
    }

    public PathShape Shape { get; }

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
            if (month <= _points[i].Period.EndMonth)
                return Between(_points[i - 1], _points[i], month);
        }

        return Final.Value;
    }

    private decimal Between(PathPoint from, PathPoint to, int month)
    {
        var passed = month - from.Period.EndMonth;
        var length = to.Period.EndMonth - from.Period.EndMonth;
        if (passed == length)
            return to.Value;
        return Shape switch
        {
            PathShape.Stepped => from.Value,
            PathShape.Geometric => from.Value * (decimal)Math.Pow((double)(to.Value / from.Value), (double)passed / length),
            _ => from.Value + ((to.Value - from.Value) * passed / length),
        };
    }
}
