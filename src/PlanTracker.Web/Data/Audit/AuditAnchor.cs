using System.Globalization;
using System.Text.RegularExpressions;

namespace PlanTracker.Data.Audit;

/// <summary>
/// The head of the chain as it was at some time, in one line to be kept where nobody of the database reaches it. A chain that still holds the event
/// with this hash holds everything that was written before it.
/// </summary>
/// <param name="EventId">The last event at that time.</param>
/// <param name="Hash">Its hash, 64 small hexadecimal digits.</param>
/// <param name="TakenAt">When it was taken, in UTC, to the second.</param>
public sealed partial record AuditAnchor(long EventId, string Hash, DateTimeOffset TakenAt)
{
    /// <summary>As many as are read at once.</summary>
    public const int Most = 10_000;

    private const string Time = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The line: <c>plantracker-audit-anchor 1 {event} {hash} {time}</c>. The 1 is the version of the format.</summary>
    public override string ToString() => FormattableString.Invariant($"plantracker-audit-anchor 1 {EventId} {Hash} ") + TakenAt.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture);

    /// <summary>Reads lines that were kept. Empty ones and those that begin with <c>#</c> say nothing.</summary>
    /// <returns>The anchors, and the number of the first line that is none.</returns>
    public static (IReadOnlyList<AuditAnchor> Anchors, int? WrongLine) Read(string text)
    {
        var anchors = new List<AuditAnchor>();
        var number = 0;
        foreach (var one in text.Split('\n'))
        {
            number++;
            var line = one.Trim().Trim('\uFEFF');
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (anchors.Count == Most || Of(line) is not { } anchor)
                return ([], number);
            anchors.Add(anchor);
        }

        return (anchors, null);
    }

    private static AuditAnchor? Of(string line) =>
        Line().Match(line) is { Success: true } match
        && long.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && DateTimeOffset.TryParseExact(match.Groups["time"].ValueSpan, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new AuditAnchor(id, match.Groups["hash"].Value, at)
            : null;

    [GeneratedRegex(@"\Aplantracker-audit-anchor 1 (?<id>[0-9]+) (?<hash>[0-9a-f]{64}) (?<time>\S+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
