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
public sealed class ReviewController(PlanDbContext db, ReadingStore store, ProgressStore reports) : Controller
{
    // A refused decision about reports of progress is answered at its own address, from where the other language is one click away.
    [HttpGet("")]
    [HttpGet("progress")]
    public async Task<IActionResult> Queue(ReviewNotice notice, CancellationToken ct) => View((await PageAsync(ct)) with { Notice = notice });

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Decide(ReviewForm form, CancellationToken ct)
    {
        var approve = Approves(form.Decision);
        var result = approve
            ? await store.ApproveAsync(form.Revisions, User.Id(), ct)
            : await store.ReturnAsync(form.Revisions, form.Reason, User.Id(), ct);
        return result.Fault is null
            ? Decided(approve ? "approved" : "returned", result.Reviewed)
            : Refused((await PageAsync(ct)) with { Form = form, Fault = result });
    }

    [HttpPost("progress")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> DecideReports(ReportReviewForm form, CancellationToken ct)
    {
        var approve = Approves(form.Decision);
        var result = approve
            ? await reports.ApproveAsync(form.Reports, User.Id(), ct)
            : await reports.ReturnAsync(form.Reports, form.Reason, User.Id(), ct);
        return result.Fault is null
            ? Decided(approve ? "approvedReports" : "returnedReports", result.Reviewed)
            : Refused((await PageAsync(ct)) with { ReportForm = form, ReportFault = result });
    }

    private static bool Approves(string? decision) => string.Equals(decision, ReviewForm.Approve, StringComparison.Ordinal);

    private async Task<ReviewPage> PageAsync(CancellationToken ct)
    {
        var (plan, reviewer) = (HttpContext.Plan(), User.Id());
        return new ReviewPage(await db.ReviewLinesAsync(plan, reviewer, ct), await db.ReportReviewLinesAsync(plan, reviewer, ct));
    }

    private RedirectResult Decided(string what, int count) =>
        Redirect(new Links(RequestLanguage.Current, HttpContext.Plan().Code).Review + FormattableString.Invariant($"?{what}={count}"));

    private ViewResult Refused(ReviewPage page)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Queue", page);
    }
}
