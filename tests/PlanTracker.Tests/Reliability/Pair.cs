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

    /// <summary>Until what a process read is written down, even where it does nothing more.</summary>
    public static readonly TimeSpan RowsAreWrittenWithin = TimeSpan.FromSeconds(11);

    /// <summary>Rows of a table that were read at a server, as far as that has been written down.</summary>
    public static Task<long> RowsReadAsync(this KeptServer server, string table) =>
        server.AskAsync<long>($"select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = '{table}'");

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
