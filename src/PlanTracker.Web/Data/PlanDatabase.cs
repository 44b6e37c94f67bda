using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
    public static NpgsqlDataSource Open(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.Keys.Contains(nameof(settings.Timeout), StringComparer.OrdinalIgnoreCase))
            settings.Timeout = ConnectWithin;
        settings.Options ??= ManySmallStatements;
        if (settings.Host?.Contains(',', StringComparison.Ordinal) != true)
            return NpgsqlDataSource.Create(settings);

        if (!settings.Keys.Contains("Host Recheck Seconds", StringComparer.OrdinalIgnoreCase))
            settings.HostRecheckSeconds = RecheckAfter;
        // Every statement goes to the primary, whatever the connection string would like: what was written is read back at once.
        settings.TargetSessionAttributes = null;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
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

    public static DbContextOptionsBuilder UsePlanDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source).UseSnakeCaseNamingConvention().AddInterceptors(ConfirmedCommits.Only);

    /// <summary>Shutting down or starting up, out of connections, connection lost, or a standby by now.</summary>
    private static bool IsAway(string state) => state is ['5', '7', 'P', ..] or ['5', '3', ..] or ['0', '8', ..] or PostgresErrorCodes.ReadOnlySqlTransaction;
}
