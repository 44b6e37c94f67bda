using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Overview;

public sealed record OverviewPage
{
    public required DateOnly Today { get; init; }

    public required decimal Elapsed { get; init; }

    public required IReadOnlyList<IndicatorLine> Headlines { get; init; }

    /// <summary>What needs attention, the most pressing first.</summary>
    public required IReadOnlyList<Attention> Attention { get; init; }

    /// <summary>Headline indicators whose status changed since <see cref="Since"/>.</summary>
    public required IReadOnlyList<StatusChange> Changes { get; init; }

    public required DateOnly Since { get; init; }

    /// <summary>Readings that came to count since then.</summary>
    public required int NewReadings { get; init; }

    public required IReadOnlyList<ElementStatusLine> Tasks { get; init; }

    public required IReadOnlyList<ActionLine> Actions { get; init; }

    /// <summary>The regions, shaded by the chosen indicator.</summary>
    public TileMap? Map { get; init; }

    /// <summary>What the map can show.</summary>
    public required IReadOnlyList<MapChoice> MapChoices { get; init; }
}

public sealed record ElementStatusLine(string Code, Bilingual Title, ElementStatus Status);

public sealed record ActionLine(string Code, Bilingual Title, IReadOnlyList<GoalLine> Goals);

public sealed record StatusChange(IndicatorLine Line, Status Before);

public sealed record MapChoice(string Code, Bilingual Name);

public static class OverviewQueries
{
    private const int DaysBack = 30;

    public static async Task<OverviewPage> OverviewAsync(this PlanDbContext db, CurrentPlan plan, DateOnly today, string? mapCode, CancellationToken ct)
    {
        var national = await db.IndicatorLinesAsync(
            db.Indicators.Where(i => i.PlanId == plan.Id && (i.Headline || i.ReportedBy != ReportedBy.Regional)), plan, plan.RootRegionId, ct);
        var goals = await db.GoalLines(db.Milestones.Where(m => m.Element!.PlanId == plan.Id), plan).ToListAsync(ct);
        var since = today.AddDays(-DaysBack);
        var reporting = await db.ReportingRegionsAsync(db.Indicators.Where(i => i.PlanId == plan.Id), plan, ct);
        var regional = await db.Indicators.AsNoTracking().Where(i => reporting.Keys.Contains(i.Id)).OrderBy(i => i.Position).ToListAsync(ct);
        return new OverviewPage
        {
            Today = today,
            Elapsed = plan.Elapsed(today),
            Headlines = [.. national.Where(l => l.Headline)],
            Attention = Overview.Attention.Of(national.Where(l => l.IsTargeted && l.ReportedBy != ReportedBy.Regional), plan.LastYearOver(today)),
            Since = since,
            Changes = await db.StatusChangesAsync(plan, national, since, ct),
            NewReadings = await db.Revisions.CountAsync(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn > since && v.KnownOn <= today, ct),
            Tasks = await db.TaskLinesAsync(plan, national, goals, ct),
            Actions = await db.ActionLinesAsync(plan, goals, ct),
            Map = await db.MapAsync(plan, regional, mapCode, ct),
            MapChoices = [.. regional.Select(i => new MapChoice(i.Code, i.Name))],
        };
    }

    private static async Task<List<StatusChange>> StatusChangesAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyList<IndicatorLine> now, DateOnly since, CancellationToken ct)
    {
        var before = (await db.IndicatorLinesAsync(
            db.Indicators.Where(i => i.PlanId == plan.Id && i.Headline), plan with { AsOf = since }, plan.RootRegionId, ct)).ToDictionary(l => l.Id);
        return [.. now.Where(l => l.Headline && l.Status != before[l.Id].Status).Select(l => new StatusChange(l, before[l.Id].Status))];
    }

    /// <summary>The chosen indicator, else the first that is due from regions.</summary>
    private static async Task<TileMap?> MapAsync(this PlanDbContext db, CurrentPlan plan, List<Indicator> regional, string? code, CancellationToken ct)
    {
        var chosen = regional.Find(i => string.Equals(i.Code, code, StringComparison.Ordinal)) ?? regional.Find(i => i.Due) ?? regional.FirstOrDefault();
        var period = chosen is null ? null : await db.LatestSharedPeriodAsync(plan, chosen.Id, ct);
        return await db.TileMapAsync(plan, chosen, period, ct);
    }

    /// <summary>Each task by the indicators and goals that speak for it or for something below it.</summary>
    private static async Task<List<ElementStatusLine>> TaskLinesAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyList<IndicatorLine> national, IReadOnlyList<GoalLine> goals, CancellationToken ct)
    {
        var elements = await db.Elements.Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position)
            .Select(e => new { e.Id, e.Kind, e.Code, Title = new Bilingual(e.TitleEn, e.TitleZh), e.Path }).ToListAsync(ct);
        var paths = elements.ToDictionary(e => e.Id, e => e.Path);
        var speaking = (await db.IndicatorElements.Where(s => s.Element!.PlanId == plan.Id).Select(s => new { s.IndicatorId, s.ElementId }).ToListAsync(ct))
            .ToLookup(s => s.IndicatorId, s => paths[s.ElementId]);
        return [.. elements.Where(e => e.Kind == ElementKind.Task).Select(t => new ElementStatusLine(t.Code, t.Title, ElementStatus.Of(
            national.Where(l => l.ReportedBy != ReportedBy.Regional && speaking[l.Id].Any(p => p.StartsWith(t.Path, StringComparison.Ordinal))),
            goals.Where(g => paths[g.ElementId].StartsWith(t.Path, StringComparison.Ordinal)))))];
    }

    private static async Task<List<ActionLine>> ActionLinesAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyList<GoalLine> goals, CancellationToken ct)
    {
        var listed = await db.Elements.Where(e => e.PlanId == plan.Id && e.Kind == ElementKind.Action).OrderBy(e => e.Position)
            .Select(e => new { e.Id, e.Code, Title = new Bilingual(e.TitleEn, e.TitleZh) }).ToListAsync(ct);
        return [.. listed.Select(e => new ActionLine(e.Code, e.Title, [.. goals.Where(g => g.ElementId == e.Id)]))];
    }
}
