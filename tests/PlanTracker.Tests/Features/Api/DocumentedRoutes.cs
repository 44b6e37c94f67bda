using System.Text.Json;

namespace PlanTracker.Tests.Features.Api;

/// <summary>The document of the API, as a program reads it.</summary>
internal sealed class DocumentedRoutes(JsonElement document)
{
    public JsonElement Document { get; } = document;

    /// <summary>Every documented address with its method, and the schema of its answer.</summary>
    public IEnumerable<(string Path, string Method, JsonElement Operation)> Operations =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name.ToUpperInvariant(), operation.Value);

    /// <summary>Addresses to read, with the examples of their parameters in the path.</summary>
    public IEnumerable<(string Address, JsonElement Schema)> Readable =>
        from o in Operations
        where o.Method == "GET" && !o.Path.Contains("requestId", StringComparison.Ordinal)
        select (Filled(o.Path, o.Operation), o.Operation.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema"));

    public static async Task<DocumentedRoutes> ReadAsync(ApiSteps api, string token) => new((await api.GetAsync("/api/v1/openapi.json", token)).Json);

    private static string Filled(string path, JsonElement operation) => operation.GetProperty("parameters").EnumerateArray()
        .Where(p => p.GetProperty("in").GetString() == "path")
        .Aggregate(path, (a, p) => a.Replace($"{{{p.GetProperty("name").GetString()}}}", p.GetProperty("example").GetString(), StringComparison.Ordinal));

    /// <summary>Where a value is not what the schema says: required fields, types and choices.</summary>
    public IEnumerable<string> Faults(JsonElement value, JsonElement schema, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Faults(value, Document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), at);
        if (schema.TryGetProperty("oneOf", out var choices))
            return choices.EnumerateArray().Select(c => Faults(value, c, at).ToList()).MinBy(f => f.Count)!;
        string[] types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several ? [.. several.EnumerateArray().Select(t => t.GetString()!)] : [schema.GetProperty("type").GetString()!];
        if (!types.Any(t => Is(value, t)))
            return [$"{at} is {value.ValueKind}, not {string.Join('|', types)}"];
        return value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany((v, i) => Faults(v, schema.GetProperty("items"), $"{at}[{i}]")),
            JsonValueKind.Object => FieldFaults(value, schema, at),
            JsonValueKind.String when schema.TryGetProperty("enum", out var texts) && texts.EnumerateArray().All(t => t.GetString() != value.GetString()) => [$"{at} is {value}"],
            _ => [],
        };
    }

    private IEnumerable<string> FieldFaults(JsonElement value, JsonElement schema, string at)
    {
        var fields = schema.GetProperty("properties");
        var missing = schema.TryGetProperty("required", out var required)
            ? required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{at}.{r} is missing")
            : [];
        return missing.Concat(value.EnumerateObject().SelectMany(p => fields.TryGetProperty(p.Name, out var of) ? Faults(p.Value, of, $"{at}.{p.Name}") : [$"{at}.{p.Name} is not documented"]));
    }

    private static bool Is(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => value.ValueKind == JsonValueKind.Number,
    };
}
