using System.Net.Mime;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace PlanTracker.Features.Api;

/// <summary>
/// An answer with a mark of its content, so that whoever asks again is told in a line that nothing changed. The mark is a weak one: the same answer
/// goes out compressed and plain.
/// </summary>
public sealed class ApiAnswer(byte[] body) : IActionResult
{
    /// <summary>Where a list goes on.</summary>
    public string? Next { get; init; }

    public static ApiAnswer Of<T>(T content) => new(JsonSerializer.SerializeToUtf8Bytes(content, ApiJson.Options));

    public static ApiAnswer Of<T>(ListOf<T> list) => new(JsonSerializer.SerializeToUtf8Bytes(list, ApiJson.Options)) { Next = list.Next };

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        if (HttpMethods.IsPost(request.Method))
        {
            await WriteAsync(context.HttpContext);
            return;
        }

        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"", isWeak: true);
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Append(HeaderNames.Vary, "Authorization, Cookie");
        if (Next is not null)
            response.Headers.Link = $"<{Next}>; rel=\"next\"";
        if (request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Equals(EntityTagHeaderValue.Any) || seen.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await WriteAsync(context.HttpContext);
    }

    private async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json + "; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
