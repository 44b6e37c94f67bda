namespace PlanTracker.Platform.LocalPostgres;

/// <summary>The account PostgreSQL runs under: it refuses to run as root.</summary>
internal static class ServerAccount
{
    public static bool RunsAsRoot { get; } = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The account to change to, or null when the application's own will do.</summary>
    public static string? Name { get; } = !RunsAsRoot ? null : Exists("postgres") ? "postgres" : "nobody";

    public static async Task GiveAsync(string path, CancellationToken ct)
    {
        if (Name is null) return;
        var outcome = await ChildProcess.RunAsync("chown", ["-R", Name, path], account: null, ct);
        if (outcome.ExitCode != 0) throw new InvalidOperationException($"{path} could not be given to {Name}: {outcome.Output}");
    }

    /// <summary>Asks the system itself, since permissions, ACLs and mounts all have a say.</summary>
    public static async Task RequireEntryAsync(string folder, CancellationToken ct)
    {
        if (Name is null) return;
        var outcome = await ChildProcess.RunAsync("/bin/sh", ["-c", "cd \"$0\"", folder], Name, ct);
        if (outcome.ExitCode == 0) return;
        throw new InvalidOperationException(
            $"PostgreSQL does not run as root, and the account {Name} cannot enter {folder}. "
            + "Open that folder and those above it to others (chmod o+x), or choose another.");
    }

    private static bool Exists(string account) =>
        File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(account + ":", StringComparison.Ordinal));
}
