using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

public static class GridQueries
{
    /// <summary>As many cells as one form may hold.</summary>
    public const int MostCells = 15_000;

    /// <summary>The form for one indicator: every region of it in the person's scope, or none at all.</summary>
    public static async Task<GridPage?> IndicatorGridAsync(
        this PlanDbContext db, CurrentPlan plan, string code, GridRange range, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var places = await db.CellsInScope(personId).Where(c => c.Indicator.PlanId == plan.Id && c.Indicator.Code == code)
            .OrderBy(c => c.Region.Position).Select(c => new Place(c.Indicator, c.Region)).AsNoTracking().ToListAsync(ct);
        if (places.Count == 0)
            return null;
        var indicator = places[0].Indicator;
        var page = await db.GridAsync(plan, places, [indicator.Frequency], indicator.Frequency, range, personId, now, ct) with { Indicator = indicator };
        return page with { Sums = plan.Reader.IsLimited ? [] : await db.SumsAsync(page, ct) };
    }

    /// <summary>The form for one region: every indicator in the person's scope that it reports, or none at all.</summary>
    public static async Task<GridPage?> RegionGridAsync(
        this PlanDbContext db, CurrentPlan plan, string code, GridRange range, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var places = await db.CellsInScope(personId).Where(c => c.Indicator.PlanId == plan.Id && c.Region.Code == code && c.Region.RegionSet == plan.RegionSet)
            .OrderBy(c => c.Indicator.Position).Select(c => new Place(c.Indicator, c.Region)).AsNoTracking().ToListAsync(ct);
        if (places.Count == 0)
            return null;
        var frequencies = places.Select(p => p.Indicator.Frequency).Distinct().Order().ToList();
        var frequency = Kebab.TryParse<Frequency>(range.Frequency ?? "", out var wanted) && frequencies.Contains(wanted) ? wanted : frequencies[0];
        var rows = places.Where(p => p.Indicator.Frequency == frequency).ToList();
        var page = await db.GridAsync(plan, rows, frequencies, frequency, range, personId, now, ct);
        return page with { Region = RegionOf(places[0].Region) };
    }

    /// <summary>
    /// The page again with what was typed and why it was not taken. A cell stays based on what the person saw, unless this very page tells them
    /// that it has changed.
    /// </summary>
    public static GridPage WithFaults(this GridPage page, GridForm form, IReadOnlyList<TypedCell> cells, IReadOnlyList<SubmissionFault> faults)
    {
        var typed = cells.ToDictionary(c => c.Key);
        var told = faults.Where(f => f.Kind == SubmissionFaultKind.Conflict).Select(f => f.Cell).ToHashSet();
        var sentBefore = faults.Any(f => f.Kind == SubmissionFaultKind.SentBefore);
        return page with
        {
            Form = form,
            RequestId = sentBefore ? Guid.NewGuid() : form.RequestId,
            Faults = faults,
            Rows = [.. page.Rows.Select(row => row with
            {
                Cells = [.. row.Cells.Select(cell => typed.TryGetValue(new CellKey(row.Indicator.Id, row.Region.Id, cell.Period), out var t)
                    ? cell with { Typed = t.Text, Told = told.Contains(t.Key) }
                    : cell)],
            })],
        };
    }

    internal static GridRegion RegionOf(Region region) => new(region.Id, region.Code, new Bilingual(region.ShortEn, region.ShortZh));

    private static async Task<GridPage> GridAsync(
        this PlanDbContext db, CurrentPlan plan, List<Place> places, IReadOnlyList<Frequency> frequencies, Frequency frequency, GridRange range,
        Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var (choices, periods) = PeriodsOf(plan, frequency, range, DateOnly.FromDateTime(now.UtcDateTime));
        var room = Math.Max(1, MostCells / places.Count);
        var shown = periods.TakeLast(room).ToList();
        var cells = await db.CellsAsync(places, shown, personId, now, ct);
        var histories = await db.SeriesHistoriesAsync(
            [.. places.Select(p => p.Indicator.Id).Distinct()], [.. places.Select(p => p.Region.Id).Distinct()], shown[0], shown[^1], ct);
        var rows = places.Select(p => new GridRow
        {
            Indicator = p.Indicator,
            Region = RegionOf(p.Region),
            History = histories.GetValueOrDefault(new Series(p.Indicator.Id, p.Region.Id), SeriesHistory.None),
            Cells = [.. shown.Select(period => cells.GetValueOrDefault(new CellKey(p.Indicator.Id, p.Region.Id, period)) ?? new GridCell { Period = period })],
            Part = p.Region.Kind == RegionKind.Country ? "whole" : p.Region.ParentId == plan.RootRegionId ? "part" : null,
        });
        return new GridPage
        {
            Choices = choices,
            Frequencies = frequencies,
            Periods = shown,
            DueOnly = range.Due,
            Rows = [.. rows.Where(r => !range.Due || r.Cells.Any(c => c.IsDue))],
            Shortened = shown.Count < periods.Count,
            Reporter = await db.Users.Where(u => u.Id == personId).Select(u => u.DisplayName).SingleAsync(ct),
            Form = new GridForm(),
        };
    }

    /// <summary>Periods that can be chosen and those asked for, earliest first; without a wish the last one that is over.</summary>
    private static (List<Period> Choices, List<Period> Shown) PeriodsOf(CurrentPlan plan, Frequency frequency, GridRange range, DateOnly today)
    {
        List<Period> choices = [Period.LastEnded(frequency, plan.BaselinePeriod.End), .. plan.PeriodsOver(frequency, today)];
        // A period outside the plan is shown when it is asked for by name.
        if (Parsed(range.Period) is { } one)
            return choices.Contains(one) ? (choices, [one]) : ([.. choices.Append(one).Order()], [one]);
        var (from, to) = (Parsed(range.From), Parsed(range.To));
        if (from is null && to is null)
            return (choices, [choices[^1]]);
        var shown = choices.Where(p => (from is null || p >= from) && (to is null || p <= to)).ToList();
        return (choices, shown.Count > 0 ? shown : [choices[^1]]);

        Period? Parsed(string? text) => Period.TryParse(text, out var period) && period.Frequency == frequency ? period : null;
    }

    internal static async Task<Dictionary<CellKey, GridCell>> CellsAsync(
        this PlanDbContext db, IReadOnlyCollection<Place> places, IReadOnlyCollection<Period> periods, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        int[] indicatorIds = [.. places.Select(p => p.Indicator.Id).Distinct()], regionIds = [.. places.Select(p => p.Region.Id).Distinct()];
        var drafts = await db.Drafts
            .Where(d => indicatorIds.Contains(d.IndicatorId) && regionIds.Contains(d.RegionId) && periods.Contains(d.Period))
            .Select(d => new
            {
                d.IndicatorId,
                d.RegionId,
                d.Period,
                Draft = new CellDraft(
                    d.Value, d.Status, d.Note, d.Source, d.Explanation, d.BasedOn, d.Version, d.Author!.DisplayName, d.SavedAt, d.AuthorId == personId),
            }).ToDictionaryAsync(d => new CellKey(d.IndicatorId, d.RegionId, d.Period), d => d.Draft, ct);
        var readings = await db.Readings
            .Where(r => indicatorIds.Contains(r.IndicatorId) && regionIds.Contains(r.RegionId) && periods.Contains(r.Period))
            .Select(r => new
            {
                r.IndicatorId,
                r.RegionId,
                r.Period,
                r.LastNumber,
                Approved = r.ApprovedRevision == null ? null : new CellValue(
                    r.ApprovedRevision.Value, r.ApprovedRevision.Status, r.ApprovedRevision.State, r.ApprovedRevision.Note, r.ApprovedRevision.Source,
                    r.ApprovedRevision.Author!.DisplayName, r.ApprovedRevision.CreatedAt, r.ApprovedRevision.Reviewer!.DisplayName, null),
                Pending = r.PendingRevision == null ? null : new CellValue(
                    r.PendingRevision.Value, r.PendingRevision.Status, r.PendingRevision.State, r.PendingRevision.Note, r.PendingRevision.Source,
                    r.PendingRevision.Author!.DisplayName, r.PendingRevision.CreatedAt, r.PendingRevision.Reviewer!.DisplayName, r.PendingRevision.Reason),
            }).ToListAsync(ct);
        var cells = readings.ToDictionary(r => new CellKey(r.IndicatorId, r.RegionId, r.Period), r => new GridCell
        {
            Period = r.Period,
            Last = r.LastNumber,
            Approved = r.Approved,
            Pending = r.Pending,
        });
        foreach (var (key, draft) in drafts)
            cells[key] = (cells.GetValueOrDefault(key) ?? new GridCell { Period = key.Period }) with { Draft = draft };
        foreach (var locked in await db.LockedCellsAsync(indicatorIds, regionIds, periods, personId, now, ct))
        {
            var key = new CellKey(locked.IndicatorId, locked.RegionId, locked.Period);
            cells[key] = (cells.GetValueOrDefault(key) ?? new GridCell { Period = key.Period }) with { Lock = locked.Round };
        }

        return cells;
    }

    /// <summary>What the regions on the form have to add up to, together with those that are not on it: it tells of regions of others.</summary>
    private static async Task<IReadOnlyList<GridSum>> SumsAsync(this PlanDbContext db, GridPage page, CancellationToken ct)
    {
        if (page.Indicator is not { Rules.SumTolerance: not null } indicator)
            return [];
        var onForm = page.Rows.Select(r => r.Region.Id).ToHashSet();
        var sums = await db.SumsOfRegionsAsync(indicator.Id, page.Periods, ct);
        return [.. page.Periods.Select(period =>
        {
            if (sums.GetValueOrDefault(period) is not { } sum)
                return new GridSum(null, null);
            var rest = sum.Parts.Where(p => !onForm.Contains(p.RegionId)).ToList();
            return new GridSum(
                onForm.Contains(sum.Whole.RegionId) ? null : sum.Whole.Value,
                rest.Exists(p => p.Value is null) ? null : rest.Sum(p => p.Value!.Value));
        })];
    }

    /// <summary>One indicator in one region, if it lies in the person's scope.</summary>
    internal static Task<Place?> PlaceAsync(this PlanDbContext db, CurrentPlan plan, string indicator, string region, Guid personId, CancellationToken ct) =>
        db.CellsInScope(personId)
            .Where(c => c.Indicator.PlanId == plan.Id && c.Indicator.Code == indicator && c.Region.Code == region && c.Region.RegionSet == plan.RegionSet)
            .AsNoTracking().Select(c => new Place(c.Indicator, c.Region)).SingleOrDefaultAsync(ct);

    internal sealed record Place(Indicator Indicator, Region Region)
    {
        public Series Series => new(Indicator.Id, Region.Id);
    }
}
