using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>Every region of a plan's set, in its order, with the groupings it belongs to. Pages share it and change nothing in it.</summary>
public sealed record PlanRegions(IReadOnlyList<Region> All, IReadOnlyList<RegionMembership> Memberships)
{
    /// <summary>Of as many units a page shows and compares all; of more it shows the leading ones, and counts are left to the database.</summary>
    public const int FewUnits = 100;

    private readonly Dictionary<int, Region> _byId = All.ToDictionary(r => r.Id);
    private readonly Dictionary<string, Region> _byCode = All.ToDictionary(r => r.Code, StringComparer.Ordinal);

    public Region this[int id] => _byId[id];

    public Region? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The region of this code or of this name, in either language, long or short.</summary>
    public Region? Named(string text)
    {
        var wanted = text.Trim();
        return Find(wanted) ?? All.FirstOrDefault(r => new[] { r.ShortEn, r.ShortZh, r.NameEn, r.NameZh }.Contains(wanted, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Country and groupings.</summary>
    public IReadOnlyList<Region> Wholes { get; } = [.. All.Where(r => r.Kind != RegionKind.Unit)];

    public int[] WholeIds { get; } = [.. All.Where(r => r.Kind != RegionKind.Unit).Select(r => r.Id)];

    /// <summary>Units that have a place on the tile map.</summary>
    public IReadOnlyList<Region> OnMap { get; } = [.. All.Where(r => r is { Kind: RegionKind.Unit, TileCol: not null, TileRow: not null })];

    public int Units => All.Count - Wholes.Count;

    public bool HasFewUnits => Units <= FewUnits;

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

/// <summary>The regions of each plan as they were read last, for as long as the plan says that they are the same.</summary>
public sealed class KnownRegions
{
    private readonly ConcurrentDictionary<int, (int Version, PlanRegions Regions)> _byPlan = new();

    public PlanRegions? Of(CurrentPlan plan) => _byPlan.TryGetValue(plan.Id, out var known) && known.Version == plan.RegionsVersion ? known.Regions : null;

    public void Keep(CurrentPlan plan, PlanRegions regions) => _byPlan[plan.Id] = (plan.RegionsVersion, regions);
}

public static class PlanRegionsQueries
{
    public static async ValueTask<PlanRegions> RegionsAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var known = db.GetService<KnownRegions>();
        if (known.Of(plan) is { } kept)
            return kept;
        var found = await db.Regions.AsNoTracking().Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position)
            .Select(r => new { Region = r, Memberships = db.RegionMemberships.Where(m => m.RegionId == r.Id).ToList() }).ToListAsync(ct);
        var regions = new PlanRegions([.. found.Select(r => r.Region)], [.. found.SelectMany(r => r.Memberships)]);
        known.Keep(plan, regions);
        return regions;
    }
}
