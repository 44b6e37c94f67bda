using System.Diagnostics.Metrics;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PlanTracker.Data;
using PlanTracker.Data.Operations;
using PlanTracker.Platform.Start;

namespace PlanTracker.Platform;

/// <summary>
/// Metrics and traces by OpenTelemetry, sent where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without it nothing is gathered and nothing leaves. The other
/// variables of the standard (protocol, headers, interval) work as they do everywhere.
/// </summary>
public static partial class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The driver's own: connections in use and idle, duration of statements.</summary>
    private const string Driver = "Npgsql";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]))
            return;
        builder.Services.AddSingleton<ServerGauges>().AddHostedService(s => s.GetRequiredService<ServerGauges>());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("plantracker", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()))
            .WithMetrics(m => m.AddAspNetCoreInstrumentation().AddMeter(Driver, PlanMeter.Name, ServerGauges.Name, "System.Runtime").AddOtlpExporter())
            .WithTracing(t => t.AddAspNetCoreInstrumentation(o => o.Filter = c => !c.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)).AddSource(Driver).AddOtlpExporter());
    }

    /// <summary>What is measured by asking: how far the standbys are, how far the clocks are apart, how much room there is.</summary>
    private sealed partial class ServerGauges : BackgroundService
    {
        public const string Name = $"{PlanMeter.Name}.Server";

        private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);

        private readonly NpgsqlDataSource _source;
        private readonly PlanDatabasePreparation _preparation;
        private readonly TimeProvider _clock;
        private readonly ILogger _log;
        private volatile Seen? _seen;

        public ServerGauges(NpgsqlDataSource source, PlanDatabasePreparation preparation, TimeProvider clock, IMeterFactory meters, ILogger<ServerGauges> log)
        {
            (_source, _preparation, _clock, _log) = (source, preparation, clock, log);
            var meter = meters.Create(Name);
            meter.CreateObservableGauge("plantracker.replicas", () => Each(s => [new(s.Replication.Standbys)]), "{replica}", "Standbys that follow the primary.");
            meter.CreateObservableGauge(
                "plantracker.replica.lag", () => Each(s => s.Replication.States.Select(r => new Measurement<double>(r.Lag, Of(r)))), "s", "From a write to its being seen on the standby.");
            meter.CreateObservableGauge(
                "plantracker.replica.behind", () => Each(s => s.Replication.States.Select(r => new Measurement<double>(r.Behind, Of(r)))), "By", "Log that the standby has yet to apply.");
            meter.CreateObservableGauge("plantracker.clock.apart", () => Each(s => [new(s.Apart.TotalSeconds)]), "s", "The database's clock, as seen from this machine.");
            meter.CreateObservableGauge("plantracker.temporary.free", () => new DriveInfo(Path.GetTempPath()).AvailableFreeSpace, "By", "Room in the temporary folder.");
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await _preparation.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(Between, _clock);
            do
            {
                try
                {
                    _seen = new Seen(await _source.ReplicationAsync(stoppingToken), await _source.ClockApartAsync(_clock, stoppingToken));
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    // What is not known is not sent; an alert looks for what is missing.
                    _seen = null;
                    if (!PlanDatabase.IsAway(error))
                        NotSeen(error);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }

        private static KeyValuePair<string, object?> Of(StandbyState standby) => new("replica", standby.Name);

        private IEnumerable<Measurement<double>> Each(Func<Seen, IEnumerable<Measurement<double>>> read) => _seen is { } seen ? read(seen) : [];

        [LoggerMessage(Level = LogLevel.Warning, Message = "The state of the database server could not be measured")]
        private partial void NotSeen(Exception error);

        private sealed record Seen(ReplicationState Replication, TimeSpan Apart);
    }
}
