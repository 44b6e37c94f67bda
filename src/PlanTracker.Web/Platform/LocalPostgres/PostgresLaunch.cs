using System.Diagnostics;
using System.Globalization;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>How the server of a cluster is started.</summary>
internal sealed record PostgresLaunch(
    PostgresCluster Cluster, PostgresBinaries Binaries, IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>The port to listen on; a free one unless given.</summary>
    public int? Port { get; init; }

    /// <summary>In the foreground, as a child that outlives the terminal's Ctrl+C: the application stops it itself, last.</summary>
    public ProcessStartInfo OnPort(int port)
    {
        string[] postgres = [Binaries.Postgres, "-D", Cluster.Data, "-p", port.ToString(CultureInfo.InvariantCulture), .. SettingArguments()];
        return OperatingSystem.IsWindows() ? OnWindows(postgres) : OnUnix(postgres);
    }

    private IEnumerable<string> SettingArguments()
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
        };
        // There the shell cannot redirect, and a pipe would break with the application.
        if (OperatingSystem.IsWindows())
        {
            settings["logging_collector"] = "on";
            settings["log_directory"] = Cluster.Folder;
            settings["log_filename"] = Path.GetFileName(Cluster.Log);
        }
        foreach (var (name, value) in Settings) settings[name] = value;
        return settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
    }

    /// <summary>Every step is an exec, so the child keeps one process id from the shell to the server.</summary>
    private ProcessStartInfo OnUnix(string[] postgres)
    {
        string[] session = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];
        return ChildProcess.Describe(
            "/bin/sh",
            ["-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", Cluster.Log, .. session, .. postgres],
            Cluster.Folder,
            ServerAccount.Name);
    }

    private ProcessStartInfo OnWindows(string[] postgres)
    {
        var start = ChildProcess.Describe(postgres[0], postgres.Skip(1), Cluster.Folder, account: null);
        // What it says before its collector runs belongs on the console.
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = false;
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true;
        return start;
    }
}
