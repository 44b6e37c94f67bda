using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>A cluster on disk: its data, its password and its log, side by side in one folder.</summary>
internal sealed class PostgresCluster
{
    private const string User = "app";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private PostgresCluster(string folder) => Folder = folder;

    public string Folder { get; }
    public string Data => Path.Combine(Folder, "data");
    public string Log => Path.Combine(Folder, "server.log");
    private string PasswordFile => Path.Combine(Folder, "password");

    /// <summary>The major version that made the cluster; null while there is none.</summary>
    public int? Major => File.Exists(Path.Combine(Data, "PG_VERSION"))
        ? int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture)
        : null;

    public static async Task<PostgresCluster> OpenAsync(string folder, CancellationToken ct)
    {
        var cluster = new PostgresCluster(Path.GetFullPath(folder));
        OpenFolder.Create(cluster.Folder);
        await ServerAccount.RequireEntryAsync(cluster.Folder, ct);
        return cluster;
    }

    /// <summary>Runs initdb under another name and renames, so that a killed initdb leaves nothing half made.</summary>
    public async Task CreateAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        var partial = Path.Combine(Folder, "data.partial");
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        await ServerAccount.GiveAsync(partial, ct);

        if (!File.Exists(PasswordFile)) WriteForOwner(PasswordFile, RandomNumberGenerator.GetHexString(32, lowercase: true));
        await ServerAccount.GiveAsync(PasswordFile, ct);

        string[] arguments =
        [
            "-D", partial, "-U", User, "-E", "UTF8", "-A", "scram-sha-256", $"--pwfile={PasswordFile}",
            "--data-checksums", "-N", .. Locale(binaries.Major),
        ];
        var outcome = await ChildProcess.RunAsync(binaries.InitDb, arguments, ServerAccount.Name, ct);
        if (outcome.ExitCode != 0) throw new InvalidOperationException($"initdb failed in {Folder}: {outcome.Output}");
        Directory.Move(partial, Data);
    }

    public string ConnectionString(int port, string database) => Connection(port, database).ConnectionString;

    /// <summary>For a single connection that leaves nothing behind in a pool.</summary>
    public NpgsqlConnection Administer(int port)
    {
        // Whoever may have taken over the port of a server that is gone must not be told the password.
        var settings = Connection(port, "postgres");
        settings.Pooling = false;
        settings.RequireAuth = "ScramSHA256";
        return new NpgsqlConnection(settings.ConnectionString);
    }

    /// <summary>Whether the server on a port takes connections and serves this very folder.</summary>
    /// <exception cref="PostgresException">It answers with a refusal that waiting will not change.</exception>
    public async Task<bool> IsServedAsync(int port, CancellationToken ct)
    {
        try
        {
            await using var connection = Administer(port);
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand("show data_directory", connection);
            return await command.ExecuteScalarAsync(ct) is string data && Path.GetFullPath(data) == Data;
        }
        catch (NpgsqlException failure) when (failure is not PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
        {
            return false;
        }
    }

    /// <summary>Gives the data to the server's account, which may be another than at the last start, and begins a log.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        await ServerAccount.GiveAsync(Data, ct);
        if (File.Exists(Log)) File.Move(Log, Log + ".1", overwrite: true);
        WriteForOwner(Log, "");
        await ServerAccount.GiveAsync(Log, ct);
    }

    public string EndOfLog()
    {
        using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(log);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(10));
    }

    private NpgsqlConnectionStringBuilder Connection(int port, string database) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Password = File.ReadAllText(PasswordFile),
        Database = database,
        MaxPoolSize = 40,
        Timeout = 5,
        // Nothing leaves the machine; asking for encryption first would only cost round trips.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    // Sorting by code point is the same on every system and never changes with a library; only the provider of 17
    // has it everywhere.
    private static string[] Locale(int major) => major >= 17
        ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        : [OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C"];

    private static void WriteForOwner(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
