namespace PlanTracker.Domain;

/// <summary>What makes a figure questionable. It is taken all the same, once somebody says why it is right.</summary>
public enum Warning
{
    /// <summary>Its change from the period before is unlike those the series has made.</summary>
    Outlier,

    /// <summary>About 10, 100, 1,000 or 10,000 times the figure before, or that part of it: a unit may have been mistaken.</summary>
    UnitSlip,

    /// <summary>It changed by more than the share the indicator allows.</summary>
    Jump,

    /// <summary>A cumulative count fell.</summary>
    Falling,

    /// <summary>The regions do not add up to the reported figure of the whole.</summary>
    RegionsDoNotAddUp,
}

/// <summary>
/// Which questions are asked about a figure of an indicator. One definition for form, paste, file and API; the form's script asks the same while
/// typing (<c>js/rules.js</c>), held against this one by shared vectors.
/// </summary>
public sealed record ReadingRules
{
    private static readonly decimal[] Factors = [10, 100, 1000, 10_000];

    /// <summary>Ask about a change that is unlike those the series has made (<see cref="UsualChange"/>).</summary>
    public bool AskOutlier { get; init; } = true;

    /// <summary>Ask about a figure 10 to 10,000 times the one before, or that part of it.</summary>
    public bool AskUnitSlip { get; init; } = true;

    /// <summary>Ask about a change of more than this share of the figure before (0.5: half of it); empty: do not ask.</summary>
    public decimal? AskJump { get; init; }

    /// <summary>The count only grows: ask when it falls.</summary>
    public bool Cumulative { get; init; }

    /// <summary>Ask when the regions' sum is off the reported figure by more than this share of it; empty: do not ask.</summary>
    public decimal? SumTolerance { get; init; }

    /// <summary>Questions about a figure from what the series said before.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="before">The latest figure of an earlier period; empty: there is nothing to ask.</param>
    /// <param name="usual">How the series usually changes; empty: not known.</param>
    public IEnumerable<Warning> Ask(decimal value, decimal? before, UsualChange? usual)
    {
        if (before is not { } was)
            yield break;
        if (AskUnitSlip && IsUnitSlip(value, was))
            yield return Warning.UnitSlip;
        else if (AskOutlier && usual?.Holds(was, value) == false)
            yield return Warning.Outlier;
        if (AskJump is { } share && Math.Abs(value - was) > share * Math.Abs(was))
            yield return Warning.Jump;
        if (Cumulative && value < was)
            yield return Warning.Falling;
    }

    /// <summary>Whether the regions' sum is too far from the reported figure of the whole.</summary>
    public bool AsksAboutSum(decimal whole, decimal sum) =>
        SumTolerance is { } share && Math.Abs(sum - whole) > share * Math.Abs(whole);

    /// <summary>
    /// Within 15 % of 10, 100, 1,000 or 10,000 times the figure before, or of that part of it. Signs have to be the same; from or to zero is no slip.
    /// </summary>
    public static bool IsUnitSlip(decimal value, decimal before)
    {
        if (value == 0 || before == 0 || Math.Sign(value) != Math.Sign(before))
            return false;
        var (now, was) = (Math.Abs(value), Math.Abs(before));
        return Factors.Any(f => IsNear(now, was * f) || IsNear(now * f, was));
    }

    private static bool IsNear(decimal value, decimal expected) => value >= 0.85m * expected && value <= 1.15m * expected;
}
