using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;

namespace PlanTracker.Features.Method;

/// <summary>How the plan is judged: what every "why" rests on.</summary>
[Route(Pages.PlanRoute + "/method")]
[ReadsFromStandby]
[OpenToLimitedReaders]
public sealed class MethodController(PlanDbContext db) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        // The example is of the country.
        if (plan.Reader.IsLimited)
            return View(model: null);
        var headlines = await db.IndicatorLinesAsync(db.Indicators.Where(i => i.PlanId == plan.Id && i.Headline), plan, plan.RootRegionId, ct);
        // The example that says most: the one by which most methods can judge.
        return View(headlines.Where(l => l.Status != Status.NoJudgement)
            .MaxBy(l => Assessment.Of(l.Facts.Case).Verdicts.Count(v => v.Status != Status.NoJudgement && v.Working.Length > 0)));
    }
}
