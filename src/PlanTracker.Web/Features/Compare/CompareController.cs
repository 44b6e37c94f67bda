using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Compare;

/// <summary>Indicators and regions of the reader's choice, side by side.</summary>
[ReadsFromStandby]
public sealed class CompareController(PlanDbContext db) : Controller
{
    /// <param name="indicator">Codes of indicators, in the order chosen.</param>
    /// <param name="region">Codes of regions, in the order chosen.</param>
    /// <param name="per">Per head or as a share, where a denominator is declared.</param>
    /// <param name="index">Every series starts from 100.</param>
    /// <param name="start">The period the index starts from; the first that all have when not said.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet(Pages.PlanRoute + "/compare")]
    public async Task<IActionResult> Show(string?[] indicator, string?[] region, bool per, bool index, [FromQuery(Name = "base")] string? start, CancellationToken ct)
    {
        // The list that adds nothing sends an empty code.
        var choice = new CompareChoice { Indicators = [.. indicator.OfType<string>()], Regions = [.. region.OfType<string>()], Per = per, Index = index, Base = start };
        return View(await db.ComparePageAsync(HttpContext.Plan(), choice, ct));
    }
}
