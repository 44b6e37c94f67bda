namespace PlanTracker.Data.Files;

/// <summary>A file under a name made here, for nobody else's eyes, that is gone when it is closed.</summary>
public static class TemporaryFile
{
    private const int BufferSize = 1 << 16;

    // ENOSPC, and ERROR_DISK_FULL as Windows puts it.
    private const int NoRoom = 28;
    private const int NoRoomOnWindows = unchecked((int)0x80070070);

    /// <summary>Whether an error means that there is no room left for such a file.</summary>
    public static bool IsFull(Exception? error) => error switch
    {
        null => false,
        IOException { HResult: NoRoom or NoRoomOnWindows } => true,
        _ => IsFull(error.InnerException),
    };

    public static FileStream Create()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = BufferSize,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"plantracker-{Guid.NewGuid():N}"), options);
    }
}
