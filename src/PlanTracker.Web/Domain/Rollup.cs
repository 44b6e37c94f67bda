namespace PlanTracker.Domain;

/// <summary>How the values of regions make a total.</summary>
public enum Aggregation
{
    /// <summary>Never computed; only a reported figure counts.</summary>
    Reported,

    /// <summary>The sum of what the regions report for the period.</summary>
    Sum,

    /// <summary>The mean of what the regions report for the period, each counting the same.</summary>
    Mean,

    /// <summary>The mean weighted by another indicator, such as population.</summary>
    WeightedMean,

    /// <summary>The sum of each region's last known value, however old.</summary>
    Last,
}

/// <summary>What one region puts into a total.</summary>
/// <param name="Value">Its value for the period, or, for <see cref="Aggregation.Last"/>, its last known one; empty where it has none.</param>
/// <param name="Weight">Its weight, for <see cref="Aggregation.WeightedMean"/>; not below zero.</param>
public readonly record struct RollupPart(decimal? Value, decimal? Weight = null);

/// <summary>
/// The values of regions as one, by the indicator's own rule. It says how much of the whole it covers, and never takes the place of a figure that
/// was reported for the whole: both are shown, with their difference.
/// </summary>
/// <param name="Value">The total; empty where no rule makes one, nobody has reported, or no weight is known. In the indicator's unit.</param>
/// <param name="Reporting">Regions that are in it.</param>
/// <param name="Expected">Regions that should be.</param>
/// <param name="WeightShare">Share of the known weight of all expected regions that is in it, 0 to 1; with a weighted mean only.</param>
public sealed record Rollup(decimal? Value, int Reporting, int Expected, decimal? WeightShare = null)
{
    /// <summary>Every expected region is in it.</summary>
    public bool IsWhole => Reporting == Expected;

    /// <summary>Less than half of the expected regions are in it: hardly a figure for the whole.</summary>
    public bool IsMinor => Reporting * 2 < Expected;

    /// <param name="rule">The indicator's rule.</param>
    /// <param name="parts">One for every region that should report, with or without a value.</param>
    public static Rollup Of(Aggregation rule, IReadOnlyCollection<RollupPart> parts)
    {
        if (rule == Aggregation.WeightedMean)
            return Weighted(parts);
        var values = parts.Where(p => p.Value is not null).Select(p => p.Value!.Value).ToList();
        decimal? total = values.Count == 0 ? null : rule switch
        {
            Aggregation.Sum or Aggregation.Last => values.Sum(),
            Aggregation.Mean => values.Average(),
            _ => null,
        };
        return new Rollup(total, values.Count, parts.Count);
    }

    private static Rollup Weighted(IReadOnlyCollection<RollupPart> parts)
    {
        var used = parts.Where(p => p is { Value: not null, Weight: > 0 }).ToList();
        var (weight, all) = (used.Sum(p => p.Weight!.Value), parts.Sum(p => p.Weight ?? 0));
        if (weight == 0)
            return new Rollup(null, 0, parts.Count);
        // Each weight as a share first: a product of two long figures could leave the range of decimals.
        return new Rollup(used.Sum(p => p.Weight!.Value / weight * p.Value!.Value), used.Count, parts.Count, weight / all);
    }
}
