namespace PlanTracker.Data.Files;

/// <summary>A file under a name made here, for nobody else's eyes, that is gone when it is closed.</summary>
public static class TemporaryFile
{
    private const int BufferSize = 1 << 16;

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
