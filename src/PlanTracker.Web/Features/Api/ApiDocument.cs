using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>
/// The document of the API, made from the code that answers: addresses, parameters and types as they are, words and examples from
/// <see cref="SaysAttribute"/>. Chinese stands beside English as <c>x-…-zh</c>.
/// </summary>
public static class ApiDocument
{
    public const string SummaryZh = "x-summary-zh";
    public const string DescriptionZh = "x-description-zh";

    private const string Token = "token";
    private const string Cookie = "session";

    /// <summary>From the plan to what changed in it.</summary>
    private static readonly string[] Order = ["", "elements", "goals", "indicators", "targets", "regions", "readings", "standings", "series", "changes", "submissions"];

    private static readonly int[] EveryRefusal =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests,
        StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
    ];

    private static readonly int[] RefusalsOfWriting =
    [
        StatusCodes.Status403Forbidden, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity,
        StatusCodes.Status507InsufficientStorage,
    ];

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => ApiJson.Configured(o.SerializerOptions));
        services.AddScoped<Submissions>();
        // Which type each named schema stands for, noted while the document is made.
        var types = new ConcurrentDictionary<string, Type>(StringComparer.Ordinal);
        return services.AddOpenApi(ApiEndpoint.Version, options =>
        {
            options.CreateSchemaReferenceId = NameOf;
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = d => string.Equals(d.GroupName, ApiEndpoint.Version, StringComparison.Ordinal) && !HttpMethods.IsHead(d.HttpMethod!);
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (NameOf(context.JsonTypeInfo) is { } name)
                    types[name] = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
                Shape(schema, context.JsonTypeInfo, context.JsonPropertyInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(DescribeAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                foreach (var (name, schema) in document.Components!.Schemas!)
                    Describe(schema, types[name]);
                DescribeLanguages((OpenApiSchema)document.Components.Schemas[nameof(Bilingual)]);
                return Task.CompletedTask;
            });
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PlanTracker",
            Version = ApiEndpoint.Version,
            Description = "Everything the dashboards show, for programs, and readings in bulk. Numbers carry the digits they were stated with: read them as decimals, not as doubles.",
            Extensions = Zh(DescriptionZh, "看板所示全部内容的程序接口，并可批量提交数据。数值保留原有数位：请按十进制数读取，勿用双精度浮点数。"),
        };
        document.Servers = [];
        var paths = document.Paths.OrderBy(p => Array.IndexOf(Order, p.Key.Split('/').ElementAtOrDefault(5) ?? "")).ThenBy(p => p.Key, StringComparer.Ordinal).ToList();
        document.Paths = [];
        foreach (var (path, item) in paths)
            document.Paths.Add(path, item);
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "pt_…", Description = "A token made under Account, Tokens." },
            [Cookie] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "plantracker", Description = "The cookie of a signed-in person, __Host-plantracker over https; for reading only." },
        };
        foreach (var (method, operation) in document.Paths.SelectMany(p => p.Value.Operations ?? []))
        {
            operation.Security = [Needs(document, Token)];
            if (method == HttpMethod.Get)
                operation.Security.Add(Needs(document, Cookie));
        }
    }

    private static OpenApiSecurityRequirement Needs(OpenApiDocument document, string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var method = ((ControllerActionDescriptor)context.Description.ActionDescriptor).MethodInfo;
        operation.OperationId = method.Name;
        if (method.GetCustomAttribute<SaysAttribute>() is { } says)
        {
            operation.Summary = says.En;
            operation.Extensions = Zh(SummaryZh, says.Zh);
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (Array.Find(method.GetParameters(), p => string.Equals(p.Name, parameter.Name, StringComparison.Ordinal))?.GetCustomAttribute<SaysAttribute>() is not { } told)
                continue;
            parameter.Description = told.En;
            parameter.Extensions = Zh(DescriptionZh, told.Zh);
            parameter.Example = Node(told.Example);
            if (parameter is { Name: "limit", Schema: OpenApiSchema limit })
                (limit.Minimum, limit.Maximum, limit.Default) = ("1", $"{Paging.Most}", Paging.Usual);
        }

        if (method.GetCustomAttribute<TakesBodyAttribute>() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new() { Schema = await NamedAsync(context, body.Type, ct) },
                },
            };
        }

        await DescribeAnswersAsync(operation, context, ct);
    }

    private static async Task DescribeAnswersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var problem = await NamedAsync(context, typeof(ApiProblem), ct);
        var writes = operation.RequestBody is not null;
        operation.Responses ??= [];
        if (!writes)
            operation.Responses["304"] = new OpenApiResponse { Description = "Nothing changed since the answer whose ETag was sent as If-None-Match." };
        foreach (var status in EveryRefusal.Concat(writes ? RefusalsOfWriting : [StatusCodes.Status406NotAcceptable]))
        {
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [ApiProblem.MediaType] = new() { Schema = problem } },
            };
        }
    }

    private static async Task<IOpenApiSchema> NamedAsync(OpenApiOperationTransformerContext context, Type type, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, ct);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    private static string? NameOf(JsonTypeInfo type) => type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(ListOf<>)
        ? $"ListOf{type.Type.GetGenericArguments()[0].Name}"
        : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>Types that are written otherwise than their fields suggest.</summary>
    private static void Shape(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property)
    {
        var of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        var orNothing = of == type.Type ? default : JsonSchemaType.Null;
        if (of.IsEnum)
        {
            schema.Type = JsonSchemaType.String | orNothing;
            schema.Enum = [.. EnumTexts(of).Select(t => (JsonNode)t)];
        }
        else if (of == typeof(Period))
        {
            (schema.Type, schema.Properties, schema.Required) = (JsonSchemaType.String | orNothing, null, null);
            schema.Pattern = "^[0-9]{4}(-(S[12]|Q[1-4]|0[1-9]|1[0-2]))?$";
        }
        else if (of == typeof(decimal))
        {
            schema.Format = "decimal";
            if (property?.DeclaringType == typeof(ReadingSent))
                schema.Type |= JsonSchemaType.String;
        }
    }

    /// <summary>What each field means, also where its type has a name of its own.</summary>
    private static void Describe(IOpenApiSchema schema, Type type)
    {
        foreach (var field in ApiJson.Options.GetTypeInfo(type).Properties)
        {
            if (schema.Properties?.TryGetValue(field.Name, out var of) != true || Says(field) is not { } says)
                continue;
            of!.Description = says.En;
            switch (of)
            {
                case OpenApiSchemaReference named:
                    named.Reference.Extensions = Zh(DescriptionZh, says.Zh);
                    named.Reference.Examples = ExamplesOf(says, field.PropertyType);
                    break;
                case OpenApiSchema own:
                    own.Extensions = Zh(DescriptionZh, says.Zh);
                    own.Examples = ExamplesOf(says, field.PropertyType);
                    if (own.Items is OpenApiSchema { Properties: not null } inner)
                        Describe(inner, field.PropertyType.GetGenericArguments()[0]);
                    break;
            }
        }
    }

    /// <summary>The domain knows nothing of documents.</summary>
    private static void DescribeLanguages(OpenApiSchema bilingual)
    {
        bilingual.Required = new HashSet<string>(["en", "zh"], StringComparer.Ordinal);
        foreach (var (name, says) in new[] { ("en", new SaysAttribute("In English.", "英文。", "R&D intensity")), ("zh", new SaysAttribute("In Chinese.", "中文。", "研发经费投入强度")) })
        {
            var text = (OpenApiSchema)bilingual.Properties![name];
            (text.Description, text.Extensions, text.Examples) = (says.En, Zh(DescriptionZh, says.Zh), ExamplesOf(says, typeof(string)));
        }
    }

    /// <summary>No attribute can hold a decimal: its example is given as text, and keeps its last zeros.</summary>
    private static List<JsonNode>? ExamplesOf(SaysAttribute says, Type type) => says.Example switch
    {
        null => null,
        string figure when (Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal) => [JsonNode.Parse(figure)!],
        var example => [Node(example)!],
    };

    private static SaysAttribute? Says(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(SaysAttribute), inherit: false).OfType<SaysAttribute>().FirstOrDefault();

    private static string[] EnumTexts(Type type) =>
        (string[])typeof(ApiDocument).GetMethod(nameof(Texts), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string[] Texts<T>()
        where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(Kebab.Of)];

    private static Dictionary<string, IOpenApiExtension> Zh(string name, string text) => new(StringComparer.Ordinal) { [name] = new JsonNodeExtension(text) };

    private static JsonNode? Node(object? example) => example is null ? null : System.Text.Json.JsonSerializer.SerializeToNode(example, ApiJson.Options);
}
