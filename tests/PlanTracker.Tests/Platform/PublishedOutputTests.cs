using System.Diagnostics;
using System.Globalization;
using System.Net;
using AngleSharp.Html.Parser;
using Npgsql;
using PlanTracker.Data.Packages;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>What the container runs: the published files, in Production, with the variables of <c>docker-compose.yml</c>.</summary>
public sealed class PublishedOutputTests(PublishedApplication published, TestCluster cluster)
{
    private const string HealthCheck = "services/web/healthcheck/test";

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Into_an_empty_database_it_brings_schema_and_plan_and_is_ready()
    {
        var database = await cluster.EmptyDatabaseAsync();
        await using var app = await published.StartAsync(await published.MigrateAsync(database));
        using var client = app.Client();

        using var ready = await client.GetAsync("/health/ready", Cancelled);
        using var home = await client.GetAsync("/en", Cancelled);

        ready.StatusCode.Should().Be(HttpStatusCode.OK);
        home.StatusCode.Should().Be(HttpStatusCode.Redirect);
        home.Headers.Location!.ToString().Should().StartWith("/en/account/sign-in");
        (await AskAsync<string>(database, "select string_agg(code, ',') from plans")).Should().Be(SeededPlan.PlanCode);
        (await AskAsync<long>(database, "select count(*) from reading_revisions")).Should().Be(PlanPackage.Read(SeededPlan.PackageFolder).Readings.Count);
    }

    [Fact]
    public async Task With_a_schema_that_is_behind_it_says_what_to_run_and_does_not_serve()
    {
        var start = async () => await published.StartAsync(await cluster.EmptyDatabaseAsync());

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("The schema of the database is behind").And.Contain("Run 'migrate --grant-to");
    }

    [Fact]
    public async Task There_is_no_demonstration_account_and_no_password_that_opens_the_door()
    {
        var database = await cluster.EmptyDatabaseAsync();
        await using var app = await published.StartAsync(await published.MigrateAsync(database));
        using var client = app.Client();

        using var page = await client.GetAsync("/en/account/sign-in", Cancelled);
        var html = await page.Content.ReadAsStringAsync(Cancelled);

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        html.Should().NotContain(DemonstrationAccounts.Password).And.NotContainEquivalentOf("demonstration");
        (await AskAsync<long>(database, "select count(*) from people")).Should().Be(0);
        foreach (var account in DemonstrationAccounts.All)
        {
            using var answer = await PostAsync(client, "/en/account/sign-in", ("name", account.Name), ("password", DemonstrationAccounts.Password));
            answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "there is no {0}", account.Name);
        }
    }

    [Fact]
    public async Task The_first_administrator_sets_a_password_with_the_code_that_the_command_prints()
    {
        var database = await published.MigrateAsync(await cluster.EmptyDatabaseAsync());
        await using var app = await published.StartAsync(database);
        using var client = app.Client();

        var (exitCode, output) = await published.CommandAsync(database, "create-admin", "chief");
        exitCode.Should().Be(0, output);
        var code = output[(output.IndexOf("One-time code: ", StringComparison.Ordinal) + "One-time code: ".Length)..].Trim();
        const string Password = "correct horse battery";

        using var early = await PostAsync(client, "/en/account/sign-in", ("name", "chief"), ("password", Password));
        using var set = await PostAsync(client, "/en/account/set-up", ("name", "chief"), ("code", code), ("password", Password));
        using var signedIn = await PostAsync(client, "/en/account/sign-in", ("name", "chief"), ("password", Password));
        using var overview = await client.GetAsync($"/en/plans/{SeededPlan.PlanCode}", Cancelled);

        early.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        set.StatusCode.Should().Be(HttpStatusCode.Redirect);
        signedIn.StatusCode.Should().Be(HttpStatusCode.Redirect);
        overview.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_tls_cookies_are_secure_and_browsers_stay_with_https()
    {
        await using var app = await published.StartAsync(await cluster.SeededDatabaseAsync(), ("SITE_HTTPS", "true"), ("ALLOWED_HOSTS", "plan.example.org"));
        using var client = app.Client();

        using var asked = new HttpRequestMessage(HttpMethod.Get, "/en/account/sign-in") { Headers = { Host = "plan.example.org" } };
        using var page = await client.SendAsync(asked, Cancelled);
        using var otherHost = await client.GetAsync("/en/account/sign-in", Cancelled);

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Headers.GetValues("Set-Cookie").Should().OnlyContain(c => c.Contains("; secure", StringComparison.Ordinal))
            .And.Contain(c => c.StartsWith("__Host-", StringComparison.Ordinal));
        page.Headers.Should().ContainKey("Strict-Transport-Security");
        otherHost.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task It_stops_cleanly_when_it_is_asked_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        await using var app = await published.StartAsync(await cluster.SeededDatabaseAsync());

        var exitCode = await app.StopAsync(Soon);

        exitCode.Should().Be(0, app.Output);
    }

    [Fact]
    public async Task The_health_check_of_the_container_tells_ready_from_not_ready()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The check is a line of bash, as in the image.");
        // Whatever host names are allowed must not matter to it.
        await using var app = await published.StartAsync(await cluster.SeededDatabaseAsync(), ("ALLOWED_HOSTS", "plan.example.org"));
        var port = app.Address.Port;

        (await HealthAsync(port)).Should().Be(0);
        (await HealthAsync(port, "/health/ready", "/health/nothing-there")).Should().NotBe(0);
        await app.StopAsync(Soon);
        (await HealthAsync(port)).Should().NotBe(0);
    }

    [Fact]
    public async Task Without_a_connection_string_it_says_what_to_set()
    {
        var (exitCode, output) = await published.CommandAsync(connectionString: "");

        exitCode.Should().NotBe(0);
        output.Should().Contain("Set ConnectionStrings__PlanTracker");
    }

    private static async Task<int> HealthAsync(int port, string text = "", string instead = "")
    {
        PublishedApplication.Compose.List(HealthCheck).Take(3).Should().Equal("CMD", "bash", "-c");
        var line = ComposeFile.PutIn(PublishedApplication.Compose.List(HealthCheck)[3], new Dictionary<string, string>(StringComparer.Ordinal));
        line.Should().Contain("/8080 ");
        line = line.Replace("/8080 ", $"/{port.ToString(CultureInfo.InvariantCulture)} ", StringComparison.Ordinal);
        if (text.Length > 0)
            line = line.Replace(text, instead, StringComparison.Ordinal);
        return (await PublishedApplication.RunAsync(new ProcessStartInfo("bash", ["-c", line]), Soon)).ExitCode;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string address, params (string Name, string Value)[] fields)
    {
        var page = new HtmlParser().ParseDocument(await client.GetStringAsync(address, Cancelled));
        var token = page.QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal));
        return await client.PostAsync(address, form, Cancelled);
    }

    private static async Task<T> AskAsync<T>(string database, string question)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(question);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }
}
