using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>Text that no database can hold is refused at the door, in the address or in a form.</summary>
public static class RequestText
{
    public static IApplicationBuilder RefuseUnsafeText(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (SafeText.IsSafe(context.Request.Path.Value) && AllSafe(context.Request.Query) && await FormIsSafeAsync(context))
            await next(context);
        else
        {
            // The page that tells of it is made from the same request.
            context.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    });

    private static async Task<bool> FormIsSafeAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return true;
        try
        {
            return AllSafe(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidDataException)
        {
            // The framework's own refusal of a form it cannot read.
            return false;
        }
    }

    private static bool AllSafe(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.All(f => SafeText.IsSafe(f.Key) && f.Value.All(SafeText.IsSafe));
}
