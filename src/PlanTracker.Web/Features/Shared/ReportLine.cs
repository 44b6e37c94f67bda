using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A report of progress as pages show it in full.</summary>
public sealed record ReportLine
{
    public required long Id { get; init; }

    /// <summary>The goal it speaks of; empty for an item.</summary>
    public int? MilestoneId { get; init; }

    /// <summary>The project item it speaks of; empty for a goal.</summary>
    public int? ItemId { get; init; }

    public required int Number { get; init; }

    public required RevisionState State { get; init; }

    public required ProgressState Progress { get; init; }

    public required string Statement { get; init; }

    public required string Evidence { get; init; }

    public required IReadOnlyList<FileLine> Files { get; init; }

    public string? NextStep { get; init; }

    public DateOnly? NextStepOn { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Reviewer { get; init; }

    public DateTimeOffset? ReviewedAt { get; init; }

    public string? Reason { get; init; }
}

/// <summary>How far something is, as a report says.</summary>
public sealed record ProgressState(Status? Status, Stage? Stage, int? Percent, DeliveryConfidence? Confidence);

/// <summary>A file of evidence as pages name it.</summary>
/// <param name="Id">Where it is found.</param>
/// <param name="Name">What it was called where it came from.</param>
/// <param name="Size">In bytes.</param>
public sealed record FileLine(Guid Id, string Name, int Size);

public static class ReportLineQueries
{
    public static IQueryable<ReportLine> AsLines(this IQueryable<ProgressReport> reports) => reports.Select(r => new ReportLine
    {
        Id = r.Id,
        MilestoneId = r.MilestoneId,
        ItemId = r.ItemId,
        Number = r.Number,
        State = r.State,
        Progress = new ProgressState(r.Status, r.Stage, r.PercentComplete, r.Confidence),
        Statement = r.Statement,
        Evidence = r.Evidence,
        Files = r.Files.OrderBy(f => f.Position).Select(f => new FileLine(f.FileId, f.File!.Name, f.File.Size)).ToList(),
        NextStep = r.NextStep,
        NextStepOn = r.NextStepOn,
        Author = r.Author!.DisplayName,
        CreatedAt = r.CreatedAt,
        Reviewer = r.Reviewer!.DisplayName,
        ReviewedAt = r.ReviewedAt,
        Reason = r.Reason,
    });
}
