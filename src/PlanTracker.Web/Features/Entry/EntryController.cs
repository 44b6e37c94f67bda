using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Entry;

/// <summary>What is due from the person, and the form to enter it.</summary>
[Route(Pages.PlanRoute + "/work")]
[Authorize(Policies.Enter)]
public sealed class EntryController(PlanDbContext db, ReadingStore store, TimeProvider clock) : Controller
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    [HttpGet("")]
    public async Task<IActionResult> Work(WorkNotice notice, CancellationToken ct) =>
        View(new WorkPage(
            await db.WorkAsync(HttpContext.Plan(), User.Id(), Today, ct), await db.ReportsDueAsync(HttpContext.Plan(), User.Id(), Today, ct), notice));

    [HttpGet("{indicator}")]
    public async Task<IActionResult> Edit(string indicator, string? period, CancellationToken ct)
    {
        Period? wanted = Period.TryParse(period, out var parsed) ? parsed : null;
        return await db.EntryPageAsync(HttpContext.Plan(), indicator, wanted, User.Id(), Today, ct) is { } page ? View(page) : NotFound();
    }

    [HttpPost("{indicator}")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Submit(string indicator, EntryForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid || !form.IsWhole)
            return BadRequest();
        var plan = HttpContext.Plan();
        if (!Period.TryParse(form.Period, out var period)
            || await db.EntryPageAsync(plan, indicator, period, User.Id(), Today, ct) is not { } page)
        {
            return NotFound();
        }

        var result = await store.SubmitAsync(await db.SubmissionAsync(plan, page.IndicatorId, period, form, ct), User.Id(), ct);
        if (result.Faults.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("Edit", page.WithFaults(form, result.Faults));
        }

        return Redirect(new Links(RequestLanguage.Current, plan.Code).Work
            + FormattableString.Invariant($"?indicator={indicator}&period={period}&submitted={result.Submitted}&unchanged={result.Unchanged}"));
    }
}
