using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Elements;

public sealed record ElementPage
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required ElementKind Kind { get; init; }

    public required string Path { get; init; }

    public required Bilingual Title { get; init; }

    public required TitleBasis TitleZhBasis { get; init; }

    public required Bilingual Summary { get; init; }

    public required string Source { get; init; }

    /// <summary>What it is part of, outermost first.</summary>
    public required IReadOnlyList<ElementName> Ancestors { get; init; }

    public required IReadOnlyList<ElementName> Children { get; init; }

    /// <summary>Directions and objectives it serves.</summary>
    public required IReadOnlyList<ElementName> Serves { get; init; }

    /// <summary>Tasks that serve it.</summary>
    public required IReadOnlyList<ElementName> ServedBy { get; init; }

    public required IReadOnlyList<GoalLine> Goals { get; init; }

    /// <summary>Where it stands, by its indicators and by the goals of its own and of what lies below it or serves it.</summary>
    public required ElementStatus Status { get; init; }

    /// <summary>Of a project item: the report that counts; none where none was approved yet.</summary>
    public ReportLine? Report { get; init; }

    /// <summary>It is a project item in the person's scope.</summary>
    public required bool InScope { get; init; }

    /// <summary>Project items and goals of its own, of what lies below it and of what serves it.</summary>
    public required IReadOnlyList<SubjectLine> Subjects { get; init; }

    public required IReadOnlyList<ResponsibleLine> Responsible { get; init; }

    /// <summary>National indicators that speak for it.</summary>
    public required IReadOnlyList<IndicatorLine> National { get; init; }

    /// <summary>How the regions lie in the indicators they report; of very many regions in the chosen one.</summary>
    public required IReadOnlyList<RegionSpread> Spreads { get; init; }

    /// <summary>Which can be chosen.</summary>
    public required IReadOnlyList<Indicator> SpreadChoices { get; init; }

    /// <summary>Which is.</summary>
    public string? SpreadOf { get; init; }

    /// <summary>The regions, shaded by the chosen one of them.</summary>
    public TileMap? Map { get; init; }

    /// <summary>Years to show targets for, in words and in numbers; none where neither is to be expected.</summary>
    public IReadOnlyList<int> YearsWithTargets(CurrentPlan plan) => ElementQueries.CarriesTargets(Kind) || Goals.Count > 0
        ? [.. plan.MilestoneYears.Union(Goals.Select(g => g.Year)).Order()]
        : [];

    /// <summary>What an administrator typed that was not accepted.</summary>
    public MilestoneForm? Form { get; init; }

    /// <summary>Which of its fields.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Year of the goal that was just added.</summary>
    public int? Added { get; init; }
}

/// <summary>Every element of a plan, and its project items with what was reported.</summary>
public sealed record ElementTree(IReadOnlyList<ElementName> Elements, IReadOnlyList<SubjectLine> Items);

public sealed record ElementName(string Code, ElementKind Kind, Bilingual Title, Bilingual Summary, string Path);

public sealed record ResponsibleLine(Bilingual Name, AssignmentRole Role, bool Illustrative, string Basis);

public static class ElementQueries
{
    /// <summary>Kinds that carry targets for the plan's milestone years.</summary>
    public static bool CarriesTargets(ElementKind kind) =>
        kind is ElementKind.Direction or ElementKind.Task or ElementKind.Project or ElementKind.Action;

    public static async Task<ElementTree> ElementTreeAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var known = db.ReportSummaries(plan);
        var elements = await db.Elements.AsNoTracking().Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position)
            .Select(e => new { Element = e, Report = known.FirstOrDefault(r => r.ItemId == e.Id) }).ToListAsync(ct);
        return new ElementTree(
            elements.ConvertAll(e => NameOf(e.Element)),
            [.. elements.Where(e => e.Element.Kind == ElementKind.ProjectItem).Select(e => ItemOf(e.Element, e.Report))]);
    }

    public static Task<ElementPage?> ElementPageAsync(this PlanDbContext db, CurrentPlan plan, string code, string? map, Guid personId, CancellationToken ct) =>
        db.ElementPageAsync(plan, code, map, personId, asReport: false, ct);

    /// <summary>The element with how the regions lie in every indicator they report, however many there are.</summary>
    public static Task<ElementPage?> ElementReportAsync(this PlanDbContext db, CurrentPlan plan, string code, string? map, Guid personId, CancellationToken ct) =>
        db.ElementPageAsync(plan, code, map, personId, asReport: true, ct);

    private static async Task<ElementPage?> ElementPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, string? map, Guid personId, bool asReport, CancellationToken ct)
    {
        var mine = db.ItemsInScope(personId);
        var found = await db.Elements.AsNoTracking().Where(e => e.PlanId == plan.Id && e.Code == code).Select(e => new
        {
            Element = e,
            InScope = mine.Any(i => i.Id == e.Id),
            Responsible = db.Assignments.Where(a => a.ElementId == e.Id).OrderBy(a => a.Role).ThenBy(a => a.Department!.Code)
                .Select(a => new ResponsibleLine(new Bilingual(a.Department!.NameEn, a.Department.NameZh), a.Role, a.Illustrative, a.Basis)).ToList(),
        }).SingleOrDefaultAsync(ct);
        if (found is not { Element: { } element })
            return null;

        var near = await db.NearAsync(plan, element, ct);
        // A direction or objective is spoken for by the tasks that serve it.
        string[] paths = [element.Path, .. near.Where(e => e.ServesIt).Select(e => e.Name.Path)];
        var indicators = await db.PlacedIndicators(db.IndicatorsFor(plan.Id, paths), plan.RootRegionId).ToListAsync(ct);
        var national = await db.IndicatorLinesAsync(indicators.FindAll(i => i.Indicator.ReportedBy != ReportedBy.Regional), plan, plan.RootRegionId, LineReadings.Whole, ct);
        var regions = await db.RegionsAsync(plan, ct);
        var regional = indicators.Select(i => i.Indicator).Where(i => i.ReportedBy != ReportedBy.National).ToList();
        var named = regional.Find(i => string.Equals(i.Code, map, StringComparison.Ordinal)) ?? regional.Find(i => i.Due) ?? regional.FirstOrDefault();
        var spreads = await db.RegionSpreadsAsync(plan, regions, regions.HasFewUnits || asReport ? regional : regional.FindAll(i => i == named), ct);
        var shown = spreads.Find(s => s.Indicator == named) ?? spreads.Find(s => s.Indicator.Due) ?? spreads.FirstOrDefault();
        var goals = await db.GoalLines(db.Milestones.Where(m => m.Element!.PlanId == plan.Id && paths.Any(p => m.Element.Path.StartsWith(p))), plan).ToListAsync(ct);
        return new ElementPage
        {
            Id = element.Id,
            Code = element.Code,
            Kind = element.Kind,
            Path = element.Path,
            Title = element.Title,
            TitleZhBasis = element.TitleZhBasis,
            Summary = new Bilingual(element.SummaryEn, element.SummaryZh),
            Source = element.Source,
            Ancestors = [.. near.Where(e => element.Path.StartsWith(e.Name.Path, StringComparison.Ordinal)).Select(e => e.Name)],
            Children = [.. near.Where(e => e.IsChild).Select(e => e.Name)],
            Serves = [.. near.Where(e => e.IsServed).Select(e => e.Name)],
            ServedBy = [.. near.Where(e => e.ServesIt).Select(e => e.Name)],
            Goals = [.. goals.Where(g => g.ElementId == element.Id)],
            Status = ElementStatus.Of(national, goals),
            Report = element.Kind == ElementKind.ProjectItem ? await db.KnownReports(plan.AsOf).Where(r => r.ItemId == element.Id).AsLines().SingleOrDefaultAsync(ct) : null,
            InScope = found.InScope,
            Subjects = [.. near.Where(e => e.Item is not null).Select(e => e.Item!), .. goals.Select(SubjectLine.Of)],
            Responsible = found.Responsible,
            National = national,
            Spreads = spreads,
            SpreadChoices = regions.HasFewUnits || asReport ? [.. spreads.Select(s => s.Indicator)] : regional,
            SpreadOf = shown?.Indicator.Code ?? named?.Code,
            Map = shown is null ? null : await db.TileMapAsync(plan, regions, shown, ct),
        };
    }

    private sealed record NearElement(ElementName Name, bool IsChild, bool IsServed, bool ServesIt, SubjectLine? Item);

    /// <summary>What an element is part of, what is right below it, what links lead from it or to it, and the project items of all that.</summary>
    private static async Task<List<NearElement>> NearAsync(this PlanDbContext db, CurrentPlan plan, PlanElement element, CancellationToken ct)
    {
        var known = db.ReportSummaries(plan);
        var near = await db.Elements.Where(e => e.PlanId == plan.Id && e.Id != element.Id).OrderBy(e => e.Position)
            .Select(e => new
            {
                Element = e,
                IsAncestor = element.Path.StartsWith(e.Path),
                IsServed = db.ElementLinks.Any(l => l.FromId == element.Id && l.ToId == e.Id),
                ServesIt = db.ElementLinks.Any(l => l.ToId == element.Id && l.FromId == e.Id),
                IsItem = e.Kind == ElementKind.ProjectItem
                    && (e.Path.StartsWith(element.Path) || db.ElementLinks.Any(l => l.ToId == element.Id && e.Path.StartsWith(l.From!.Path))),
                Report = known.FirstOrDefault(r => r.ItemId == e.Id),
            })
            .Where(e => e.IsAncestor || e.Element.ParentId == element.Id || e.IsServed || e.ServesIt || e.IsItem)
            .AsNoTracking().ToListAsync(ct);
        return near.ConvertAll(n => new NearElement(
            NameOf(n.Element), n.Element.ParentId == element.Id, n.IsServed, n.ServesIt, n.IsItem ? ItemOf(n.Element, n.Report) : null));
    }

    private static SubjectLine ItemOf(PlanElement e, ReportSummary? report) => new(SubjectKind.Item, e.Code, e.Title, report);

    private static ElementName NameOf(PlanElement e) => new(e.Code, e.Kind, e.Title, new Bilingual(e.SummaryEn, e.SummaryZh), e.Path);
}
