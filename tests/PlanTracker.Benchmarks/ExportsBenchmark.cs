using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Exports;
using PlanTracker.Domain;

namespace PlanTracker.Benchmarks;

/// <summary>How many readings, and how often each format is written; the median counts.</summary>
internal sealed record ExportsMeasure
{
    public const int Periods = 5;

    public int Rows { get; init; } = 100_000;

    public int Runs { get; init; } = 5;
}

/// <summary>
/// A whole plan in every format, from the question to the last byte of the file. Beside it, in the same run, what <c>psql \copy</c> takes for the
/// same rows in the same order, joined with the same names.
/// </summary>
internal static class ExportsBenchmark
{
    private const int Regions = 1000;

    private static readonly DateOnly PastDay = new(2026, 6, 30);

    public static async Task RunAsync(ExportsMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var database = await BenchmarkDatabase.StartAsync(ct);
        await SyntheticPlan.FillAsync(database, Regions, Math.Max(1, measure.Rows / Regions / ExportsMeasure.Periods), ct);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, PostgreSQL {database.PostgresVersion}, .NET {Environment.Version}, {measure.Rows:N0} rows, median of {measure.Runs}"));

        var measures = new List<(string Name, Func<Task<long>> Work)>
        {
            ("csv", () => WriteAsync(ExportFormat.Csv)),
            ("csv, spreadsheet", () => WriteAsync(ExportFormat.Csv, new ReadingFilter { Profile = "spreadsheet" })),
            ("csv, wide", () => WriteAsync(ExportFormat.Csv, new ReadingFilter { Layout = "wide" })),
            ("csv, past day", () => WriteAsync(ExportFormat.Csv, asOf: PastDay)),
            ("sdmx-csv", () => WriteAsync(ExportFormat.SdmxCsv)),
            ("json-stat", () => WriteAsync(ExportFormat.JsonStat)),
            ("package", () => WriteAsync(ExportFormat.Package)),
            ("xlsx", () => WriteAsync(ExportFormat.Xlsx)),
            ("xlsx, wide", () => WriteAsync(ExportFormat.Xlsx, new ReadingFilter { Layout = "wide" })),
        };
        var times = measures.ToDictionary(m => m.Name, _ => new List<double>(), StringComparer.Ordinal);
        var (reference, pastReference, sizes) = (new List<double>(), new List<double>(), new Dictionary<string, long>(StringComparer.Ordinal));
        for (var run = 0; run <= measure.Runs; run++)
        {
            // In turns, and the first, in which the code is compiled, does not count.
            var copied = await SecondsAsync(() => CopyAsync(database, Rows, ct));
            var pastCopied = await SecondsAsync(() => CopyAsync(database, RowsOfPastDay, ct));
            if (run > 0)
            {
                reference.Add(copied);
                pastReference.Add(pastCopied);
            }

            foreach (var (name, work) in measures)
            {
                var seconds = await SecondsAsync(async () => sizes[name] = await work());
                if (run > 0)
                    times[name].Add(seconds);
            }
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{@"psql \copy",-18} {Median(reference),7:0.00} s (fastest {reference.Min():0.00})"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{@"psql, past day",-18} {Median(pastReference),7:0.00} s (fastest {pastReference.Min():0.00})"));
        foreach (var (name, seconds) in times)
        {
            var least = Median(name.Contains("past", StringComparison.Ordinal) ? pastReference : reference);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{name,-18} {Median(seconds),7:0.00} s (fastest {seconds.Min():0.00})  {measure.Rows / Median(seconds),10:N0} rows/s  {least / Median(seconds),5:0.00} of psql  {sizes[name] / 1e6,7:0.0} MB"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20:N0} MB of memory at the most"));

        async Task<long> WriteAsync(ExportFormat format, ReadingFilter? filter = null, DateOnly? asOf = null)
        {
            long size = 0;
            await database.WithAsync(async db =>
            {
                var query = new ExportQuery(new ExportedPlan(SyntheticPlan.Id, "synthetic", new("Synthetic plan", "合成规划"), "synthetic", "synthetic"), asOf, new Reader(Guid.Empty, IsLimited: false), filter ?? new ReadingFilter());
                var result = await ReadingExport.WriteAsync(db, query, format, Language.English, progress: null, ct);
                await using var file = result.File!;
                size = file.Content.Length;
            });
            return size;
        }
    }

    private const string Columns =
        "select i.code, i.name_en, i.name_zh, g.code, g.name_en, g.name_zh, r.period, v.value, i.unit_en, i.unit_zh, v.status, v.quality, v.source, v.note, coalesce(s.status, 'no-judgement')";

    private const string Names = """
        join indicators i on i.id = r.indicator_id
        join regions g on g.id = r.region_id
        left join standings s on s.indicator_id = r.indicator_id and s.region_id = r.region_id
        where i.plan_id = 1
        """;

    private const string Order = "order by i.position, i.id, g.position, g.id, r.period_end, r.period";

    private const string Rows = $"{Columns} from readings r join reading_revisions v on v.id = r.approved_revision_id {Names} and r.status is not null {Order}";

    /// <summary>The statements that counted at the end of the day; the verdicts of today, as psql judges nothing.</summary>
    private const string RowsOfPastDay = $"""
        {Columns} from readings r join lateral (
            select * from reading_revisions v where v.reading_id = r.id and v.known_on <= '2026-06-30' and (v.known_until is null or v.known_until > '2026-06-30')
            order by coalesce(v.reviewed_at, v.created_at) desc, v.number desc limit 1) v on true
        {Names} {Order}
        """;

    /// <summary>The same rows with the same names in the same order, by PostgreSQL's own client into a file.</summary>
    private static async Task CopyAsync(BenchmarkDatabase database, string rows, CancellationToken ct)
    {
        var file = Path.Combine(Path.GetTempPath(), $"plantracker-copy-{Guid.NewGuid():N}.csv");
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo("psql", ["-X", "-q", "-h", server.Host!, "-p", server.Port.ToString(CultureInfo.InvariantCulture), "-U", server.Username!, "-d", server.Database!,
            "-c", $@"\copy ({rows.ReplaceLineEndings(" ")}) to '{file}' csv header"])
        {
            Environment = { ["PGPASSWORD"] = server.Password },
            UseShellExecute = false,
        };
        using var psql = Process.Start(start)!;
        await psql.WaitForExitAsync(ct);
        if (psql.ExitCode != 0)
            throw new InvalidOperationException("psql did not copy.");
        File.Delete(file);
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);
}
