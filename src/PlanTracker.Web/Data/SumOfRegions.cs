using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A region's figure, as it stands or waits; empty where there is none.</summary>
public sealed record PartOfSum(int RegionId, decimal? Value);

/// <summary>The whole beside the regions it is divided into, in the order of the plan.</summary>
public sealed record SumOfRegions(PartOfSum Whole, IReadOnlyList<PartOfSum> Parts)
{
    /// <summary>
    /// The region that is asked why the regions do not add up, where the whole and all of them have a figure: the whole if its figure comes in now, else
    /// the last of those whose does.
    /// </summary>
    /// <param name="rules">What is asked.</param>
    /// <param name="incoming">Figures that come in now, by region.</param>
    public int? AskedAbout(ReadingRules rules, IReadOnlyDictionary<int, decimal> incoming)
    {
        decimal? Figure(PartOfSum part) => incoming.TryGetValue(part.RegionId, out var value) ? value : part.Value;
        if (Figure(Whole) is not { } whole || Parts.Count == 0 || Parts.Any(p => Figure(p) is null))
            return null;
        int? asked = incoming.ContainsKey(Whole.RegionId) ? Whole.RegionId : Parts.LastOrDefault(p => incoming.ContainsKey(p.RegionId))?.RegionId;
        return asked is not null && rules.AsksAboutSum(whole, Parts.Sum(p => Figure(p)!.Value)) ? asked : null;
    }
}

public static class SumsOfRegions
{
    /// <summary>An indicator's figures for some periods: the country's and those of the units right below it that report.</summary>
    public static async Task<Dictionary<Period, SumOfRegions>> SumsOfRegionsAsync(
        this PlanDbContext db, int indicatorId, IReadOnlyCollection<Period> periods, CancellationToken ct)
    {
        var regions = await db.Regions
            .Where(r => db.Indicators.Any(i => i.Id == indicatorId && i.ReportedBy == ReportedBy.Both && db.Plans.Any(p => p.Id == i.PlanId && p.RegionSet == r.RegionSet))
                && r.Reports && (r.Kind == RegionKind.Country || (r.Kind == RegionKind.Unit && r.Parent!.Kind == RegionKind.Country)))
            .OrderBy(r => r.Position).Select(r => new { r.Id, r.Kind }).ToListAsync(ct);
        if (regions.Find(r => r.Kind == RegionKind.Country) is not { } country)
            return [];
        var values = (await db.Readings.Where(r => r.IndicatorId == indicatorId && periods.Contains(r.Period))
                .Select(r => new
                {
                    r.RegionId,
                    r.Period,
                    Value = r.PendingRevision!.State == RevisionState.Submitted ? r.PendingRevision.Value : r.Value,
                }).ToListAsync(ct))
            .ToDictionary(r => (r.RegionId, r.Period), r => r.Value);
        return periods.ToDictionary(p => p, p => new SumOfRegions(
            Part(country.Id, p), [.. regions.Where(r => r.Kind == RegionKind.Unit).Select(r => Part(r.Id, p))]));

        PartOfSum Part(int regionId, Period period) => new(regionId, values.GetValueOrDefault((regionId, period)));
    }
}
