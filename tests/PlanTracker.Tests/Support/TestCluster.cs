using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Platform.LocalPostgres;
using PlanTracker.Tests.Support;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace PlanTracker.Tests.Support;

/// <summary>
/// One private PostgreSQL for the whole run, and in it a template with schema and plan: a database of one's own is a copy away.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    private const string Template = "plan_template";

    private LocalPostgresServer? _server;
    private string? _folder;

    public async ValueTask InitializeAsync()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"plantracker-tests-{Guid.NewGuid():N}");
        _server = await LocalPostgresServer.StartAsync(
            new LocalPostgresOptions
            {
                Folder = _folder,
                // The tests lose nothing that matters when the machine does.
                ServerSettings = new Dictionary<string, string>(StringComparer.Ordinal) { ["synchronous_commit"] = "off", ["fsync"] = "off", ["max_connections"] = "300" },
            },
            NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        await _server.EnsureDatabaseAsync(Template, CancellationToken.None);
        await using var app = new PlanApplication(_server.ConnectionString(Template) + ";Pooling=false");
        _ = app.Services;
    }

    /// <summary>Connection string of a fresh database that holds schema, plan and demonstration accounts.</summary>
    public Task<string> SeededDatabaseAsync() => CreateAsync($"template {Template}");

    /// <summary>Connection string of a fresh database that holds nothing.</summary>
    public Task<string> EmptyDatabaseAsync() => CreateAsync("template template0");

    /// <summary>Makes a role of its own for the application on that database.</summary>
    /// <returns>How to connect as it.</returns>
    public static async Task<string> ApplicationRoleAsync(string ownersConnection)
    {
        var connection = new NpgsqlConnectionStringBuilder(ownersConnection);
        connection.Username = $"{connection.Database}_app";
        connection.Password = Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(ownersConnection);
        var refusal = await ApplicationRole.GrantAsync(source, connection.Username, connection.Password, CancellationToken.None);
        return refusal is null ? connection.ConnectionString : throw new InvalidOperationException(refusal);
    }

    /// <summary>Ends every connection to a database and takes none, or takes them again: to the application, the server is gone.</summary>
    public async Task CloseAsync(string database, bool closed)
    {
        await using var connection = new NpgsqlConnection(_server!.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"alter database {database} with allow_connections {(closed ? "false" : "true")}; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'", connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_folder is not null && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> CreateAsync(string from)
    {
        var name = $"t{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(_server!.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name} {from}", connection);
        await command.ExecuteNonQueryAsync();
        return _server.ConnectionString(name);
    }
}
