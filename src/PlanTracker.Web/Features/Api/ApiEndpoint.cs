using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Routing;
using Microsoft.Net.Http.Headers;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>What every address of the API has in common: parameters that are known and can be read, and answers in JSON.</summary>
[ApiExplorerSettings(GroupName = Version)]
[Produces("application/json")]
[OpenToLimitedReaders]
public abstract class ApiEndpoint : ControllerBase, IActionFilter
{
    public const string Version = "v1";
    public const string Route = "api/v1";
    public const string PlanRoute = Route + "/plans/{plan}";

    [NonAction]
    public void OnActionExecuting(ActionExecutingContext context)
    {
        var faults = ParameterFaults.Of(HttpContext);
        var known = context.ActionDescriptor.Parameters.Where(p => p.BindingInfo?.BindingSource == BindingSource.Query).Select(p => p.Name).ToList();
        foreach (var name in Request.Query.Keys.Where(k => !known.Contains(k, StringComparer.Ordinal)))
            faults.Add(name, "unknown-parameter", new("There is no such parameter here; leaving it out would answer another question.", "此处没有该参数；若忽略，答复将不符所问。"));
        if (faults.All.Count > 0)
            context.Result = BadRequest();
        else if (!AcceptsJson())
            context.Result = StatusCode(StatusCodes.Status406NotAcceptable);
    }

    [NonAction]
    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    private bool AcceptsJson() => Request.GetTypedHeaders().Accept is not { Count: > 0 } accepted
        || accepted.Any(a => a.Quality != 0 && Json.IsSubsetOf(new MediaTypeHeaderValue(a.MediaType)));

    private static readonly MediaTypeHeaderValue Json = new("application/json");
}

/// <summary>Answers GET, and HEAD with the same headers.</summary>
public sealed class ApiGetAttribute(string template) : HttpMethodAttribute([Microsoft.AspNetCore.Http.HttpMethods.Get, Microsoft.AspNetCore.Http.HttpMethods.Head], template);
