using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

/// <summary>A goal in words that wants something from the person, or waits for review.</summary>
public sealed record GoalDue
{
    public required string Code { get; init; }

    public required int Year { get; init; }

    public required Bilingual Text { get; init; }

    /// <summary>Of the assessment under way; none where there is none.</summary>
    public RevisionState? Pending { get; init; }

    public string? Reviewer { get; init; }

    /// <summary>Why it was returned.</summary>
    public string? Reason { get; init; }

    public bool IsDue => Pending != RevisionState.Submitted;
}

public static class GoalsDueQueries
{
    /// <summary>Goals in the person's scope with an assessment under way, or whose year is over without an approved one; earliest first.</summary>
    public static Task<List<GoalDue>> GoalsDueAsync(this PlanDbContext db, CurrentPlan plan, Guid personId, DateOnly today, CancellationToken ct)
    {
        var known = db.KnownAssessments(asOf: null);
        return (
            from milestone in db.MilestonesInScope(personId)
            where milestone.Element!.PlanId == plan.Id
            from pending in db.MilestoneAssessments
                .Where(a => a.MilestoneId == milestone.Id && (a.State == RevisionState.Submitted || a.State == RevisionState.Returned)).DefaultIfEmpty()
            where pending != null || (milestone.Year < today.Year && !known.Any(a => a.MilestoneId == milestone.Id))
            orderby milestone.Year, milestone.Element!.Position, milestone.Id
            select new GoalDue
            {
                Code = milestone.Code,
                Year = milestone.Year,
                Text = new Bilingual(milestone.GoalEn, milestone.GoalZh),
                Pending = pending == null ? null : pending.State,
                Reviewer = pending!.Reviewer!.DisplayName,
                Reason = pending.Reason,
            }).ToListAsync(ct);
    }
}
