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

    public required IReadOnlyList<ResponsibleLine> Responsible { get; init; }

    /// <summary>National indicators that speak for it.</summary>
    public required IReadOnlyList<IndicatorLine> National { get; init; }

    /// <summary>Indicators reported region by region.</summary>
    public required IReadOnlyList<IndicatorName> Regional { get; init; }

    /// <summary>What an administrator typed that was not accepted.</summary>
    public MilestoneForm? Form { get; init; }

    /// <summary>Which of its fields.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Year of the goal that was just added.</summary>
    public int? Added { get; init; }
}

public sealed record ElementName(string Code, ElementKind Kind, Bilingual Title, Bilingual Summary, string Path);

public sealed record ResponsibleLine(Bilingual Name, AssignmentRole Role, bool Illustrative, string Basis);

public sealed record IndicatorName(string Code, Bilingual Name, int Regions);

public static class ElementQueries
{
    /// <summary>Kinds that carry targets for the plan's milestone years.</summary>
    public static bool CarriesTargets(ElementKind kind) =>
        kind is ElementKind.Direction or ElementKind.Task or ElementKind.Project or ElementKind.Action;

    public static Task<List<ElementName>> ElementTreeAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        Names(db.Elements.Where(e => e.PlanId == plan.Id)).ToListAsync(ct);

    public static async Task<ElementPage?> ElementPageAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct)
    {
        var element = await db.Elements.AsNoTracking().SingleOrDefaultAsync(e => e.PlanId == plan.Id && e.Code == code, ct);
        if (element is null)
            return null;

        var servedBy = await Names(db.ElementLinks.Where(l => l.ToId == element.Id).Select(l => l.From!)).ToListAsync(ct);
        // A direction or objective is spoken for by the tasks that serve it.
        string[] paths = [element.Path, .. servedBy.Select(s => s.Path)];
        var indicators = db.IndicatorsFor(plan.Id, paths);
        var regional = indicators.Where(i => i.ReportedBy != ReportedBy.National);
        var regions = await db.ReportingRegionsAsync(regional, plan, ct);
        var national = await db.IndicatorLinesAsync(indicators.Where(i => i.ReportedBy != ReportedBy.Regional), plan, plan.RootRegionId, ct);
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
            Ancestors = await Names(db.Elements.Where(e => e.PlanId == plan.Id && e.Id != element.Id && element.Path.StartsWith(e.Path))).ToListAsync(ct),
            Children = await Names(db.Elements.Where(e => e.ParentId == element.Id)).ToListAsync(ct),
            Serves = await Names(db.ElementLinks.Where(l => l.FromId == element.Id).Select(l => l.To!)).ToListAsync(ct),
            ServedBy = servedBy,
            Goals = [.. goals.Where(g => g.ElementId == element.Id)],
            Status = ElementStatus.Of(national, goals),
            Responsible = await db.Assignments.Where(a => a.ElementId == element.Id).OrderBy(a => a.Role).ThenBy(a => a.Department!.Code)
                .Select(a => new ResponsibleLine(new Bilingual(a.Department!.NameEn, a.Department.NameZh), a.Role, a.Illustrative, a.Basis)).ToListAsync(ct),
            National = national,
            Regional = [.. (await regional.OrderBy(i => i.Position).Select(i => new { i.Id, i.Code, i.NameEn, i.NameZh }).ToListAsync(ct))
                .Select(i => new IndicatorName(i.Code, new Bilingual(i.NameEn, i.NameZh), regions.GetValueOrDefault(i.Id)))],
        };
    }

    private static IQueryable<ElementName> Names(IQueryable<PlanElement> elements) =>
        elements.OrderBy(e => e.Position)
            .Select(e => new ElementName(e.Code, e.Kind, new Bilingual(e.TitleEn, e.TitleZh), new Bilingual(e.SummaryEn, e.SummaryZh), e.Path));
}
