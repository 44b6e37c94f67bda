using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Overview;

/// <summary>The plan at a glance, and the ways to it.</summary>
[ReadsFromStandby]
public sealed class OverviewController(PlanDbContext db) : Controller
{
    [HttpGet("/")]
    [OpenToLimitedReaders]
    public RedirectResult Start() => Redirect(new Links(RequestLanguage.Current, plan: null).Start);

    [HttpGet("{lang:language}")]
    [OpenToLimitedReaders]
    public async Task<IActionResult> Home(CancellationToken ct)
    {
        var plans = await db.CurrentPlans().ToListAsync(ct);
        var reader = await db.ReaderAsync(User.Id(), ct);
        return plans.Count == 1 ? Redirect(new Links(RequestLanguage.Current, plans[0].Code).HomeOf(reader, User)) : View("Plans", plans.ConvertAll(p => p with { Reader = reader }));
    }

    /// <param name="map">Code of the indicator the map shows; the first that is due from regions when not said.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet(Pages.PlanRoute)]
    public async Task<IActionResult> Show(string? map, CancellationToken ct) => View(await db.OverviewAsync(HttpContext.Plan(), map, ct));

    /// <summary>The progress report of the whole plan, for paper.</summary>
    [HttpGet(Pages.PlanRoute + "/report")]
    public async Task<IActionResult> Report(string? map, CancellationToken ct)
    {
        var report = await db.PlanReportAsync(HttpContext.Plan(), map, ct);
        ViewData[ReportFrame.VintageKey] = report.Vintage;
        return View(report);
    }
}
