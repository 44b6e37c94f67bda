using System.Text.Json;
using System.Text.RegularExpressions;

namespace PlanTracker.Tests.Support;

/// <summary>
/// A compose file in the part of YAML it is written in: maps and lists by indentation, plain and double-quoted values, lists in
/// brackets. Anything else is refused, so nothing is misread in silence. A place is written <c>services/web/image</c>.
/// </summary>
public sealed partial class ComposeFile
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _lists = new(StringComparer.Ordinal);
    private readonly List<string> _places = [];

    private ComposeFile(IEnumerable<string> lines)
    {
        var open = new Stack<(int Indent, string Place)>();
        foreach (var line in lines.Where(l => l.Trim() is { Length: > 0 } text && text[0] != '#'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            while (open.TryPeek(out var last) && last.Indent >= indent)
                open.Pop();
            var parent = open.TryPeek(out var above) ? above.Place : "";

            if (ListItem().Match(line) is { Success: true } item)
            {
                ListAt(parent).Add(Scalar(item.Groups["value"].Value));
                continue;
            }

            if (Entry().Match(line) is not { Success: true } entry)
                throw new FormatException($"Not understood: {line}");
            var place = parent.Length == 0 ? entry.Groups["key"].Value : $"{parent}/{entry.Groups["key"].Value}";
            _places.Add(place);
            open.Push((indent, place));
            if (entry.Groups["value"].Value is ['[', ..] list)
                ListAt(place).AddRange(JsonSerializer.Deserialize<string[]>(list)!);
            else if (entry.Groups["value"].Value is { Length: > 0 } value)
                _values.Add(place, Scalar(value));
        }
    }

    public static ComposeFile Read(string name = "docker-compose.yml") => new(File.ReadLines(Path.Combine(SeededPlan.RepositoryRoot, name)));

    /// <summary>The value at a place, variables not yet put in.</summary>
    public string this[string place] => _values[place];

    public IReadOnlyList<string> List(string place) => _lists[place];

    /// <summary>Names directly below a place.</summary>
    public IReadOnlyList<string> Names(string place) =>
        [.. _places.Where(p => p.StartsWith(place + "/", StringComparison.Ordinal)).Select(p => p[(place.Length + 1)..]).Where(p => !p.Contains('/'))];

    /// <summary>Every variable that stands in a value or a list.</summary>
    public IReadOnlyList<string> Variables() =>
        [.. _values.Values.Concat(_lists.Values.SelectMany(l => l)).SelectMany(t => Variable().Matches(t))
            .Select(m => m.Groups["name"].Value).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Puts variables into a text as docker compose does.</summary>
    /// <exception cref="InvalidOperationException">A required variable is not set.</exception>
    public static string PutIn(string text, IReadOnlyDictionary<string, string> variables) => Variable().Replace(text, match =>
    {
        if (match.Value == "$$")
            return "$";
        if (variables.TryGetValue(match.Groups["name"].Value, out var value) && value.Length > 0)
            return value;
        return match.Groups["kind"].Value == "-"
            ? match.Groups["rest"].Value
            : throw new InvalidOperationException($"{match.Groups["name"].Value}: {match.Groups["rest"].Value}");
    });

    private List<string> ListAt(string place)
    {
        if (!_lists.TryGetValue(place, out var list))
            _lists.Add(place, list = []);
        return list;
    }

    private static string Scalar(string text) => text[0] switch
    {
        '"' => JsonSerializer.Deserialize<string>(text)!,
        '\'' or '[' or '{' or '&' or '*' or '|' or '>' => throw new FormatException($"Not understood: {text}"),
        _ => text,
    };

    [GeneratedRegex(@"\A *(?<key>[A-Za-z0-9_-]+):(?: (?<value>.+))?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\A *- (?<value>.+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListItem();

    [GeneratedRegex(@"\$(\$|\{(?<name>[A-Z_]+)(:(?<kind>[-?])(?<rest>[^}]*))?\})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
