using System.Globalization;
using System.Text.Json;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Audit;

/// <summary>A fact of an event.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">As it was recorded; what the product itself says of sign-ins and roles, in words.</param>
public sealed record AuditFact(Bilingual Name, Bilingual Value);

/// <summary>The detail of an event as facts, one after the other.</summary>
public static class AuditDetail
{
    /// <summary>Facts in the order they stand; what is empty says nothing. A fact within another carries both names.</summary>
    public static IReadOnlyList<AuditFact> Of(string detail)
    {
        using var json = JsonDocument.Parse(detail);
        return [.. Facts(json.RootElement, new("", ""), "")];
    }

    private static IEnumerable<AuditFact> Facts(JsonElement element, Bilingual name, string key) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Facts(p.Value, Within(name, AuditWords.Fact(p.Name)), p.Name)),
        JsonValueKind.Array when element.EnumerateArray().Any(e => e.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            element.EnumerateArray().SelectMany((e, i) => Facts(e, Within(name, Numbered(i + 1)), key)),
        JsonValueKind.Array when element.GetArrayLength() > 0 => [new AuditFact(name, Together([.. element.EnumerateArray().Select(e => AuditWords.Value(key, e.ToString()))]))],
        JsonValueKind.Array or JsonValueKind.Null or JsonValueKind.Undefined => [],
        JsonValueKind.String => element.GetString() is { Length: > 0 } text ? [new AuditFact(name, AuditWords.Value(key, text))] : [],
        JsonValueKind.True => [new AuditFact(name, new("yes", "是"))],
        JsonValueKind.False => [new AuditFact(name, new("no", "否"))],
        _ => [new AuditFact(name, Same(element.GetRawText()))],
    };

    private static Bilingual Within(Bilingual outer, Bilingual inner) => outer.En.Length == 0 ? inner : new($"{outer.En} · {inner.En}", $"{outer.Zh} · {inner.Zh}");

    private static Bilingual Together(IReadOnlyList<Bilingual> values) => new(string.Join(", ", values.Select(v => v.En)), string.Join("、", values.Select(v => v.Zh)));

    private static Bilingual Numbered(int number) => Same(number.ToString(CultureInfo.InvariantCulture));

    private static Bilingual Same(string text) => new(text, text);
}
