using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Progress;

/// <summary>A goal or a project item as the plan states it.</summary>
public sealed record StatedSubject
{
    public required ReportSubject Subject { get; init; }

    public required SubjectKind Kind { get; init; }

    public required string Code { get; init; }

    /// <summary>Of a goal: the year by whose end it is to be reached.</summary>
    public int? Year { get; init; }

    /// <summary>The goal, or what the item is.</summary>
    public required Bilingual Text { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    /// <summary>The element the goal belongs to, or the item itself.</summary>
    public required string ElementCode { get; init; }

    public required Bilingual Element { get; init; }

    public Bilingual Title => Year is { } year
        ? new($"Goal for {year}: {Element.En}", $"{year} 年目标：{Element.Zh}")
        : new($"Progress of {Code}: {Element.En}", $"{Code} 进展：{Element.Zh}");
}

public sealed record SubjectPage
{
    public required StatedSubject Subject { get; init; }

    /// <summary>The report that counts, today or on the day the page shows.</summary>
    public ReportLine? Current => History.Count > 0 ? History[0] : null;

    /// <summary>Every report that was ever approved, latest first.</summary>
    public required IReadOnlyList<ReportLine> History { get; init; }

    /// <summary>It lies in the person's scope.</summary>
    public required bool InScope { get; init; }

    /// <summary>The person has just reported.</summary>
    public bool Submitted { get; init; }
}

public static class SubjectQueries
{
    public static async Task<SubjectPage?> SubjectPageAsync(
        this PlanDbContext db, CurrentPlan plan, SubjectKind kind, string code, Guid personId, CancellationToken ct)
    {
        var (goals, items) = (db.MilestonesInScope(personId), db.ItemsInScope(personId));
        var found = kind == SubjectKind.Goal
            ? await db.Goals(plan, code).Select(g => new { Subject = g, InScope = goals.Any(m => m.Id == g.Subject.MilestoneId) }).FirstOrDefaultAsync(ct)
            : await db.Items(plan, code).Select(i => new { Subject = i, InScope = items.Any(e => e.Id == i.Subject.ItemId) }).FirstOrDefaultAsync(ct);
        if (found is null)
            return null;

        var day = plan.AsOf ?? DateOnly.MaxValue;
        return new SubjectPage
        {
            Subject = found.Subject,
            InScope = found.InScope,
            History = await db.Reports(found.Subject.Subject).Where(r => r.KnownOn <= day).OrderByDescending(r => r.Number).AsLines().ToListAsync(ct),
        };
    }

    /// <summary>A goal or an item in the person's scope.</summary>
    public static Task<StatedSubject?> SubjectInScopeAsync(
        this PlanDbContext db, CurrentPlan plan, SubjectKind kind, string code, Guid personId, CancellationToken ct)
    {
        var (goals, items) = (db.MilestonesInScope(personId), db.ItemsInScope(personId));
        return kind == SubjectKind.Goal
            ? db.Goals(plan, code).FirstOrDefaultAsync(g => goals.Any(m => m.Id == g.Subject.MilestoneId), ct)
            : db.Items(plan, code).FirstOrDefaultAsync(i => items.Any(e => e.Id == i.Subject.ItemId), ct);
    }

    public static IQueryable<ProgressReport> Reports(this PlanDbContext db, ReportSubject subject) => subject.MilestoneId is { } goal
        ? db.ProgressReports.Where(r => r.MilestoneId == goal)
        : db.ProgressReports.Where(r => r.ItemId == subject.ItemId);

    /// <summary>The goal with that code. Where a package moved one to another element, both rows bear it: the later one is the plan's.</summary>
    private static IQueryable<StatedSubject> Goals(this PlanDbContext db, CurrentPlan plan, string code) =>
        db.Milestones.Where(m => m.Element!.PlanId == plan.Id && m.Code == code).OrderByDescending(m => m.Id).Select(m => new StatedSubject
        {
            Subject = new ReportSubject { MilestoneId = m.Id },
            Kind = SubjectKind.Goal,
            Code = m.Code,
            Year = m.Year,
            Text = new Bilingual(m.GoalEn, m.GoalZh),
            Source = m.Source,
            Note = m.Note,
            ElementCode = m.Element!.Code,
            Element = new Bilingual(m.Element.TitleEn, m.Element.TitleZh),
        });

    private static IQueryable<StatedSubject> Items(this PlanDbContext db, CurrentPlan plan, string code) =>
        db.Elements.Where(e => e.PlanId == plan.Id && e.Code == code && e.Kind == ElementKind.ProjectItem).Select(e => new StatedSubject
        {
            Subject = new ReportSubject { ItemId = e.Id },
            Kind = SubjectKind.Item,
            Code = e.Code,
            Text = new Bilingual(e.SummaryEn, e.SummaryZh),
            Source = e.Source,
            ElementCode = e.Code,
            Element = new Bilingual(e.TitleEn, e.TitleZh),
        });
}
