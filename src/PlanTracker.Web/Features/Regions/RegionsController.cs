using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Regions;

[Route(Pages.PlanRoute + "/regions")]
[ReadsFromStandby]
public sealed class RegionsController(PlanDbContext db) : Controller
{
    /// <param name="page">Which page of the units, from 1.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("")]
    public async Task<IActionResult> Index(int page = 1, CancellationToken ct = default) =>
        await db.RegionListAsync(HttpContext.Plan(), page, ct) is { } list ? View(list) : NotFound();

    /// <param name="code">The region.</param>
    /// <param name="indicator">Whose trend and ranking are shown; the first with readings here when not said.</param>
    /// <param name="together">Which indicator of its regions together is drawn over the years, for a grouping; the first when not said.</param>
    /// <param name="page">Which page of its indicators, from 1; when not said, the one with the indicator.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, string? indicator, string? together, int? page, CancellationToken ct) =>
        await db.RegionPageAsync(HttpContext.Plan(), code, indicator, together, page, ct) is { } shown ? View(shown) : NotFound();

    /// <summary>The page as a document, for paper.</summary>
    [HttpGet("{code}/report")]
    public async Task<IActionResult> Report(string code, CancellationToken ct)
    {
        ViewData[ReportFrame.VintageKey] = await db.VintageAsync(HttpContext.Plan(), ct);
        return await db.RegionReportAsync(HttpContext.Plan(), code, ct) is { } page ? View(page) : NotFound();
    }
}
