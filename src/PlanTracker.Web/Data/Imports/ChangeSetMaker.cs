using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>How many rows of a change set say what.</summary>
public readonly record struct ChangeCounts(int Rows, int New, int Changed, int Same, int Blank, int Errors, int Questioned, int Unexplained);

/// <summary>
/// Makes the change set of a file: reads it into a table of this session, holds it series by series against what stands, scope, locks and rules, and
/// writes the judged rows. Memory depends on the number of series, not on that of rows.
/// </summary>
internal sealed class ChangeSetMaker(PlanDbContext db, NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>So many rows are judged together, and the rest of their last series.</summary>
    private const int RowsAtOnce = 20_000;

    private const string CopyFound =
        "copy found_figures (position, line, place, indicator_id, region_id, period, value, status, note, source, explanation, blank, fault, typed, bound) from stdin (format binary)";

    private const string CopyRows = """
        copy import_rows (import_id, position, line, "column", indicator_id, region_id, period, value, status, note, source, explanation, verdict, questions,
            fault, typed, "limit", based_on, before, status_before, waits) from stdin (format binary)
        """;

    private PlanNames _names = null!;
    private bool _noteStated;
    private bool _sourceGiven;
    private bool _seesAll;
    private HashSet<Series> _scope = [];
    private HashSet<CellKey> _locked = [];
    private HashSet<CellKey> _sums = [];
    private CellKey? _last;
    private int _lastLine;
    private ChangeCounts _counts;

    /// <exception cref="FileRefusedException">The file is no table.</exception>
    public async Task<ChangeCounts> MakeAsync(Import import, Stream file, ImportWatch watch)
    {
        var ct = watch.Stop;
        var plan = new ColumnPlan { Columns = import.Columns, Indicator = import.Indicator, Region = import.Region, Period = import.Period, Source = import.Source };
        _names = await PlanNames.OfAsync(db, import.PlanId, ct);
        (_noteStated, _sourceGiven) = (plan.Has(ColumnUse.Note), import.Source is not null);
        _seesAll = !(await db.ReaderAsync(import.PersonId, ct)).IsLimited;
        var reader = new FigureReader(plan, import.Header, _names, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) { IsWorksheet = import.Format == FileFormat.Workbook };

        await using var session = await source.OpenConnectionAsync(ct);
        await using var transaction = await session.BeginTransactionAsync(ct);
        await ExecuteAsync(session, """
            create temporary table found_figures (position int, line int, place int, indicator_id int, region_id int, period text, value numeric, status text,
                note text, source text, explanation text, blank boolean, fault text, typed text, bound numeric) on commit drop
            """, ct);
        await TakeInAsync(import, reader, file, session, watch);
        await ExecuteAsync(session, "analyze found_figures", ct);
        await LookUpAsync(import, session, ct);
        await JudgeAllAsync(import, session, watch);
        return _counts;
    }

    private static async Task TakeInAsync(Import import, FigureReader reader, Stream file, NpgsqlConnection session, ImportWatch watch)
    {
        var position = 0;
        using var table = TableShape.Open(file, import.Encoding, import.Separator, import.Sheet);
        _ = TableShape.ReadHeader(table);
        await using var copy = await session.BeginBinaryImportAsync(CopyFound, watch.Stop);
        while (table.Read())
        {
            foreach (var figure in reader.Read(table.Line, table.Cells))
            {
                if (++position > TableShape.MostRows)
                    throw new FileRefusedException(FileFaultKind.TooManyRows, table.Line);
                await WriteAsync(copy, position, figure, watch.Stop);
            }

            (watch.Bytes, watch.Rows) = (file.Position, position);
        }

        (watch.Bytes, watch.Rows, watch.Found) = (import.Size, 0, position);
        await copy.CompleteAsync(watch.Stop);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, int position, FoundFigure figure, CancellationToken ct)
    {
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(position, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.Line, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.Column, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.Indicator?.Id, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.RegionId, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.Period?.ToString(), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Value, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(Written(figure.Status), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Note, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Source, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Explanation, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Blank, NpgsqlDbType.Boolean, ct);
        await copy.WriteAsync(Written(figure.Fault), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Typed, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Limit, NpgsqlDbType.Numeric, ct);
    }

    /// <summary>Scope and locks of the cells in the file, and the sums they do not fit into.</summary>
    private async Task LookUpAsync(Import import, NpgsqlConnection session, CancellationToken ct)
    {
        var indicatorIds = await ColumnAsync<int>(session, "select distinct indicator_id from found_figures where indicator_id is not null", ct);
        var regionIds = await ColumnAsync<int>(session, "select distinct region_id from found_figures where region_id is not null", ct);
        var periods = (await ColumnAsync<string>(session, "select distinct period from found_figures where period is not null", ct)).ConvertAll(Period.Parse);
        var cells = await db.CellsInScopeAsync(import.PlanId, import.PersonId, ct);
        _scope = await cells.Where(c => indicatorIds.Contains(c.Indicator.Id) && regionIds.Contains(c.Region.Id))
            .Select(c => new Series(c.Indicator.Id, c.Region.Id)).AsAsyncEnumerable().ToHashSetAsync(cancellationToken: ct);
        _locked = (await db.LockedCellsAsync(indicatorIds, regionIds, periods, import.PersonId, clock.GetUtcNow(), ct))
            .Select(l => new CellKey(l.IndicatorId, l.RegionId, l.Period)).ToHashSet();
        _sums = [];
        // Whoever asks often enough would find out what the others have.
        if (!_seesAll)
            return;
        foreach (var indicator in indicatorIds.Select(id => _names.Indicators[id]).Where(i => i.Rules.SumTolerance is not null))
            await AskAboutSumsAsync(indicator, session, ct);
    }

    private async Task AskAboutSumsAsync(NamedIndicator indicator, NpgsqlConnection session, CancellationToken ct)
    {
        var incoming = new Dictionary<Period, Dictionary<int, decimal>>();
        await using (var command = new NpgsqlCommand(EmbeddedSql.Read("import-incoming-figures"), session))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = indicator.Id });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                var period = Period.Parse(rows.GetString(0));
                if (!incoming.TryGetValue(period, out var figures))
                    incoming.Add(period, figures = []);
                figures[rows.GetInt32(1)] = rows.GetDecimal(2);
            }
        }

        foreach (var (period, sum) in await db.SumsOfRegionsAsync(indicator.Id, [.. incoming.Keys], ct))
        {
            if (sum.AskedAbout(indicator.Rules, incoming[period]) is { } regionId)
                _sums.Add(new CellKey(indicator.Id, regionId, period));
        }
    }

    private async Task JudgeAllAsync(Import import, NpgsqlConnection session, ImportWatch watch)
    {
        await using var target = await source.OpenConnectionAsync(watch.Stop);
        await using var transaction = await target.BeginTransactionAsync(watch.Stop);
        await ExecuteAsync(target, "delete from import_rows where import_id = $1", watch.Stop, import.Id);
        await using (var copy = await target.BeginBinaryImportAsync(CopyRows, watch.Stop))
        {
            await using var command = new NpgsqlCommand(EmbeddedSql.Read("import-found-figures"), session) { CommandTimeout = 0 };
            await using var rows = await command.ExecuteReaderAsync(watch.Stop);
            var page = new List<JudgedFigure>();
            var more = true;
            while (more)
            {
                more = await rows.ReadAsync(watch.Stop);
                var next = more ? FigureOf(rows) : null;
                // A series stays together: a figure is questioned by the one before it.
                if (page.Count > 0 && (next is null || (page.Count >= RowsAtOnce && next.Key?.Series != page[^1].Key?.Series)))
                {
                    await JudgeAsync(page, watch.Stop);
                    foreach (var figure in page)
                        await WriteAsync(copy, import.Id, figure, watch.Stop);
                    watch.Rows = _counts.Rows;
                    page.Clear();
                }

                if (next is not null)
                    page.Add(next);
            }

            await copy.CompleteAsync(watch.Stop);
        }

        await transaction.CommitAsync(watch.Stop);
    }

    private JudgedFigure FigureOf(NpgsqlDataReader row)
    {
        var found = new FoundFigure
        {
            Line = row.GetInt32(1),
            Column = row.GetInt32(2),
            Indicator = row.IsDBNull(3) ? null : _names.Indicators[row.GetInt32(3)],
            RegionId = row.IsDBNull(4) ? null : row.GetInt32(4),
            Period = Text(row, 5) is { } period ? Period.Parse(period) : null,
            Value = row.IsDBNull(6) ? null : row.GetDecimal(6),
            Status = Text(row, 7) is { } status ? Kebab.Parse<ObservationStatus>(status) : null,
            Note = Text(row, 8),
            Source = Text(row, 9),
            Explanation = Text(row, 10),
            Blank = row.GetBoolean(11),
            Fault = Text(row, 12) is { } fault ? Kebab.Parse<RowFault>(fault) : null,
            Typed = Text(row, 13),
            Limit = row.IsDBNull(14) ? null : row.GetDecimal(14),
        };
        return new JudgedFigure
        {
            Position = row.GetInt32(0),
            Found = found,
            LastNumber = row.GetInt32(15),
            Stands = row.GetBoolean(16),
            Waits = row.GetBoolean(17),
            Before = row.IsDBNull(18) ? null : row.GetDecimal(18),
            StatusBefore = Text(row, 19) is { } before ? Kebab.Parse<ObservationStatus>(before) : null,
            NoteBefore = Text(row, 20),
            SourceBefore = Text(row, 21),
            Fault = found.Fault,
            Limit = found.Limit,
        };
    }

    private async Task JudgeAsync(List<JudgedFigure> page, CancellationToken ct)
    {
        foreach (var figure in page)
        {
            figure.Fault = FaultOf(figure);
            figure.Verdict = figure.Fault is null ? figure.Compared(_noteStated) : RowVerdict.Error;
            if (figure.Changes && figure.Found.Source is null && !_sourceGiven)
                (figure.Fault, figure.Verdict) = (RowFault.SourceMissing, RowVerdict.Error);
        }

        foreach (var group in page.Where(f => f.Changes && f.Found.Value is not null).GroupBy(f => f.Found.Period!.Value.Frequency))
            await AskAsync([.. group.OrderBy(f => f.Found.Period)], ct);
        foreach (var figure in page)
            Count(figure);
    }

    private RowFault? FaultOf(JudgedFigure figure)
    {
        if (figure.Key is not { } key || figure.Found.Blank)
            return figure.Found.Fault;
        if (_last == key)
        {
            figure.Limit = _lastLine;
            return RowFault.StandsTwice;
        }

        (_last, _lastLine) = (key, figure.Found.Line);
        var inScope = _scope.Contains(key.Series);
        // What stands already breaks no rule by being said again, to whoever may see it.
        if (figure.Found.CanStand && (inScope || _seesAll) && figure.Compared(_noteStated) == RowVerdict.Same)
            return null;
        if (!inScope)
            return RowFault.OutOfScope;
        return figure.Found.Fault ?? (_locked.Contains(key) ? RowFault.PeriodLocked : null);
    }

    /// <summary>The same questions as about typed figures, from what stands and from what the file says before.</summary>
    private async Task AskAsync(IReadOnlyList<JudgedFigure> figures, CancellationToken ct)
    {
        var histories = await db.SeriesHistoriesAsync(
            [.. figures.Select(f => f.Found.Indicator!.Id).Distinct()], [.. figures.Select(f => f.Found.RegionId!.Value).Distinct()],
            figures[0].Found.Period!.Value, figures[^1].Found.Period!.Value, ct);
        foreach (var series in figures.GroupBy(f => f.Key!.Value.Series))
        {
            var history = histories.GetValueOrDefault(series.Key, SeriesHistory.None);
            Observation? inFile = null;
            foreach (var figure in series)
            {
                var (period, value, rules) = (figure.Found.Period!.Value, figure.Found.Value!.Value, figure.Found.Indicator!.Rules);
                var stands = history.Before(period);
                var before = inFile is { } earlier && (stands is null || earlier.Period >= stands.Value.Period) ? inFile : stands;
                IEnumerable<Warning> asked = rules.Ask(value, before?.Value, history.Usual);
                figure.Questions = [.. _sums.Contains(figure.Key!.Value) ? asked.Append(Warning.RegionsDoNotAddUp) : asked];
                inFile = new Observation(period, value);
            }
        }
    }

    private void Count(JudgedFigure figure) => _counts = _counts with
    {
        Rows = _counts.Rows + 1,
        New = _counts.New + (figure.Verdict == RowVerdict.New ? 1 : 0),
        Changed = _counts.Changed + (figure.Verdict == RowVerdict.Changed ? 1 : 0),
        Same = _counts.Same + (figure.Verdict == RowVerdict.Same ? 1 : 0),
        Blank = _counts.Blank + (figure.Verdict == RowVerdict.Blank ? 1 : 0),
        Errors = _counts.Errors + (figure.Verdict == RowVerdict.Error ? 1 : 0),
        Questioned = _counts.Questioned + (figure.Questions.Count > 0 ? 1 : 0),
        Unexplained = _counts.Unexplained + (figure.Questions.Count > 0 && figure.Found.Explanation is null ? 1 : 0),
    };

    private async Task WriteAsync(NpgsqlBinaryImporter copy, int importId, JudgedFigure figure, CancellationToken ct)
    {
        var found = figure.Found;
        // What stands or waits in a cell outside the scope is nobody's business, also of one that was left blank or stands twice.
        var known = figure.Key is { } key && (_scope.Contains(key.Series) || (_seesAll && figure.Verdict == RowVerdict.Same));
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(importId, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(figure.Position, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(found.Line, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(found.Column, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(found.Indicator?.Id, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(found.RegionId, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(found.Period?.ToString(), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(found.Value, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(Written(found.Status), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(found.Note, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(found.Source, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(found.Explanation, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(Kebab.Of(figure.Verdict), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Questions.Count == 0 ? null : string.Join(' ', figure.Questions), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(Written(figure.Fault), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(found.Typed, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(figure.Limit, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(known ? figure.LastNumber : 0, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(known ? figure.Before : null, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(known ? Written(figure.StatusBefore) : null, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(known && figure.Waits, NpgsqlDbType.Boolean, ct);
    }

    private static string? Written<T>(T? value)
        where T : struct, Enum =>
        value is { } v ? Kebab.Of(v) : null;

    private static string? Text(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static async Task<List<T>> ColumnAsync<T>(NpgsqlConnection session, string sql, CancellationToken ct)
    {
        var values = new List<T>();
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            values.Add(rows.GetFieldValue<T>(0));
        return values;
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, session) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync(ct);
    }
}
