using System.Diagnostics;
using System.Globalization;
using PlanTracker.Data.Files;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>A disk of a few megabytes, in memory, that can be filled to the last byte and be given room again.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Mounts it; where that is not permitted, the test is skipped and says so.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        var folder = Path.Combine(Path.GetTempPath(), $"plantracker-disk-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        var (exitCode, output) = await RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "plantracker", folder);
        if (exitCode != 0)
            Directory.Delete(folder);
        Assert.SkipUnless(exitCode == 0, $"A small disk could not be mounted: {output}");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room that is left, also while others write.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 1 << 12 })
        {
            try
            {
                for (var bytes = new byte[size]; ;)
                    ballast.Write(bytes);
            }
            catch (IOException full) when (TemporaryFile.IsFull(full))
            {
                // Not so much more.
            }
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // What a killed process still holds open must not keep it here.
        await RunAsync("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments) =>
        PublishedApplication.RunAsync(new ProcessStartInfo(program, arguments), Soon);
}
