using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>How a context is configured, for the application and for the migration tool alike.</summary>
public static class PlanDatabase
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "PlanTracker";

    /// <summary>Whether an error means that the server does not answer, rather than that it refused a statement.</summary>
    public static bool IsAway(Exception? error) => error switch
    {
        null => false,
        // Shutting down or starting up, out of connections, connection lost.
        PostgresException refused => refused.SqlState is ['5', '7', 'P', ..] or ['5', '3', ..] or ['0', '8', ..],
        NpgsqlException => true,
        _ => IsAway(error.InnerException),
    };

    public static DbContextOptionsBuilder UsePlanDatabase(this DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source).UseSnakeCaseNamingConvention();
}
