using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using PlanTracker.Data.Operations;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>The topology of docker-compose.scale.yml as processes of this machine: two nodes of the site, a primary and its standby.</summary>
[Trait("Speed", "slow")]
public sealed class NodesTests(PublishedApplication published, FilledCluster filled, TestCluster cluster)
{
    private const string Overview = $"/en/plans/{SeededPlan.PlanCode}";
    private const string SignIn = "/en/account/sign-in";
    private const string SignOut = "/en/account/sign-out";

    [Fact]
    public async Task Two_nodes_that_start_at_once_on_an_empty_plan_fill_it_once_and_understand_each_others_forms()
    {
        var owners = await cluster.EmptyDatabaseAsync();
        var connection = await published.MigrateAsync(owners);
        var sites = await Task.WhenAll(Site.StartAsync(published, connection), Site.StartAsync(published, connection));
        await using var first = sites[0];
        await using var second = sites[1];
        using var browser = new Browser(first, second);

        using var page = await browser.First.PageAsync(SignIn);
        using var answer = await browser.SendAsync(browser.Second, SignIn, TokenOf(page), ("name", "nobody"), ("password", "not a password"));
        using var forged = await browser.SendAsync(browser.Second, SignIn, "another" + TokenOf(page), ("name", "nobody"), ("password", "not a password"));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "the form was read, and nobody has that name");
        forged.StatusCode.Should().Be(HttpStatusCode.BadRequest, "a form that no node made is refused");
        await using var source = NpgsqlDataSource.Create(owners + ";Pooling=false");
        await using var plans = source.CreateCommand("select count(*) from plans");
        (await plans.ExecuteScalarAsync(TestContext.Current.CancellationToken)).Should().Be(1L);
    }

    [Fact]
    public async Task Who_signed_in_at_one_node_is_known_at_the_other_and_who_was_shut_out_at_one_is_out_at_both()
    {
        await using var server = await filled.StartAsync();
        await using var first = await Site.StartAsync(published, server.ConnectionString);
        await using var second = await Site.StartAsync(published, server.ConnectionString);
        using var reporter = new Browser(first, second);
        using var stranger = new Browser(first, second);
        using var security = await Visitor.SignedInAsync(first.Visitor(), "security");

        (await StatusAsync(reporter.Second, Overview)).Should().Be(HttpStatusCode.Redirect, "nobody is known yet");
        await Visitor.SignedInAsync(reporter.First, "reporter");
        using (var page = await reporter.Second.PageAsync(Overview))
        {
            using var signedOut = await reporter.SendAsync(reporter.First, SignOut, TokenOf(page));
            signedOut.StatusCode.Should().Be(HttpStatusCode.Redirect, "a form of one is taken by the other");
        }

        (await StatusAsync(reporter.Second, Overview)).Should().Be(HttpStatusCode.Redirect);
        await Visitor.SignedInAsync(reporter.First, "reporter");

        (await ByTokenAsync(second, filled.ZhejiangToken)).Should().Be(HttpStatusCode.OK);
        await DoAtFirstAsync(server, security, "zhejiang", "tokens/revoke");
        (await ByTokenAsync(second, filled.ZhejiangToken)).Should().Be(HttpStatusCode.Unauthorized, "it was revoked at the other");

        (await ByTokenAsync(second, filled.ReporterToken)).Should().Be(HttpStatusCode.OK);
        await DoAtFirstAsync(server, security, "reporter", "disable");
        (await ByTokenAsync(second, filled.ReporterToken)).Should().Be(HttpStatusCode.Unauthorized, "its person was disabled at the other");
        (await stranger.Second.SignInAsync("reporter", DemonstrationAccounts.Password)).Should().BeFalse();
        await Until.HoldsAsync(async () => await StatusAsync(reporter.Second, Overview) == HttpStatusCode.Redirect, "the session ends within a minute");
    }

    [Fact]
    public async Task One_node_and_then_the_primary_are_killed_under_clients_that_go_to_both_nodes()
    {
        await using var primary = await filled.StartAsync(("synchronous_standby_names", "*"));
        await using var standby = await Pair.StandbyOfAsync(primary, filled);
        await primary.HoldsAsync("select exists (select from pg_stat_replication where state = 'streaming' and sync_state = 'sync')");
        var connection = Pair.ConnectionTo(primary, standby);
        await using var first = await Site.StartAsync(published, connection);
        await using var second = await Site.StartAsync(published, connection);
        var turn = 0;
        await using var writers = Writers.Start(() => Interlocked.Increment(ref turn) % 2 == 0 ? first.Address : second.Address, filled.ReporterToken);
        await writers.MoreAsync(50);
        await ShouldBeSeenAsync(primary);

        await first.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(killed);
        await writers.MoreAsync(50);
        await first.StartAsync();
        await writers.MoreAsync(50);
        await primary.KillAsync();
        (await standby.AskAsync<bool>("select pg_promote(true, 60)")).Should().BeTrue();
        await writers.MoreAsync(50);

        (await first.StatusAsync("/health/ready")).Should().Be(200);
        (await second.StatusAsync("/health/ready")).Should().Be(200);
        (await Ledger.HoldAsync(await writers.StopAsync(), standby)).ShouldBeKept().Tell("one of two nodes killed, then the primary", again);
    }

    private static async Task ShouldBeSeenAsync(KeptServer primary)
    {
        await using var source = NpgsqlDataSource.Create(primary.ConnectionString + ";Pooling=false");
        var seen = await source.ReplicationAsync(TestContext.Current.CancellationToken);
        seen.Standbys.Should().Be(1);
        seen.States.Should().ContainSingle().Which.Lag.Should().BeGreaterThanOrEqualTo(0);
    }

    private static async Task DoAtFirstAsync(KeptServer server, Visitor security, string name, string what)
    {
        var page = $"/en/people/{await server.AskAsync<Guid>($"select id from people where user_name = '{name}'")}";
        using var answer = await security.PostAsync($"{page}/{what}", [], page);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    private static string TokenOf(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string address)
    {
        using var answer = await visitor.GetAsync(address);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> ByTokenAsync(Site site, string token)
    {
        using var program = site.Running.Client();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await program.GetAsync(new Uri("/api/v1/plans", UriKind.Relative));
        return answer.StatusCode;
    }

    /// <summary>One browser, with one set of cookies, that is sent now to one node and now to the other.</summary>
    private sealed class Browser : IDisposable
    {
        public Browser(Site first, Site second)
        {
            var cookies = new CookieContainer();
            (First, Second) = (At(first, cookies), At(second, cookies));
        }

        public Visitor First { get; }

        public Visitor Second { get; }

        public async Task<HttpResponseMessage> SendAsync(Visitor to, string address, string token, params (string Name, string Value)[] fields)
        {
            using var content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
            return await to.Client.PostAsync(new Uri(address, UriKind.Relative), content);
        }

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }

        private static Visitor At(Site site, CookieContainer cookies) =>
            new(new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = site.Address });
    }
}
