using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Rounds;

/// <summary>Which part of the picture, as it stands in the address.</summary>
public sealed record CompletenessFilter
{
    /// <summary>Only what is in this state, e.g. <c>missing</c>; empty: everything.</summary>
    public string? State { get; init; }

    /// <summary>Page of regions, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Page of indicators, from 1.</summary>
    public int Columns { get; init; } = 1;

    /// <summary><c>spreadsheet</c>, or empty for programs.</summary>
    public string? Profile { get; init; }

    public bool ForSpreadsheet => string.Equals(Profile, "spreadsheet", StringComparison.Ordinal);

    public RoundCellState? Wanted => Kebab.TryParse<RoundCellState>(State ?? "", out var state) ? state : null;

    public (string Name, string? Value)[] Query(int page, int columns) =>
        [("state", State), ("page", page == 1 ? null : Text(page)), ("columns", columns == 1 ? null : Text(columns))];

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Region by indicator: who has reported, late, not at all.</summary>
public sealed record CompletenessPage
{
    public required RoundHead Round { get; init; }

    public required CompletenessFilter Filter { get; init; }

    /// <summary>Only what lies in the person's scope is shown.</summary>
    public bool Scoped { get; init; }

    public required StateCounts Total { get; init; }

    /// <summary>Of the page; their counts are over all regions.</summary>
    public required IReadOnlyList<IndicatorColumn> Indicators { get; init; }

    /// <summary>Indicators that match the filter.</summary>
    public required int AllIndicators { get; init; }

    /// <summary>Of the page; their counts are over all indicators.</summary>
    public required IReadOnlyList<RegionRow> Regions { get; init; }

    /// <summary>Regions that match the filter.</summary>
    public required int AllRegions { get; init; }

    public int Pages => PagesOf(AllRegions, CompletenessQueries.RegionsShown);

    public int ColumnPages => PagesOf(AllIndicators, CompletenessQueries.IndicatorsShown);

    private static int PagesOf(int all, int shown) => Math.Max(1, (all + shown - 1) / shown);
}

public sealed record RoundHead(int Id, string Code, Bilingual Name, Period Period, DateOnly OpensOn, DateOnly Deadline, DateTimeOffset? ClosedAt)
{
    /// <summary>The day from which days are counted: today, or the day the round was closed.</summary>
    public DateOnly CountedOn(DateOnly today) => ClosedAt is { } at ? ReportingCalendar.DayOf(at) : today;
}

/// <summary>How many figures are how far.</summary>
public sealed record StateCounts(int Missing, int Returned, int Late, int Reported)
{
    public int All => Missing + Returned + Late + Reported;

    public int Of(RoundCellState state) => state switch
    {
        RoundCellState.Missing => Missing,
        RoundCellState.Returned => Returned,
        RoundCellState.Late => Late,
        _ => Reported,
    };

    public static StateCounts Sum(IEnumerable<StateCounts> counts) => counts.Aggregate(
        new StateCounts(0, 0, 0, 0), (a, b) => new(a.Missing + b.Missing, a.Returned + b.Returned, a.Late + b.Late, a.Reported + b.Reported));
}

public sealed record IndicatorColumn(int Id, string Code, Bilingual Name, StateCounts Counts);

public sealed record RegionRow(int Id, string Code, Bilingual Name, StateCounts Counts)
{
    /// <summary>Those with the nearest scope first.</summary>
    public IReadOnlyList<string> Responsible { get; init; } = [];

    /// <summary>By indicator; one the region does not report is not there.</summary>
    public IReadOnlyDictionary<int, CompletenessCell> Cells { get; init; } = new Dictionary<int, CompletenessCell>();
}

/// <param name="State">How far the figure is.</param>
/// <param name="ReportedOn">When it came.</param>
/// <param name="Days">Days late, or, where it is missing, days left; negative once it is late.</param>
public sealed record CompletenessCell(RoundCellState State, DateOnly? ReportedOn, int Days)
{
    public static CompletenessCell Of(RoundHead round, RoundCellState state, DateOnly? reportedOn, DateOnly today) => new(state, reportedOn, state switch
    {
        RoundCellState.Late => ReportingCalendar.DaysLeft(reportedOn!.Value, round.Deadline),
        RoundCellState.Missing or RoundCellState.Returned => ReportingCalendar.DaysLeft(round.Deadline, round.CountedOn(today)),
        _ => 0,
    });

    /// <summary>The same on the page and in the file.</summary>
    public Bilingual Words => State switch
    {
        RoundCellState.Reported => DeadlineWords.Of(State),
        RoundCellState.Late => Both(DeadlineWords.Of(RoundCellState.Reported), DeadlineWords.Late(Days)),
        _ => Both(DeadlineWords.Of(State), DeadlineWords.Left(Days)),
    };

    private static Bilingual Both(Bilingual state, Bilingual days) => new($"{state.En}, {days.En}", $"{state.Zh}，{days.Zh}");
}

/// <summary>A line of the file.</summary>
public sealed record CompletenessLine(
    string RegionCode, Bilingual Region, string IndicatorCode, Bilingual Indicator, RoundCellState State, DateOnly? ReportedOn);

public static class CompletenessQueries
{
    public const int RegionsShown = 50;
    public const int IndicatorsShown = 12;

    public static Task<RoundHead?> RoundHeadAsync(this PlanDbContext db, CurrentPlan plan, string code, CancellationToken ct) =>
        db.ReportingRounds.Where(r => r.PlanId == plan.Id && r.Code == code)
            .Select(r => new RoundHead(r.Id, r.Code, new Bilingual(r.NameEn, r.NameZh), r.Period, r.OpensOn, r.Deadline, r.ClosedAt)).SingleOrDefaultAsync(ct);

    public static async Task<CompletenessPage> CompletenessAsync(
        this PlanDbContext db, RoundHead round, CompletenessFilter filter, IQueryable<ReportedCell> cells, DateOnly today, CancellationToken ct)
    {
        var regions = (await cells.GroupBy(c => new { c.Region.Id, c.Region.Code, c.Region.ShortEn, c.Region.ShortZh, c.Region.Position, c.State })
                .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct))
            .GroupBy(c => c.Key.Id).OrderBy(g => g.First().Key.Position)
            .Select(g => new RegionRow(g.Key, g.First().Key.Code, new Bilingual(g.First().Key.ShortEn, g.First().Key.ShortZh), Counts(g, c => c.Key.State, c => c.Count)))
            .ToList();
        var indicators = (await cells.GroupBy(c => new { c.Indicator.Id, c.Indicator.Code, c.Indicator.NameEn, c.Indicator.NameZh, c.Indicator.Position, c.State })
                .Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct))
            // What many regions report comes first: a column that only the nation fills says little beside them.
            .GroupBy(c => c.Key.Id).OrderBy(g => g.Sum(c => c.Count) == 1).ThenBy(g => g.First().Key.Position)
            .Select(g => new IndicatorColumn(g.Key, g.First().Key.Code, new Bilingual(g.First().Key.NameEn, g.First().Key.NameZh), Counts(g, c => c.Key.State, c => c.Count)))
            .ToList();

        var matching = regions.FindAll(r => filter.Wanted is not { } wanted || r.Counts.Of(wanted) > 0);
        var rows = PageOf(matching, filter.Page, RegionsShown);
        var asked = indicators.FindAll(i => filter.Wanted is not { } wanted || i.Counts.Of(wanted) > 0);
        var columns = PageOf(asked, filter.Columns, IndicatorsShown);
        var details = await db.CellsOfPageAsync(cells, round, rows, columns, today, ct);
        var responsible = await db.ResponsibleAsync(round, [.. rows.Select(r => r.Id)], ct);
        return new CompletenessPage
        {
            Round = round,
            Filter = filter,
            Total = StateCounts.Sum(regions.Select(r => r.Counts)),
            Indicators = columns,
            AllIndicators = asked.Count,
            Regions = [.. rows.Select(r => r with { Responsible = [.. responsible[r.Id]], Cells = details[r.Id].ToDictionary(c => c.IndicatorId, c => c.Cell) })],
            AllRegions = matching.Count,
        };
    }

    /// <summary>The figures of a round and how far they are.</summary>
    public static IQueryable<ReportedCell> ReportedCells(this PlanDbContext db, RoundHead round, IQueryable<Cell> cells) =>
        db.ReportingRounds.Where(r => r.Id == round.Id).CellsFrom(cells).Reported(db);

    /// <summary>The same as lines of a file, in the order of the page.</summary>
    public static IQueryable<CompletenessLine> Lines(this IQueryable<ReportedCell> cells, RoundCellState? wanted) =>
        cells.Where(c => wanted == null || c.State == wanted).OrderBy(c => c.Region.Position).ThenBy(c => c.Indicator.Position)
            .Select(c => new CompletenessLine(
                c.Region.Code, new Bilingual(c.Region.ShortEn, c.Region.ShortZh), c.Indicator.Code, new Bilingual(c.Indicator.NameEn, c.Indicator.NameZh), c.State, c.ReportedOn));

    private static async Task<ILookup<int, (int IndicatorId, CompletenessCell Cell)>> CellsOfPageAsync(
        this PlanDbContext db, IQueryable<ReportedCell> cells, RoundHead round, List<RegionRow> rows, List<IndicatorColumn> columns, DateOnly today, CancellationToken ct)
    {
        var (regionIds, indicatorIds) = (rows.Select(r => r.Id).ToArray(), columns.Select(c => c.Id).ToArray());
        var found = await cells.Where(c => regionIds.Contains(c.Region.Id) && indicatorIds.Contains(c.Indicator.Id))
            .Select(c => new { RegionId = c.Region.Id, IndicatorId = c.Indicator.Id, c.State, c.ReportedOn }).ToListAsync(ct);
        return found.ToLookup(c => c.RegionId, c => (c.IndicatorId, CompletenessCell.Of(round, c.State, c.ReportedOn, today)));
    }

    /// <summary>Reporters whose scope covers a region and an indicator of the round, those with the smallest scope first.</summary>
    private static async Task<ILookup<int, string>> ResponsibleAsync(this PlanDbContext db, RoundHead round, int[] regionIds, CancellationToken ct)
    {
        var found = await (
            from person in db.Reporters()
            from grant in db.ScopeGrants
            from region in db.Regions
            where grant.PersonId == person.Id && regionIds.Contains(region.Id)
                && region.RegionSet == grant.Region!.RegionSet && region.Path.StartsWith(grant.Region.Path)
                && (grant.ElementId == null || db.RoundIndicators.Any(i => i.RoundId == round.Id
                    && db.IndicatorElements.Any(s => s.IndicatorId == i.IndicatorId && s.Element!.PlanId == grant.Element!.PlanId && s.Element.Path.StartsWith(grant.Element.Path))))
            select new { region.Id, person.DisplayName, grant.Region!.Path.Length }).ToListAsync(ct);
        return found.OrderByDescending(f => f.Length).ThenBy(f => f.DisplayName, StringComparer.Ordinal).DistinctBy(f => (f.Id, f.DisplayName))
            .ToLookup(f => f.Id, f => f.DisplayName);
    }

    private static StateCounts Counts<T>(IEnumerable<T> counts, Func<T, RoundCellState> state, Func<T, int> count)
    {
        var by = counts.ToDictionary(state, count);
        return new StateCounts(
            by.GetValueOrDefault(RoundCellState.Missing), by.GetValueOrDefault(RoundCellState.Returned), by.GetValueOrDefault(RoundCellState.Late), by.GetValueOrDefault(RoundCellState.Reported));
    }

    private static List<T> PageOf<T>(List<T> all, int page, int shown) => [.. all.Skip((Math.Max(1, page) - 1) * shown).Take(shown)];
}
