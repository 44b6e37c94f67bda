using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Goals;

public sealed record AssessPage
{
    public required StatedGoal Goal { get; init; }

    public int MilestoneId => Goal.Id;

    public AssessmentLine? Approved { get; init; }

    /// <summary>Waiting for review, or returned to be corrected.</summary>
    public AssessmentLine? Pending { get; init; }

    /// <summary>Number of the last assessment; 0 for none.</summary>
    public required int LastNumber { get; init; }

    public required AssessForm Form { get; init; }

    public IReadOnlyList<AssessmentFault> Faults { get; init; } = [];

    /// <summary>What stands instead of what was typed, after a conflict.</summary>
    public LastAssessment? Last { get; init; }
}

/// <summary>The form as it comes back.</summary>
public sealed record AssessForm
{
    public string? Status { get; init; }

    public string? Statement { get; init; }

    public string? Evidence { get; init; }

    public int BasedOn { get; init; }

    public Guid RequestId { get; init; }

    public StatedAssessment ToStated(int milestoneId) => new()
    {
        MilestoneId = milestoneId,
        Status = Status ?? "",
        Statement = Statement ?? "",
        Evidence = Evidence ?? "",
        BasedOn = BasedOn,
        RequestId = RequestId,
    };
}

public static class AssessQueries
{
    /// <summary>The form for a goal in the person's scope, or none at all. What was returned is there to be corrected.</summary>
    public static async Task<AssessPage?> AssessPageAsync(this PlanDbContext db, CurrentPlan plan, string code, Guid personId, CancellationToken ct)
    {
        if (await db.MilestonesInScope(personId).StatedGoalAsync(plan, code, ct) is not { } goal)
            return null;

        var assessments = db.MilestoneAssessments.Where(a => a.MilestoneId == goal.Id);
        var last = await assessments.MaxAsync(a => (int?)a.Number, ct) ?? 0;
        var standing = await assessments
            .Where(a => a.State == RevisionState.Approved || a.State == RevisionState.Submitted || a.State == RevisionState.Returned)
            .AsLines().ToListAsync(ct);
        var returned = standing.Find(a => a.State == RevisionState.Returned);
        return new AssessPage
        {
            Goal = goal,
            Approved = standing.Find(a => a.State == RevisionState.Approved),
            Pending = standing.Find(a => a.State != RevisionState.Approved),
            LastNumber = last,
            Form = new AssessForm
            {
                Status = returned is null ? null : Kebab.Of(returned.Status),
                Statement = returned?.Statement,
                Evidence = returned?.Evidence,
                BasedOn = last,
                RequestId = Guid.NewGuid(),
            },
        };
    }

    /// <summary>
    /// The page with what was typed, and why it was not taken. It stays based on what the person saw, unless this very page tells them that it has
    /// changed; a form that was sent before is another one from then on.
    /// </summary>
    public static AssessPage WithFaults(this AssessPage page, AssessForm form, AssessmentResult result)
    {
        var (changed, sent) = (result.Faults.Contains(AssessmentFault.Conflict), result.Faults.Contains(AssessmentFault.SentBefore));
        return page with
        {
            Form = form with { BasedOn = changed || sent ? page.LastNumber : form.BasedOn, RequestId = sent ? Guid.NewGuid() : form.RequestId },
            Faults = result.Faults,
            Last = result.Last,
        };
    }
}
