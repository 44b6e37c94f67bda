using System.Globalization;
using System.Text.RegularExpressions;

namespace PlanTracker.Platform.LocalPostgres;

/// <summary>The two programs a cluster needs, both known to run.</summary>
public sealed partial record PostgresBinaries(string InitDb, string Postgres, string Version)
{
    public const int LowestMajor = 15;

    public int Major { get; } = int.Parse(MajorPart().Match(Version).ValueSpan, CultureInfo.InvariantCulture);

    public override string ToString() => $"PostgreSQL {Version} from {Path.GetDirectoryName(Postgres)}";

    public static IReadOnlyList<string> UsualPlaces { get; } = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin")]
        :
        [
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/opt/homebrew/opt/postgresql@*/bin",
            "/usr/local/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin",
        ];

    /// <summary>
    /// Finds the programs in the documented order. An existing cluster is opened only by the major version that made it.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">Nothing usable was found.</exception>
    public static Task<PostgresBinaries> FindAsync(
        LocalPostgresOptions options, int? clusterMajor, ILogger logger, CancellationToken ct) =>
        new PostgresSearch(options, clusterMajor, logger).FindAsync(ct);

    /// <summary>The version in the answer to <c>--version</c>, such as "15.14" or "18beta1"; null if it is none.</summary>
    internal static string? VersionIn(string answer) =>
        AnswerPattern().Match(answer) is { Success: true } match ? match.Groups["version"].Value : null;

    [GeneratedRegex(@"\A[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MajorPart();

    [GeneratedRegex(@"\A(?:postgres|initdb) \(PostgreSQL\) (?<version>[0-9]{1,4}[0-9a-z.]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnswerPattern();
}
