using System.Diagnostics;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>
/// The primary is lost and its standby takes its place, under writers and without a new start of the application. Just before, the standby had been cut
/// off for a moment, the worst that can happen: what was acknowledged then is lost, unless nothing is acknowledged without the standby.
/// </summary>
[Trait("Speed", "slow")]
public sealed class FailoverTests(PublishedApplication published, FilledCluster filled)
{
    private const string NobodyStreams = "select not exists (select from pg_stat_replication)";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_primary_is_killed_and_its_standby_promoted(bool synchronous)
    {
        await using var primary = await filled.StartAsync(("synchronous_standby_names", synchronous ? "*" : ""));
        await using var standby = await Pair.StandbyOfAsync(primary, filled);
        await primary.HoldsAsync($"select exists (select from pg_stat_replication where state = 'streaming' and sync_state = '{(synchronous ? "sync" : "async")}')");
        await using var site = await Site.StartAsync(published, Pair.ConnectionTo(primary, standby));
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(50);

        await CutOffAsync(standby);
        await primary.HoldsAsync(NobodyStreams);
        // Long enough that commits are given up, and what they left is asked for again.
        if (synchronous)
            await Until.HoldsAsync(() => writers.Refused >= 2 * Writers.AtOnce, "writers are refused");
        else
            await writers.MoreAsync(20);
        await primary.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        (await standby.AskAsync<bool>("select pg_promote(true, 60)")).Should().BeTrue();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(killed);
        await writers.MoreAsync(50);
        (await site.StatusAsync("/health/ready")).Should().Be(200);

        var ledger = await Ledger.HoldAsync(await writers.StopAsync(), standby);
        ledger.Tell($"failover, {(synchronous ? "synchronous" : "asynchronous")} standby", again);
        if (synchronous)
            ledger.ShouldBeKept();
        else
            ledger.Lost.Should().BeGreaterThan(0, "only a synchronous standby has all that was acknowledged: {0}", ledger);
        ledger.Doubled.Should().Be(0);
    }

    private static async Task CutOffAsync(KeptServer standby)
    {
        await standby.DoAsync("alter system set primary_conninfo = ''");
        await standby.DoAsync("select pg_reload_conf()");
    }
}
