using Microsoft.Extensions.Primitives;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>Text that no database can hold is refused at the door, in the address or in a form.</summary>
public static class RequestText
{
    public static IApplicationBuilder RefuseUnsafeText(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var form = request.HasFormContentType ? await request.ReadFormAsync(context.RequestAborted) : null;
        if (SafeText.IsSafe(request.Path.Value) && AllSafe(request.Query) && (form is null || AllSafe(form)))
            await next(context);
        else
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
    });

    private static bool AllSafe(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.All(f => SafeText.IsSafe(f.Key) && f.Value.All(SafeText.IsSafe));
}
