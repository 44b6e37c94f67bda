using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Platform.Start;

namespace PlanTracker.Benchmarks;

/// <summary>What a page takes the server with the shipped plan and with the plan of the load: in turns, in one run, with the number of statements.</summary>
internal static class PageCosts
{
    private const int WarmUp = 100;
    private const int Counted = 100;
    private const string Seed = "/en/plans/14fyp-informatization", Load = $"/en/plans/{LoadPlan.Code}";

    /// <summary>A page that takes long is asked for less often.</summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(20);

    private static readonly (string Name, string Seed, string Load)[] s_pages =
    [
        ("overview", Seed, Load), ("task", $"{Seed}/elements/T01", $"{Load}/elements/T01"), ("region", $"{Seed}/regions/330000", $"{Load}/regions/R77"),
        ("indicator", $"{Seed}/indicators/P-RD-EXP", $"{Load}/indicators/I5"), ("why", $"{Seed}/indicators/P-RD-EXP/why?region=330000", $"{Load}/indicators/I5/why?region=R77"),
        ("changes", $"{Seed}/changes", $"{Load}/changes"), ("indicators", $"{Seed}/indicators", $"{Load}/indicators"), ("regions", $"{Seed}/regions", $"{Load}/regions"),
    ];

    public static async Task RunAsync(BenchmarkDatabase seed, BenchmarkDatabase load, TextWriter output, CancellationToken ct)
    {
        await using var seedApplication = PagesBenchmark.Application(seed, "Production");
        await using var loadApplication = PagesBenchmark.Application(load, "Production");
        using var seedClient = seedApplication.CreateClient();
        using var loadClient = loadApplication.CreateClient();
        await PagesBenchmark.SignInAsync(seedClient, "leader", DemonstrationAccounts.Password, ct);
        await PagesBenchmark.SignInAsync(loadClient, "views-0", LoadPlan.Password, ct);

        await output.WriteLineAsync("page           seed p50   load p50  times  statements  kB");
        foreach (var (name, seedAddress, loadAddress) in s_pages)
        {
            try
            {
                await output.WriteLineAsync(await LineAsync(name, seedAddress, loadAddress));
            }
            catch (InvalidOperationException refused)
            {
                await output.WriteLineAsync($"{name,-12} {refused.Message}");
            }
        }

        async Task<string> LineAsync(string name, string seedAddress, string loadAddress)
        {
            var (small, large) = (new List<double>(), new List<double>());
            var start = Stopwatch.GetTimestamp();
            for (var request = -WarmUp; request < Counted && (Stopwatch.GetElapsedTime(start) < s_most || large.Count < 3); request++)
            {
                // Those that take long need no warming up.
                if (Stopwatch.GetElapsedTime(start) > s_most / 3 && request < 0)
                    request = 0;
                var (before, after) = (await TakeAsync(seedApplication.Services, seedClient, seedAddress, ct), await TakeAsync(loadApplication.Services, loadClient, loadAddress, ct));
                if (request >= 0)
                {
                    small.Add(before);
                    large.Add(after);
                }
            }

            using var statements = new Statements(load.ConnectionString);
            using var answer = await loadClient.GetAsync(new Uri(loadAddress, UriKind.Relative), ct);
            var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
            var (s, l) = (LoadBenchmark.Percentile(small, 50), LoadBenchmark.Percentile(large, 50));
            return string.Create(CultureInfo.InvariantCulture, $"{name,-12} {s,8:0.0} ms {l,8:0.0} ms {l / s,6:0.0} {statements.Count,11} {bytes.Length / 1000,4}");
        }
    }

    private static async Task<double> TakeAsync(IServiceProvider services, HttpClient client, string address, CancellationToken ct)
    {
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), ct);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{address} is answered with {(int)answer.StatusCode}.");
        return services.GetRequiredService<PagesBenchmark.ServerTime>().Last.TotalMilliseconds;
    }

    /// <summary>Every statement sent to one database while this lives.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly ActivityListener _listener;
        private int _count;

        public Statements(string connectionString)
        {
            var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = activity =>
                {
                    if (activity.GetTagItem("db.query.text") is string && (string?)activity.GetTagItem("db.namespace") == database)
                        Interlocked.Increment(ref _count);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public int Count => _count;

        public void Dispose() => _listener.Dispose();
    }
}
