using System.Diagnostics;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>Starts programs with nothing inherited from the application but its PATH.</summary>
internal static class ChildProcess
{
    private static readonly string s_root = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/";

    public sealed record Outcome(int ExitCode, string Output);

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    public static async Task<Outcome> RunAsync(
        string file, IEnumerable<string> arguments, string? account, CancellationToken ct)
    {
        using var process = Process.Start(Describe(file, arguments, s_root, account))!;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Outcome(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static ProcessStartInfo Describe(string file, IEnumerable<string> arguments, string folder, string? account)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (account is not null) start.UserName = account;
        CleanEnvironment(start.Environment);
        return start;
    }

    private static void CleanEnvironment(IDictionary<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
        {
            // A program cannot load its libraries there without the system's own variables.
            foreach (var name in environment.Keys.Where(n => n.StartsWith("PG", StringComparison.OrdinalIgnoreCase)).ToList())
                environment.Remove(name);
        }
        else
        {
            environment.Clear();
            environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
            environment["LC_ALL"] = "C.UTF-8";
        }
        environment["TZ"] = "UTC";
    }
}
