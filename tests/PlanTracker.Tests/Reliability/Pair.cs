using System.Globalization;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>A primary and the standby that follows it.</summary>
internal static class Pair
{
    private const int CommandTimeout = 2;

    /// <summary>A copy of the same beginnings that follows the primary.</summary>
    public static async Task<KeptServer> StandbyOfAsync(KeptServer primary, FilledCluster filled)
    {
        await primary.DoAsync("select pg_create_physical_replication_slot('standby')");
        var folder = await filled.CopyAsync(KeptServer.NewFolder());
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "standby.signal"), "");
        var to = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        await File.AppendAllTextAsync(
            Path.Combine(folder, "data", "postgresql.auto.conf"),
            string.Create(CultureInfo.InvariantCulture, $"primary_conninfo = 'host={to.Host} port={to.Port} user={to.Username} password={to.Password}'\nprimary_slot_name = 'standby'\n"));
        return await KeptServer.StartAsync(folder, ("wal_retrieve_retry_interval", "200ms"));
    }

    /// <summary>Both, as it stands in docs/reliability.md.</summary>
    public static string ConnectionTo(KeptServer first, KeptServer second)
    {
        var settings = new NpgsqlConnectionStringBuilder(first.ConnectionString);
        settings.Host = string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{first.Port},{settings.Host}:{second.Port}");
        settings.Remove("Port");
        settings.Remove("Timeout");
        settings.CommandTimeout = CommandTimeout;
        return settings.ConnectionString;
    }
}
