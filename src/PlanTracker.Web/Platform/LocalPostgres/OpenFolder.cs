namespace PlanTracker.Platform.LocalPostgres;

/// <summary>Folders that the server's account can enter, whatever the umask of the application.</summary>
internal static class OpenFolder
{
    private const UnixFileMode EnteredByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Creates the folder and the missing ones above it; those that are there keep their mode.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent) Create(parent);
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, EnteredByAll);
    }
}
