using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Changes;

/// <summary>What changed between two days: verdicts, readings and targets, with who and why.</summary>
[Route(Pages.PlanRoute + "/changes")]
[ReadsFromStandby]
public sealed class ChangesController(PlanDbContext db) : Controller
{
    /// <param name="from">The changes after this day; thirty days ago when not said, or the day the plan was loaded.</param>
    /// <param name="to">Up to the end of this day; today, or the past day the page shows, when not said.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show(string? from, string? to, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var last = plan.Day;
        if (!TryRead(to, last, out var end) || !TryRead(from, ChangeDays.Before(plan, end), out var start) || start > end)
            return BadRequest();
        return View(await db.ChangesAsync(plan, start, end < last ? end : last, ct));
    }

    private static bool TryRead(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return string.IsNullOrEmpty(text) || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}
