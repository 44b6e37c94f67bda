using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Data.Packages;
using PlanTracker.Platform.LocalPostgres;

namespace PlanTracker.Platform.Start;

/// <summary>Where the data lives: the server of the connection string, or, for a developer with nothing configured, a private one.</summary>
public static class PlanDatabaseStart
{
    private const string Database = "plantracker";

    private const string NothingConfigured =
        $"No database is configured. Set ConnectionStrings__{PlanDatabase.ConnectionName}, e.g. 'Host=db;Database=plantracker;Username=app;Password=…'. "
        + "A private server is started only in Development.";

    /// <summary>Registers the database, or says why there is none.</summary>
    public static async Task<StartedDatabase> AddPlanDatabaseAsync(this WebApplicationBuilder builder, bool forCommand)
    {
        var configured = builder.Configuration.GetConnectionString(PlanDatabase.ConnectionName);
        LocalPostgresServer? server = null;
        if (string.IsNullOrWhiteSpace(configured) && !EF.IsDesignTime)
        {
            if (!builder.Environment.IsDevelopment())
                return StartedDatabase.Refused(NothingConfigured);
            try
            {
                var options = PrivateServer(builder);
                // A command works beside the running application, on its server.
                configured = forCommand ? await LocalPostgresServer.ConnectionToRunningAsync(options, Database, CancellationToken.None) : null;
                server = configured is null ? await StartAsync(options) : null;
                configured ??= server!.ConnectionString(Database);
            }
            catch (Exception refused) when (refused is PostgresNotFoundException or InvalidOperationException)
            {
                return StartedDatabase.Refused(refused.Message);
            }
        }

        if (FaultOf(configured) is { } fault)
            return StartedDatabase.Refused($"ConnectionStrings:{PlanDatabase.ConnectionName} cannot be read. {fault}");

        builder.Services.AddSingleton(_ => PlanDatabase.Open(configured ?? "Host=localhost"));
        builder.Services.AddStandbyReads(builder.Configuration, configured);
        builder.Services.AddDbContext<PlanDbContext>((services, options) => options.UsePlanDatabase(
            services.GetService<StandbyReads>()?.SourceFor(services.GetRequiredService<IHttpContextAccessor>().HttpContext, services) ?? services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddScoped<PlanLoader>();
        builder.Services.AddScoped<ReadingStore>();
        builder.Services.AddScoped<TargetStore>();
        builder.Services.AddScoped<RuleStore>();
        builder.Services.AddScoped<ProgressStore>();
        builder.Services.AddScoped<RoundStore>();
        builder.Services.AddScoped<ReminderQueue>();
        builder.Services.AddScoped<ImportStore>();
        builder.Services.AddScoped<ImportRunner>();
        builder.Services.AddScoped<ApiTokenStore>();
        builder.Services.AddSingleton<PlanDatabasePreparation>().AddHostedService(s => s.GetRequiredService<PlanDatabasePreparation>());
        return new StartedDatabase(server, Refusal: null);
    }

    private static string? FaultOf(string? connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
    }

    private static LocalPostgresOptions PrivateServer(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("LocalPostgres");
        return new LocalPostgresOptions
        {
            Folder = settings["Folder"] ?? LocalPostgresOptions.DefaultFolder(builder.Environment.ContentRootPath),
            BinariesFolder = settings["Binaries"],
            AllowDownload = settings.GetValue("Download", defaultValue: true),
        };
    }

    private static async Task<LocalPostgresServer> StartAsync(LocalPostgresOptions options)
    {
        using var logging = LoggerFactory.Create(l => l.AddSimpleConsole(c => c.SingleLine = true).AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace));
        var server = await LocalPostgresServer.StartAsync(options, logging.CreateLogger("PlanTracker.Database"), TimeProvider.System, CancellationToken.None);
        await server.EnsureDatabaseAsync(Database, CancellationToken.None);
        return server;
    }
}

/// <summary>The private server, if one was started, stops when this is disposed.</summary>
/// <param name="Server">None when the connection string names a server, or another process keeps the private one.</param>
/// <param name="Refusal">Why the application cannot start.</param>
public sealed record StartedDatabase(LocalPostgresServer? Server, string? Refusal) : IAsyncDisposable
{
    public static StartedDatabase Refused(string reason) => new(null, reason);

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
