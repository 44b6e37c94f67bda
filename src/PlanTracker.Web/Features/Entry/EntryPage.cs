using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

public sealed record EntryPage
{
    public required int IndicatorId { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required Bilingual? Definition { get; init; }

    public required int Decimals { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public required Period Period { get; init; }

    public required IReadOnlyList<Period> Periods { get; init; }

    public required IReadOnlyList<EntryRow> Rows { get; init; }

    public string Source { get; init; } = "";

    public Guid RequestId { get; init; } = Guid.NewGuid();

    public IReadOnlyList<SubmissionFault> Faults { get; init; } = [];

    public EntryRow? RowOf(SubmissionFault fault) => Rows.FirstOrDefault(r => r.RegionId == fault.RegionId);
}

/// <summary>One region: what stands, what is under way, and what is being typed.</summary>
public sealed record EntryRow
{
    public required int RegionId { get; init; }

    public required string Code { get; init; }

    public required Bilingual Region { get; init; }

    public required int BasedOn { get; init; }

    public StoredValue? Approved { get; init; }

    public StoredValue? Pending { get; init; }

    /// <summary>Approved value of the period before, for comparison while typing.</summary>
    public decimal? Previous { get; init; }

    public Period? PreviousPeriod { get; init; }

    public string Typed { get; init; } = "";

    public ObservationStatus Status { get; init; } = ObservationStatus.A;

    public string Note { get; init; } = "";
}

public sealed record StoredValue(
    decimal? Value, ObservationStatus Status, RevisionState State, string? Note, string Source, string? Author, string? Reviewer, string? Reason);

/// <summary>The form as it comes back; figures stay text until the store has read them.</summary>
public sealed record EntryForm
{
    public string? Period { get; init; }

    public string? Source { get; init; }

    public Guid RequestId { get; init; }

    public List<EntryFormCell> Cells { get; init; } = [];

    /// <summary>As the page makes it: with a request number, and each region once.</summary>
    public bool IsWhole => RequestId != Guid.Empty && Cells.DistinctBy(c => c.Region).Count() == Cells.Count;
}

public sealed record EntryFormCell
{
    /// <summary>Region code; a region stands in a form once.</summary>
    public string? Region { get; init; }

    public string? Value { get; init; }

    public ObservationStatus Status { get; init; } = ObservationStatus.A;

    public string? Note { get; init; }

    public int BasedOn { get; init; }
}

public static class EntryQueries
{
    /// <summary>The form for one indicator and period: every region of it in the person's scope, or none at all.</summary>
    public static async Task<EntryPage?> EntryPageAsync(
        this PlanDbContext db, CurrentPlan plan, string code, Period? wanted, Guid personId, DateOnly today, CancellationToken ct)
    {
        var cells = db.CellsInScope(personId).Where(c => c.Indicator.PlanId == plan.Id && c.Indicator.Code == code);
        var indicator = await db.Indicators.AsNoTracking().SingleOrDefaultAsync(i => cells.Any(c => c.Indicator.Id == i.Id), ct);
        if (indicator is null)
            return null;

        var periods = WorkQueries.PeriodsDue(plan, indicator.Frequency, today).Reverse().ToList();
        var period = wanted ?? (periods.Count > 0 ? periods[0] : plan.BaselinePeriod);
        if (!periods.Contains(period))
            periods.Insert(0, period);
        var rows = await db.EntryRowsAsync(cells, period, ct);
        return new EntryPage
        {
            IndicatorId = indicator.Id,
            Code = indicator.Code,
            Name = indicator.Name,
            Unit = indicator.Unit,
            Definition = indicator.DefinitionEn is null ? null : new Bilingual(indicator.DefinitionEn, indicator.DefinitionZh ?? indicator.DefinitionEn),
            Decimals = indicator.Decimals,
            Min = indicator.Min,
            Max = indicator.Max,
            Period = period,
            Periods = periods,
            Rows = rows,
            // The source of what was returned comes back with it, unless the returned cells had several.
            Source = rows.Where(r => r.Pending is { State: RevisionState.Returned }).Select(r => r.Pending!.Source).Distinct().ToList() is [var source] ? source : "",
        };
    }

    /// <summary>The form as the store takes it. A region that is not known gets no number and is refused there.</summary>
    public static async Task<Submission> SubmissionAsync(
        this PlanDbContext db, CurrentPlan plan, int indicatorId, Period period, EntryForm form, CancellationToken ct)
    {
        var codes = form.Cells.Select(c => c.Region).OfType<string>().ToArray();
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && codes.Contains(r.Code)).ToDictionaryAsync(r => r.Code, r => r.Id, ct);
        return new Submission
        {
            IndicatorId = indicatorId,
            Period = period,
            Source = form.Source ?? "",
            RequestId = form.RequestId,
            // A value pasted from a spreadsheet may bring blanks around it; inside, nothing is forgiven.
            Cells = [.. form.Cells.Select(c => new TypedCell(
                c.Region is null ? -1 : regions.GetValueOrDefault(c.Region, -1), c.Value?.Trim() ?? "", c.Status, c.Note, c.BasedOn))],
        };
    }

    /// <summary>
    /// The page again with what was typed and why it was not taken. A cell stays based on what the person saw, unless this very page tells them
    /// that it has changed.
    /// </summary>
    public static EntryPage WithFaults(this EntryPage page, EntryForm form, IReadOnlyList<SubmissionFault> faults)
    {
        var typed = form.Cells.Where(c => c.Region is not null).DistinctBy(c => c.Region).ToDictionary(c => c.Region!, StringComparer.Ordinal);
        var rows = page.Rows.Select(row => typed.TryGetValue(row.Code, out var cell)
            ? row with
            {
                Typed = cell.Value ?? "",
                Status = cell.Status,
                Note = cell.Note ?? "",
                BasedOn = faults.Any(f => f.Kind == SubmissionFaultKind.Conflict && f.RegionId == row.RegionId) ? row.BasedOn : cell.BasedOn,
            }
            : row);
        return page with { Rows = [.. rows], Source = form.Source ?? "", RequestId = form.RequestId, Faults = faults };
    }

    private static async Task<List<EntryRow>> EntryRowsAsync(this PlanDbContext db, IQueryable<Cell> cells, Period period, CancellationToken ct)
    {
        var rows = await (
            from cell in cells
            join reading in db.Readings.Where(r => r.Period == period)
                on new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id } equals new { reading.IndicatorId, reading.RegionId } into readings
            from reading in readings.DefaultIfEmpty()
            orderby cell.Region.Position
            select new
            {
                cell.Region.Id,
                cell.Region.Code,
                cell.Region.ShortEn,
                cell.Region.ShortZh,
                BasedOn = reading == null ? 0 : reading.LastNumber,
                Approved = reading == null || reading.ApprovedRevision == null ? null : new StoredValue(
                    reading.ApprovedRevision.Value, reading.ApprovedRevision.Status, reading.ApprovedRevision.State, reading.ApprovedRevision.Note,
                    reading.ApprovedRevision.Source, reading.ApprovedRevision.Author!.DisplayName, reading.ApprovedRevision.Reviewer!.DisplayName, null),
                Pending = reading == null || reading.PendingRevision == null ? null : new StoredValue(
                    reading.PendingRevision.Value, reading.PendingRevision.Status, reading.PendingRevision.State, reading.PendingRevision.Note,
                    reading.PendingRevision.Source, reading.PendingRevision.Author!.DisplayName, reading.PendingRevision.Reviewer!.DisplayName,
                    reading.PendingRevision.Reason),
                Previous = db.Readings
                    .Where(r => r.IndicatorId == cell.Indicator.Id && r.RegionId == cell.Region.Id && r.Value != null && r.PeriodEnd < period.End)
                    .OrderByDescending(r => r.PeriodEnd).Select(r => new { r.Value, r.Period }).FirstOrDefault(),
            }).ToListAsync(ct);
        return [.. rows.Select(r => new EntryRow
        {
            RegionId = r.Id,
            Code = r.Code,
            Region = new Bilingual(r.ShortEn, r.ShortZh),
            BasedOn = r.BasedOn,
            Approved = r.Approved,
            Pending = r.Pending,
            Previous = r.Previous?.Value,
            PreviousPeriod = r.Previous?.Period,
            // What was returned is there to be corrected; everything else starts empty, and empty changes nothing.
            Typed = r.Pending is { State: RevisionState.Returned, Value: { } value } ? Rounding.Exact(value) : "",
            Status = r.Pending is { State: RevisionState.Returned } returned ? returned.Status : ObservationStatus.A,
            Note = r.Pending is { State: RevisionState.Returned, Note: { } note } ? note : "",
        })];
    }
}
