using System.Diagnostics;
using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using PlanTracker.Data.Packages;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>The application or its database is killed while people write, or is not there at all: what was acknowledged is there, once, and the rest is said.</summary>
[Trait("Speed", "slow")]
public sealed class KilledTests(PublishedApplication published, FilledCluster filled)
{
    private const string Overview = $"/en/plans/{SeededPlan.PlanCode}";
    private const string Form = $"{Overview}/work/I13?from=2021&to=2025";

    [Fact]
    public async Task The_application_is_killed_under_its_writers()
    {
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(50);

        await site.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await site.StartAsync();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(killed);
        await writers.MoreAsync(50);

        (await Ledger.HoldAsync(await writers.StopAsync(), server)).ShouldBeKept().Tell("application killed", again);
    }

    [Fact]
    public async Task PostgreSQL_is_killed_under_its_writers()
    {
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        using var visitor = await Visitor.SignedInAsync(site.Visitor(), "reporter");
        var fields = FieldsOf(await visitor.PageAsync(Form));
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(50);

        await server.KillAsync();
        await ShouldSayThatNothingWasSavedAsync(await visitor.GetAsync(Overview));
        await ShouldSayThatNothingWasSavedAsync(await SendAsync(visitor, fields));
        (await site.StatusAsync("/health/live")).Should().Be(200);
        (await site.StatusAsync("/health/ready")).Should().Be(503);
        await Until.HoldsAsync(() => writers.Refusals.ContainsKey(HttpStatusCode.ServiceUnavailable), "a writer is told to come again");

        var begun = Stopwatch.GetTimestamp();
        await server.ComeBackAsync();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(begun);
        await writers.MoreAsync(50);
        (await site.StatusAsync("/health/ready")).Should().Be(200);
        (await visitor.GetAsync(Overview)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await Ledger.HoldAsync(await writers.StopAsync(), server)).ShouldBeKept().Tell("PostgreSQL killed", again);
    }

    [Fact]
    public async Task A_server_that_acknowledges_what_it_has_not_written_is_found_out()
    {
        // What the product must not be run with: it shows that the comparison would see a loss.
        await using var server = await filled.StartAsync(("synchronous_commit", "off"), ("bgwriter_lru_maxpages", "0"));
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(50);
        using (var logWriter = Process.GetProcessById(await server.AskAsync<int>("select pid from pg_stat_activity where backend_type = 'walwriter'")))
        {
            try
            {
                // A machine that loses its power between the answer and the write.
                await HaltAsync(logWriter);
                await writers.MoreAsync(50);
                await server.KillAsync();
            }
            finally
            {
                logWriter.Kill();
            }
        }

        await server.ComeBackAsync();
        await writers.MoreAsync(1);

        var ledger = await Ledger.HoldAsync(await writers.StopAsync(), server);

        ledger.Lost.Should().BeGreaterThan(0, "{0}", ledger);
        ledger.Doubled.Should().Be(0);
        Ledger.Tell("control, synchronous_commit=off", ledger.ToString());
    }

    [Fact]
    public async Task Without_its_database_the_application_starts_says_so_and_prepares_it_as_soon_as_it_is_there()
    {
        await using var server = await KeptServer.StartAsync();
        await server.StopAsync();
        // Whoever owns the schema; the site as it is shipped waits until the command has made it.
        await using var site = await Site.StartAsync(published, server.ConnectionString, ("Database__MigrateOnStart", "true"));
        using var visitor = site.Visitor();

        (await site.StatusAsync("/health/live")).Should().Be(200);
        (await site.StatusAsync("/health/ready")).Should().Be(503);
        await ShouldSayThatNothingWasSavedAsync(await visitor.GetAsync("/en/account/sign-in"));
        await ShouldSayThatNothingWasSavedAsync(await visitor.GetAsync(Overview));
        (await site.StatusAsync("/api/v1/plans")).Should().Be(503);
        (await site.StatusAsync("/css/site.css")).Should().Be(200, "what the page is drawn with is there");

        var begun = Stopwatch.GetTimestamp();
        await server.ComeBackAsync();
        await Until.HoldsAsync(async () => await site.StatusAsync("/health/ready") == 200, "ready");
        Ledger.Tell("PostgreSQL away at the start", $"schema and plan there and served after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        (await site.StatusAsync("/en/account/sign-in")).Should().Be(200);
        (await server.AskAsync<long>("select count(*) from reading_revisions")).Should().Be(PlanPackage.Read(SeededPlan.PackageFolder).Readings.Count);
    }

    private static async Task HaltAsync(Process process)
    {
        var (exitCode, output) = await PublishedApplication.RunAsync(
            new ProcessStartInfo("/bin/sh", ["-c", "kill -STOP \"$0\"", process.Id.ToString(CultureInfo.InvariantCulture)]), TimeSpan.FromSeconds(30));
        exitCode.Should().Be(0, output);
    }

    private static async Task ShouldSayThatNothingWasSavedAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.Should().NotBeNull();
            using var page = await Visitor.ReadAsync(answer);
            page.QuerySelector("h1")!.TextContent.Should().Be("The database does not answer");
            page.QuerySelector(".finding")!.TextContent.Should().StartWith("Nothing was saved.");
        }
    }

    private static Dictionary<string, string> FieldsOf(IHtmlDocument page)
    {
        using (page)
        {
            return page.QuerySelectorAll("form.grid-form input[name]").OfType<IHtmlInputElement>().Select(i => (i.Name!, i.Value)).Append(("decision", "submit"))
                .DistinctBy(f => f.Item1).ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(Visitor visitor, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await visitor.Client.PostAsync(new Uri(Form, UriKind.Relative), content);
    }
}
