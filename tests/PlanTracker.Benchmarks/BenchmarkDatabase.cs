using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Platform.LocalPostgres;
using PlanTracker.Platform.Security;
using PlanTracker.Platform.Start;

namespace PlanTracker.Benchmarks;

/// <summary>A private PostgreSQL in a temporary folder, with the schema in it; gone when this is disposed.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private const string Name = "benchmark";

    private readonly string _folder;
    private readonly LocalPostgresServer _server;
    private readonly WebApplication _application;

    private BenchmarkDatabase(string folder, LocalPostgresServer server, WebApplication application) =>
        (_folder, _server, _application) = (folder, server, application);

    public int PostgresVersion => _server.MajorVersion;

    public string ConnectionString => _server.ConnectionString(Name);

    public NpgsqlDataSource Source => _application.Services.GetRequiredService<NpgsqlDataSource>();

    public static async Task<BenchmarkDatabase> StartAsync(CancellationToken ct)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"plantracker-benchmark-{Guid.NewGuid():N}");
        // As installed, except that statistics and dead rows are dealt with when the benchmark says so.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["autovacuum"] = "off", ["max_wal_size"] = "4GB" };
        var server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = folder, ServerSettings = settings }, NullLogger.Instance, TimeProvider.System, ct);
        await server.EnsureDatabaseAsync(Name, ct);

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration[$"ConnectionStrings:{PlanDatabase.ConnectionName}"] = server.ConnectionString(Name);
        await builder.AddPlanDatabaseAsync(forCommand: true);
        builder.AddPeople();
        var database = new BenchmarkDatabase(folder, server, builder.Build());
        await database.WithAsync(db => db.Database.MigrateAsync(ct));
        return database;
    }

    public async Task WithAsync(Func<PlanDbContext, Task> work)
    {
        await using var scope = _application.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<PlanDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
