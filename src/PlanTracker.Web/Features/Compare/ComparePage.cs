using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Compare;

/// <summary>What is compared and how, as it stands in the address.</summary>
public sealed record CompareChoice
{
    /// <summary>Codes, in the order chosen.</summary>
    public IReadOnlyList<string> Indicators { get; init; } = [];

    /// <summary>Codes, in the order chosen.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Per head or as a share, where a denominator is declared.</summary>
    public bool Per { get; init; }

    /// <summary>Every series starts from 100.</summary>
    public bool Index { get; init; }

    /// <summary>The period the index starts from.</summary>
    public string? Base { get; init; }

    public (string Name, string? Value)[] Query() =>
    [
        .. Indicators.Select(i => ("indicator", (string?)i)), .. Regions.Select(r => ("region", (string?)r)),
        ("per", Per ? "true" : null), ("index", Index ? "true" : null), ("base", Base),
    ];

    public CompareChoice WithoutIndicator(string code) => this with { Indicators = [.. Indicators.Where(i => i != code)] };

    public CompareChoice WithoutRegion(string code) => this with { Regions = [.. Regions.Where(r => r != code)] };
}

public sealed record ComparePage
{
    /// <summary>As many of each as one would look at.</summary>
    public const int Most = 8;

    /// <summary>What was asked for, of what there is.</summary>
    public required CompareChoice Choice { get; init; }

    public required IReadOnlyList<ComparedIndicator> Indicators { get; init; }

    public required IReadOnlyList<ComparedRegion> Regions { get; init; }

    /// <summary>Indicators and regions that have readings.</summary>
    public required IReadOnlyList<ComparedIndicator> IndicatorChoices { get; init; }

    public required IReadOnlyList<ComparedRegion> RegionChoices { get; init; }

    /// <summary>What was asked for and is not there.</summary>
    public required IReadOnlyList<CompareNote> Unknown { get; init; }

    public required Comparison Comparison { get; init; }

    /// <summary>A comparison to start from, while nothing is chosen.</summary>
    public CompareChoice? Example { get; init; }
}

public static class CompareQueries
{
    public static async Task<ComparePage> ComparePageAsync(this PlanDbContext db, CurrentPlan plan, CompareChoice choice, CancellationToken ct)
    {
        var indicators = await db.ComparableAsync(plan, ct);
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && db.Standings.Any(s => s.RegionId == r.Id && s.Indicator!.PlanId == plan.Id && s.Value != null))
            .OrderBy(r => r.Position).Select(r => new ComparedRegion(r.Id, r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);
        List<ComparedIndicator> chosen = [.. choice.Indicators.Distinct().SelectMany(c => indicators.Where(i => i.Code == c)).Take(ComparePage.Most)];
        List<ComparedRegion> where = [.. choice.Regions.Distinct().SelectMany(c => regions.Where(r => r.Code == c)).Take(ComparePage.Most)];
        var unknown = choice.Indicators.Distinct().Where(c => indicators.TrueForAll(i => i.Code != c))
            .Concat(choice.Regions.Distinct().Where(c => regions.TrueForAll(r => r.Code != c)))
            .Select(c => new CompareNote(new($"Left out: nothing is reported under the code {c}.", $"未显示：代码 {c} 没有数据。"))).ToList();
        if (choice.Indicators.Distinct().Count() > ComparePage.Most || choice.Regions.Distinct().Count() > ComparePage.Most)
            unknown.Add(new(new($"Left out: what is more than {ComparePage.Most} indicators or {ComparePage.Most} regions.", $"未显示：超出 {ComparePage.Most} 项指标或 {ComparePage.Most} 个地区的部分。")));
        var denominators = choice.Per ? chosen.Select(i => i.Denominator?.Id).OfType<int>() : [];
        var values = await db.ValuesAsync(plan, [.. chosen.Select(i => i.Id), .. denominators], [.. where.Select(r => r.Id)], ct);
        var series = chosen.SelectMany(i => where.Select(r => new ComparedSeries(
            i, r, [.. values[(i.Id, r.Id)].Select(v => CoursePoint.Stated(v.Period, v.Value, v.Source))]))).ToList();
        return new ComparePage
        {
            Choice = choice with { Indicators = [.. chosen.Select(i => i.Code)], Regions = [.. where.Select(r => r.Code)] },
            Indicators = chosen,
            Regions = where,
            IndicatorChoices = indicators,
            RegionChoices = regions,
            Unknown = unknown,
            Comparison = Comparison.Of(
                series, choice.Per ? values.ToDictionary(g => g.Key, g => g.ToDictionary(v => v.Period, v => v.Value)) : null, choice.Index,
                Period.TryParse(choice.Base, out var start) ? [start, plan.BaselinePeriod] : [plan.BaselinePeriod]),
            Example = chosen.Count + where.Count == 0 ? await db.ExampleAsync(plan, ct) : null,
        };
    }

    private static Task<List<ComparedIndicator>> ComparableAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        (from indicator in db.Indicators
         where indicator.PlanId == plan.Id && db.Standings.Any(s => s.IndicatorId == indicator.Id && s.Value != null)
         join other in db.Indicators on indicator.DenominatorId equals other.Id into others
         from denominator in others.DefaultIfEmpty()
         orderby indicator.Position
         select new ComparedIndicator
         {
             Id = indicator.Id,
             Code = indicator.Code,
             Name = new Bilingual(indicator.NameEn, indicator.NameZh),
             Unit = new Bilingual(indicator.UnitEn ?? "", indicator.UnitZh ?? ""),
             Group = new Bilingual(indicator.GroupEn, indicator.GroupZh),
             Denominator = denominator == null
                 ? null
                 : new Denominator(denominator.Id, new Bilingual(denominator.NameEn, denominator.NameZh), new Bilingual(denominator.UnitEn ?? "", denominator.UnitZh ?? "")),
         }).ToListAsync(ct);

    private static async Task<ILookup<(int Indicator, int Region), KnownValue>> ValuesAsync(
        this PlanDbContext db, CurrentPlan plan, int[] indicators, int[] regions, CancellationToken ct)
    {
        var known = await db.KnownReadings(plan.AsOf)
            .Where(k => indicators.Contains(k.Reading.IndicatorId) && regions.Contains(k.Reading.RegionId) && k.Value != null)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, Value = new KnownValue(k.Reading.Period, k.Value!.Value, k.Revision.Source) }).ToListAsync(ct);
        return known.OrderBy(k => k.Value.Period).ToLookup(k => (k.IndicatorId, k.RegionId), k => k.Value);
    }

    /// <summary>The first indicator that is due from regions, in the three that lead and the one that comes last.</summary>
    private static async Task<CompareChoice?> ExampleAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var first = await db.Indicators.Where(i => i.PlanId == plan.Id && i.Due && i.ReportedBy == ReportedBy.Regional && db.Standings.Any(s => s.IndicatorId == i.Id && s.Value != null))
            .OrderBy(i => i.Position).Select(i => new { i.Id, i.Code }).FirstOrDefaultAsync(ct);
        if (first is null)
            return null;
        var regions = await db.Standings.Where(s => s.IndicatorId == first.Id && s.Value != null && s.Region!.Kind == RegionKind.Unit)
            .OrderByDescending(s => s.Value).Select(s => s.Region!.Code).ToListAsync(ct);
        return new CompareChoice { Indicators = [first.Code], Regions = [.. regions.Take(3), .. regions.Skip(3).TakeLast(1)] };
    }

    private sealed record KnownValue(Period Period, decimal Value, string Source);
}
