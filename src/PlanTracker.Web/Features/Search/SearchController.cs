using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Search;

/// <summary>One box finds elements, indicators, regions and goals of a plan, in whichever language.</summary>
[Route(Pages.PlanRoute + "/search")]
[ReadsFromStandby]
public sealed class SearchController(PlanDbContext db) : Controller
{
    /// <param name="q">What was typed.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show(string? q, CancellationToken ct) => View(await db.SearchAsync(HttpContext.Plan(), SearchText.Of(q), ct));
}
