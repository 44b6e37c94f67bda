using Microsoft.EntityFrameworkCore;

namespace PlanTracker.Data;

/// <summary>A place where a figure can be entered: an indicator in a region that reports it.</summary>
public sealed class Cell
{
    public required Indicator Indicator { get; init; }

    public required Region Region { get; init; }
}

/// <summary>A cell in the scope of a person.</summary>
public sealed class PersonCell
{
    public required Person Person { get; init; }

    public required Indicator Indicator { get; init; }

    public required Region Region { get; init; }
}

/// <summary>
/// The one filter that says where a person may act. Page, form, queue and every later way in go through it; what it leaves out does not
/// exist for that person.
/// </summary>
public static class Scope
{
    /// <summary>Every place where a figure can be entered at all.</summary>
    public static IQueryable<Cell> Cells(this PlanDbContext db) =>
        from indicator in db.Indicators
        from region in db.Regions
        where db.Plans.Any(p => p.Id == indicator.PlanId && p.RegionSet == region.RegionSet)
            && region.Kind != RegionKind.Grouping && region.Reports
            && (indicator.ReportedBy == ReportedBy.Both
                || (region.Kind == RegionKind.Country) == (indicator.ReportedBy == ReportedBy.National))
        select new Cell { Indicator = indicator, Region = region };

    /// <summary>
    /// Indicators and regions in which <paramref name="personId"/> may act: inside a granted region, and, where the grant names an element,
    /// for indicators that speak for it or for something below it.
    /// </summary>
    public static IQueryable<Cell> CellsInScope(this PlanDbContext db, Guid personId) =>
        db.CellsOfPeople().Where(c => c.Person.Id == personId).Select(c => new Cell { Indicator = c.Indicator, Region = c.Region });

    /// <summary>The same for everybody, with whose scope it is.</summary>
    public static IQueryable<PersonCell> CellsOfPeople(this PlanDbContext db) =>
        from person in db.Users
        from cell in db.Cells()
        where db.ScopeGrants.Any(g => g.PersonId == person.Id
            && cell.Region.RegionSet == g.Region!.RegionSet
            && cell.Region.Path.StartsWith(g.Region.Path)
            && (g.ElementId == null || db.IndicatorElements.Any(s =>
                s.IndicatorId == cell.Indicator.Id
                && s.Element!.PlanId == g.Element!.PlanId
                && s.Element.Path.StartsWith(g.Element.Path))))
        select new PersonCell { Person = person, Indicator = cell.Indicator, Region = cell.Region };

    /// <summary>
    /// The cells of one plan in which a person may act, as a query that stays quick over thousands of regions: whoever is granted all of it needs no
    /// look at each cell.
    /// </summary>
    public static async Task<IQueryable<Cell>> CellsInScopeAsync(this PlanDbContext db, int planId, Guid personId, CancellationToken ct)
    {
        var everywhere = await db.ScopeGrants.AnyAsync(g => g.PersonId == personId && g.ElementId == null && g.Region!.Kind == RegionKind.Country
            && db.Plans.Any(p => p.Id == planId && p.RegionSet == g.Region.RegionSet), ct);
        return (everywhere ? db.Cells() : db.CellsInScope(personId)).Where(c => c.Indicator.PlanId == planId);
    }

    /// <summary>Readings in which <paramref name="personId"/> may act.</summary>
    public static IQueryable<Reading> ReadingsInScope(this PlanDbContext db, Guid personId) =>
        from reading in db.Readings
        join cell in db.CellsInScope(personId)
            on new { reading.IndicatorId, reading.RegionId } equals new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id }
        select reading;

    /// <summary>Goals in words that <paramref name="personId"/> may report about or review.</summary>
    public static IQueryable<Milestone> MilestonesInScope(this PlanDbContext db, Guid personId) =>
        from milestone in db.Milestones
        join element in db.ElementsInScope(personId) on milestone.ElementId equals element.Id
        select milestone;

    /// <summary>Project items that <paramref name="personId"/> may report about or review.</summary>
    public static IQueryable<PlanElement> ItemsInScope(this PlanDbContext db, Guid personId) =>
        db.ElementsInScope(personId).Where(e => e.Kind == ElementKind.ProjectItem);

    /// <summary>Reports of progress in which <paramref name="personId"/> may act.</summary>
    public static IQueryable<ProgressReport> ReportsInScope(this PlanDbContext db, Guid personId) =>
        db.ProgressReports.Where(r => db.ElementsInScope(personId).Any(e => e.Id == r.Milestone!.ElementId || e.Id == r.ItemId));

    /// <summary>
    /// Elements of which a person may speak as a whole. Their progress is that of the plan, not of a region, so only a grant on the root region
    /// reaches them: all of the plan, or, where it names an element, that element and what is below it.
    /// </summary>
    private static IQueryable<PlanElement> ElementsInScope(this PlanDbContext db, Guid personId) =>
        from element in db.Elements
        where db.ScopeGrants.Any(g => g.PersonId == personId
            && g.Region!.Kind == RegionKind.Country
            && db.Plans.Any(p => p.Id == element.PlanId && p.RegionSet == g.Region.RegionSet)
            && (g.ElementId == null || (g.Element!.PlanId == element.PlanId && element.Path.StartsWith(g.Element.Path))))
        select element;
}
