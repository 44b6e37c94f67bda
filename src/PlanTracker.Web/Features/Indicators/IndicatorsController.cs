using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Indicators;

[Route(Pages.PlanRoute + "/indicators")]
[ReadsFromStandby]
public sealed class IndicatorsController(PlanDbContext db) : Controller
{
    /// <param name="page">Which page of the list, from 1.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("")]
    public async Task<IActionResult> Index(int page = 1, CancellationToken ct = default) =>
        await db.IndicatorListAsync(HttpContext.Plan(), page, ct) is { } list ? View(list) : NotFound();

    /// <param name="code">The indicator.</param>
    /// <param name="region">Whose trend is shown; the nation, or the first region with readings, when not said.</param>
    /// <param name="period">Which period regions are ranked for; the latest with most readings when not said.</param>
    /// <param name="whatIf">Another target, date or reading to try.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, string? region, string? period, WhatIfForm whatIf, CancellationToken ct)
    {
        Period? wanted = Period.TryParse(period, out var parsed) ? parsed : null;
        return await db.IndicatorPageAsync(HttpContext.Plan(), code, region, wanted, whatIf, ct) is { } page ? View(page) : NotFound();
    }

    [HttpGet("{code}/why")]
    public async Task<IActionResult> Why(string code, string? region, CancellationToken ct) =>
        await db.WhyPageAsync(HttpContext.Plan(), code, region, ct) is { } page ? View(page) : NotFound();

    [HttpGet("{code}/why.json")]
    public async Task<IActionResult> WhyJson(string code, string? region, CancellationToken ct) =>
        await db.WhyPageAsync(HttpContext.Plan(), code, region, ct) is { } page ? Json(WhyDocument.Of(page)) : NotFound();
}
