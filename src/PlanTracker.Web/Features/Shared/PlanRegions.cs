using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>Every region of a plan's set, in its order, with the groupings it belongs to: looked up once for a page.</summary>
public sealed record PlanRegions(IReadOnlyList<Region> All, IReadOnlyList<RegionMembership> Memberships)
{
    private readonly Dictionary<int, Region> _byId = All.ToDictionary(r => r.Id);

    public Region this[int id] => _byId[id];

    public Region? Find(string code) => All.FirstOrDefault(r => string.Equals(r.Code, code, StringComparison.Ordinal));

    /// <summary>Country and groupings.</summary>
    public IEnumerable<Region> Wholes => All.Where(r => r.Kind != RegionKind.Unit);

    /// <summary>A country or grouping and, after it, the others of its kind.</summary>
    public IEnumerable<Region> LikeIt(Region whole) => Wholes.Where(w => w.Kind == whole.Kind && w.GroupType == whole.GroupType).OrderBy(w => w != whole);

    /// <summary>The members of a grouping, or the groupings of another region, with the note on the membership.</summary>
    public IEnumerable<(Region Region, string? Note)> Related(Region region) => (region.Kind == RegionKind.Grouping
            ? Memberships.Where(m => m.GroupingId == region.Id).Select(m => (Region: this[m.RegionId], m.Note))
            : Memberships.Where(m => m.RegionId == region.Id).Select(m => (Region: this[m.GroupingId], m.Note)))
        .OrderBy(r => r.Region.Position);

    /// <summary>The regions a whole is made of, as far as they report: the units right below the country, the members of a grouping.</summary>
    public IEnumerable<Region> PartsOf(Region whole) => (whole.Kind == RegionKind.Country
            ? All.Where(r => r.Kind == RegionKind.Unit && r.ParentId == whole.Id)
            : Related(whole).Select(r => r.Region))
        .Where(r => r.Reports);
}

public static class PlanRegionsQueries
{
    public static async Task<PlanRegions> RegionsAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var found = await db.Regions.AsNoTracking().Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position)
            .Select(r => new { Region = r, Memberships = db.RegionMemberships.Where(m => m.RegionId == r.Id).ToList() }).ToListAsync(ct);
        return new PlanRegions([.. found.Select(r => r.Region)], [.. found.SelectMany(r => r.Memberships)]);
    }
}
