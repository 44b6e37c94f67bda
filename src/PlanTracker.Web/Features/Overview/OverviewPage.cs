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

/// <summary>An element with the status of each targeted national indicator that speaks for it or for something below it.</summary>
public sealed record ElementStatusLine(string Code, Bilingual Title, IReadOnlyList<NamedStatus> Indicators)
{
    public int Judged => Indicators.Count(i => i.Status != Status.NoJudgement);

    /// <summary>Achieved or on track.</summary>
    public int Good => Indicators.Count(i => i.Status is Status.Achieved or Status.OnTrack);

    /// <summary>The worst judged indicator: never hidden behind an average.</summary>
    public NamedStatus? Worst => Indicators.Where(i => i.Status is Status.Behind or Status.FarBehind or Status.MovingAway)
        .OrderByDescending(i => i.Status).ThenBy(i => i.PaceRatio).FirstOrDefault();
}

public sealed record NamedStatus(string Code, Bilingual Name, Status Status, decimal? PaceRatio);

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
            Tasks = await db.TaskLinesAsync(plan, national, ct),
            Actions = await db.ActionLinesAsync(plan, ct),
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

    private static async Task<List<ElementStatusLine>> TaskLinesAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyList<IndicatorLine> national, CancellationToken ct)
    {
        var tasks = await db.Elements.Where(e => e.PlanId == plan.Id && e.Kind == ElementKind.Task).OrderBy(e => e.Position)
            .Select(e => new { e.Code, Title = new Bilingual(e.TitleEn, e.TitleZh), e.Path }).ToListAsync(ct);
        var speaking = (await db.IndicatorElements.Where(s => s.Element!.PlanId == plan.Id).Select(s => new { s.IndicatorId, s.Element!.Path }).ToListAsync(ct))
            .ToLookup(s => s.IndicatorId, s => s.Path);
        var targeted = national.Where(l => l.IsTargeted && l.ReportedBy != ReportedBy.Regional).ToList();
        return [.. tasks.Select(t => new ElementStatusLine(
            t.Code, t.Title,
            [.. targeted.Where(l => speaking[l.Id].Any(path => path.StartsWith(t.Path, StringComparison.Ordinal)))
                .Select(l => new NamedStatus(l.Code, l.Name, l.Status, l.Standing?.PaceRatio))]))];
    }

    private static async Task<List<ActionLine>> ActionLinesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var actions = db.Elements.Where(e => e.PlanId == plan.Id && e.Kind == ElementKind.Action);
        var goals = (await db.GoalLines(db.Milestones.Where(m => actions.Any(e => e.Id == m.ElementId)), plan).ToListAsync(ct)).ToLookup(g => g.ElementId);
        var listed = await actions.OrderBy(e => e.Position).Select(e => new { e.Id, e.Code, Title = new Bilingual(e.TitleEn, e.TitleZh) }).ToListAsync(ct);
        return [.. listed.Select(e => new ActionLine(e.Code, e.Title, [.. goals[e.Id]]))];
    }
}
