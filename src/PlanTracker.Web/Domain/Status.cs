namespace PlanTracker.Domain;

/// <summary>The one vocabulary of status, for all methods, from the best to the worst.</summary>
public enum Status
{
    NoJudgement,
    Achieved,
    OnTrack,
    Behind,
    FarBehind,
    MovingAway,
}

/// <summary>Why a method gives no judgement.</summary>
public enum NoJudgementReason
{
    None,
    NoTarget,
    NoBaseline,
    NoReading,
    NoReadingSinceBaseline,

    /// <summary>Growth from zero has no rate.</summary>
    ZeroBaseline,

    /// <summary>Growth towards zero has no rate that could be compared.</summary>
    ZeroTarget,

    /// <summary>Growth through zero, or of a negative quantity, has no rate.</summary>
    NegativeValues,

    /// <summary>A trend needs at least four yearly readings.</summary>
    TooFewReadings,

    /// <summary>The target's date has come: there is nothing left to project.</summary>
    TargetDatePassed,
}

/// <summary>Which way is better.</summary>
public enum Better
{
    Increase,
    Decrease,
}

public static class Betters
{
    /// <summary>Whether <paramref name="value"/> is worse than <paramref name="other"/>.</summary>
    public static bool Worse(this Better better, decimal value, decimal other) =>
        better == Better.Increase ? value < other : value > other;

    /// <summary>1 when higher is better, -1 when lower is.</summary>
    public static int Sign(this Better better) => better == Better.Increase ? 1 : -1;
}

/// <summary>A reading as a method sees it: when, and how much.</summary>
public readonly record struct Observation(Period Period, decimal Value);
