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
        var held = Open(Path.Combine(folder, "lock"))
            ?? throw new InvalidOperationException(
                $"The private PostgreSQL in {folder} is in use by process {(File.Exists(holder) ? File.ReadAllText(holder) : "unknown")}. "
                + "Stop that process, or give this one another folder.");
        using var self = Process.GetCurrentProcess();
        File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"{self.Id} ({self.ProcessName})"));
        return new FolderLock(held);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            // .NET has no type of its own for a file that another process holds.
            return null;
        }
    }
}
