using System.Text.Json;
using System.Text.Unicode;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Api;

/// <summary>A body as it came: JSON, or the status that refuses it.</summary>
public sealed record SentBody(JsonElement Root, byte[] Bytes, int? Refusal)
{
    /// <summary>Room for as many rows as are taken with a note, a source and an explanation of some length each.</summary>
    public const int MostBytes = 8 << 20;

    private static readonly JsonDocumentOptions Strictly = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public static async Task<SentBody> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
            return Refused(StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength > MostBytes)
            return Refused(StatusCodes.Status413PayloadTooLarge);
        using var kept = new MemoryStream();
        var part = new byte[1 << 16];
        while (await request.Body.ReadAsync(part, ct) is > 0 and var read)
        {
            if (kept.Length + read > MostBytes)
                return Refused(StatusCodes.Status413PayloadTooLarge);
            kept.Write(part, 0, read);
        }

        var bytes = kept.ToArray();
        try
        {
            using var document = JsonDocument.Parse(bytes, Strictly);
            return Utf8.IsValid(bytes) && IsSafe(document.RootElement) ? new SentBody(document.RootElement.Clone(), bytes, null) : Refused(StatusCodes.Status400BadRequest);
        }
        // The second for an escape that is half of a surrogate pair.
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            return Refused(StatusCodes.Status400BadRequest);
        }
    }

    private static SentBody Refused(int status) => new(default, [], status);

    /// <summary>Every text in it, names included, can be kept: no NUL and no half of a pair.</summary>
    private static bool IsSafe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => SafeText.IsSafe(element.GetString()),
        JsonValueKind.Array => element.EnumerateArray().All(IsSafe),
        JsonValueKind.Object => element.EnumerateObject().All(p => SafeText.IsSafe(p.Name) && IsSafe(p.Value)),
        _ => true,
    };
}

/// <summary>A row as it was sent, its figure unparsed.</summary>
public sealed record SentRow(int Number, string Indicator, string Region, Period Period, string Text, ObservationStatus Status)
{
    public string Note { get; init; } = "";

    public string Source { get; init; } = "";

    public string Explanation { get; init; } = "";

    public int? BasedOn { get; init; }

    public string Cell => $"{Indicator}/{Region}/{Period}";
}

/// <summary>A request as it was sent, and what is wrong with its form.</summary>
public sealed class SentReadings
{
    public const int MostRows = 5000;

    private readonly List<ProblemError> _errors = [];
    private readonly List<SentRow> _rows = [];

    public Guid RequestId { get; private set; }

    public string Source { get; private set; } = "";

    public string Explanation { get; private set; } = "";

    public IReadOnlyList<SentRow> Rows => _rows;

    public IReadOnlyList<ProblemError> Errors => _errors;

    public static SentReadings Of(JsonElement root)
    {
        var sent = new SentReadings();
        sent.Read(root);
        return sent;
    }

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Fault(null, null, "wrong-type", new("The body is not an object.", "请求内容不是对象。"));
            return;
        }

        Known(root, null, "requestId", "source", "explanation", "readings");
        if (Guid.TryParseExact(TextIn(root, null, "requestId"), "D", out var id) && id != Guid.Empty)
            RequestId = id;
        else
            Fault(null, "requestId", "not-a-request-id", new("Make a UUID for each request and send the same again when you repeat it.", "请为每个请求生成 UUID，重发时使用同一个。"));
        Source = TextIn(root, null, "source");
        Explanation = TextIn(root, null, "explanation");
        if (!root.TryGetProperty("readings", out var rows) || rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() is 0 or > MostRows)
            Fault(null, "readings", "not-rows", new($"Send 1 to {MostRows} rows.", $"请提交 1 至 {MostRows} 行。"));
        else
            ReadRows(rows);
    }

    private void ReadRows(JsonElement rows)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, element) in rows.EnumerateArray().Index())
        {
            if (Row(number, element) is not { } row)
                continue;
            if (!seen.TryAdd(row.Cell, number))
                Fault(number, null, "duplicate-cell", new($"Row {seen[row.Cell]} speaks of the same cell.", $"与第 {seen[row.Cell]} 行为同一数据。"));
            _rows.Add(row);
        }
    }

    private SentRow? Row(int number, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Fault(number, null, "wrong-type", new("The row is not an object.", "该行不是对象。"));
            return null;
        }

        var before = _errors.Count;
        Known(element, number, "indicator", "region", "period", "value", "status", "note", "source", "explanation", "basedOn");
        var (indicator, region) = (Code(element, number, "indicator"), Code(element, number, "region"));
        if (!Period.TryParse(TextIn(element, number, "period"), out var period))
            Fault(number, "period", "not-a-period", new("Write a period as 2023, 2023-S1, 2023-Q1 or 2023-01.", "时期应写作 2023、2023-S1、2023-Q1 或 2023-01。"));
        var status = StatusIn(element, number);
        var text = FigureIn(element, number);
        if (text.Length == 0 && !status.StandsForNoValue())
            Fault(number, "value", "value-missing", new("Give a value, or a status that says why there is none: L, M, O or Q.", "请给出数值，或说明无数据原因的状态：L、M、O 或 Q。"));
        var row = new SentRow(number, indicator, region, period, text, status)
        {
            Note = TextIn(element, number, "note"),
            Source = TextIn(element, number, "source"),
            Explanation = TextIn(element, number, "explanation"),
            BasedOn = BasedOnIn(element, number),
        };
        return _errors.Count == before ? row : null;
    }

    private string Code(JsonElement element, int number, string field)
    {
        var code = TextIn(element, number, field);
        if (code.Length == 0)
            Fault(number, field, "missing", new("Give its code.", "请给出编码。"));
        return code;
    }

    private ObservationStatus StatusIn(JsonElement element, int number)
    {
        var text = TextIn(element, number, "status");
        if (text.Length == 0 || Kebab.TryParse<ObservationStatus>(text, out var status) is false)
        {
            if (text.Length > 0)
                Fault(number, "status", "not-one-of", new($"It is not one of {Kebab.Choices<ObservationStatus>()}.", $"不在可选值之内：{Kebab.Choices<ObservationStatus>()}。"));
            return ObservationStatus.A;
        }

        return status;
    }

    /// <summary>The figure as it was written: a number's own digits, so that none is lost and <c>1e3</c> is seen for what it is.</summary>
    private string FigureIn(JsonElement element, int number)
    {
        if (!element.TryGetProperty("value", out var value))
            return "";
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return "";
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.String:
                return value.GetString()!;
            default:
                Fault(number, "value", "wrong-type", new("A value is a number, a text with a number, or null.", "数值应为数字、数字文本或 null。"));
                return "";
        }
    }

    private int? BasedOnIn(JsonElement element, int number)
    {
        if (!element.TryGetProperty("basedOn", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var revision) && revision >= 0)
            return revision;
        Fault(number, "basedOn", "wrong-type", new("It is the number of a revision; 0 where there was none.", "应为修订号；尚无修订时为 0。"));
        return null;
    }

    /// <summary>A text; empty where none is given.</summary>
    private string TextIn(JsonElement element, int? number, string field)
    {
        if (!element.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return "";
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!;
        Fault(number, field, "wrong-type", new("It is not a text.", "不是文本。"));
        return "";
    }

    private void Known(JsonElement element, int? number, params ReadOnlySpan<string> names)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                Fault(number, property.Name, "unknown-field", new("There is no such field; leaving it out would take something else than was meant.", "没有该字段；若忽略，所接收内容将与本意不符。"));
        }
    }

    private void Fault(int? row, string? field, string code, Bilingual message) =>
        _errors.Add(new ProblemError { Row = row, Field = field, Code = code, Message = message.In(RequestLanguage.Current) });
}
