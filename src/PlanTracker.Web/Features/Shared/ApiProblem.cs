using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using PlanTracker.Domain;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Shared;

/// <summary>Why a program's request was refused (RFC 9457), in the language it asks for.</summary>
public sealed record ApiProblem
{
    public const string MediaType = MediaTypeNames.Application.ProblemJson;

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        // Chinese and quotes stay readable; the answer is never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [Says("What kind of refusal it is; about:blank where the status says it all.", "拒绝的类型；状态码已足以说明时为 about:blank。", "urn:plantracker:problem:refused-readings")]
    public string Type { get; init; } = "about:blank";

    [Says("The kind in words.", "类型的文字说明。", "Refused")]
    public required string Title { get; init; }

    [Says("The HTTP status.", "HTTP 状态码。", 422)]
    public required int Status { get; init; }

    [Says("What happened and what to do.", "发生的情况与处理办法。", "Nothing was submitted. Each error names its row and field.")]
    public required string Detail { get; init; }

    [Says("What is wrong, one by one.", "逐项说明错误。")]
    public IReadOnlyList<ProblemError>? Errors { get; init; }

    /// <summary>The refusal that a status alone stands for.</summary>
    public static ApiProblem Of(int status, IReadOnlyList<ProblemError>? errors = null)
    {
        var detail = status switch
        {
            StatusCodes.Status400BadRequest => new Bilingual("The request cannot be read.", "无法读取请求。"),
            StatusCodes.Status401Unauthorized => new(
                "Send a token that is in force: Authorization: Bearer pt_…. Tokens are made under Account, Tokens.", "请携带有效令牌：Authorization: Bearer pt_…。令牌在“账户·令牌”页面创建。"),
            StatusCodes.Status403Forbidden => new("The token or its owner may not do this.", "令牌或其所有者无权进行此操作。"),
            StatusCodes.Status404NotFound => new("There is nothing at this address, or it is outside what you may see.", "此地址没有内容，或不在您的查看范围内。"),
            StatusCodes.Status405MethodNotAllowed => new("This address does not answer that method; the header Allow names those it does.", "此地址不支持该方法，支持的方法见 Allow 标头。"),
            StatusCodes.Status406NotAcceptable => new("Answers are application/json only.", "仅以 application/json 作答。"),
            StatusCodes.Status413PayloadTooLarge => new("The body is too large; nothing was saved. Send fewer rows.", "请求内容过大，未保存任何数据。请减少行数。"),
            StatusCodes.Status415UnsupportedMediaType => new("Send application/json in UTF-8.", "请以 UTF-8 编码的 application/json 提交。"),
            StatusCodes.Status429TooManyRequests => new("Too many requests; the header Retry-After says for how many seconds to wait.", "请求过于频繁，需等待的秒数见 Retry-After 标头。"),
            StatusCodes.Status503ServiceUnavailable => new("The database does not answer; nothing was saved. Send the same request again in a moment.", "数据库无响应，未保存任何数据。请稍后重新发送同一请求。"),
            StatusCodes.Status507InsufficientStorage => new("The server has no room left to write to; nothing was saved. Send the same request again once there is room.", "服务器存储空间已满，未保存任何数据。请在腾出空间后重新发送同一请求。"),
            >= StatusCodes.Status500InternalServerError => new("The fault is on our side and has been recorded; nothing was half saved.", "系统发生错误并已记录，未产生不完整的数据。"),
            _ => new("The request was refused.", "请求被拒绝。"),
        };
        return new ApiProblem { Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail.In(RequestLanguage.Current), Errors = errors };
    }

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.Headers.ContentLanguage = RequestLanguage.Current.Tag();
        return context.Response.WriteAsJsonAsync(this, Written, MediaType, context.RequestAborted);
    }
}

/// <summary>One thing that is wrong.</summary>
public sealed record ProblemError
{
    [Says("Row of the request, from 0; empty where the whole request is meant.", "请求中的行号，从 0 起；针对整个请求时为空。", 0)]
    public int? Row { get; init; }

    [Says("Field of the row, of the body, or the parameter of the address.", "所在字段，或地址中的参数。", "value")]
    public string? Field { get; init; }

    [Says("What is wrong, for programs.", "错误代码，供程序识别。", "too-many-decimals")]
    public required string Code { get; init; }

    [Says("The same in words.", "错误的文字说明。", "“1.234” has more than 2 decimals, and this indicator takes 2.")]
    public required string Message { get; init; }

    [Says("The limit that was overstepped.", "所超出的限值。", "2")]
    public decimal? Limit { get; init; }

    [Says("With code conflict: number of the last revision, to be sent as basedOn to replace it.", "代码为 conflict 时：最新修订号，作为 basedOn 重新提交即可取代。", 3)]
    public int? LastRevision { get; init; }

    [Says("With code unexplained: what is questioned.", "代码为 unexplained 时：存疑之处。", new[] { "outlier" })]
    public IReadOnlyList<string>? Questions { get; init; }
}

/// <summary>What is wrong with the parameters of an address, gathered on the way to the answer.</summary>
public sealed class ParameterFaults
{
    private readonly List<ProblemError> _all = [];

    public IReadOnlyList<ProblemError> All => _all;

    public void Add(string parameter, string code, Bilingual message) =>
        _all.Add(new ProblemError { Field = parameter, Code = code, Message = message.In(RequestLanguage.Current) });

    public static ParameterFaults Of(HttpContext context)
    {
        if (context.Features.Get<ParameterFaults>() is { } known)
            return known;
        var faults = new ParameterFaults();
        context.Features.Set(faults);
        return faults;
    }
}
