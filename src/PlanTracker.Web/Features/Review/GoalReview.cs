using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Review;

/// <summary>A submitted assessment of a goal in words beside what it would replace.</summary>
public sealed record GoalReviewLine
{
    public required long AssessmentId { get; init; }

    public required string Code { get; init; }

    public required int Year { get; init; }

    public required Bilingual Goal { get; init; }

    public required AssessmentText Proposed { get; init; }

    public AssessmentText? Approved { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The reviewer's own: for somebody else to decide.</summary>
    public required bool Own { get; init; }
}

public sealed record AssessmentText(Status Status, string Statement, string Evidence);

public sealed record GoalReviewForm
{
    public List<long> Assessments { get; init; } = [];

    public string? Reason { get; init; }

    public string? Decision { get; init; }
}

public static class GoalReviewQueries
{
    /// <summary>Submitted assessments in the reviewer's scope, by element and year.</summary>
    public static Task<List<GoalReviewLine>> GoalReviewLinesAsync(this PlanDbContext db, CurrentPlan plan, Guid reviewerId, CancellationToken ct)
    {
        var known = db.KnownAssessments(asOf: null);
        return (
            from milestone in db.MilestonesInScope(reviewerId)
            join proposed in db.MilestoneAssessments on milestone.Id equals proposed.MilestoneId
            where milestone.Element!.PlanId == plan.Id && proposed.State == RevisionState.Submitted
            orderby milestone.Element!.Position, milestone.Year, milestone.Id
            select new GoalReviewLine
            {
                AssessmentId = proposed.Id,
                Code = milestone.Code,
                Year = milestone.Year,
                Goal = new Bilingual(milestone.GoalEn, milestone.GoalZh),
                Proposed = new AssessmentText(proposed.Status, proposed.Statement, proposed.Evidence),
                Approved = known.Where(a => a.MilestoneId == milestone.Id)
                    .Select(a => new AssessmentText(a.Status, a.Statement, a.Evidence)).FirstOrDefault(),
                Author = proposed.Author!.DisplayName,
                CreatedAt = proposed.CreatedAt,
                Own = proposed.AuthorId == reviewerId,
            }).ToListAsync(ct);
    }
}
