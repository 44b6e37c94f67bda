using System.Collections.Frozen;
using System.Text;

namespace PlanTracker.Data;

/// <summary>The one written form of an enumeration, in files, database and addresses: <c>FocusArea</c> is <c>focus-area</c>.</summary>
public static class Kebab
{
    /// <summary>Single capitals, such as SDMX codes, stay as they are.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        Written<T>.Texts.TryGetValue(value, out var text) ? text : Write(value.ToString());

    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum =>
        Written<T>.Values.TryGetValue(text, out value);

    public static T Parse<T>(string text)
        where T : struct, Enum =>
        TryParse<T>(text, out var value) ? value : throw new FormatException($"'{text}' is not one of {Choices<T>()}.");

    public static string Choices<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Select(Of));

    private static string Write(string name)
    {
        if (name.Length == 1)
            return name;

        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>Written once: they are asked for with every row.</summary>
    private static class Written<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().Distinct().ToFrozenDictionary(v => v, v => Write(v.ToString()));

        public static readonly FrozenDictionary<string, T> Values = Texts.ToFrozenDictionary(t => t.Value, t => t.Key, StringComparer.Ordinal);
    }
}
