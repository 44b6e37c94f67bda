using System.Globalization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Operations;
using PlanTracker.Platform.Start;

namespace PlanTracker.Platform;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: so does its database, with schema and plan in it; 503 where not. What an operator
/// should look at, while people are served, is said with 200 and the word <c>Degraded</c>.
/// </summary>
public static class Health
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.Section).Validate(o => o.TemporaryMegabytes >= 0, "Health:TemporaryMegabytes is 0 or more.").ValidateOnStart();
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", timeout: TimeSpan.FromSeconds(5)).AddCheck<TemporaryRoom>("temporary folder");
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = TellAsync }).AllowAnonymous();
    }

    /// <summary>The verdict, then a line for each thing that is not as it should be.</summary>
    private static Task TellAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var notWell = report.Entries.Where(e => e.Value.Status != HealthStatus.Healthy).Select(e => $"{e.Key}: {e.Value.Description}");
        return context.Response.WriteAsync(string.Join('\n', notWell.Prepend(report.Status.ToString())), context.RequestAborted);
    }

    private sealed class DatabaseAnswers(NpgsqlDataSource source, PlanDatabasePreparation preparation, TimeProvider clock) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var apart = await source.ClockApartAsync(clock, cancellationToken);
                if (!preparation.IsDone)
                    return HealthCheckResult.Unhealthy("Schema and plan are not there yet.");
                return apart.Duration() <= HealthOptions.ClocksApart ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Its clock is {apart.Duration().TotalSeconds:0} seconds {(apart > TimeSpan.Zero ? "ahead of" : "behind")} this machine's. Deadlines, sessions and one-time codes go by the latter: let both follow one time server."));
            }
            catch (Exception error) when (PlanDatabase.IsAway(error))
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", error);
            }
        }
    }

    /// <summary>
    /// Exports, imports and uploads go through the temporary folder. Without room they are refused, with 507, and everything else works: a site that is
    /// taken out of service for it would be worse.
    /// </summary>
    private sealed class TemporaryRoom(IOptions<HealthOptions> options) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var (free, wanted) = (FreeMegabytes(), options.Value.TemporaryMegabytes);
            return Task.FromResult(free >= wanted ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{free} MB are free, fewer than {wanted}. Large files may not be exported or imported until there is room.")));
        }

        private static long FreeMegabytes() => new DriveInfo(Path.GetTempPath()).AvailableFreeSpace >> 20;
    }
}

/// <summary>From where on an operator is told.</summary>
public sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>The clocks of application and database may be so far apart.</summary>
    public static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(30);

    /// <summary>Room in the temporary folder, in megabytes; 0 asks for none.</summary>
    public int TemporaryMegabytes { get; init; } = 512;
}
