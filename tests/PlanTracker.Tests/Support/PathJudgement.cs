using PlanTracker.Domain;

namespace PlanTracker.Tests.Support;

/// <summary>The verdict with the facts of the case it rests on.</summary>
public sealed record PathJudgement(
    Status Status, NoJudgementReason Reason, decimal? Planned, decimal? PaceRatio, decimal? Attainment, decimal? Elapsed, bool Receding, bool AchievedAtBaseline)
{
    public static PathJudgement Of(Better better, PathPoint? baseline, IReadOnlyList<PathPoint> targets, IEnumerable<Observation> readings)
    {
        var one = new AssessmentCase { Better = better, Baseline = baseline, Targets = targets, Readings = [.. readings] };
        var verdict = PathMethod.Judge(one);
        if (verdict.Status == Status.NoJudgement)
            return None(verdict.Reason);
        return new(
            verdict.Status, verdict.Reason, one.Latest is { } latest ? one.Path?.ValueAt(latest.Period) : null, one.PaceRatio, one.Attainment, one.Elapsed,
            one.Receding, one.AchievedAtBaseline);
    }

    public static PathJudgement None(NoJudgementReason reason) =>
        new(Status.NoJudgement, reason, null, null, null, null, Receding: false, AchievedAtBaseline: false);
}
