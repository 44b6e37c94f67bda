using System.Text;

namespace PlanTracker.Features.Search;

/// <summary>
/// What somebody typed into the search box, as words that all have to be found. Width and form of characters do not count (NFKC), nor do upper and
/// lower case; every character stands for itself.
/// </summary>
public sealed record SearchText
{
    /// <summary>Longest text that is searched for, in characters as typed.</summary>
    public const int MaxLength = 200;

    /// <summary>The character before which one of a pattern is an ordinary one.</summary>
    public const string Escape = @"\";

    public required string Typed { get; init; }

    public required IReadOnlyList<string> Words { get; init; }

    public bool IsTooLong => Typed.Length > MaxLength;

    /// <summary>There is something to search for.</summary>
    public bool IsUsable => Words.Count > 0;

    /// <summary>The words for use inside a pattern of SQL.</summary>
    public string[] Patterns => [.. Words.Distinct(StringComparer.OrdinalIgnoreCase).Select(Literal)];

    /// <summary>The whole text for use inside a pattern of SQL.</summary>
    public string WholePattern => Literal(string.Join(' ', Words));

    public static SearchText Of(string? typed)
    {
        var text = (typed ?? "").Trim();
        return new SearchText { Typed = text, Words = text.Length > MaxLength ? [] : Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) };
    }

    /// <summary>Whether <paramref name="other"/> holds a word that <paramref name="own"/> does not.</summary>
    public bool FoundOnlyIn(string other, string own)
    {
        var (theirs, ours) = (Fold(other), Fold(own));
        return Words.Any(w => theirs.Contains(w, StringComparison.OrdinalIgnoreCase) && !ours.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The text in pieces, those that were searched for and those between them.</summary>
    public IEnumerable<(string Piece, bool Found)> Pieces(string text)
    {
        // One character can become several, so each one of the folded text remembers where it came from.
        var folded = new StringBuilder();
        var origins = new List<int>();
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var plain = Fold(rune.ToString());
            folded.Append(plain);
            origins.AddRange(Enumerable.Repeat(at, plain.Length));
            at += rune.Utf16SequenceLength;
        }

        var found = new bool[text.Length];
        foreach (var word in Words)
        {
            var searched = folded.ToString();
            for (var i = searched.IndexOf(word, StringComparison.OrdinalIgnoreCase); i >= 0; i = searched.IndexOf(word, i + 1, StringComparison.OrdinalIgnoreCase))
            {
                var end = i + word.Length < origins.Count ? origins[i + word.Length] : text.Length;
                Array.Fill(found, value: true, origins[i], Math.Max(end - origins[i], 1));
            }
        }

        for (var (start, i) = (0, 1); i <= text.Length; i++)
        {
            if (i == text.Length || found[i] != found[start])
            {
                yield return (text[start..i], found[start]);
                start = i;
            }
        }
    }

    // U+FFFE is no character; normalizing would throw.
    private static string Fold(string text) => text.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormKC);

    private static string Literal(string text) =>
        text.Replace(Escape, @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
