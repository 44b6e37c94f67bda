using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Review;

/// <summary>What waits for the reviewer's word.</summary>
[Route(Pages.PlanRoute + "/review")]
[Authorize(Policies.Review)]
public sealed class ReviewController(PlanDbContext db, ReadingStore store) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Queue(ReviewNotice notice, CancellationToken ct) =>
        View(new ReviewPage(await db.ReviewLinesAsync(HttpContext.Plan(), User.Id(), ct)) { Notice = notice });

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Decide(ReviewForm form, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var approve = string.Equals(form.Decision, ReviewForm.Approve, StringComparison.Ordinal);
        var result = approve
            ? await store.ApproveAsync(form.Revisions, User.Id(), ct)
            : await store.ReturnAsync(form.Revisions, form.Reason, User.Id(), ct);
        if (result.Fault is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View("Queue", new ReviewPage(await db.ReviewLinesAsync(plan, User.Id(), ct)) { Form = form, Fault = result });
        }

        return Redirect(new Links(RequestLanguage.Current, plan.Code).Review
            + FormattableString.Invariant($"?{(approve ? "approved" : "returned")}={result.Reviewed}"));
    }
}
