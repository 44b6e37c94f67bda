using Npgsql;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>A PostgreSQL of one's own: started with the application, stopped with it, reachable from this machine only.</summary>
public sealed class LocalPostgresServer : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;
    private readonly PostgresProcess _process;
    private readonly Lazy<Task> _stop;

    private LocalPostgresServer(PostgresLaunch launch, PostgresProcess process, FolderLock held, ILogger logger)
    {
        (_cluster, Binaries, _process, Held) = (launch.Cluster, launch.Binaries, process, held);
        _stop = new Lazy<Task>(() => StopAsync(logger));
    }

    public int Port => _process.Port;
    public int MajorVersion => Binaries.Major;

    /// <summary>The programs in use; reads well in a log.</summary>
    public PostgresBinaries Binaries { get; }

    internal int ProcessId => _process.ProcessId;
    internal FolderLock Held { get; }

    /// <summary>Starts the server of a folder, making its cluster first if there is none.</summary>
    /// <exception cref="PostgresNotFoundException">No PostgreSQL can be used.</exception>
    /// <exception cref="InvalidOperationException">The folder is in use by another process, or the server will not start.</exception>
    public static async Task<LocalPostgresServer> StartAsync(
        LocalPostgresOptions options, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var cluster = await PostgresCluster.OpenAsync(options.Folder, ct);
        var held = FolderLock.Take(cluster.Folder);
        try
        {
            var binaries = await PostgresBinaries.FindAsync(options, cluster.Major, logger, ct);
            if (cluster.Major is null)
            {
                logger.CreatingCluster(cluster.Folder, binaries);
                await cluster.CreateAsync(binaries, ct);
            }
            var launch = new PostgresLaunch(cluster, binaries, options.ServerSettings) { Port = options.Port };
            var process = await PostgresProcess.TakeOverAsync(cluster, logger, time, ct)
                ?? await PostgresProcess.StartAsync(launch, logger, time, ct);
            logger.Serving(binaries, cluster.Folder, process.Port, process.ProcessId);
            return new LocalPostgresServer(launch, process, held, logger);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>How to connect to the server that another process of the application keeps in this folder; null when none answers.</summary>
    public static async Task<string?> ConnectionToRunningAsync(LocalPostgresOptions options, string database, CancellationToken ct)
    {
        var cluster = await PostgresCluster.OpenAsync(options.Folder, ct);
        return PostmasterFile.Read(cluster.Data) is { } file && await PostgresProcess.AnswersAsync(cluster, file.Port, ct)
            ? cluster.ConnectionString(file.Port, database)
            : null;
    }

    /// <summary>How to connect to a database of this server, whether or not it exists yet.</summary>
    public string ConnectionString(string database) => _cluster.ConnectionString(Port, database);

    /// <summary>Creates the database unless it is there.</summary>
    public async Task EnsureDatabaseAsync(string database, CancellationToken ct)
    {
        await using var connection = _cluster.Administer(Port);
        await connection.OpenAsync(ct);

        // The statement takes no parameters, so the server itself writes it with the name quoted.
        await using var statement = new NpgsqlCommand(
            "select format('create database %I', $1) where not exists (select from pg_database where datname = $1)", connection);
        statement.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
        if (await statement.ExecuteScalarAsync(ct) is not string create) return;
        try
        {
            await using var creation = new NpgsqlCommand(create, connection);
            await creation.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Somebody else made it in the meantime.
        }
    }

    /// <summary>Stops the server and waits for its end. Calling it again waits for the same end.</summary>
    public ValueTask DisposeAsync() => new(_stop.Value);

    private async Task StopAsync(ILogger logger)
    {
        using (Held) await _process.StopAsync();
        logger.Stopped(_cluster.Folder);
    }
}
