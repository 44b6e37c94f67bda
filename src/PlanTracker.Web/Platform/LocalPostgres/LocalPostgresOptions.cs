using System.Security.Cryptography;
using System.Text;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>Where the private PostgreSQL keeps its data, and where its programs may come from.</summary>
public sealed record LocalPostgresOptions
{
    /// <summary>Where the cluster, its password, its log and its lock live.</summary>
    public required string Folder { get; init; }

    /// <summary>A folder holding <c>initdb</c> and <c>postgres</c>. When set, nothing else is tried.</summary>
    public string? BinariesFolder { get; init; }

    /// <summary>Where a fetched package is unpacked; shared by all clusters of this user.</summary>
    public string PackageCache { get; init; } = Path.Combine(Home, "packages");

    public bool AllowDownload { get; init; } = true;

    /// <summary>The port to listen on; a free one unless given.</summary>
    public int? Port { get; init; }

    /// <summary>Server settings, each given to <c>postgres</c> as <c>-c name=value</c>.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders looked through for the programs, separated as in PATH.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Folders where installers put PostgreSQL; <c>*</c> stands for the version.</summary>
    public IReadOnlyList<string> UsualPlaces { get; init; } = PostgresBinaries.UsualPlaces;

    /// <summary>One folder for each copy of the application, outside its content root.</summary>
    public static string DefaultFolder(string contentRoot)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(contentRoot));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(root));
        return Path.Combine(Home, Convert.ToHexStringLower(hash.AsSpan(0, 6)));
    }

    // Root's own home is closed to the account the server must run under; and where the home does not exist yet,
    // .NET answers with an empty string unless told not to look.
    private static string Home => ServerAccount.RunsAsRoot
        ? "/var/lib/plantracker"
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "PlanTracker");
}
