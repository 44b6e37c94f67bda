using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Review;

/// <summary>A submitted report of progress beside what it would replace.</summary>
public sealed record ReportReviewLine
{
    public required long ReportId { get; init; }

    public required SubjectKind Kind { get; init; }

    public required string Code { get; init; }

    /// <summary>The goal with its year, or the item's title.</summary>
    public required Bilingual Title { get; init; }

    public required ReportLine Proposed { get; init; }

    public ReportLine? Approved { get; init; }

    /// <summary>The reviewer's own: for somebody else to decide.</summary>
    public required bool Own { get; init; }
}

public sealed record ReportReviewForm
{
    public List<long> Reports { get; init; } = [];

    public string? Reason { get; init; }

    public string? Decision { get; init; }
}

public static class ReportReviewQueries
{
    /// <summary>Submitted reports in the reviewer's scope, by element and year.</summary>
    public static async Task<List<ReportReviewLine>> ReportReviewLinesAsync(this PlanDbContext db, CurrentPlan plan, Guid reviewerId, CancellationToken ct)
    {
        var known = db.KnownReports(asOf: null);
        var waiting = await db.ReportsInScope(reviewerId)
            .Where(r => r.State == RevisionState.Submitted && (r.Milestone!.Element!.PlanId == plan.Id || r.Item!.PlanId == plan.Id))
            .OrderBy(r => r.Item != null ? r.Item.Position : r.Milestone!.Element!.Position).ThenBy(r => r.Milestone!.Year).ThenBy(r => r.Id)
            .Select(r => new
            {
                r.Id,
                Own = r.AuthorId == reviewerId,
                Goal = r.Milestone == null ? null : new { r.Milestone.Code, r.Milestone.Year, r.Milestone.GoalEn, r.Milestone.GoalZh },
                Item = r.Item == null ? null : new { r.Item.Code, r.Item.TitleEn, r.Item.TitleZh },
                Approved = known.Where(k => (k.MilestoneId != null && k.MilestoneId == r.MilestoneId) || (k.ItemId != null && k.ItemId == r.ItemId))
                    .Select(k => (long?)k.Id).FirstOrDefault(),
            }).ToListAsync(ct);
        if (waiting.Count == 0)
            return [];

        var ids = waiting.Select(w => w.Id).Concat(waiting.Select(w => w.Approved).OfType<long>()).ToList();
        var texts = await db.ProgressReports.Where(r => ids.Contains(r.Id)).AsLines().ToDictionaryAsync(l => l.Id, ct);
        return waiting.ConvertAll(w => new ReportReviewLine
        {
            ReportId = w.Id,
            Kind = w.Goal is null ? SubjectKind.Item : SubjectKind.Goal,
            Code = w.Goal?.Code ?? w.Item!.Code,
            Title = w.Goal is { } goal ? new($"{goal.Year}: {goal.GoalEn}", $"{goal.Year}：{goal.GoalZh}") : new(w.Item!.TitleEn, w.Item.TitleZh),
            Proposed = texts[w.Id],
            Approved = w.Approved is { } approved ? texts[approved] : null,
            Own = w.Own,
        });
    }
}
