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

    /// <summary>Readings that came to count since then, counted as far as those of <see cref="Vintage"/>.</summary>
    public required int NewReadings { get; init; }

    /// <summary>What it all rests on.</summary>
    public required DataVintage Vintage { get; init; }

    public required IReadOnlyList<ElementStatusLine> Tasks { get; init; }

    public required IReadOnlyList<ActionLine> Actions { get; init; }

    /// <summary>Every project item and goal in words, with what was reported.</summary>
    public required IReadOnlyList<SubjectLine> Subjects { get; init; }

    /// <summary>The regions, shaded by the chosen indicator.</summary>
    public TileMap? Map { get; init; }

    /// <summary>How the regions lie in each indicator they report; in a report only.</summary>
    public required IReadOnlyList<RegionSpread> Spreads { get; init; }

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

    public static Task<OverviewPage> OverviewAsync(this PlanDbContext db, CurrentPlan plan, string? mapCode, CancellationToken ct) =>
        db.OverviewAsync(plan, mapCode, asReport: false, ct);

    /// <summary>The overview with how the regions lie in every indicator they report.</summary>
    public static Task<OverviewPage> PlanReportAsync(this PlanDbContext db, CurrentPlan plan, string? mapCode, CancellationToken ct) =>
        db.OverviewAsync(plan, mapCode, asReport: true, ct);

    private static async Task<OverviewPage> OverviewAsync(this PlanDbContext db, CurrentPlan plan, string? mapCode, bool asReport, CancellationToken ct)
    {
        var today = plan.Day;
        var since = plan.NewsSince(DaysBack);
        var regions = await db.RegionsAsync(plan, ct);
        var reporting = db.ReportingUnits(plan, regions);
        var newReadings = db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn > since && v.KnownOn <= today).Take(DataVintage.MostCounted + 1);
        var (counted, days) = (db.CountedReadings(plan), db.KnownDays(plan));
        var moved = db.MovedIndicators(plan, plan.RootRegionId, since, today);
        var indicators = await db.PlacedIndicators(db.Indicators.Where(i => i.PlanId == plan.Id), plan.RootRegionId)
            .Select(i => new
            {
                Placed = i,
                Moved = moved.Contains(i.Indicator.Id),
                Regional = reporting.Any(r => r.IndicatorId == i.Indicator.Id),
                NewReadings = newReadings.Count(),
                Readings = counted.Count(),
                Last = days.FirstOrDefault(),
            }).ToListAsync(ct);
        var regional = indicators.Where(i => i.Regional).Select(i => i.Placed.Indicator).ToList();
        var placed = indicators.Select(i => i.Placed).Where(i => i.Indicator.Headline || i.Indicator.ReportedBy != ReportedBy.Regional).ToList();
        var needed = asReport ? LineReadings.Whole
            // Of the others the page shows what their standings say.
            : plan.AsItStands ? LineReadings.Values with { Of = [.. placed.Where(i => i.Indicator.Headline).Select(i => i.Indicator.Id)] }
            : LineReadings.Values;
        var national = await db.IndicatorLinesAsync(placed, plan, plan.RootRegionId, needed, ct);
        var headlines = national.Where(l => l.Headline).ToList();
        var elements = await db.ElementsAsync(plan, ct);
        var shown = regional.Find(i => string.Equals(i.Code, mapCode, StringComparison.Ordinal)) ?? regional.Find(i => i.Due) ?? regional.FirstOrDefault();
        var spreads = asReport ? await db.RegionSpreadsAsync(plan, regions, regional, ct) : [];
        var goals = await db.GoalLines(db.Milestones.Where(m => m.Element!.PlanId == plan.Id), plan).ToListAsync(ct);
        return new OverviewPage
        {
            Today = today,
            Elapsed = plan.Elapsed(today),
            Headlines = headlines,
            Attention = Overview.Attention.Of(national.Where(l => l.IsTargeted && l.ReportedBy != ReportedBy.Regional), plan.LastYearOver(today)),
            Since = since,
            Changes = await db.StatusChangesAsync(plan, [.. headlines.Where(h => indicators.Exists(i => i.Moved && i.Placed.Indicator == h.Indicator))], since, ct),
            NewReadings = indicators.FirstOrDefault()?.NewReadings ?? 0,
            Vintage = new DataVintage(indicators.FirstOrDefault()?.Readings ?? 0, indicators.FirstOrDefault()?.Last),
            Tasks = TaskLines(elements, national.FindAll(l => l.ReportedBy != ReportedBy.Regional), goals),
            Actions = [.. elements.Where(e => e.Kind == ElementKind.Action).Select(e => new ActionLine(e.Code, e.Title, goals.FindAll(g => g.ElementId == e.Id)))],
            Subjects = [.. elements.Where(e => e.Kind == ElementKind.ProjectItem).Select(e => new SubjectLine(SubjectKind.Item, e.Code, e.Title, e.Report)), .. goals.Select(SubjectLine.Of)],
            Map = !asReport ? await db.MapAsync(plan, regions, shown, ct) : spreads.Find(s => s.Indicator == shown) is { } spread ? await db.TileMapAsync(plan, regions, spread, ct) : null,
            Spreads = spreads,
            MapChoices = [.. regional.Select(i => new MapChoice(i.Code, i.Name))],
        };
    }

    private static async Task<List<StatusChange>> StatusChangesAsync(
        this PlanDbContext db, CurrentPlan plan, List<IndicatorLine> now, DateOnly since, CancellationToken ct)
    {
        if (now.Count == 0)
            return [];

        var before = await db.IndicatorLinesAsync(
            now.ConvertAll(l => new PlacedIndicator { Indicator = l.Indicator }), plan with { AsOf = since }, plan.RootRegionId, LineReadings.Values, ct);
        return [.. now.Zip(before).Where(l => l.First.Status != l.Second.Status).Select(l => new StatusChange(l.First, l.Second.Status))];
    }

    private static async Task<TileMap?> MapAsync(this PlanDbContext db, CurrentPlan plan, PlanRegions regions, Indicator? shown, CancellationToken ct)
    {
        var period = shown is null || regions.OnMap.Count == 0 ? null : await db.LatestSharedPeriodAsync(plan, regions, shown.Id, ct);
        return await db.TileMapAsync(plan, regions, shown, period, ct);
    }

    private sealed record Element(int Id, ElementKind Kind, string Code, Bilingual Title, string Path, IReadOnlyList<int> IndicatorIds, ReportSummary? Report);

    /// <summary>Every element with the indicators that speak for it and, of an item, the report that counts.</summary>
    private static Task<List<Element>> ElementsAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var known = db.ReportSummaries(plan);
        return db.Elements.Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position)
            .Select(e => new Element(
                e.Id, e.Kind, e.Code, new Bilingual(e.TitleEn, e.TitleZh), e.Path,
                db.IndicatorElements.Where(s => s.ElementId == e.Id).Select(s => s.IndicatorId).ToList(),
                known.FirstOrDefault(r => r.ItemId == e.Id))).ToListAsync(ct);
    }

    /// <summary>Each task by the indicators and goals that speak for it or for something below it.</summary>
    private static List<ElementStatusLine> TaskLines(List<Element> elements, List<IndicatorLine> lines, List<GoalLine> goals) =>
        [.. from task in elements
            where task.Kind == ElementKind.Task
            let below = elements.FindAll(e => e.Path.StartsWith(task.Path, StringComparison.Ordinal))
            let ids = below.Select(e => e.Id).ToHashSet()
            let speaking = below.SelectMany(e => e.IndicatorIds).ToHashSet()
            select new ElementStatusLine(
                task.Code, task.Title, ElementStatus.Of(lines.Where(l => speaking.Contains(l.Id)), goals.Where(g => ids.Contains(g.ElementId))))];
}
