using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Targets;

/// <summary>Targets of an indicator in a region, as an administrator keeps them.</summary>
[Route(Pages.PlanRoute + "/indicators/{code}/targets")]
[Authorize(Policies.EditPlan)]
public sealed class TargetsController(PlanDbContext db, TargetStore store) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Edit(string code, string? region, CancellationToken ct) =>
        await db.TargetsPageAsync(HttpContext.Plan(), code, region, ct) is { } page ? View(page) : NotFound();

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Change(string code, string? region, TargetForm form, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        if (await db.TargetsPageAsync(plan, code, region, ct) is not { } page)
            return NotFound();

        var fault = form.Remove
            ? await store.RemoveAsync(page.IndicatorId, page.RegionId, form.Target ?? "", form.BasedOn, form.Reason ?? "", User.Id(), ct)
            : await SetAsync(page, form, ct);
        if (fault is null)
            return Redirect(new Links(RequestLanguage.Current, plan.Code).Targets(code, page.RegionCode));

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Edit", page with { Form = form, Fault = fault });
    }

    private async Task<TargetFault?> SetAsync(TargetsPage page, TargetForm form, CancellationToken ct)
    {
        if (!Period.TryParse(form.Period, out var period) || !Kebab.TryParse<TargetRole>(form.Role ?? "", out var role))
            return TargetFault.TextMissing;
        var dated = DateOnly.TryParseExact(form.StatedOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var statedOn);
        if (!dated && !string.IsNullOrWhiteSpace(form.StatedOn))
            return TargetFault.NotADate;
        return await store.SetAsync(new StatedTarget
        {
            IndicatorId = page.IndicatorId,
            RegionId = page.RegionId,
            Code = form.Target,
            BasedOn = form.BasedOn,
            Role = role,
            Period = period,
            Shape = Kebab.TryParse<PathShape>(form.Shape ?? "", out var shape) ? shape : PathShape.Linear,
            StatedOn = dated ? statedOn : null,
            Text = form.Value ?? "",
            Document = new Bilingual(form.DocumentEn ?? "", form.DocumentZh ?? ""),
            Source = form.Source ?? "",
            Reason = form.Reason ?? "",
        }, User.Id(), ct);
    }
}
