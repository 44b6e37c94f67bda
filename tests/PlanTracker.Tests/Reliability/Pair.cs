using System.Globalization;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>A primary and the standby that follows it.</summary>
internal static class Pair
{
    private const int CommandTimeout = 2;

    /// <summary>A copy of the same beginnings that follows the primary.</summary>
    /// <param name="primary">Whom it follows.</param>
    /// <param name="filled">The beginnings.</param>
    /// <param name="slot">One for each that follows.</param>
    public static async Task<KeptServer> StandbyOfAsync(KeptServer primary, FilledCluster filled, string slot = "standby")
    {
        await primary.DoAsync($"select pg_create_physical_replication_slot('{slot}')");
        var folder = await filled.CopyAsync(KeptServer.NewFolder());
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "standby.signal"), "");
        var to = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        await File.AppendAllTextAsync(
            Path.Combine(folder, "data", "postgresql.auto.conf"),
            string.Create(CultureInfo.InvariantCulture, $"primary_conninfo = 'host={to.Host} port={to.Port} user={to.Username} password={to.Password}'\nprimary_slot_name = '{slot}'\n"));
        return await KeptServer.StartAsync(folder, ("wal_retrieve_retry_interval", "200ms"));
    }

    /// <summary>Which of these servers were asked by what is done meanwhile, and not only about themselves: what looks after servers calls functions of PostgreSQL.</summary>
    public static async Task<bool[]> AskedByAsync(Func<Task> what, params KeptServer[] servers)
    {
        var since = await Task.WhenAll(servers.Select(s => s.AskAsync<string>("select clock_timestamp()::text")));
        await what();
        return await Task.WhenAll(servers.Zip(since, (server, at) => server.AskAsync<bool>(
            $"select exists (select from pg_stat_activity where backend_type = 'client backend' and query_start > '{at}' and query not like '%pg\\_%')")));
    }

    /// <summary>All of them, as it stands in docs/reliability.md.</summary>
    public static string ConnectionTo(params KeptServer[] servers)
    {
        var settings = new NpgsqlConnectionStringBuilder(servers[0].ConnectionString);
        settings.Host = string.Join(',', servers.Select(s => string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{s.Port}")));
        settings.Remove("Port");
        settings.Remove("Timeout");
        settings.CommandTimeout = CommandTimeout;
        return settings.ConnectionString;
    }
}
