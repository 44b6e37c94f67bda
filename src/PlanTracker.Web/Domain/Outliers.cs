namespace PlanTracker.Domain;

/// <summary>A closed range.</summary>
public readonly record struct Interval(decimal Low, decimal High)
{
    public bool Holds(decimal value) => value >= Low && value <= High;
}

/// <summary>
/// Values that stand far from the others, by the median and the median absolute deviation (MAD): Iglewicz and Hoaglin, How to Detect and Handle
/// Outliers, 1993. Works on a handful of values, where the ordinary z cannot exceed √(n−1) and finds nothing.
/// </summary>
public static class Outliers
{
    /// <summary>Modified z-scores beyond this, either way, are outliers.</summary>
    public const decimal Threshold = 3.5m;

    /// <summary>Fewer values than this say nothing about what is usual.</summary>
    public const int Fewest = 4;

    // The upper quartile of the normal distribution: makes the MAD comparable with a standard deviation.
    private const decimal NormalQuartile = 0.6745m;

    /// <summary><c>0.6745 (x − median) / MAD</c> of each value, in their order.</summary>
    /// <returns>Nothing when the MAD is zero: more than half of the values are the same, and nothing tells far from near.</returns>
    public static IReadOnlyList<decimal>? ModifiedZ(IReadOnlyList<decimal> values)
    {
        var (median, mad) = Spread(values);
        return mad == 0 ? null : [.. values.Select(v => NormalQuartile * (v - median) / mad)];
    }

    /// <summary>The range in which a further value is usual; bounds rounded to 10 decimals, so that every reader of them compares alike.</summary>
    /// <returns>Nothing with fewer than <see cref="Fewest"/> values or a MAD of zero.</returns>
    public static Interval? Usual(IReadOnlyList<decimal> values)
    {
        if (values.Count < Fewest || Spread(values) is not (var median, > 0 and var mad))
            return null;
        var reach = Threshold * mad / NormalQuartile;
        return new Interval(Rounding.Round(median - reach, StrictNumber.MaxDecimals), Rounding.Round(median + reach, StrictNumber.MaxDecimals));
    }

    private static (decimal Median, decimal Mad) Spread(IReadOnlyList<decimal> values)
    {
        if (values.Count == 0)
            return (0, 0);
        var median = Median(values);
        return (median, Median(values.Select(v => Math.Abs(v - median))));
    }

    private static decimal Median(IEnumerable<decimal> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
