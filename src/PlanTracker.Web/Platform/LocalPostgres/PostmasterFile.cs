using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>What postmaster.pid says about the server of a data folder. It outlives a killed server.</summary>
internal sealed record PostmasterFile(string Data, int ProcessId, DateTimeOffset Started, int Port, bool SaysReady)
{
    private static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>Reads the file; null when there is none. What cannot be read counts as zero: it names no process.</summary>
    public static PostmasterFile? Read(string data)
    {
        try
        {
            var lines = Lines(PathIn(data));
            return new PostmasterFile(
                data,
                (int)Number(lines, 0),
                DateTimeOffset.FromUnixTimeSeconds(Number(lines, 2)),
                (int)Number(lines, 3),
                lines.ElementAtOrDefault(7) == "ready");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the process of that number is the server of this data folder, and not one that got its number later.</summary>
    public bool NamesItsServer() => OperatingSystem.IsLinux() ? CommandLineIsOurs() : NameAndAgeAreOurs();

    /// <summary>Removes a file that would keep postgres from starting: its number is none, or belongs to a stranger by now.</summary>
    public bool RemoveIfMisleading()
    {
        if (ProcessId > 0 && !IsAlive()) return false;
        File.Delete(PathIn(Data));
        return true;
    }

    private bool CommandLineIsOurs()
    {
        try
        {
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/cmdline")).Split('\0');
            return Path.GetFileName(arguments[0]) == "postgres" && arguments.SkipWhile(a => a != "-D").ElementAtOrDefault(1) == Data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool NameAndAgeAreOurs()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.ProcessName == "postgres" && (process.StartTime.ToUniversalTime() - Started.UtcDateTime).Duration() < TimeSpan.FromSeconds(10);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Lets the server write and remove the file meanwhile, which Windows would refuse it otherwise.</summary>
    private static string[] Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    private static long Number(string[] lines, int index) =>
        int.TryParse(lines.ElementAtOrDefault(index), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
