using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Goals;

/// <summary>A goal as the plan states it.</summary>
public sealed record StatedGoal
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required int Year { get; init; }

    public required Bilingual Text { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    public required string ElementCode { get; init; }

    public required Bilingual Element { get; init; }
}

public sealed record GoalPage
{
    public required StatedGoal Goal { get; init; }

    /// <summary>The assessment that counts, today or on the day the page shows.</summary>
    public required AssessmentLine? Current { get; init; }

    /// <summary>Every assessment that was ever approved, latest first.</summary>
    public required IReadOnlyList<AssessmentLine> History { get; init; }

    /// <summary>The goal lies in the person's scope.</summary>
    public required bool InScope { get; init; }

    /// <summary>The person has just assessed it.</summary>
    public bool Submitted { get; init; }
}

/// <summary>An assessment as pages show it.</summary>
public sealed record AssessmentLine
{
    public required int Number { get; init; }

    public required RevisionState State { get; init; }

    public required Status Status { get; init; }

    public required string Statement { get; init; }

    public required string Evidence { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Reviewer { get; init; }

    public DateTimeOffset? ReviewedAt { get; init; }

    public string? Reason { get; init; }
}

public static class GoalQueries
{
    public static async Task<GoalPage?> GoalPageAsync(this PlanDbContext db, CurrentPlan plan, string code, Guid personId, CancellationToken ct)
    {
        if (await db.Milestones.StatedGoalAsync(plan, code, ct) is not { } goal)
            return null;

        var day = plan.AsOf ?? DateOnly.MaxValue;
        return new GoalPage
        {
            Goal = goal,
            InScope = await db.MilestonesInScope(personId).AnyAsync(m => m.Id == goal.Id, ct),
            Current = await db.KnownAssessments(plan.AsOf).Where(a => a.MilestoneId == goal.Id).AsLines().SingleOrDefaultAsync(ct),
            History = await db.MilestoneAssessments.Where(a => a.MilestoneId == goal.Id && a.KnownOn <= day)
                .OrderByDescending(a => a.ReviewedAt).ThenByDescending(a => a.Number).AsLines().ToListAsync(ct),
        };
    }

    public static IQueryable<AssessmentLine> AsLines(this IQueryable<MilestoneAssessment> assessments) => assessments.Select(a => new AssessmentLine
    {
        Number = a.Number,
        State = a.State,
        Status = a.Status,
        Statement = a.Statement,
        Evidence = a.Evidence,
        Author = a.Author!.DisplayName,
        CreatedAt = a.CreatedAt,
        Reviewer = a.Reviewer!.DisplayName,
        ReviewedAt = a.ReviewedAt,
        Reason = a.Reason,
    });

    /// <summary>The goal with that code. Where a package moved one to another element, both rows bear it: the later one is the plan's.</summary>
    public static Task<StatedGoal?> StatedGoalAsync(this IQueryable<Milestone> milestones, CurrentPlan plan, string code, CancellationToken ct) =>
        milestones.Where(m => m.Element!.PlanId == plan.Id && m.Code == code).OrderByDescending(m => m.Id)
            .Select(m => new StatedGoal
            {
                Id = m.Id,
                Code = m.Code,
                Year = m.Year,
                Text = new Bilingual(m.GoalEn, m.GoalZh),
                Source = m.Source,
                Note = m.Note,
                ElementCode = m.Element!.Code,
                Element = new Bilingual(m.Element.TitleEn, m.Element.TitleZh),
            }).FirstOrDefaultAsync(ct);
}
