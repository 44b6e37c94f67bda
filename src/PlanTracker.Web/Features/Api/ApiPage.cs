using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using PlanTracker.Domain;

namespace PlanTracker.Features.Api;

/// <summary>The document of the API as a page shows it.</summary>
/// <param name="Operations">Reading first, in the order of the document.</param>
/// <param name="Schemas">Types with fields, by name.</param>
public sealed record ApiPage(IReadOnlyList<OperationLine> Operations, IReadOnlyList<SchemaLine> Schemas)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ApiPage Of(OpenApiDocument document) => new(
        [.. from path in document.Paths
            from operation in path.Value.Operations ?? []
            orderby operation.Key == HttpMethod.Post
            select OperationOf(path.Key, operation.Key, operation.Value)],
        [.. document.Components!.Schemas!.Where(s => s.Value.Properties is { Count: > 0 }).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new SchemaLine(s.Key, FieldsOf(s.Value)))]);

    private static OperationLine OperationOf(string path, HttpMethod method, OpenApiOperation operation)
    {
        var answer = operation.Responses!["200"].Content!["application/json"].Schema!;
        return new OperationLine
        {
            Id = operation.OperationId!,
            Method = method.Method,
            Path = path,
            Summary = new Bilingual(operation.Summary ?? "", Zh(operation.Extensions, ApiDocument.SummaryZh)),
            Parameters = [.. (operation.Parameters ?? []).Select(p => new FieldLine(
                p.Name!, TypeOf(p.Schema!), p.Required, new Bilingual(p.Description ?? "", Zh(p.Extensions, ApiDocument.DescriptionZh)), p.Example?.ToString()))],
            Example = ExampleOf(path, operation),
            Body = operation.RequestBody?.Content?["application/json"].Schema is { } body ? new SampleLine(NameOf(body), Sample(body)?.ToJsonString(Indented) ?? "") : null,
            Answer = new SampleLine(NameOf(answer), Sample(answer)?.ToJsonString(Indented) ?? ""),
            Refusals = [.. operation.Responses.Where(r => r.Value.Content?.ContainsKey(Shared.ApiProblem.MediaType) == true).Select(r => r.Key).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>An address to try: what stands in the path, and the first two parameters, the size of a page among them.</summary>
    private static string ExampleOf(string path, OpenApiOperation operation)
    {
        var given = (operation.Parameters ?? []).Where(p => p.Example is not null).ToList();
        var address = given.Where(p => p.In == ParameterLocation.Path).Aggregate(path, (a, p) => a.Replace($"{{{p.Name}}}", Uri.EscapeDataString(p.Example!.ToString()), StringComparison.Ordinal));
        var query = given.Where(p => p.In == ParameterLocation.Query && !string.Equals(p.Name, "asOf", StringComparison.Ordinal)).ToList();
        var limit = query.Where(p => string.Equals(p.Name, "limit", StringComparison.Ordinal));
        var asked = query.Take(1).Union(limit).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Example!.ToString())}");
        return address + (query.Count == 0 ? "" : "?" + string.Join('&', asked));
    }

    private static List<FieldLine> FieldsOf(IOpenApiSchema schema) => [.. schema.Properties!.Select(p => new FieldLine(
        p.Key, TypeOf(p.Value), schema.Required?.Contains(p.Key) == true,
        new Bilingual(p.Value.Description ?? "", Zh(p.Value is OpenApiSchemaReference named ? named.Reference.Extensions : p.Value.Extensions, ApiDocument.DescriptionZh)),
        ExamplesOf(p.Value)?.ToJsonString(Indented)))];

    private static TypeLine TypeOf(IOpenApiSchema schema)
    {
        if (schema.OneOf is { Count: > 0 } choices)
            return TypeOf(choices.First(c => c.Type != JsonSchemaType.Null)) with { OrNothing = true };
        if (schema is OpenApiSchemaReference { Properties: not null } named)
            return new TypeLine(named.Reference.Id!, Named: true);
        if (schema.Enum is { Count: > 0 } texts)
            return new TypeLine(string.Join(" | ", texts.Select(t => t.ToString())));
        var type = schema.Type ?? JsonSchemaType.Object;
        if (type.HasFlag(JsonSchemaType.Array))
            return TypeOf(schema.Items!) with { Many = true, OrNothing = type.HasFlag(JsonSchemaType.Null) };
        var words = new[] { JsonSchemaType.String, JsonSchemaType.Number, JsonSchemaType.Integer, JsonSchemaType.Boolean, JsonSchemaType.Object }
            .Where(t => type.HasFlag(t)).Select(t => t.ToString().ToLowerInvariant());
        return new TypeLine(string.Join(" | ", words) + (schema.Format is { } format ? $" ({format})" : ""), OrNothing: type.HasFlag(JsonSchemaType.Null));
    }

    /// <summary>An answer put together from the examples of its fields.</summary>
    private static JsonNode? Sample(IOpenApiSchema schema)
    {
        if (ExamplesOf(schema) is { } example)
            return example.DeepClone();
        if (schema.OneOf is { Count: > 0 } choices)
            return choices.First(c => c.Type != JsonSchemaType.Null) is { Properties: not null } choice ? Sample(choice) : null;
        if (schema.Items is { } entry)
            return Sample(entry) is { } one ? new JsonArray(one) : new JsonArray();
        return schema.Properties is null ? null : new JsonObject(schema.Properties.Select(p => KeyValuePair.Create(p.Key, Sample(p.Value))));
    }

    private static JsonNode? ExamplesOf(IOpenApiSchema schema) =>
        (schema is OpenApiSchemaReference named ? named.Reference.Examples : schema.Examples)?.FirstOrDefault();

    private static string NameOf(IOpenApiSchema schema) => (schema as OpenApiSchemaReference)?.Reference.Id ?? "";

    private static string Zh(IDictionary<string, IOpenApiExtension>? extensions, string name) =>
        extensions?.TryGetValue(name, out var text) == true && text is JsonNodeExtension node ? node.Node.ToString() : "";
}

public sealed record OperationLine
{
    public required string Id { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required Bilingual Summary { get; init; }

    public required IReadOnlyList<FieldLine> Parameters { get; init; }

    /// <summary>An address to try.</summary>
    public required string Example { get; init; }

    public required SampleLine? Body { get; init; }

    public required SampleLine Answer { get; init; }

    public required IReadOnlyList<string> Refusals { get; init; }
}

public sealed record FieldLine(string Name, TypeLine Type, bool Required, Bilingual Meaning, string? Example);

/// <param name="Text">The type, or the texts it may be.</param>
/// <param name="Named">It is described below under this name.</param>
/// <param name="Many">A list of it.</param>
/// <param name="OrNothing">It may be null.</param>
public sealed record TypeLine(string Text, bool Named = false, bool Many = false, bool OrNothing = false);

public sealed record SampleLine(string Type, string Text);

public sealed record SchemaLine(string Name, IReadOnlyList<FieldLine> Fields);
