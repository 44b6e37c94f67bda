using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>Of several standbys each is looked at by itself: pages are shared among those that keep up.</summary>
[Trait("Speed", "slow")]
public sealed class SeveralStandbysTests(PublishedApplication published, FilledCluster filled)
{
    private const string Page = $"/en/plans/{SeededPlan.PlanCode}/elements/T01";
    private const int People = 12;

    [Fact]
    public async Task Pages_are_shared_among_those_that_keep_up_and_one_that_does_not_is_left()
    {
        await using var primary = await filled.StartAsync();
        await using var first = await Pair.StandbyOfAsync(primary, filled, "first");
        await using var second = await Pair.StandbyOfAsync(primary, filled, "second");
        await primary.HoldsAsync("select count(*) = 2 from pg_stat_replication where state = 'streaming'");
        await using var site = await Site.StartAsync(published, Pair.ConnectionTo(primary, first, second), ("Database__StandbyMayBeBehind", "5"), ("Accounts__Sessions", "1000"));
        var people = new List<Visitor>();
        for (var person = 0; person < People; person++)
        {
            people.Add(await Visitor.SignedInAsync(site.Visitor(), "leader"));
            using var page = await people[^1].PageAsync(Page);
        }

        await Until.HoldsAsync(async () => await ReadAtAsync() is [true, true], "both are read");

        await first.DoAsync("select pg_wal_replay_pause()");
        await primary.DoAsync("update plan_elements set title_en = 'Renamed task' where code = 'T01'");
        await Until.HoldsAsync(AllSeeAsync, "nobody is sent to the one that stands still");
        (await ReadAtAsync()).Should().Equal(false, true);

        await second.KillAsync();
        await Until.HoldsAsync(async () =>
        {
            using var answer = await people[0].GetAsync(Page);
            return answer.IsSuccessStatusCode;
        }, "the primary answers");
        (await AllSeeAsync()).Should().BeTrue();

        foreach (var visitor in people)
            visitor.Dispose();

        async Task<bool> AllSeeAsync()
        {
            var seen = true;
            foreach (var visitor in people)
            {
                using var page = await visitor.PageAsync(Page);
                seen &= page.QuerySelector("main")!.TextContent.Contains("Renamed task", StringComparison.Ordinal);
            }

            return seen;
        }

        async Task<bool[]> ReadAtAsync() => await Pair.AskedByAsync(AllSeeAsync, first, second);
    }

    [Fact]
    public async Task One_that_had_more_of_a_lost_primary_than_the_one_that_took_its_place_is_not_read()
    {
        await using var primary = await filled.StartAsync();
        await using var next = await Pair.StandbyOfAsync(primary, filled, "next");
        await using var ahead = await Pair.StandbyOfAsync(primary, filled, "ahead");
        await primary.HoldsAsync("select count(*) = 2 from pg_stat_replication where state = 'streaming'");
        await using var site = await Site.StartAsync(published, Pair.ConnectionTo(primary, next, ahead), ("Database__StandbyMayBeBehind", "5"));
        using var leader = await Visitor.SignedInAsync(site.Visitor(), "leader");
        await next.HoldsAsync("select exists (select from sessions)");

        await next.DoAsync("alter system set primary_conninfo = ''");
        await next.DoAsync("select pg_reload_conf()");
        await primary.HoldsAsync("select count(*) = 1 from pg_stat_replication");
        await primary.DoAsync("update plan_elements set title_en = 'Written and lost'");
        await Until.HoldsAsync(async () => (await TextAsync()).Contains("Written and lost", StringComparison.Ordinal) && await IsReadAtAsync(ahead), "the one that follows is read");
        await primary.KillAsync();
        await next.DoAsync("select pg_promote()");
        await next.DoAsync("update plan_elements set title_en = 'Taken its place' where code = 'T01'");
        await Until.HoldsAsync(async () => (await TextAsync()).Contains("Taken its place", StringComparison.Ordinal), "the new primary is read");
        (await IsReadAtAsync(ahead)).Should().BeFalse("it shows what was lost");

        // The new primary passes the place at which the other stands.
        await next.DoAsync("update plan_elements set title_zh = title_zh || ''");
        await next.DoAsync("update indicators set name_zh = name_zh || ''");
        (await next.AskAsync<bool>($"select pg_current_wal_lsn() > '{await ahead.AskAsync<string>("select pg_last_wal_replay_lsn()::text")}'")).Should().BeTrue();
        for (var look = 0; look < 3; look++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            (await IsReadAtAsync(ahead)).Should().BeFalse("it is elsewhere all the same");
        }

        async Task<string> TextAsync()
        {
            using var answer = await leader.GetAsync(Page);
            return await answer.Content.ReadAsStringAsync();
        }

        async Task<bool> IsReadAtAsync(KeptServer server) => (await Pair.AskedByAsync(TextAsync, server))[0];
    }
}
