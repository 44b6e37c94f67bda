using System.Diagnostics;
using System.Globalization;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>Keeps a folder to one application, for as long as its process lives.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _lock;

    private FolderLock(FileStream held) => _lock = held;

    /// <exception cref="InvalidOperationException">Another process holds the folder; the message says which.</exception>
    public static FolderLock Take(string folder)
    {
        // A locked file cannot be read by others, so the holder's name stands beside it.
        var holder = Path.Combine(folder, "lock.holder");
        try
        {
            var held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} ({Process.GetCurrentProcess().ProcessName})"));
            return new FolderLock(held);
        }
        catch (IOException refused)
        {
            throw new InvalidOperationException(
                $"The private PostgreSQL in {folder} is in use by process {(File.Exists(holder) ? File.ReadAllText(holder) : "unknown")}. "
                + "Stop that process, or give this one another folder.", refused);
        }
    }

    public void Dispose() => _lock.Dispose();
}
