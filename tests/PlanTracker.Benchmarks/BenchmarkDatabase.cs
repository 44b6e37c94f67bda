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

    private readonly LocalPostgresServer _server;
    private readonly string _name;
    private readonly WebApplication _application;

    /// <summary>None where the server is another's.</summary>
    private readonly string? _folder;

    private readonly bool _isKept;

    private BenchmarkDatabase(string? folder, bool isKept, LocalPostgresServer server, string name, WebApplication application) =>
        (_folder, _isKept, _server, _name, _application) = (folder, isKept, server, name, application);

    public int PostgresVersion => _server.MajorVersion;

    public string ConnectionString => _server.ConnectionString(_name);

    public NpgsqlDataSource Source => _application.Services.GetRequiredService<NpgsqlDataSource>();

    /// <param name="ct">Ends it.</param>
    /// <param name="more">Settings of the server besides.</param>
    /// <param name="kept">A folder that stays, in place of a temporary one.</param>
    public static async Task<BenchmarkDatabase> StartAsync(CancellationToken ct, IReadOnlyDictionary<string, string>? more = null, string? kept = null)
    {
        var folder = kept ?? Path.Combine(Path.GetTempPath(), $"plantracker-benchmark-{Guid.NewGuid():N}");
        // As installed, except that statistics and dead rows are dealt with when the benchmark says so.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["autovacuum"] = "off", ["max_wal_size"] = "4GB" };
        foreach (var (name, value) in more ?? new Dictionary<string, string>(StringComparer.Ordinal))
            settings[name] = value;
        var server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions { Folder = folder, ServerSettings = settings }, NullLogger.Instance, TimeProvider.System, ct);
        return await OpenAsync(folder, kept is not null, server, Name, ct);
    }

    /// <summary>Another database on the same server, empty but for the schema.</summary>
    public Task<BenchmarkDatabase> BesideAsync(string name, CancellationToken ct) => OpenAsync(folder: null, isKept: false, _server, name, ct);

    private static async Task<BenchmarkDatabase> OpenAsync(string? folder, bool isKept, LocalPostgresServer server, string name, CancellationToken ct)
    {
        await server.EnsureDatabaseAsync(name, ct);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration[$"ConnectionStrings:{PlanDatabase.ConnectionName}"] = server.ConnectionString(name);
        await builder.AddPlanDatabaseAsync(forCommand: true);
        builder.AddPeople();
        var database = new BenchmarkDatabase(folder, isKept, server, name, builder.Build());
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
        if (_folder is null)
            return;
        await _server.DisposeAsync();
        if (!_isKept)
            Directory.Delete(_folder, recursive: true);
    }
}
