using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Progress;

/// <summary>A goal in words or a project item: what was reported about it, and the form to say how far it is.</summary>
[Route(Pages.PlanRoute + "/{kind:regex(^(goals|items)$)}/{code}")]
[OpenToLimitedReaders]
public sealed class ProgressController(PlanDbContext db, ProgressStore store) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Show(string kind, string code, bool submitted, CancellationToken ct) =>
        await db.SubjectPageAsync(HttpContext.Plan(), Kind(kind), code, User.Id(), ct) is { } page && (page.InScope || !HttpContext.Plan().Reader.IsLimited)
            ? View(page with { Submitted = submitted })
            : NotFound();

    [HttpGet("progress")]
    [Authorize(Policies.Enter)]
    public async Task<IActionResult> Form(string kind, string code, CancellationToken ct) =>
        await db.FormPageAsync(HttpContext.Plan(), Kind(kind), code, User.Id(), ct) is { } page ? View(page) : NotFound();

    [HttpPost("progress")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.Enter)]
    [RequestSizeLimit(ReportForm.MostBytes)]
    public async Task<IActionResult> Submit(string kind, string code, ReportForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid || form.RequestId == Guid.Empty)
            return BadRequest();
        var plan = HttpContext.Plan();
        if (await db.FormPageAsync(plan, Kind(kind), code, User.Id(), ct) is not { } page)
            return NotFound();

        var result = await store.SubmitAsync(await form.ToStatedAsync(page.Subject.Subject, ct), User.Id(), ct);
        if (result.Faults.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("Form", page.WithFaults(form, result));
        }

        return Redirect(new Links(RequestLanguage.Current, plan.Code).Progress(Kind(kind), code) + "?submitted=true");
    }

    private static SubjectKind Kind(string segment) => string.Equals(segment, "goals", StringComparison.OrdinalIgnoreCase) ? SubjectKind.Goal : SubjectKind.Item;
}
