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
}
