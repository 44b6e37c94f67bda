using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Search;

public sealed record SearchPage
{
    /// <summary>As many hits of a kind as a page shows.</summary>
    public const int MostHits = 20;

    public required SearchText Text { get; init; }

    /// <summary>What was found, the kind with the best hit first.</summary>
    public IReadOnlyList<HitGroup> Groups { get; init; } = [];

    /// <summary>Texts that do find something; only where nothing was found.</summary>
    public SearchExamples? Examples { get; init; }
}

public enum HitKind
{
    Element,
    Indicator,
    Region,
    Goal,
}

/// <summary>The best hits of a kind, and how many there are in all.</summary>
public sealed record HitGroup(HitKind Kind, IReadOnlyList<Hit> Hits, int Total);

/// <summary>How well a text is met, best first.</summary>
public enum HitRank
{
    /// <summary>It is the code, the initials or a name.</summary>
    Exact,

    /// <summary>One of them begins with it.</summary>
    Begins,

    /// <summary>They hold all of its words.</summary>
    Holds,

    /// <summary>Some of its words stand in the summary only.</summary>
    InSummary,
}

public sealed record Hit
{
    public required int Id { get; init; }

    public required HitRank Rank { get; init; }

    public required string Code { get; init; }

    /// <summary>What it is, in words.</summary>
    public required Bilingual Kind { get; init; }

    public required Bilingual Title { get; init; }

    /// <summary>A region's name in full.</summary>
    public Bilingual? FullName { get; init; }

    /// <summary>A region's pinyin initials.</summary>
    public string? Initials { get; init; }

    public Bilingual? Summary { get; init; }

    /// <summary>Codes of the element's ancestors and itself.</summary>
    public string Path { get; init; } = "";

    /// <summary>What an element is part of, outermost first; the element a goal is for.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [];

    /// <summary>Where an indicator stands in the country.</summary>
    public IndicatorLine? Line { get; init; }

    public GoalLine? Goal { get; init; }
}

public sealed record Place(string Code, Bilingual Title);

/// <summary>Something of each kind the plan holds.</summary>
public sealed record SearchExamples(string? ElementCode, Bilingual? Indicator, Bilingual? Region, string? Initials);

public static class SearchQueries
{
    private const string Nfkc = "NFKC";

    public static async Task<SearchPage> SearchAsync(this PlanDbContext db, CurrentPlan plan, SearchText text, CancellationToken ct)
    {
        HitGroup[] groups = text.IsUsable
            ? [
                await db.ElementHitsAsync(plan, text, ct), await db.IndicatorHitsAsync(plan, text, ct), await db.RegionHitsAsync(plan, text, ct),
                await db.GoalHitsAsync(plan, text, ct),
            ]
            : [];
        var found = groups.Where(g => g.Total > 0).OrderBy(g => g.Hits[0].Rank).ThenBy(g => g.Kind).ToList();
        return new SearchPage { Text = text, Groups = found, Examples = found.Count == 0 ? await db.ExamplesAsync(plan, ct) : null };
    }

    private static async Task<HitGroup> ElementHitsAsync(this PlanDbContext db, CurrentPlan plan, SearchText text, CancellationToken ct)
    {
        var best = db.Elements.Where(e => e.PlanId == plan.Id).Select(e => new Findable
        {
            Id = e.Id,
            Position = e.Position,
            Keys = "",
            Names = PlanDbContext.Normalize("\n" + e.Code + "\n" + e.TitleEn + "\n" + e.TitleZh, Nfkc),
            More = PlanDbContext.Normalize("\n" + e.SummaryEn + "\n" + e.SummaryZh, Nfkc),
        }).Best(text);
        var rows = await (
            from match in best
            join e in db.Elements on match.Id equals e.Id
            orderby match.Rank, match.Position
            select new
            {
                match.Total,
                Hit = new Hit
                {
                    Id = e.Id,
                    Rank = (HitRank)match.Rank,
                    Code = e.Code,
                    Kind = Words.Of(e.Kind),
                    Title = new Bilingual(e.TitleEn, e.TitleZh),
                    Summary = new Bilingual(e.SummaryEn, e.SummaryZh),
                    Path = e.Path,
                },
            }).ToListAsync(ct);

        var above = rows.SelectMany(r => CodesAbove(r.Hit)).Distinct(StringComparer.Ordinal).ToArray();
        var places = above.Length == 0
            ? []
            : await db.Elements.Where(e => e.PlanId == plan.Id && above.Contains(e.Code))
                .Select(e => new Place(e.Code, new Bilingual(e.TitleEn, e.TitleZh))).ToDictionaryAsync(p => p.Code, StringComparer.Ordinal, ct);
        return Group(HitKind.Element, [.. rows.Select(r => r.Hit with { Places = [.. CodesAbove(r.Hit).Select(c => places[c])] })], rows.FirstOrDefault()?.Total);
    }

    private static IEnumerable<string> CodesAbove(Hit hit) => hit.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipLast(1);

    private static async Task<HitGroup> IndicatorHitsAsync(this PlanDbContext db, CurrentPlan plan, SearchText text, CancellationToken ct)
    {
        var best = db.Indicators.Where(i => i.PlanId == plan.Id).Select(i => new Findable
        {
            Id = i.Id,
            Position = i.Position,
            Keys = "",
            Names = PlanDbContext.Normalize("\n" + i.Code + "\n" + i.NameEn + "\n" + i.NameZh, Nfkc),
            More = "",
        }).Best(text);
        var matches = await best.ToListAsync(ct);
        if (matches.Count == 0)
            return Group(HitKind.Indicator, [], total: null);

        var ids = matches.Select(m => m.Id).ToArray();
        var lines = (await db.IndicatorLinesAsync(db.Indicators.Where(i => ids.Contains(i.Id)), plan, plan.RootRegionId, ct)).ToDictionary(l => l.Id);
        return Group(HitKind.Indicator, [.. matches.Select(m => new Hit
        {
            Id = m.Id,
            Rank = (HitRank)m.Rank,
            Code = lines[m.Id].Code,
            Kind = new Bilingual("Indicator", "指标"),
            Title = lines[m.Id].Name,
            Line = lines[m.Id],
        })], matches[0].Total);
    }

    private static async Task<HitGroup> RegionHitsAsync(this PlanDbContext db, CurrentPlan plan, SearchText text, CancellationToken ct)
    {
        // Codes of regions are mostly digits, and initials a few letters: both are met from their beginning only.
        var best = db.Regions.Where(r => r.RegionSet == plan.RegionSet).Select(r => new Findable
        {
            Id = r.Id,
            Position = r.Position,
            Keys = "\n" + r.Code + "\n" + (r.Initials ?? ""),
            Names = PlanDbContext.Normalize("\n" + r.ShortEn + "\n" + r.ShortZh + "\n" + r.NameEn + "\n" + r.NameZh, Nfkc),
            More = "",
        }).Best(text);
        var rows = await (
            from match in best
            join r in db.Regions on match.Id equals r.Id
            orderby match.Rank, match.Position
            select new
            {
                match.Total,
                Hit = new Hit
                {
                    Id = r.Id,
                    Rank = (HitRank)match.Rank,
                    Code = r.Code,
                    Kind = KindOf(r.Kind, r.GroupType),
                    Title = new Bilingual(r.ShortEn, r.ShortZh),
                    FullName = new Bilingual(r.NameEn, r.NameZh),
                    Initials = r.Initials,
                },
            }).ToListAsync(ct);
        return Group(HitKind.Region, [.. rows.Select(r => r.Hit)], rows.FirstOrDefault()?.Total);
    }

    private static Bilingual KindOf(RegionKind kind, GroupType? type) => (kind, type) switch
    {
        (RegionKind.Country, _) => new("The whole", "全国"),
        (RegionKind.Unit, _) => new("Region", "地区"),
        (_, GroupType.Macro) => new("Macro-region", "区域"),
        _ => new("Strategic region", "战略区域"),
    };

    private static async Task<HitGroup> GoalHitsAsync(this PlanDbContext db, CurrentPlan plan, SearchText text, CancellationToken ct)
    {
        var best = db.Milestones.Where(m => m.Element!.PlanId == plan.Id).Select(m => new Findable
        {
            Id = m.Id,
            Position = m.Element!.Position * 10000L + m.Year,
            Keys = "",
            Names = PlanDbContext.Normalize("\n" + m.Code + "\n" + m.GoalEn + "\n" + m.GoalZh, Nfkc),
            More = "",
        }).Best(text);
        var known = db.ReportSummaries(plan);
        var rows = await (
            from match in best
            join m in db.Milestones on match.Id equals m.Id
            orderby match.Rank, match.Position, m.Id
            select new
            {
                match.Total,
                match.Rank,
                Place = new Place(m.Element!.Code, new Bilingual(m.Element.TitleEn, m.Element.TitleZh)),
                Goal = new GoalLine(
                    m.ElementId, m.Code, m.Year, new Bilingual(m.GoalEn, m.GoalZh), m.Source,
                    known.FirstOrDefault(r => r.MilestoneId == m.Id)),
                m.Id,
            }).ToListAsync(ct);
        return Group(HitKind.Goal, [.. rows.Select(r => new Hit
        {
            Id = r.Id,
            Rank = (HitRank)r.Rank,
            Code = r.Goal.Code,
            Kind = new Bilingual($"Goal for {r.Goal.Year}", $"{r.Goal.Year} 年目标"),
            Title = r.Goal.Text,
            Places = [r.Place],
            Goal = r.Goal,
        })], rows.FirstOrDefault()?.Total);
    }

    private static HitGroup Group(HitKind kind, IReadOnlyList<Hit> hits, int? total) => new(kind, hits, total ?? 0);

    /// <summary>The best of what holds all words, in the order of the plan where they are equally good.</summary>
    private static IQueryable<Match> Best(this IQueryable<Findable> all, SearchText text)
    {
        var (words, whole) = (text.Patterns, text.WholePattern);
        var matching = all.Where(f => words.All(w =>
            EF.Functions.ILike(f.Keys, "%\n" + w + "%", SearchText.Escape) || EF.Functions.ILike(f.Names + f.More, "%" + w + "%", SearchText.Escape)));
        return matching.Select(f => new Match
        {
            Id = f.Id,
            Position = f.Position,
            Total = matching.Count(),
            Rank = EF.Functions.ILike(f.Keys + f.Names + "\n", "%\n" + whole + "\n%", SearchText.Escape) ? (int)HitRank.Exact
                : EF.Functions.ILike(f.Keys + f.Names, "%\n" + whole + "%", SearchText.Escape) ? (int)HitRank.Begins
                : words.All(w => EF.Functions.ILike(f.Keys + f.Names, "%" + w + "%", SearchText.Escape)) ? (int)HitRank.Holds
                : (int)HitRank.InSummary,
        }).OrderBy(m => m.Rank).ThenBy(m => m.Position).ThenBy(m => m.Id).Take(SearchPage.MostHits);
    }

    private static async Task<SearchExamples> ExamplesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct)
    {
        var element = await db.Elements.Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position).Select(e => e.Code).FirstOrDefaultAsync(ct);
        var indicator = await db.Indicators.Where(i => i.PlanId == plan.Id).OrderBy(i => i.Position).Select(i => new { i.NameEn, i.NameZh }).FirstOrDefaultAsync(ct);
        var region = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Kind == RegionKind.Unit)
            .OrderBy(r => r.Initials == null).ThenBy(r => r.Position).Select(r => new { r.ShortEn, r.ShortZh, r.Initials }).FirstOrDefaultAsync(ct);
        return new SearchExamples(
            element, indicator is null ? null : new Bilingual(indicator.NameEn, indicator.NameZh),
            region is null ? null : new Bilingual(region.ShortEn, region.ShortZh), region?.Initials);
    }

    /// <summary>
    /// Something that can be found. Each text begins on a line of its own, so that its beginning can be told; no word holds a line break.
    /// </summary>
    private sealed record Findable
    {
        public required int Id { get; init; }

        public required long Position { get; init; }

        /// <summary>Met from the beginning only.</summary>
        public required string Keys { get; init; }

        public required string Names { get; init; }

        public required string More { get; init; }
    }

    private sealed record Match
    {
        public required int Id { get; init; }

        public required long Position { get; init; }

        public required int Rank { get; init; }

        /// <summary>How many match in all, the same in every row.</summary>
        public required int Total { get; init; }
    }
}
