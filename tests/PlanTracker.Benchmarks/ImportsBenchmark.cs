using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data.Files;
using PlanTracker.Data.Imports;

namespace PlanTracker.Benchmarks;

/// <summary>How many rows the file has, and how often each figure is taken; the median counts.</summary>
internal sealed record ImportsMeasure
{
    public int Rows { get; init; } = 1_000_000;

    public int Runs { get; init; } = 3;
}

/// <summary>
/// A CSV file of new figures from the first byte to the finished change set, applied, and read again when all of it stands. Beside it, in the same run,
/// COPY of the rows it becomes into the same tables with their indexes, keys and checks, without the pointers from each reading to its revision.
/// </summary>
internal static class ImportsBenchmark
{
    private const int Years = 5;
    private const int RegionsOfPlan = 1000;

    public static async Task RunAsync(ImportsMeasure measure, TextWriter output, CancellationToken ct)
    {
        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        long memory = 0;
        for (var run = 0; run < measure.Runs; run++)
        {
            await using var database = await BenchmarkDatabase.StartAsync(ct);
            if (run == 0)
                await output.WriteLineAsync($"{Environment.ProcessorCount} cores, PostgreSQL {database.PostgresVersion}, .NET {Environment.Version}");
            await using var connection = await database.Source.OpenConnectionAsync(ct);
            var person = await FillAsync(connection, measure, ct);
            await using var file = FileOf(measure.Rows);
            var size = file.Length;

            var watch = Stopwatch.StartNew();
            var first = await ReceiveAsync(database, file, person, ct);
            await ReadAsync(database, first, ct);
            Count("read and judged", watch);
            watch.Restart();
            await database.WithAsync(async db =>
            {
                var store = new ImportStore(db, TimeProvider.System);
                if (await store.ApplyAsync(first, person, timesRead: 1, "Synthetic.", ct) is { } fault)
                    throw new InvalidOperationException(fault.ToString());
                await new ImportRunner(db, database.Source, store, TimeProvider.System).RunAsync(first, ct);
            });
            Count("applied", watch);
            memory = Math.Max(memory, run == 0 ? Process.GetCurrentProcess().PeakWorkingSet64 : 0);
            await CheckAsync(database, first, i => i.State == ImportState.Applied && i.New == measure.Rows, ct);

            watch.Restart();
            var again = await ReceiveAsync(database, file, person, ct);
            await ReadAsync(database, again, ct);
            Count("read again, all the same", watch);
            await CheckAsync(database, again, i => i.Same == measure.Rows, ct);

            Count("reference", await ReferenceAsync(connection, ct));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: {measure.Rows:N0} rows, {size >> 20} MB"));
        }

        var reference = Median("reference");
        foreach (var name in times.Keys)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {Median(name),7:0.0} s  {measure.Rows / Median(name),10:N0} rows/s  {Median(name) / reference,5:0.00} x reference"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"file to applied: {(Median("read and judged") + Median("applied")) / reference:0.00} x reference; {memory >> 20:N0} MB of memory at the most"));

        void Count(string name, object taken)
        {
            if (!times.TryGetValue(name, out var list))
                times.Add(name, list = []);
            list.Add(taken is Stopwatch watch ? watch.Elapsed.TotalSeconds : (double)taken);
        }

        double Median(string name) => times[name].Order().ElementAt(times[name].Count / 2);
    }

    private static async Task<Guid> FillAsync(NpgsqlConnection connection, ImportsMeasure measure, CancellationToken ct)
    {
        await SyntheticPlan.FillAsync(connection, RegionsOfPlan, measure.Rows / RegionsOfPlan / Years, ct, years: 0);
        var person = Guid.NewGuid();
        await using var command = new NpgsqlCommand("""
            with p as (
                insert into people (id, user_name, display_name, created_at, disabled, reads_own_scope_only, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
                values ($1, 'benchmark', 'Benchmark', now(), false, false, false, false, false, false, 0))
            insert into scope_grants (person_id, region_id) values ($1, 1)
            """, connection);
        // The grant's key is checked at the end of the statement.
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = person });
        await command.ExecuteNonQueryAsync(ct);
        return person;
    }

    private static FileStream FileOf(int rows)
    {
        var file = TemporaryFile.Create();
        using var writer = new StreamWriter(file, leaveOpen: true);
        writer.Write("indicator,region,period,value,observation_status,source,note\n");
        for (var row = 0; row < rows; row++)
        {
            var (indicator, region, year) = ((row / Years / RegionsOfPlan) + 1, (row / Years % RegionsOfPlan) + 1, 2021 + (row % Years));
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"I{indicator},R{region},{year},{100 + (row % Years)}.{row * 31 % 90 + 10},A,\"Synthetic yearbook {year}, table {indicator}\",\n"));
        }

        writer.Flush();
        return file;
    }

    private static async Task<int> ReceiveAsync(BenchmarkDatabase database, FileStream file, Guid person, CancellationToken ct)
    {
        var id = 0;
        await database.WithAsync(async db =>
        {
            file.Position = 0;
            var shape = TableShape.Of(file);
            file.Position = 0;
            var store = new ImportStore(db, TimeProvider.System);
            var import = await store.ReceiveAsync(1, person, "figures.csv", file, shape, ct);
            if (await store.ReadAsync(import.Id, new ColumnPlan { Columns = import.Columns }, ct) is { } fault)
                throw new InvalidOperationException(fault.ToString());
            id = import.Id;
        });
        return id;
    }

    private static Task ReadAsync(BenchmarkDatabase database, int import, CancellationToken ct) => database.WithAsync(db =>
        new ImportRunner(db, database.Source, new ImportStore(db, TimeProvider.System), TimeProvider.System).RunAsync(import, ct));

    private static Task CheckAsync(BenchmarkDatabase database, int id, Func<Import, bool> holds, CancellationToken ct) => database.WithAsync(async db =>
    {
        var import = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == id, ct);
        if (!holds(import))
            throw new InvalidOperationException($"{import.State}: {import.New} new, {import.Changed} changed, {import.Same} same, {import.Errors} errors.");
    });

    private static async Task<double> ReferenceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string readings = "readings (id, indicator_id, region_id, period, last_number)";
        const string revisions = "reading_revisions (id, reading_id, number, value, status, quality, source, note, questions, explanation, author_id, created_at, import_id, state)";
        await using var readingRows = TemporaryFile.Create();
        await using var revisionRows = TemporaryFile.Create();
        foreach (var (table, rows) in new[] { (readings, readingRows), (revisions, revisionRows) })
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)", ct);
            await copy.CopyToAsync(rows, ct);
        }

        await SyntheticPlan.ExecuteAsync(connection, "set session_replication_role = replica; truncate readings, reading_revisions cascade; set session_replication_role = origin; checkpoint", ct);
        var watch = Stopwatch.StartNew();
        foreach (var (table, rows) in new[] { (readings, readingRows), (revisions, revisionRows) })
        {
            rows.Position = 0;
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", ct);
            await rows.CopyToAsync(copy, ct);
        }

        return watch.Elapsed.TotalSeconds;
    }
}
