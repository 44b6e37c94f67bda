using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;

namespace PlanTracker.Features.Errors;

/// <summary>What went wrong, in a sentence, and what to do.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class ErrorsController : Controller
{
    [Route("/error")]
    public IActionResult Fault()
    {
        var error = HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;
        return Page(PlanDatabase.IsAway(error) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError);
    }

    [Route("/error/{status:int:range(400,599)}")]
    public IActionResult Refused([FromRoute] int status) => Page(status);

    private ViewResult Page(int status)
    {
        Response.StatusCode = status;
        return View("Error", status);
    }
}
