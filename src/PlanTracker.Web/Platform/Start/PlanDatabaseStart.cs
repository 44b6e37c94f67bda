using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Data.Packages;
using PlanTracker.Platform.LocalPostgres;

namespace PlanTracker.Platform.Start;

/// <summary>Where the data lives: the server of the connection string, or, for a developer with nothing configured, a private one.</summary>
public static partial class PlanDatabaseStart
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

        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(configured ?? "Host=localhost"));
        builder.Services.AddDbContext<PlanDbContext>((services, options) => options.UsePlanDatabase(services.GetRequiredService<NpgsqlDataSource>()));
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
        return new StartedDatabase(server, Refusal: null);
    }

    /// <summary>Brings the schema up to date, where it may, and, into an empty database, the plans that ship with the application.</summary>
    /// <returns>Why the application cannot start; nothing when it can.</returns>
    public static async Task<string?> PreparePlanDatabaseAsync(this WebApplication app, CancellationToken ct)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        var mayMigrate = app.Environment.IsDevelopment() || app.Configuration.GetValue<bool>("Database:MigrateOnStart");
        if (await db.BringUpToDateAsync(mayMigrate, ct) is { } behind)
            return behind;
        if (!app.Environment.IsDevelopment() && await db.CanAlterAuditAsync(ct))
            RoleCouldAlterAudit(app.Logger);

        // Several nodes may start on one empty database: one fills it, the others wait and find it done.
        await using var queue = await app.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(ct);
        await using var turn = await queue.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand("select pg_advisory_xact_lock(7264003)", queue, turn) { CommandTimeout = 0 })
            await wait.ExecuteNonQueryAsync(ct);
        await FillAsync(app, scope.ServiceProvider, db, ct);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database role of the application could alter the audit. Give it one that cannot: migrate --grant-to <role>")]
    private static partial void RoleCouldAlterAudit(ILogger logger);

    private static async Task FillAsync(WebApplication app, IServiceProvider services, PlanDbContext db, CancellationToken ct)
    {
        await People.EnsureRolesAsync(services);
        if (!await db.Plans.AnyAsync(ct))
        {
            foreach (var folder in ShippedPlans(app.Environment))
                await services.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(folder), ct);
        }

        if (app.Environment.IsDevelopment())
            await DemonstrationAccounts.EnsureAsync(services, ct);
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

    /// <summary>In the source tree the packages stand at the top; in a published application beside it.</summary>
    private static IEnumerable<string> ShippedPlans(IWebHostEnvironment environment)
    {
        var homes = new[] { Path.Combine(AppContext.BaseDirectory, "seed-data", "plans"), Path.Combine(environment.ContentRootPath, "..", "..", "seed-data", "plans") };
        var home = homes.FirstOrDefault(Directory.Exists)
            ?? throw new InvalidOperationException($"No plan packages were found in {string.Join(" or ", homes)}.");
        return Directory.GetDirectories(home).Order(StringComparer.Ordinal);
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
