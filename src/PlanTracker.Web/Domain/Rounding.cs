using System.Globalization;

namespace PlanTracker.Domain;

/// <summary>Figures as they are shown: rounded once, from the raw decimal, half to even (GB/T 8170-2008).</summary>
public static class Rounding
{
    /// <param name="value">The raw figure.</param>
    /// <param name="decimals">Decimals kept, 0 to 10.</param>
    public static decimal Round(decimal value, int decimals) => decimal.Round(value, decimals, MidpointRounding.ToEven);

    /// <summary>A computed figure with exactly <paramref name="decimals"/> decimals, invariant, without separators.</summary>
    public static string Text(decimal value, int decimals)
    {
        var rounded = Round(value, decimals);
        // A figure that rounds to zero carries no sign.
        return (rounded == 0 ? 0m : rounded).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>A stated figure exactly as it was stated: no decimal is added, none is lost.</summary>
    public static string Exact(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
