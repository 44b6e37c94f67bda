using System.Data;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>What is asked for: which plan, on which day, by whom, and what of it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="AsOf">The past day at whose end readings are taken; none: as they are.</param>
/// <param name="Reader">Who asks: what they may not see is not there.</param>
/// <param name="Filter">What of it.</param>
public sealed record ExportQuery(ExportedPlan Plan, DateOnly? AsOf, Reader Reader, ReadingFilter Filter);

/// <summary>The first rows in the layout that was chosen, and how many there are.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Readings">Readings in them.</param>
/// <param name="First">The readings of the first rows.</param>
/// <param name="Periods">The columns of the wide layout.</param>
public sealed record ExportPreview(int Rows, int Readings, IReadOnlyList<ExportedReading> First, IReadOnlyList<Period> Periods);

/// <summary>
/// Approved readings on their way out of the house. Page, file and command are answered from here, so they hold the same rows in the same order:
/// by indicator, region and period.
/// </summary>
public sealed class ReadingExport
{
    private readonly PlanDbContext _db;
    private readonly ExportQuery _query;

    private readonly Dictionary<FilterField, FilterFault> _faults;

    /// <summary>The region that is chosen, with those below it or, of a grouping, its members; none: every region.</summary>
    private readonly int[]? _regions;

    private ReadingExport(PlanDbContext db, ExportQuery query, ExportNames names, int[]? regions) =>
        (_db, _query, Names, _faults, _regions) = (db, query, names, query.Filter.Faults(names), regions);

    public ExportedPlan Plan => _query.Plan;

    /// <summary>What can be chosen.</summary>
    public ExportNames Names { get; }

    /// <summary>What is wrong with the filter; with a fault there are no rows.</summary>
    public IReadOnlyDictionary<FilterField, FilterFault> Faults => _faults;

    public ReadingFilter Filter => _query.Filter;

    public DateOnly? AsOf => _query.AsOf;

    public static async Task<ReadingExport> OpenAsync(PlanDbContext db, ExportQuery query, CancellationToken ct) =>
        new(db, query, await ExportNames.LoadAsync(db, query.Plan, query.Reader, ct), await RegionsAsync(db, query, ct));

    /// <summary>Looked up before: within the statement the database would go through the whole ledger for them.</summary>
    private static async Task<int[]?> RegionsAsync(PlanDbContext db, ExportQuery query, CancellationToken ct) => query.Filter.Region is not { Length: > 0 } code ? null
        : await db.Regions.Where(r => r.RegionSet == query.Plan.RegionSet
                && (db.Regions.Any(g => g.RegionSet == query.Plan.RegionSet && g.Code == code && r.Path.StartsWith(g.Path))
                    || db.RegionMemberships.Any(m => m.RegionId == r.Id && m.Grouping!.RegionSet == query.Plan.RegionSet && m.Grouping.Code == code)))
            .Select(r => r.Id).ToArrayAsync(ct);

    /// <param name="rows">So many rows of the file at the most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ExportPreview> PreviewAsync(int rows, CancellationToken ct)
    {
        var past = _query.AsOf is { } day ? await (await PastStatuses.OpenAsync(_db, Names.Ledger, day, ct)).CompleteAsync(ChosenSeries(), ct) : null;
        var chosen = Chosen(past);
        var count = await CountAsync(chosen, ct);
        if (!Filter.IsWide)
            return new ExportPreview(count.Readings, count.Readings, await ListAsync(Rows(chosen).Take(rows), past, ct), []);

        var periods = await PeriodsAsync(chosen, ct);
        // No series has more readings than there are periods: the first series are whole among so many readings.
        var first = await ListAsync(Rows(chosen).Take(rows * periods.Count), past, ct);
        var shown = first.Select(r => (r.Indicator, r.Region)).Distinct().Take(rows).ToHashSet();
        return new ExportPreview(count.Series, count.Readings, [.. first.TakeWhile(r => shown.Contains((r.Indicator, r.Region)))], periods);
    }

    /// <summary>
    /// Writes the file, every row as it stood at one moment, into a temporary one: what fails on the way leaves nothing that could be taken for whole.
    /// </summary>
    /// <param name="db">The database.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="format">The format.</param>
    /// <param name="language">Of the names, where the format has room for one only.</param>
    /// <param name="progress">Told how many readings were written, now and then.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<ExportResult> WriteAsync(
        PlanDbContext db, ExportQuery query, ExportFormat format, Language language, Action<long>? progress, CancellationToken ct)
    {
        // Judging a past day reads as much as the file and may take as long.
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        await using var moment = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var export = await OpenAsync(db, query, ct);
        if (export.Faults.Count > 0)
            return new ExportResult(export, File: null);
        var past = query.AsOf is { } day ? await PastStatuses.OpenAsync(db, export.Names.Ledger, day, ct) : null;
        if (past is not null && !query.Filter.TakesWholeSeries)
            await past.CompleteAsync(export.ChosenSeries(), ct);
        var chosen = export.Chosen(past);
        // A workbook that is too small for its rows would be noticed at its end only.
        if (format == ExportFormat.Xlsx && await CountAsync(chosen, ct) is var count && !format.Takes(query.Filter.IsWide ? count.Series : count.Readings))
        {
            export._faults.Add(FilterField.Layout, FilterFault.TooManyRows);
            return new ExportResult(export, File: null);
        }

        var contents = new ExportContents
        {
            Export = export,
            Language = language,
            Rows = Rows(chosen).StreamAsync(export.Names, past, ct).CountedAsync(progress, ct),
            Dimensions = format.NeedsDimensions(query.Filter) ? await export.DimensionsAsync(chosen, ct) : ExportDimensions.None,
        };
        return new ExportResult(export, await ExportedFile.MakeAsync(format, contents, ct));
    }

    /// <summary>Readings of the series that are chosen, whatever their period and kind.</summary>
    private IQueryable<KnownReading> ChosenSeries()
    {
        var readings = _db.KnownReadings(_query.AsOf).Where(k => k.Reading.Indicator!.PlanId == Plan.Id).ReadableBy(_db, _query.Reader);
        if (Filter.Task is { Length: > 0 } task)
        {
            readings = readings.Where(k => _db.IndicatorElements.Any(s => s.IndicatorId == k.Reading.IndicatorId
                && _db.Elements.Any(e => e.PlanId == Plan.Id && e.Code == task && s.Element!.PlanId == Plan.Id && s.Element.Path.StartsWith(e.Path))));
        }

        if (Filter.Indicator is { Length: > 0 } code)
        {
            var indicator = Names.Indicators.Values.FirstOrDefault(i => string.Equals(i.Code, code, StringComparison.Ordinal))?.Id;
            readings = readings.Where(k => k.Reading.IndicatorId == indicator);
        }

        if (_regions is { } regions)
            readings = readings.Where(k => regions.Contains(k.Reading.RegionId));
        return readings;
    }

    private IQueryable<JudgedReading> Chosen(PastStatuses? past)
    {
        var readings = ChosenSeries();
        if (Period.TryParse(Filter.From, out var from))
            readings = readings.Where(k => k.Reading.PeriodEnd >= from.End);
        if (Period.TryParse(Filter.To, out var to))
            readings = readings.Where(k => k.Reading.PeriodEnd <= to.End);
        if (Kebab.TryParse<ObservationStatus>(Filter.Observation ?? "", out var observation))
            readings = readings.Where(k => k.Revision.Status == observation);
        Status? wanted = Kebab.TryParse<Status>(Filter.Status ?? "", out var status) ? status : null;
        return past is null ? StandingToday(readings, wanted) : StandingThen(readings, wanted, past);
    }

    /// <summary>A series that only says why it has no value stands nowhere, and is not judged.</summary>
    private IQueryable<JudgedReading> StandingToday(IQueryable<KnownReading> readings, Status? wanted) =>
        from known in readings
        join standing in _db.Standings on new { known.Reading.IndicatorId, known.Reading.RegionId } equals new { standing.IndicatorId, standing.RegionId } into standings
        from standing in standings.DefaultIfEmpty()
        where wanted == null || ((Status?)standing!.Status ?? Status.NoJudgement) == wanted
        select new JudgedReading { Known = known, Status = (Status?)standing!.Status };

    private static IQueryable<JudgedReading> StandingThen(IQueryable<KnownReading> readings, Status? wanted, PastStatuses past)
    {
        if (wanted is { } status)
        {
            // Without a verdict is also what has no value to judge.
            var without = status == Status.NoJudgement;
            var keys = past.Where(s => without ? s != Status.NoJudgement : s == status).Select(Key).ToArray();
            readings = readings.Where(k => keys.Contains((k.Reading.IndicatorId * KeyFactor) + k.Reading.RegionId) != without);
        }

        return readings.Select(k => new JudgedReading { Known = k });
    }

    private sealed class JudgedReading
    {
        public required KnownReading Known { get; init; }

        public Status? Status { get; init; }
    }

    // Two numbers as one, so that a list of series is one parameter.
    private const long KeyFactor = 1L << 32;

    private static long Key(Series series) => (series.IndicatorId * KeyFactor) + series.RegionId;

    private static IQueryable<ReadingRow> Rows(IQueryable<JudgedReading> readings) =>
        from judged in readings
        let known = judged.Known
        let r = known.Reading
        orderby r.Indicator!.Position, r.IndicatorId, r.Region!.Position, r.RegionId, r.PeriodEnd, r.Period
        select new ReadingRow
        {
            IndicatorId = r.IndicatorId,
            RegionId = r.RegionId,
            Period = r.Period,
            Value = known.Value,
            Observation = known.Revision.Status,
            Quality = known.Revision.Quality,
            Source = known.Revision.Source,
            Note = known.Revision.Note,
            Status = judged.Status,
        };

    private static async Task<(int Readings, int Series)> CountAsync(IQueryable<JudgedReading> chosen, CancellationToken ct)
    {
        var counted = await chosen.GroupBy(_ => 1).Select(g => new
        {
            Readings = g.Count(),
            Series = g.Select(j => (j.Known.Reading.IndicatorId * KeyFactor) + j.Known.Reading.RegionId).Distinct().Count(),
        }).SingleOrDefaultAsync(ct);
        return (counted?.Readings ?? 0, counted?.Series ?? 0);
    }

    private async Task<List<ExportedReading>> ListAsync(IQueryable<ReadingRow> rows, PastStatuses? past, CancellationToken ct) =>
        [.. (await rows.ToListAsync(ct)).Select(r => new ExportedReading(
            Names.Indicators[r.IndicatorId], Names.Regions[r.RegionId], r.Period.ToString(), r.Value, Kebab.Of(r.Observation), Kebab.Of(r.Quality), r.Source, r.Note ?? "",
            past?.Of(new Series(r.IndicatorId, r.RegionId)) ?? r.Status ?? Status.NoJudgement))];

    private async Task<ExportDimensions> DimensionsAsync(IQueryable<JudgedReading> chosen, CancellationToken ct)
    {
        var indicators = await chosen.Select(j => j.Known.Reading.IndicatorId).Distinct().ToHashSetAsync(ct);
        var regions = await chosen.Select(j => j.Known.Reading.RegionId).Distinct().ToHashSetAsync(ct);
        return new ExportDimensions(
            [.. Names.Indicators.Values.Where(i => indicators.Contains(i.Id))], [.. Names.Regions.Values.Where(r => regions.Contains(r.Id))], await PeriodsAsync(chosen, ct));
    }

    private static async Task<List<Period>> PeriodsAsync(IQueryable<JudgedReading> chosen, CancellationToken ct) =>
        [.. (await chosen.Select(j => j.Known.Reading.Period).Distinct().ToListAsync(ct)).Order()];
}

/// <summary>A file, or what is wrong with the filter.</summary>
public sealed record ExportResult(ReadingExport Export, ExportedFile? File);
