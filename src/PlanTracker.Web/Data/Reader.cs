using Microsoft.EntityFrameworkCore;

namespace PlanTracker.Data;

/// <summary>Who reads figures, and whether only those inside their own grants.</summary>
public readonly record struct Reader(Guid Id, bool IsLimited);

/// <summary>
/// The one filter that says which figures a person sees. File, link, API and command go through it; what it leaves out does not exist for that person.
/// The text of the plan, its indicators and their definitions are open to everybody with an account.
/// </summary>
public static class Readers
{
    public static async Task<Reader> ReaderAsync(this PlanDbContext db, Guid personId, CancellationToken ct) =>
        new(personId, await db.Users.Where(p => p.Id == personId).Select(p => (bool?)p.ReadsOwnScopeOnly).SingleOrDefaultAsync(ct) ?? true);

    public static IQueryable<KnownReading> ReadableBy(this IQueryable<KnownReading> readings, PlanDbContext db, Reader reader) => !reader.IsLimited
        ? readings
        : readings.Where(k => db.ScopeGrants.Any(g => g.PersonId == reader.Id
            && k.Reading.Region!.RegionSet == g.Region!.RegionSet
            && k.Reading.Region.Path.StartsWith(g.Region.Path)
            && (g.ElementId == null || db.IndicatorElements.Any(s => s.IndicatorId == k.Reading.IndicatorId
                && s.Element!.PlanId == g.Element!.PlanId && s.Element.Path.StartsWith(g.Element.Path)))));

    public static IQueryable<Standing> ReadableBy(this IQueryable<Standing> standings, PlanDbContext db, Reader reader) => !reader.IsLimited
        ? standings
        : standings.Where(t => db.ScopeGrants.Any(g => g.PersonId == reader.Id
            && t.Region!.RegionSet == g.Region!.RegionSet
            && t.Region.Path.StartsWith(g.Region.Path)
            && (g.ElementId == null || db.IndicatorElements.Any(s => s.IndicatorId == t.IndicatorId
                && s.Element!.PlanId == g.Element!.PlanId && s.Element.Path.StartsWith(g.Element.Path)))));

    public static IQueryable<Region> ReadableBy(this IQueryable<Region> regions, PlanDbContext db, Reader reader) => !reader.IsLimited
        ? regions
        : regions.Where(r => db.ScopeGrants.Any(g => g.PersonId == reader.Id && r.RegionSet == g.Region!.RegionSet && r.Path.StartsWith(g.Region.Path)));

    /// <summary>Indicators and regions of which a limited reader sees figures, for what is kept by neither reading nor standing.</summary>
    public static IQueryable<Cell> ReadableCells(this PlanDbContext db, Reader reader) =>
        from indicator in db.Indicators
        from region in db.Regions
        where !reader.IsLimited || db.ScopeGrants.Any(g => g.PersonId == reader.Id
            && region.RegionSet == g.Region!.RegionSet
            && region.Path.StartsWith(g.Region.Path)
            && (g.ElementId == null || db.IndicatorElements.Any(s => s.IndicatorId == indicator.Id
                && s.Element!.PlanId == g.Element!.PlanId && s.Element.Path.StartsWith(g.Element.Path))))
        select new Cell { Indicator = indicator, Region = region };

    /// <summary>What is said of a plan as a whole, such as how its parts and goals stand, is for those who see the whole country.</summary>
    public static async Task<bool> ReadsWholeAsync(this PlanDbContext db, string regionSet, Reader reader, CancellationToken ct) => !reader.IsLimited
        || await db.ScopeGrants.AnyAsync(g => g.PersonId == reader.Id && g.ElementId == null && g.Region!.Kind == RegionKind.Country && g.Region.RegionSet == regionSet, ct);
}
