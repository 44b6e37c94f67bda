using System.Diagnostics;
using System.Net;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>
/// Connections to the database are lost one after the other, each at some step of a submission: at a lock, between two rows, at the commit. A step that is
/// noticed to be lost only later must not go on by itself.
/// </summary>
[Trait("Speed", "slow")]
public sealed class CutConnectionsTests(PublishedApplication published, FilledCluster filled)
{
    private const int Cuts = 500;

    private const string CutOne = """
        select count(pg_terminate_backend(pid)) from (
            select pid from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
            order by random() limit 1) busy
        """;

    [Fact]
    public async Task Connections_are_cut_in_the_middle_of_what_they_do()
    {
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(50);

        await using (var connection = await server.OpenAsync())
        {
            await using var cut = connection.CreateCommand();
            cut.CommandText = CutOne;
            for (var done = 0L; done < Cuts && !writers.HaveFailed;)
            {
                done += (long)(await cut.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
                // Now sooner, now later, so that every step is met and some come through.
                await Task.Delay(Random.Shared.Next(20));
            }
        }

        var over = Stopwatch.GetTimestamp();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(over);
        await writers.MoreAsync(50);

        (await Ledger.HoldAsync(await writers.StopAsync(), server)).ShouldBeKept().Tell($"{Cuts} connections cut", again);
        writers.Refusals.Keys.Should().Equal(HttpStatusCode.ServiceUnavailable);
    }
}
