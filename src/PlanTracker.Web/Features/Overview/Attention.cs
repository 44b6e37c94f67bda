using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Overview;

public enum Concern
{
    /// <summary>Far behind, or moving away.</summary>
    Trouble,
    Behind,

    /// <summary>The methods contradict each other.</summary>
    Contradiction,

    /// <summary>Readings are expected, and none has come since the baseline.</summary>
    NoReading,

    /// <summary>The latest reading is more than a year older than the last period that is over.</summary>
    Stale,
}

/// <summary>An indicator that needs somebody's attention, and why.</summary>
public sealed record Attention(IndicatorLine Line, Concern Concern)
{
    private const decimal StaleYears = 1m;

    /// <summary>The most pressing first; each indicator once, for its most pressing concern.</summary>
    /// <param name="lines">National indicators that have a target or are headline indicators.</param>
    /// <param name="last">The last year that is over, of those the plan runs.</param>
    public static IReadOnlyList<Attention> Of(IEnumerable<IndicatorLine> lines, Period last) =>
        [.. lines.Select(l => (Line: l, Concern: ConcernOf(l, last))).Where(c => c.Concern is not null)
            .OrderBy(c => c.Concern).ThenByDescending(c => c.Line.Status).ThenByDescending(c => c.Line.Headline).ThenBy(c => c.Line.PaceRatio)
            .Select(c => new Attention(c.Line, c.Concern!.Value))];

    private static Concern? ConcernOf(IndicatorLine line, Period last) => line switch
    {
        { Status: Status.FarBehind or Status.MovingAway } => Overview.Concern.Trouble,
        { Status: Status.Behind } => Overview.Concern.Behind,
        { Standing.Agreement: Agreement.Contradict } => Overview.Concern.Contradiction,
        { Reason: NoJudgementReason.NoReading or NoJudgementReason.NoReadingSinceBaseline } when line.Due => Overview.Concern.NoReading,
        { Standing.Period: { } latest } when line.Due && last.YearsSince(latest) > StaleYears => Overview.Concern.Stale,
        _ => null,
    };
}
