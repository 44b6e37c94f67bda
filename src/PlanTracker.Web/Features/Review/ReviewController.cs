using System.Globalization;
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
[OpenToLimitedReaders]
public sealed class ReviewController(PlanDbContext db, ReadingStore store, ProgressStore reports) : Controller
{
    // A refused decision about reports of progress is answered at its own address, from where the other language is one click away.
    [HttpGet("")]
    [HttpGet("progress")]
    public async Task<IActionResult> Queue(ReviewFilter filter, ReviewNotice notice, CancellationToken ct) =>
        View((await PageAsync(filter, ct)) with { Notice = notice });

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Decide([FromQuery] ReviewFilter filter, ReviewForm form, CancellationToken ct)
    {
        IReadOnlyCollection<long> revisions = form.DecidesAll ? await db.DecidableAsync(HttpContext.Plan(), filter, User.Id(), ct) : form.Revisions;
        if (revisions.Count > ReviewPage.MostAtOnce)
            return Refused((await PageAsync(filter, ct)) with { Form = form, Fault = new ReviewResult(0, ReviewFaultKind.TooManyAtOnce) });
        // What came since the page was made has not been looked at.
        var seen = !form.DecidesAll || (revisions.Count == form.Expected && revisions.All(r => r <= form.LastSeen));
        var result = !seen ? new ReviewResult(0, ReviewFaultKind.QueueChanged)
            : form.Approves ? await store.ApproveAsync(revisions, User.Id(), ct)
            : await store.ReturnAsync(revisions, form.Reason, User.Id(), ct);
        return result.Fault is null
            ? Decided(form.Approves ? "approved" : "returned", result.Reviewed, filter)
            : Refused((await PageAsync(filter, ct)) with { Form = form, Fault = result });
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
            ? Decided(approve ? "approvedReports" : "returnedReports", result.Reviewed, new ReviewFilter())
            : Refused((await PageAsync(new ReviewFilter(), ct)) with { ReportForm = form, ReportFault = result });
    }

    private static bool Approves(string? decision) => string.Equals(decision, ReviewForm.Approve, StringComparison.Ordinal);

    private Task<ReviewPage> PageAsync(ReviewFilter filter, CancellationToken ct)
    {
        // What a decision has read before it was refused is read anew.
        db.ChangeTracker.Clear();
        return db.ReviewPageAsync(HttpContext.Plan(), filter, User.Id(), ct);
    }

    private RedirectResult Decided(string what, int count, ReviewFilter filter) =>
        Redirect(new Links(RequestLanguage.Current, HttpContext.Plan().Code).ReviewOf(
            ("by", filter.By), ("indicator", filter.Indicator), ("region", filter.Region), ("period", filter.Period), (what, count.ToString(CultureInfo.InvariantCulture))));

    private ViewResult Refused(ReviewPage page)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Queue", page);
    }
}
