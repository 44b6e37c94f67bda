namespace PlanTracker.Domain;

/// <summary>
/// How a series usually changes from one period to the next: in steps, and, where all its values are positive, in growth. A change is unusual when it
/// is unusual both ways: a series that grows by so many per cent makes ever larger steps, and those are no news.
/// </summary>
/// <param name="Steps">Usual differences, in the indicator's unit.</param>
/// <param name="Growth">Usual quotients of a value and the one before; empty where they say nothing.</param>
public sealed record UsualChange(Interval Steps, Interval? Growth)
{
    /// <summary>From the changes between readings of adjoining periods, by <see cref="Outliers.Usual"/>.</summary>
    /// <returns>Nothing where the steps do not say what is usual: too few of them, or more than half the same.</returns>
    public static UsualChange? Of(IEnumerable<Observation> readings)
    {
        var ordered = readings.OrderBy(r => r.Period).ToArray();
        var changes = ordered.Zip(ordered.Skip(1)).Where(p => p.First.Period.Next() == p.Second.Period).ToArray();
        if (Outliers.Usual([.. changes.Select(c => c.Second.Value - c.First.Value)]) is not { } steps)
            return null;
        var growth = ordered.All(r => r.Value > 0) ? Outliers.Usual([.. changes.Select(c => c.Second.Value / c.First.Value)]) : null;
        return new UsualChange(steps, growth);
    }

    /// <summary>Whether the way from one value to the next is usual, in steps or in growth.</summary>
    public bool Holds(decimal before, decimal value) =>
        Steps.Holds(value - before) || (Growth is { } growth && before > 0 && value >= growth.Low * before && value <= growth.High * before);
}
