using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Platform.Start;

namespace PlanTracker.Platform;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so does its database, with schema and plan in it.</summary>
public static class Health
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", timeout: TimeSpan.FromSeconds(5));
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }

    private sealed class DatabaseAnswers(NpgsqlDataSource source, PlanDatabasePreparation preparation) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var command = source.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return preparation.IsDone ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Schema and plan are not there yet.");
            }
            catch (Exception error) when (PlanDatabase.IsAway(error))
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", error);
            }
        }
    }
}
