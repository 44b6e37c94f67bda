using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Rules;

/// <summary>What is taken of an indicator's figures and what is asked about them, as an administrator keeps it.</summary>
[Route(Pages.PlanRoute + "/indicators/{code}/rules")]
[Authorize(Policies.EditPlan)]
public sealed class RulesController(PlanDbContext db, RuleStore store) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(string code, CancellationToken ct) =>
        await db.RulesPageAsync(HttpContext.Plan(), store, code, ct) is { } page ? View(page) : NotFound();

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Change(string code, RulesForm form, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        if (await db.RulesPageAsync(plan, store, code, ct) is not { } page)
            return NotFound();
        if (await store.SetAsync(form.ToStated(page.Indicator.Id), User.Id(), ct) is not { } refusal)
            return Redirect(new Links(RequestLanguage.Current, plan.Code).Rules(code));

        db.ChangeTracker.Clear();
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        var now = (await db.RulesPageAsync(plan, store, code, ct))!;
        // Told what stands now, the next try is based on it.
        return View("Edit", now with { Form = refusal.Fault == RuleFault.Conflict ? form with { BasedOn = now.Form.BasedOn } : form, Refusal = refusal });
    }
}
