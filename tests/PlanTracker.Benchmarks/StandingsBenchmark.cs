using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PlanTracker.Data;

namespace PlanTracker.Benchmarks;

/// <summary>How large the plan is, and how often each figure is taken; the median counts.</summary>
internal sealed record StandingsMeasure
{
    public int Regions { get; init; } = 3000;

    public int Indicators { get; init; } = 200;

    public int Runs { get; init; } = 3;
}

/// <summary>
/// Judging a whole plan anew: into an empty table, where nothing differs, and where every tenth standing is wrong. Beside it what moving the
/// same rows takes at the least, in the same run.
/// </summary>
internal static class StandingsBenchmark
{
    public static async Task RunAsync(StandingsMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var database = await BenchmarkDatabase.StartAsync(ct);
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await output.WriteLineAsync($"{Environment.ProcessorCount} cores, PostgreSQL {database.PostgresVersion}, .NET {Environment.Version}");
        var filling = Stopwatch.StartNew();
        await SyntheticPlan.FillAsync(connection, measure.Regions, measure.Indicators, ct);
        await output.WriteLineAsync($"synthetic plan of {measure.Regions} regions and {measure.Indicators} indicators made in {filling.Elapsed.TotalSeconds:0} s");

        var (first, same, tenth, reference) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        JudgedPlan judged = default;
        long memory = 0;
        for (var run = 0; run < measure.Runs; run++)
        {
            await SyntheticPlan.ExecuteAsync(connection, "truncate standings", ct);
            first.Add(await SecondsAsync(async () => judged = await RejudgeAsync(database, ct)));
            await SyntheticPlan.ExecuteAsync(connection, "vacuum analyze standings", ct);
            same.Add(await SecondsAsync(() => RejudgeAsync(database, ct)));
            await SyntheticPlan.ExecuteAsync(connection, "update standings set planned = 0 where (indicator_id + region_id) % 10 = 0", ct);
            tenth.Add(await SecondsAsync(() => RejudgeAsync(database, ct)));
            // Before the reference, which holds its rows in memory.
            memory = run == 0 ? Process.GetCurrentProcess().PeakWorkingSet64 : memory;
            reference.Add(await ReferenceAsync(connection, ct));
        }

        foreach (var (name, seconds) in new[] { ("empty table", first), ("nothing differs", same), ("a tenth differs", tenth), ("reference", reference) })
            await output.WriteLineAsync(Line(name, seconds, judged.Series, Median(reference)));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{judged.Series:N0} series; {memory >> 20:N0} MB of memory at the most"));
    }

    private static async Task<JudgedPlan> RejudgeAsync(BenchmarkDatabase database, CancellationToken ct)
    {
        JudgedPlan judged = default;
        await database.WithAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.LockPlanAsync(SyntheticPlan.Id, ct);
            judged = await db.RejudgePlanAsync(SyntheticPlan.Id, ct);
            await transaction.CommitAsync(ct);
        });
        return judged;
    }

    /// <summary>The least that moving the rows takes: all readings out by COPY, all standings into a table with the same indexes by COPY.</summary>
    private static async Task<double> ReferenceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await SyntheticPlan.ExecuteAsync(connection, "drop table if exists reference; create table reference (like standings including all)", ct);
        var standings = new List<string>();
        using (var rows = await connection.BeginTextExportAsync("copy standings to stdout", ct))
        {
            while (await rows.ReadLineAsync(ct) is { } row)
                standings.Add(row);
        }

        return await SecondsAsync(async () =>
        {
            using (var readings = await connection.BeginTextExportAsync("copy readings (indicator_id, region_id, period, value, status) to stdout", ct))
            {
                var buffer = new char[1 << 16];
                while (await readings.ReadBlockAsync(buffer, ct) > 0)
                {
                }
            }

            await using var copy = await connection.BeginTextImportAsync("copy reference from stdin", ct);
            foreach (var row in standings)
            {
                await copy.WriteAsync(row);
                await copy.WriteAsync('\n');
            }
        });
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);

    private static string Line(string name, List<double> seconds, int series, double reference) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-16} {Median(seconds),7:0.0} s (fastest {seconds.Min():0.0})  {series / Median(seconds),10:N0} series/s  {Median(seconds) / reference,5:0.0} x reference");
}
