using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Platform.LocalPostgres;

namespace PlanTracker.Tests.Support;

/// <summary>
/// A PostgreSQL of one's own that keeps what it acknowledges, on a port that stays the same. It can be killed and come back; its folder goes at the end.
/// </summary>
internal sealed class KeptServer : IAsyncDisposable
{
    private const string Database = "plan";

    private readonly IReadOnlyDictionary<string, string> _settings;
    private LocalPostgresServer _server;

    private KeptServer(string folder, IReadOnlyDictionary<string, string> settings, LocalPostgresServer server) => (Folder, _settings, _server) = (folder, settings, server);

    public string Folder { get; }

    public int Port => _server.Port;

    public string ConnectionString => _server.ConnectionString(Database);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static string NewFolder() => Path.Combine(Path.GetTempPath(), $"plantracker-kept-{Guid.NewGuid():N}");

    /// <summary>Starts the server of a folder, or of a new one, with an empty database unless there is one.</summary>
    public static async Task<KeptServer> StartAsync(string? folder = null, params (string Name, string Value)[] settings)
    {
        folder ??= NewFolder();
        var given = settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal);
        var server = await StartAsync(folder, given, port: null);
        await server.EnsureDatabaseAsync(Database, Ct);
        return new KeptServer(folder, given, server);
    }

    /// <summary>It runs no more, by whosever doing.</summary>
    public bool HasEnded
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(_server.ProcessId);
                return process.HasExited;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }
    }

    /// <summary>Ends it as a power cut does: nothing is written any more.</summary>
    public async Task KillAsync()
    {
        using (var process = Process.GetProcessById(_server.ProcessId))
            process.Kill();
        await _server.DisposeAsync();
    }

    /// <summary>Ends it in good order.</summary>
    public ValueTask StopAsync() => _server.DisposeAsync();

    /// <summary>Starts it again, where it was.</summary>
    public async Task ComeBackAsync()
    {
        await _server.DisposeAsync();
        _server = await StartAsync(Folder, _settings, Port);
    }

    public async Task<T> AskAsync<T>(string question)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(question, connection);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }

    public async Task DoAsync(string statement)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    public Task HoldsAsync(string question) => Until.HoldsAsync(() => AskAsync<bool>(question), question);

    /// <summary>Keeps whoever needs an advisory lock waiting, until it is disposed.</summary>
    public async Task<NpgsqlConnection> HoldAsync(string lockKeys)
    {
        var connection = await OpenAsync();
        await using var hold = new NpgsqlCommand($"select pg_advisory_lock({lockKeys})", connection);
        await hold.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static Task<LocalPostgresServer> StartAsync(string folder, IReadOnlyDictionary<string, string> settings, int? port) =>
        LocalPostgresServer.StartAsync(new LocalPostgresOptions { Folder = folder, Port = port, ServerSettings = settings }, NullLogger.Instance, TimeProvider.System, Ct);
}

/// <summary>A folder that goes at the end, if it was made.</summary>
internal sealed class RemovedFolder(string path) : IAsyncDisposable
{
    public string Path => path;

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        return ValueTask.CompletedTask;
    }
}
