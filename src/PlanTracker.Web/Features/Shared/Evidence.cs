using System.Text.RegularExpressions;

namespace PlanTracker.Features.Shared;

/// <param name="Text">As it was typed.</param>
/// <param name="IsAddress">It is an http or https address, and nothing else.</param>
public sealed record EvidencePart(string Text, bool IsAddress);

/// <summary>Evidence as pages show it: addresses on the web can be followed, everything else is text.</summary>
public static partial class Evidence
{
    /// <summary>What is not part of an address when it stands at its end.</summary>
    private static readonly char[] Closing = ['.', ',', ';', ':', '!', '?', '\'', '*'];

    public static IEnumerable<IReadOnlyList<EvidencePart>> Lines(string evidence) =>
        evidence.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(l => (IReadOnlyList<EvidencePart>)[.. Parts(l)]);

    private static IEnumerable<EvidencePart> Parts(string line)
    {
        var at = 0;
        foreach (Match match in Address().Matches(line))
        {
            var address = WithoutClosing(match.Value);
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
                continue;
            if (match.Index > at)
                yield return new EvidencePart(line[at..match.Index], IsAddress: false);
            yield return new EvidencePart(address, IsAddress: true);
            at = match.Index + address.Length;
        }

        if (at < line.Length)
            yield return new EvidencePart(line[at..], IsAddress: false);
    }

    private static string WithoutClosing(string address)
    {
        var trimmed = address.TrimEnd(Closing);
        return trimmed.EndsWith(')') && !trimmed.Contains('(', StringComparison.Ordinal) ? WithoutClosing(trimmed[..^1]) : trimmed;
    }

    // An address ends at white space, quotes, brackets, full-width punctuation, and whatever cannot be seen.
    [GeneratedRegex(@"(?<![A-Za-z0-9])https?://[^\s\p{C}<>""“”‘’，。；：、！？（）《》【】「」]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
