using Microsoft.EntityFrameworkCore;

namespace PlanTracker.Data;

/// <summary>How a context is configured, for the application and for the migration tool alike.</summary>
public static class PlanDatabase
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "PlanTracker";

    public static DbContextOptionsBuilder UsePlanDatabase(this DbContextOptionsBuilder options, Npgsql.NpgsqlDataSource source) =>
        options.UseNpgsql(source).UseSnakeCaseNamingConvention();
}
