namespace PlanTracker.Domain;

/// <summary>How fast it would have to go, how fast it goes, and where that leads. Rates are per year, in the indicator's unit.</summary>
public sealed record Pace
{
    /// <summary>Change a year that would still reach the final target in time; none once its date has come.</summary>
    public decimal? Required { get; init; }

    /// <summary>Change a year since the baseline.</summary>
    public decimal? SinceBaseline { get; init; }

    /// <summary>Change a year over the last up to five yearly changes.</summary>
    public decimal? Recent { get; init; }

    /// <summary>When the final target is reached at the recent pace, as a position on the time axis in years (2028.0 is the end of 2028).</summary>
    public decimal? Arrival { get; init; }

    /// <summary>Where the recent pace leads at each target date still to come.</summary>
    public required IReadOnlyList<Projection> Projections { get; init; }

    /// <summary>An arrival later than this many years after the target is not worth a date.</summary>
    private const int FarAway = 100;

    public static Pace Of(AssessmentCase one)
    {
        if (one.Latest is not { } latest)
            return new Pace { Projections = [] };

        var series = one.YearlySeries(TrendProjectionMethod.MostReadings);
        var recent = series.Length > 1 ? (latest.Value - series[0].Value) / latest.Period.YearsSince(series[0].Period) : (decimal?)null;
        var left = one.Target is { } target ? target.Period.YearsSince(latest.Period) : 0;
        return new Pace
        {
            Required = one.Target is { } aim && left > 0 && !one.Reached ? (aim.Value - latest.Value) / left : null,
            SinceBaseline = one.Baseline is { } b && latest.Period.EndMonth > b.Period.EndMonth
                ? (latest.Value - b.Value) / latest.Period.YearsSince(b.Period)
                : null,
            Recent = recent,
            Arrival = recent is { } pace ? ArrivalAt(one, latest, pace) : null,
            Projections = recent is { } rate
                ? [.. one.Targets.Where(t => t.Period > latest.Period).Select(t => Projection.At(t.Period, one, latest, rate, series))]
                : [],
        };
    }

    /// <summary>The recent pace carried on year by year from the latest reading to the final target; none without both, or once its date has come.</summary>
    public static IReadOnlyList<Projection> Ahead(AssessmentCase one)
    {
        if (one is not { Latest: { } latest, Target: { } target } || Of(one).Recent is not { } rate)
            return [];
        var series = one.YearlySeries(TrendProjectionMethod.MostReadings);
        var years = Enumerable.Range(latest.Period.Year, Math.Max(0, target.Period.Year - latest.Period.Year + 1)).Select(Period.Annual);
        return [.. years.Where(y => y.EndMonth < target.Period.EndMonth).Append(target.Period).Where(p => p.EndMonth > latest.Period.EndMonth)
            .Select(p => Projection.At(p, one, latest, rate, series))];
    }

    private static decimal? ArrivalAt(AssessmentCase one, Observation latest, decimal pace)
    {
        if (one.Target is not { } target || one.Reached || one.Better.Sign() * pace <= 0)
            return null;
        var years = (target.Value - latest.Value) / pace;
        return years > FarAway ? null : latest.Period.AxisYear + years;
    }
}

/// <summary>
/// A projected value, and around it the width of the 80 % prediction interval of a straight line fitted to the same readings; no interval from
/// fewer than four readings.
/// </summary>
public sealed record Projection(Period Period, decimal Value, decimal? Low, decimal? High)
{
    // Quantiles of Student's t, two-sided 80 %, for 2 to 4 degrees of freedom: a line through four to six readings leaves so many.
    private static readonly double[] T80 = [1.8856, 1.6377, 1.5332];

    /// <summary>The recent pace carried on; the width comes from the least-squares line through the same readings.</summary>
    internal static Projection At(Period period, AssessmentCase one, Observation latest, decimal pace, Observation[] series)
    {
        var value = one.Bounded(latest.Value + (pace * period.YearsSince(latest.Period)));
        if (series.Length < TrendProjectionMethod.LeastReadings)
            return new Projection(period, value, null, null);

        var x = Array.ConvertAll(series, s => (double)s.Period.AxisYear);
        var y = Array.ConvertAll(series, s => (double)s.Value);
        var (n, meanX, meanY) = (x.Length, x.Average(), y.Average());
        var spread = x.Sum(xi => (xi - meanX) * (xi - meanX));
        var slope = x.Zip(y, (xi, yi) => (xi - meanX) * (yi - meanY)).Sum() / spread;
        var residual = x.Zip(y, (xi, yi) => yi - meanY - (slope * (xi - meanX))).Sum(r => r * r);
        var at = (double)period.AxisYear - meanX;
        var half = (decimal)(T80[n - TrendProjectionMethod.LeastReadings] * Math.Sqrt(residual / (n - 2) * (1 + (1.0 / n) + (at * at / spread))));
        return new Projection(period, value, one.Bounded(value - half), one.Bounded(value + half));
    }
}
