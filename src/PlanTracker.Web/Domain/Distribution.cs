namespace PlanTracker.Domain;

/// <summary>
/// How the values of many regions lie: least, quartiles, greatest, in the indicator's unit. Quartiles interpolate between neighbours
/// (Hyndman and Fan, type 7: what Excel's QUARTILE.INC and R's default give).
/// </summary>
public sealed record Distribution(int Count, decimal Least, decimal LowerQuartile, decimal Median, decimal UpperQuartile, decimal Greatest)
{
    /// <param name="values">At least one value, in any order.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Distribution Of(IEnumerable<decimal> values)
    {
        var ordered = values.Order().ToArray();
        if (ordered.Length == 0)
            throw new ArgumentException("A distribution needs at least one value.", nameof(values));
        return new Distribution(ordered.Length, ordered[0], At(ordered, 0.25m), At(ordered, 0.5m), At(ordered, 0.75m), ordered[^1]);
    }

    private static decimal At(decimal[] ordered, decimal share)
    {
        var place = share * (ordered.Length - 1);
        var below = (int)place;
        return below + 1 < ordered.Length ? ordered[below] + ((place - below) * (ordered[below + 1] - ordered[below])) : ordered[below];
    }
}
