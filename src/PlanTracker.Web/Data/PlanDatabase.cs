using System.Globalization;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data.Operations;

namespace PlanTracker.Data;

/// <summary>How a context is configured, for the application and for the migration tool alike.</summary>
public static class PlanDatabase
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "PlanTracker";

    /// <summary>
    /// Seconds to wait for a connection where the connection string does not say. A request may wait twice, for the session and for the page: whoever
    /// cannot be served is told so within five seconds.
    /// </summary>
    private const int ConnectWithin = 2;

    /// <summary>Seconds after which a server that was down, or no primary, is looked at again, where the connection string does not say.</summary>
    private const int RecheckAfter = 1;

    /// <summary>
    /// Settings of a connection, where the connection string has none: many people ask small things at once, for which compiling a statement or
    /// sharing it between processes takes longer than the statement.
    /// </summary>
    private const string ManySmallStatements = "-c jit=off -c max_parallel_workers_per_gather=0";

    /// <summary>Connections to the server of a connection string; where it names several, to the one that takes writes.</summary>
    public static NpgsqlDataSource Open(string connectionString) => NamesSeveral(connectionString)
        // Whatever the connection string would like: what was written is read back at once.
        ? OpenSeveral(connectionString, TargetSessionAttributes.Primary)
        : NpgsqlDataSource.Create(Settings(connectionString));

    /// <summary>Connections to each server of a connection string by itself, whatever it is.</summary>
    public static IReadOnlyList<WatchedServer> OpenEach(string connectionString) =>
        [.. new NpgsqlConnectionStringBuilder(connectionString).Host!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(host =>
        {
            var settings = Settings(connectionString);
            (settings.Host, settings.TargetSessionAttributes) = (host, null);
            // A port that stands with the host is a setting of its own where there is one host. Colons in an address of IP 6 are none of a port.
            var colon = host.LastIndexOf(':');
            if (colon > 0 && (host.IndexOf(':', StringComparison.Ordinal) == colon || host[colon - 1] == ']')
                && int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                (settings.Host, settings.Port) = (host[..colon], port);
            return new WatchedServer(NpgsqlDataSource.Create(settings), NpgsqlDataSource.Create(ToLook(settings.ConnectionString)));
        })];

    /// <summary>The connection string for one connection to look at a server by, which is given up rather than waited for.</summary>
    public static string ToLook(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { MinPoolSize = 0, MaxPoolSize = 1, CancellationTimeout = -1 }.ConnectionString;

    public static bool NamesSeveral(string? connectionString) =>
        !string.IsNullOrWhiteSpace(connectionString) && new NpgsqlConnectionStringBuilder(connectionString).Host?.Contains(',', StringComparison.Ordinal) == true;

    private static NpgsqlDataSource OpenSeveral(string connectionString, TargetSessionAttributes which)
    {
        var settings = Settings(connectionString);
        if (!settings.Keys.Contains("Host Recheck Seconds", StringComparer.OrdinalIgnoreCase))
            settings.HostRecheckSeconds = RecheckAfter;
        settings.TargetSessionAttributes = null;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost().WithTargetSession(which);
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.Keys.Contains(nameof(settings.Timeout), StringComparer.OrdinalIgnoreCase))
            settings.Timeout = ConnectWithin;
        settings.Options ??= ManySmallStatements;
        return settings;
    }

    /// <summary>Whether an error means that the server does not answer, rather than that it refused a statement.</summary>
    public static bool IsAway(Exception? error) => error switch
    {
        null => false,
        PostgresException refused => !IsFull(refused) && IsAway(refused.SqlState),
        // The last where the name of the server cannot be resolved, as while its container is down.
        NpgsqlException or SocketException => true,
        _ => IsAway(error.InnerException),
    };

    /// <summary>Whether an error means that the server has no room left to write to.</summary>
    public static bool IsFull(Exception? error) => error switch
    {
        null => false,
        PostgresException refused => refused.SqlState == PostgresErrorCodes.DiskFull,
        _ => IsFull(error.InnerException),
    };

    /// <remarks>By its connections, not as a source: for each source EF Core would keep a model and compiled queries of its own.</remarks>
    public static DbContextOptionsBuilder UsePlanDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source.CreateConnection(), contextOwnsConnection: true).UseSnakeCaseNamingConvention().AddInterceptors(ConfirmedCommits.Only, new LostTransactions());

    /// <summary>
    /// Shutting down or starting up, a statement broken off, out of connections, connection lost, a standby by now, or a transaction rolled back: two that
    /// wait for each other, or a standby that had to go on instead of answering.
    /// </summary>
    private static bool IsAway(string state) =>
        state is ['5', '7', ..] or ['5', '3', ..] or ['0', '8', ..] or ['4', '0', ..] or PostgresErrorCodes.ReadOnlySqlTransaction;
}
