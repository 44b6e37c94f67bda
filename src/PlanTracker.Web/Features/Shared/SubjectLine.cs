using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

public enum SubjectKind
{
    Item,
    Goal,
}

/// <summary>The report about a goal or an item that counts, as lists show it.</summary>
public sealed record ReportSummary
{
    public int? MilestoneId { get; init; }

    public int? ItemId { get; init; }

    public Status? Status { get; init; }

    public Stage? Stage { get; init; }

    public int? Percent { get; init; }

    public DeliveryConfidence? Confidence { get; init; }

    public string? NextStep { get; init; }

    public DateOnly? NextStepOn { get; init; }

    public required string Evidence { get; init; }

    public required int Files { get; init; }

    /// <summary>The day it was approved.</summary>
    public DateOnly? KnownOn { get; init; }

    /// <summary>Lines and files.</summary>
    public int EvidenceCount => Shared.Evidence.Lines(Evidence).Count() + Files;
}

/// <summary>A project item or a goal in words, with the report that counts; none where none was approved yet.</summary>
public sealed record SubjectLine(SubjectKind Kind, string Code, Bilingual Title, ReportSummary? Report)
{
    public ProgressPart Part => Report is null ? default : new(Reported: true, Report.Stage, Report.Confidence, Report.Percent);

    public static SubjectLine Of(GoalLine goal) =>
        new(SubjectKind.Goal, goal.Code, new Bilingual($"Goal for {goal.Year}: {goal.Text.En.TrimEnd('.')}", $"{goal.Year} 年目标：{goal.Text.Zh.TrimEnd('。')}"), goal.Report);
}

public static class SubjectLineQueries
{
    /// <summary>What counts now, or counted on the day the page shows, of every goal and item.</summary>
    public static IQueryable<ReportSummary> ReportSummaries(this PlanDbContext db, CurrentPlan plan) => db.KnownReports(plan.AsOf).Select(r => new ReportSummary
    {
        MilestoneId = r.MilestoneId,
        ItemId = r.ItemId,
        Status = r.Status,
        Stage = r.Stage,
        Percent = r.PercentComplete,
        Confidence = r.Confidence,
        NextStep = r.NextStep,
        NextStepOn = r.NextStepOn,
        Evidence = r.Evidence,
        Files = r.Files.Count,
        KnownOn = r.KnownOn,
    });
}
