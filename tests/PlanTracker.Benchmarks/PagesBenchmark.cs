using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Platform.Start;

namespace PlanTracker.Benchmarks;

/// <summary>How often each page is asked for.</summary>
internal sealed record PagesMeasure
{
    public int Requests { get; init; } = 500;
}

/// <summary>
/// What the server takes for a page of the shipped plan, from the first middleware to the last byte, for a person who is signed in and a browser
/// that takes Brotli. Beside it an action that answers two letters, through the same middleware in the same run.
/// </summary>
internal static partial class PagesBenchmark
{
    /// <summary>Requests a page that are not counted: the code is compiled, and compiled again for speed.</summary>
    private const int WarmUp = 200;

    private const string Plan = "/en/plans/14fyp-informatization";

    private static readonly (string Name, string Address)[] Pages =
    [
        ("bare action", BareController.Address), ("overview", Plan), ("task", $"{Plan}/elements/T01"), ("region", $"{Plan}/regions/330000"),
        ("indicator", $"{Plan}/indicators/P-RD-EXP"), ("changes", $"{Plan}/changes"),
    ];

    public static async Task RunAsync(PagesMeasure measure, TextWriter output, CancellationToken ct)
    {
        await using var database = await BenchmarkDatabase.StartAsync(ct);
        // Development loads the plan and makes the accounts; what is measured runs as in production.
        await using (var seeding = Application(database, "Development"))
            _ = seeding.Services;
        await using (var statistics = database.Source.CreateCommand("vacuum analyze"))
            await statistics.ExecuteNonQueryAsync(ct);
        await using var application = Application(database, "Production");
        using var client = application.CreateClient();
        await SignInAsync(client, "leader", DemonstrationAccounts.Password, ct);
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");

        var times = Pages.ToDictionary(p => p.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var request = -WarmUp; request < measure.Requests; request++)
        {
            // In turns: whatever else the machine does meets all pages alike.
            foreach (var (name, address) in Pages)
            {
                using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), ct);
                answer.EnsureSuccessStatusCode();
                if (request >= 0)
                    times[name].Add(application.Services.GetRequiredService<ServerTime>().Last.TotalMilliseconds);
            }
        }

        await output.WriteLineAsync($"{Environment.ProcessorCount} cores, PostgreSQL {database.PostgresVersion}, .NET {Environment.Version}, {measure.Requests} requests a page");
        var bare = Percentile(times["bare action"], 50);
        foreach (var (name, _) in Pages)
        {
            var (half, most) = (Percentile(times[name], 50), Percentile(times[name], 95));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-12} p50 {half,6:0.0} ms (fastest {times[name].Min(),5:0.0})  p95 {most,6:0.0} ms  {half / bare,5:0} x bare action"));
        }
    }

    /// <summary>The application is found by any type of its assembly; <c>Program</c> is this one's own.</summary>
    internal static WebApplicationFactory<PlanDbContext> Application(BenchmarkDatabase database, string environment) =>
        new WebApplicationFactory<PlanDbContext>().WithWebHostBuilder(host => host.UseEnvironment(environment).UseContentRoot(AppContext.BaseDirectory)
            .UseSetting("ConnectionStrings:PlanTracker", database.ConnectionString)
            .UseSetting("Serilog:MinimumLevel:Default", "Fatal").UseSetting("Serilog:MinimumLevel:Override:Microsoft", "Fatal")
            .UseSetting("Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Fatal")
            .ConfigureServices(services => services.AddSingleton<ServerTime>().AddSingleton<IStartupFilter, Timed>()
                .AddControllers().AddApplicationPart(typeof(BareController).Assembly)));

    internal static async Task SignInAsync(HttpClient client, string name, string password, CancellationToken ct)
    {
        var address = new Uri("/en/account/sign-in", UriKind.Relative);
        var token = Token().Match(await client.GetStringAsync(address, ct)).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(
            [new("name", name), new("password", password), new("__RequestVerificationToken", token)]);
        using var answer = await client.PostAsync(address, form, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static double Percentile(List<double> values, int percent) => values.Order().ElementAt(values.Count * percent / 100);

    [GeneratedRegex("""__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    internal sealed class ServerTime
    {
        public TimeSpan Last { get; set; }
    }

    /// <summary>Stands before everything else the application does with a request.</summary>
    private sealed class Timed(ServerTime time) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (_, rest) =>
            {
                var start = Stopwatch.GetTimestamp();
                await rest();
                time.Last = Stopwatch.GetElapsedTime(start);
            });
            next(app);
        };
    }
}

/// <summary>The least a page can be.</summary>
public sealed class BareController : Controller
{
    public const string Address = "/bare";

    [HttpGet(Address)]
    public ContentResult Show() => Content("ok");
}
