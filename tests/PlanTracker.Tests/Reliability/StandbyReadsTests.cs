using System.Net;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>Pages that only show are read from a standby, never more behind than may be, and never behind what their reader has written.</summary>
[Trait("Speed", "slow")]
public sealed class StandbyReadsTests(PublishedApplication published, FilledCluster filled) : IAsyncLifetime
{
    private const string Page = $"/en/plans/{SeededPlan.PlanCode}/elements/T01";
    private static readonly (string Name, string Value) FiveSeconds = ("Database__StandbyMayBeBehind", "5");

    private KeptServer _primary = null!;
    private KeptServer _standby = null!;
    private Site _site = null!;

    public async ValueTask InitializeAsync()
    {
        _primary = await filled.StartAsync();
        _standby = await Pair.StandbyOfAsync(_primary, filled);
        await _primary.HoldsAsync("select exists (select from pg_stat_replication where state = 'streaming')");
        _site = await Site.StartAsync(published, Pair.ConnectionTo(_primary, _standby), FiveSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Fact]
    public async Task Pages_are_read_from_the_standby_as_long_as_it_keeps_up()
    {
        using var leader = await SignedInAsync("leader");
        await Until.HoldsAsync(() => IsReadFromStandbyAsync(leader), "the standby is known to keep up");

        await _standby.DoAsync("select pg_wal_replay_pause()");
        await _primary.DoAsync("update plan_elements set title_en = 'Renamed task' where code = 'T01'");
        (await TextAsync(leader)).Should().NotContain("Renamed task", "the standby does not have it yet, and may be behind for five seconds");
        await Until.HoldsAsync(async () => (await TextAsync(leader)).Contains("Renamed task", StringComparison.Ordinal), "it is too far behind by now, so that the primary is asked");
        (await IsReadFromStandbyAsync(leader)).Should().BeFalse();

        await _standby.DoAsync("select pg_wal_replay_resume()");
        await Until.HoldsAsync(() => IsReadFromStandbyAsync(leader), "it has caught up");
        (await TextAsync(leader)).Should().Contain("Renamed task");

        (await IsReadFromStandbyAsync(leader, $"/en/plans/{SeededPlan.PlanCode}/readings.csv")).Should().BeTrue("a file only shows too");
        (await IsReadFromStandbyAsync(await WithTokenAsync("leader"), $"/en/plans/{SeededPlan.PlanCode}/readings.csv")).Should().BeFalse("a program keeps no cookie that says what it wrote");
        (await IsReadFromStandbyAsync(leader, "/en/account")).Should().BeFalse("a page with forms is read from the primary");
    }

    [Fact]
    public async Task Who_writes_sees_it_at_once()
    {
        using var administrator = await SignedInAsync("administrator");
        await Until.HoldsAsync(() => IsReadFromStandbyAsync(administrator), "the standby is known to keep up");
        await _standby.DoAsync("select pg_wal_replay_pause()");

        using var answer = await administrator.PostAsync($"{Page}/milestones", new(StringComparer.Ordinal)
        {
            ["year"] = "2025",
            ["goalEn"] = "A goal that was just added.",
            ["goalZh"] = "刚刚新增的目标。",
            ["source"] = "ch. 1",
        }, Page);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await TextAsync(administrator)).Should().Contain("A goal that was just added.");
    }

    [Fact]
    public async Task A_session_is_checked_and_noted_as_used_where_pages_are_read_from_the_standby()
    {
        using var leader = await SignedInAsync("leader");
        using var analyst = await SignedInAsync("analyst");
        await Until.HoldsAsync(() => IsReadFromStandbyAsync(leader), "the standby is known to keep up");
        await _primary.DoAsync("update sessions set seen_at = seen_at - interval '10 minutes'; update people set disabled = true where user_name = 'leader'");

        // The check comes once a minute.
        await Task.Delay(TimeSpan.FromSeconds(65), TestContext.Current.CancellationToken);

        using var refused = await leader.GetAsync(Page);
        refused.StatusCode.Should().Be(HttpStatusCode.Redirect, "a disabled person is out");
        await TextAsync(analyst);
        await _primary.HoldsAsync("select seen_at > now() - interval '5 minutes' from sessions s join people p on p.id = s.person_id where p.user_name = 'analyst'");
    }

    [Fact]
    public async Task Without_the_standby_the_primary_answers()
    {
        using var leader = await SignedInAsync("leader");
        await Until.HoldsAsync(() => IsReadFromStandbyAsync(leader), "the standby is known to keep up");

        await _standby.KillAsync();

        // Who is on the way to it is told that the database is away; from then on nobody is sent there.
        await Until.HoldsAsync(async () =>
        {
            using var answer = await leader.GetAsync(Page);
            return answer.IsSuccessStatusCode;
        }, "the primary answers");
        for (var time = 0; time < 10; time++)
            await TextAsync(leader);
    }

    /// <summary>Signed in, and so long ago that what the signing in wrote is on the standby.</summary>
    private async Task<Visitor> SignedInAsync(string name)
    {
        var visitor = await Visitor.SignedInAsync(_site.Visitor(), name);
        using var first = await visitor.PageAsync(Page);
        return visitor;
    }

    /// <summary>A program that acts for the person.</summary>
    private async Task<Visitor> WithTokenAsync(string name)
    {
        using var visitor = await SignedInAsync(name);
        using var made = await visitor.SendFormAsync("/en/account/tokens", ("name", "Nightly"), ("access", "read"), ("days", "30"), ("password", DemonstrationAccounts.Password));
        var program = _site.Visitor();
        program.Client.DefaultRequestHeaders.Authorization = new("Bearer", (await Visitor.ReadAsync(made)).QuerySelector("#made")!.TextContent);
        return program;
    }

    private static async Task<string> TextAsync(Visitor visitor)
    {
        using var page = await visitor.PageAsync(Page);
        return page.QuerySelector("main")!.TextContent;
    }

    private async Task<bool> IsReadFromStandbyAsync(Visitor visitor, string address = Page) =>
        (await Pair.AskedByAsync(async () =>
        {
            using var answer = await visitor.GetAsync(address);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, address);
        }, _standby))[0];
}
