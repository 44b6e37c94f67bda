using System.Globalization;

namespace PlanTracker.Benchmarks;

/// <summary>How large the plan is, and how long each mix lasts.</summary>
internal sealed record LoadMeasure
{
    public int Regions { get; init; } = 3000;

    public int Indicators { get; init; } = 200;

    public int Periods { get; init; } = 40;

    public int Seconds { get; init; } = 60;

    /// <summary>Letters of the mixes, one after the other; <c>P</c> is what each page takes beside the shipped plan.</summary>
    public string Mix { get; init; } = "PABCDE";

    /// <summary>Where the filled database is kept for another run; none: in a temporary folder.</summary>
    public string? Folder { get; init; }
}

/// <summary>
/// What a large plan and many people do to the site: what each page takes beside the shipped plan, and how long people wait while others ask too. The
/// application is a process of its own; who asks does not wait for the answers to others.
/// </summary>
internal static class LoadBenchmark
{
    private const int Entering = 200, Viewing = 400;

    /// <summary>Of the rising rate.</summary>
    private const double Rise = 1.25;

    private const int StepSeconds = 15, MostSteps = 12;

    public static async Task RunAsync(LoadMeasure measure, TextWriter output, CancellationToken ct)
    {
        var filled = Directory.Exists(measure.Folder);
        await using var load = await BenchmarkDatabase.StartAsync(
            ct,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                // What is filled in one transaction needs no log.
                ["wal_level"] = "minimal",
                ["max_wal_senders"] = "0",
            },
            measure.Folder);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, PostgreSQL {load.PostgresVersion}, .NET {Environment.Version}, {measure.Regions} regions x {measure.Indicators} indicators x {measure.Periods} periods"));
        if (!filled)
            await FillAsync(load, measure, output, ct);
        if (measure.Mix.Contains('P', StringComparison.Ordinal))
            await PagesAsync(load, output, ct);
        if (measure.Mix.Trim('P').Length > 0)
            await MixesAsync(load, measure, output, ct);
    }

    private static async Task FillAsync(BenchmarkDatabase load, LoadMeasure measure, TextWriter output, CancellationToken ct)
    {
        await LoadPlan.FillAsync(load, measure, output, ct);
        // The roles are made where the application starts.
        await using (var start = PagesBenchmark.Application(load, "Production"))
            _ = start.Services;
        await LoadPlan.AddPeopleAsync(load, Entering, Viewing, measure.Regions, ct);
        await SyntheticPlan.ExecuteAsync(load, "analyze", ct);
    }

    public static double Percentile(IReadOnlyCollection<double> values, int percent) => values.Count == 0 ? 0 : values.Order().ElementAt(values.Count * percent / 100);

    private static async Task PagesAsync(BenchmarkDatabase load, TextWriter output, CancellationToken ct)
    {
        await using var seed = await load.BesideAsync("seed", ct);
        await using (var seeding = PagesBenchmark.Application(seed, "Development"))
            _ = seeding.Services;
        await SyntheticPlan.ExecuteAsync(seed, "vacuum analyze", ct);
        await PageCosts.RunAsync(seed, load, output, ct);
    }

    private static async Task MixesAsync(BenchmarkDatabase load, LoadMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var served = await ServedApplication.StartAsync(load.ConnectionString + ";Maximum Pool Size=40", ct);
        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = served.Address, Timeout = TimeSpan.FromSeconds(60) };
        var visitor = new LoadVisitor(client, measure);
        await visitor.SignInAsync(Entering, Viewing, ct);
        var turn = 0;
        // The code is compiled before anything counts.
        await RunAsync(LoadMix.A, TimeSpan.FromSeconds(Math.Min(20, measure.Seconds)));
        foreach (var mix in measure.Mix)
        {
            if (mix is 'E')
                await RiseAsync();
            else if (MixOf(mix) is { } named)
                await WriteAsync(output, named, await RunAsync(named, TimeSpan.FromSeconds(measure.Seconds)), served.Megabytes);
        }

        foreach (var (failure, count) in visitor.Failures)
            await output.WriteLineAsync($"failed: {failure}, {count} times");

        async Task<LoadResult> RunAsync(LoadMix mix, TimeSpan length)
        {
            var result = await mix.RunAsync(visitor, length, turn, ct);
            turn += result.Requests.Count;
            return result;
        }

        async Task RiseAsync()
        {
            var (rate, last, within) = (LoadMix.UsualRate, 0.0, true);
            for (var step = 0; within && step < MostSteps; step++, rate *= Rise)
            {
                var mix = LoadMix.A with { Name = "E", Rate = rate };
                var result = await RunAsync(mix, TimeSpan.FromSeconds(StepSeconds));
                within = result.WithinLimits;
                last = within ? rate : last;
                await WriteAsync(output, mix, result, served.Megabytes);
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"the knee: the limits hold at {last:0} requests a second and not at {last * Rise:0}"));
        }
    }

    private static LoadMix? MixOf(char letter) => letter switch
    {
        'A' => LoadMix.A,
        'B' => LoadMix.B,
        'C' => LoadMix.C,
        'D' => LoadMix.D,
        _ => null,
    };

    private static async Task WriteAsync(TextWriter output, LoadMix mix, LoadResult result, long megabytes)
    {
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"mix {mix.Name}, {mix.Rate:0.0} requests/s, done after {result.Took.TotalSeconds:0} s, application {megabytes} MB, {(result.WithinLimits ? "within" : "outside")} the limits"));
        foreach (var (visit, times, turnedAway, failed) in result.ByVisit)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"  {visit,-11} {times.Count,6}  p50 {Percentile(times, 50),7:0} ms  p95 {Percentile(times, 95),7:0} ms  max {times.DefaultIfEmpty().Max(),7:0} ms  429/503 {turnedAway,5}  failed {failed,5}"));
        }
    }
}
