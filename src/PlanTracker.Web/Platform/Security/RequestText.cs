using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>Text that no database can hold is refused at the door, in the address or in a form.</summary>
public static class RequestText
{
    public static IApplicationBuilder RefuseUnsafeText(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var refusal = SafeText.IsSafe(context.Request.Path.Value) && AllSafe(context.Request.Query) && AllSafe(context.Request.Headers) ? await RefusalOfFormAsync(context) : StatusCodes.Status400BadRequest;
        if (refusal is not { } status)
            await next(context);
        else
        {
            // The page that tells of it is made from the same request.
            context.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
            context.Response.StatusCode = status;
        }
    });

    private static async Task<int?> RefusalOfFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return null;
        try
        {
            return AllSafe(await context.Request.ReadFormAsync(context.RequestAborted)) ? null : StatusCodes.Status400BadRequest;
        }
        catch (InvalidDataException)
        {
            // The framework's own refusal of a form it cannot read …
            return StatusCodes.Status400BadRequest;
        }
        catch (BadHttpRequestException refused)
        {
            // … or of one that is too large.
            return refused.StatusCode;
        }
    }

    private static bool AllSafe(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.All(f => SafeText.IsSafe(f.Key) && f.Value.All(SafeText.IsSafe));
}
