namespace PlanTracker.Domain;

/// <summary>What one method says, with the figures it rests on.</summary>
/// <param name="Status">The judgement.</param>
public sealed record Verdict(Status Status)
{
    /// <summary>Decimals a ratio is kept to: the verdict rests on the kept figure, so a limit met exactly is not missed by a rounding error.</summary>
    public const int RatioDecimals = 12;

    public NoJudgementReason Reason { get; init; }

    /// <summary>The figure the method compares with its limits, as the method defines it.</summary>
    public decimal? Ratio { get; init; }

    /// <summary>A score on the source's own scale, where it defines one.</summary>
    public decimal? Score { get; init; }

    /// <summary>The formula with the numbers in it.</summary>
    public string Working { get; init; } = "";

    public static Verdict None(NoJudgementReason reason) => new(Status.NoJudgement) { Reason = reason };

    /// <summary>The common cuts: from .95 on track, from .60 behind, from 0 far behind, below moving away.</summary>
    internal static Status ByCommonCuts(decimal ratio) => ratio switch
    {
        >= 0.95m => Status.OnTrack,
        >= 0.60m => Status.Behind,
        >= 0m => Status.FarBehind,
        _ => Status.MovingAway,
    };

    internal static decimal Kept(decimal value) => decimal.Round(value, RatioDecimals, MidpointRounding.ToEven);

    /// <summary>How a figure stands in a formula: as stated when it is short, else with four decimals.</summary>
    internal static string Number(decimal value) =>
        value.Scale <= 4 ? Rounding.Exact(value) : Rounding.Text(value, 4);
}
