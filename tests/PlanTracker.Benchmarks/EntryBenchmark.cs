using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Benchmarks;

/// <summary>How many cells at once, and how often each figure is taken.</summary>
internal sealed record EntryMeasure
{
    public int Cells { get; init; } = 1000;

    public int Runs { get; init; } = 5;
}

/// <summary>
/// What keeping, submitting and approving figures takes, from the call of the store to the commit. Beside it, in the same run, the least that writing
/// down as much takes: the revisions and the chained audit events by one statement each, into the same tables with the same indexes and guards.
/// </summary>
internal static class EntryBenchmark
{
    private const int FirstYear = 1960;

    public static async Task RunAsync(EntryMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var database = await BenchmarkDatabase.StartAsync(ct);
        await using (var seeding = PagesBenchmark.Application(database, "Development"))
            _ = seeding.Services;
        await using (var statistics = database.Source.CreateCommand("vacuum analyze"))
            await statistics.ExecuteNonQueryAsync(ct);

        var (reporter, reviewer) = (Guid.Empty, Guid.Empty);
        var series = new List<Series>();
        await database.WithAsync(async db =>
        {
            reporter = await db.Users.Where(u => u.UserName == "reporter").Select(u => u.Id).SingleAsync(ct);
            reviewer = await db.Users.Where(u => u.UserName == "reviewer").Select(u => u.Id).SingleAsync(ct);
            series = await db.CellsInScope(reporter).Where(c => c.Indicator.ReportedBy == ReportedBy.Regional && c.Indicator.Frequency == Frequency.Annual)
                .OrderBy(c => c.Indicator.Id).ThenBy(c => c.Region.Id).Select(c => new Series(c.Indicator.Id, c.Region.Id)).ToListAsync(ct);
        });

        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var run = 0; run <= measure.Runs; run++)
        {
            // Every run has cells of its own, and the first, in which the code is compiled, does not count.
            var cells = Enumerable.Range(0, measure.Cells).Select(i => series[i % series.Count])
                .Select((s, i) => new CellKey(s.IndicatorId, s.RegionId, Period.Annual(FirstYear + (run * 5) + (i / series.Count)))).ToList();
            await TimeAsync("one draft kept", store => store.SaveDraftsAsync([Typed(cells[0])], reporter, ct));
            await TimeAsync("drafts kept", store => store.SaveDraftsAsync([.. cells.Select(Typed)], reporter, ct));
            await TimeAsync("submitted", store => store.SubmitAsync(
                new Submission { Source = "Benchmark", Explanation = "Synthetic.", Cells = [.. cells.Select((c, i) => Typed(c) with { Draft = 1 })], RequestId = Guid.NewGuid() }, reporter, ct));
            List<long> waiting = [];
            await database.WithAsync(async db => waiting = await db.Revisions.Where(r => r.State == RevisionState.Submitted).Select(r => r.Id).ToListAsync(ct));
            if (waiting.Count != measure.Cells)
                throw new InvalidOperationException($"{waiting.Count} of {measure.Cells} wait for review.");
            await TimeAsync("approved", store => store.ApproveAsync(waiting, reviewer, ct));
            await ReferenceAsync();

            async Task TimeAsync(string name, Func<ReadingStore, Task> work) => await database.WithAsync(async db =>
            {
                var start = Stopwatch.GetTimestamp();
                await work(new ReadingStore(db, TimeProvider.System));
                Count(name, start);
            });

            async Task ReferenceAsync()
            {
                var start = Stopwatch.GetTimestamp();
                await using var connection = await database.Source.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                foreach (var sql in new[]
                {
                    $"insert into reading_revisions (reading_id, number, value, status, quality, source, author_id, created_at, state) select reading_id, number + 1000, value, status, quality, source, author_id, created_at, 'submitted' from reading_revisions order by id desc limit {measure.Cells}",
                    $"insert into audit_events (at, action, subject, detail) select now(), 'benchmark', 'x', '{{}}' from generate_series(1, {measure.Cells})",
                })
                {
                    await using var command = connection.CreateCommand();
                    command.CommandText = sql;
                    await command.ExecuteNonQueryAsync(ct);
                }

                await transaction.RollbackAsync(ct);
                Count("reference", start);
            }

            void Count(string name, long start)
            {
                if (run == 0)
                    return;
                if (!times.TryGetValue(name, out var list))
                    times.Add(name, list = []);
                list.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        await output.WriteLineAsync($"{Environment.ProcessorCount} cores, PostgreSQL {database.PostgresVersion}, .NET {Environment.Version}, {measure.Cells} cells, median of {measure.Runs}");
        var reference = Median("reference");
        foreach (var name in times.Keys)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-15} {Median(name),8:0.0} ms  {Median(name) / reference,6:0.0} x reference"));

        double Median(string name) => times[name].Order().ElementAt(times[name].Count / 2);
    }

    private static TypedCell Typed(CellKey key) => new(key, "7") { Status = ObservationStatus.A };
}
