using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Elements;

/// <summary>Every part of a plan has a page of the same make: directions, tasks, projects, actions and what they hold.</summary>
[Route(Pages.PlanRoute + "/elements")]
[ReadsFromStandby]
public sealed class ElementsController(PlanDbContext db, ElementMilestones milestones) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View(await db.ElementTreeAsync(HttpContext.Plan(), ct));

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, string? map, int? added, CancellationToken ct) =>
        await db.ElementPageAsync(HttpContext.Plan(), code, map, User.Id(), ct) is { } page ? View(page with { Added = added }) : NotFound();

    /// <summary>The page as a document, for paper.</summary>
    [HttpGet("{code}/report")]
    public async Task<IActionResult> Report(string code, string? map, CancellationToken ct)
    {
        ViewData[ReportFrame.VintageKey] = await db.VintageAsync(HttpContext.Plan(), ct);
        return await db.ElementReportAsync(HttpContext.Plan(), code, map, User.Id(), ct) is { } page ? View(page) : NotFound();
    }

    [HttpPost("{code}/milestones")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.EditPlan)]
    public async Task<IActionResult> AddMilestone(string code, MilestoneForm form, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        if (await db.ElementPageAsync(plan, code, map: null, User.Id(), ct) is not { } page)
            return NotFound();
        if (form.Year <= plan.BaselinePeriod.Year || form.Year > plan.EndPeriod.Year)
            ModelState.AddModelError(nameof(form.Year), "outside the plan");
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("Show", page with { Form = form, Faults = [.. ModelState.Where(f => f.Value!.Errors.Count > 0).Select(f => f.Key)] });
        }

        await milestones.AddAsync(page.Id, code, form, User.Id(), ct);
        return Redirect(new Links(RequestLanguage.Current, plan.Code).Element(code) + FormattableString.Invariant($"?added={form.Year}#goals"));
    }
}
