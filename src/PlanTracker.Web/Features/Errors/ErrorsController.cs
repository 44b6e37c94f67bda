using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Errors;

/// <summary>What went wrong, in a sentence, and what to do: a page for people, a problem document for programs.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class ErrorsController : Controller
{
    private const string SecondsUntilRetry = "5";

    [Route("/error")]
    public Task Fault()
    {
        var happened = HttpContext.Features.Get<IExceptionHandlerPathFeature>();
        return TellAsync(happened?.Path, happened?.Error switch
        {
            BadHttpRequestException refused => refused.StatusCode,
            var full when PlanDatabase.IsFull(full) || TemporaryFile.IsFull(full) => StatusCodes.Status507InsufficientStorage,
            var away when PlanDatabase.IsAway(away) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        });
    }

    [Route("/error/{status:int:range(400,599)}")]
    public Task Refused([FromRoute] int status, [FromServices] PageOfForm pages)
    {
        var refused = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        var path = new PathString(refused?.OriginalPath);
        if (HttpMethods.IsGet(Request.Method) && !path.IsApi() && pages.Of(path.Value ?? "") is { } page)
        {
            Response.Redirect(Request.PathBase.Add(new PathString(page)).ToUriComponent() + refused?.OriginalQueryString);
            return Task.CompletedTask;
        }

        return TellAsync(path, status);
    }

    private Task TellAsync(PathString path, int status)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
            Response.Headers.RetryAfter = SecondsUntilRetry;
        if (path.IsApi() || Request.BringsToken(path))
            return ApiProblem.Of(status, ParameterFaults.Of(HttpContext).All is { Count: > 0 } faults ? faults : null).WriteAsync(HttpContext);
        Response.StatusCode = status;
        return View("Error", status).ExecuteResultAsync(ControllerContext);
    }
}
