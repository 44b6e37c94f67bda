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
        return Of(ordered.Length, [.. Places(ordered.Length).Select(place => ordered[place])]);
    }

    /// <summary>The same from the few values it rests on, where somebody else has put all of them in order.</summary>
    /// <param name="count">How many values there are, at least one.</param>
    /// <param name="values">Those at <see cref="Places"/>.</param>
    public static Distribution Of(int count, IReadOnlyList<decimal> values)
    {
        return new Distribution(count, values[0], Between(1, 0.25m), Between(3, 0.5m), Between(5, 0.75m), values[7]);

        decimal Between(int below, decimal share)
        {
            var place = share * (count - 1);
            return values[below] + ((place - decimal.Floor(place)) * (values[below + 1] - values[below]));
        }
    }

    /// <summary>Which of <paramref name="count"/> values in ascending order a distribution rests on, the first being 0: the least, two around each quartile, the greatest.</summary>
    public static IReadOnlyList<int> Places(int count)
    {
        var last = count - 1;
        return [0, .. new[] { 1, 2, 3 }.SelectMany(quarter => new[] { quarter * last / 4, Math.Min((quarter * last / 4) + 1, last) }), last];
    }
}
