using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Goals;

/// <summary>A goal in words: what was said about it, and the form to say how far it is.</summary>
[Route(Pages.PlanRoute + "/goals/{code}")]
public sealed class GoalsController(PlanDbContext db, MilestoneStore store) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Show(string code, bool submitted, CancellationToken ct) =>
        await db.GoalPageAsync(HttpContext.Plan(), code, User.Id(), ct) is { } page ? View(page with { Submitted = submitted }) : NotFound();

    [HttpGet("assess")]
    [Authorize(Policies.Enter)]
    public async Task<IActionResult> Assess(string code, CancellationToken ct) =>
        await db.AssessPageAsync(HttpContext.Plan(), code, User.Id(), ct) is { } page ? View(page) : NotFound();

    [HttpPost("assess")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.Enter)]
    public async Task<IActionResult> Submit(string code, AssessForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid || form.RequestId == Guid.Empty)
            return BadRequest();
        var plan = HttpContext.Plan();
        if (await db.AssessPageAsync(plan, code, User.Id(), ct) is not { } page)
            return NotFound();

        var result = await store.SubmitAsync(form.ToStated(page.MilestoneId), User.Id(), ct);
        if (result.Faults.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("Assess", page.WithFaults(form, result));
        }

        return Redirect(new Links(RequestLanguage.Current, plan.Code).Goal(code) + "?submitted=true");
    }
}
