using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

/// <summary>A goal or an item about which the person has to report, or whose report waits for review.</summary>
public sealed record ReportDue
{
    public required SubjectKind Kind { get; init; }

    public required string Code { get; init; }

    /// <summary>The goal with its year, or the item's title.</summary>
    public required Bilingual Title { get; init; }

    /// <summary>Of the report under way; none where there is none.</summary>
    public RevisionState? Pending { get; init; }

    public string? Reviewer { get; init; }

    /// <summary>Why it was returned.</summary>
    public string? Reason { get; init; }

    /// <summary>When the report that counts was approved.</summary>
    public DateOnly? ApprovedOn { get; init; }

    /// <summary>Its stage.</summary>
    public Stage? Stage { get; init; }

    public bool Waits => Pending == RevisionState.Submitted;
}

public static class ReportsDueQueries
{
    /// <summary>Items and goals in the person's scope with a report under way, or due for one (<see cref="ProgressRules.IsDue"/>); in the plan's order.</summary>
    public static async Task<List<ReportDue>> ReportsDueAsync(this PlanDbContext db, CurrentPlan plan, Guid personId, DateOnly today, CancellationToken ct)
    {
        var pending = db.ProgressReports.Where(r => r.State == RevisionState.Submitted || r.State == RevisionState.Returned);
        var known = db.KnownReports(asOf: null);
        var items = await (
            from item in db.ItemsInScope(personId)
            where item.PlanId == plan.Id
            from under in pending.Where(r => r.ItemId == item.Id).DefaultIfEmpty()
            from counts in known.Where(r => r.ItemId == item.Id).DefaultIfEmpty()
            orderby item.Position
            select new ReportDue
            {
                Kind = SubjectKind.Item,
                Code = item.Code,
                Title = new Bilingual(item.TitleEn, item.TitleZh),
                Pending = under == null ? null : under.State,
                Reviewer = under!.Reviewer!.DisplayName,
                Reason = under.Reason,
                ApprovedOn = counts!.KnownOn,
                Stage = counts.Stage,
            }).ToListAsync(ct);
        var goals = await (
            from milestone in db.MilestonesInScope(personId)
            where milestone.Element!.PlanId == plan.Id
            from under in pending.Where(r => r.MilestoneId == milestone.Id).DefaultIfEmpty()
            from counts in known.Where(r => r.MilestoneId == milestone.Id).DefaultIfEmpty()
            orderby milestone.Element!.Position, milestone.Year, milestone.Id
            select new ReportDue
            {
                Kind = SubjectKind.Goal,
                Code = milestone.Code,
                Title = new Bilingual($"{milestone.Year}: {milestone.GoalEn}", $"{milestone.Year}：{milestone.GoalZh}"),
                Pending = under == null ? null : under.State,
                Reviewer = under!.Reviewer!.DisplayName,
                Reason = under.Reason,
                ApprovedOn = counts!.KnownOn,
                Stage = counts.Stage,
            }).ToListAsync(ct);
        return [.. items.Concat(goals).Where(d => d.Pending is not null || ProgressRules.IsDue(d.ApprovedOn, d.Stage, today))];
    }
}
