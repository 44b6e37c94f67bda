using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Entry;

/// <summary>One cell with its history and remarks: for those who report it, and for those who review it.</summary>
[Route(Pages.PlanRoute + "/work/{indicator}/{region}/{period}")]
[Authorize(Policies.WorkOnReadings)]
[OpenToLimitedReaders]
public sealed class CellController(PlanDbContext db, ReadingStore store, TimeProvider clock) : Controller
{
    private const string Page = "~/Features/Entry/Cell.cshtml";

    private bool Enters => User.IsInRole(Roles.Reporter);

    [HttpGet("")]
    public async Task<IActionResult> Show(string indicator, string region, string period, CancellationToken ct) =>
        await PageAsync(indicator, region, period, ct) is { } page ? View(Page, page) : NotFound();

    [HttpPost("")]
    [Authorize(Policies.Enter)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Send(string indicator, string region, string period, CellForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid || form.RequestId == Guid.Empty)
            return BadRequest();
        if (await PageAsync(indicator, region, period, ct) is not { } page)
            return NotFound();
        var cell = form.ToCell(page.Key);
        IReadOnlyList<SubmissionFault> faults = string.Equals(form.Decision, GridForm.Save, StringComparison.Ordinal)
            ? [.. (await store.SaveDraftsAsync([cell], User.Id(), ct)).Select(r => r.Fault).OfType<SubmissionFault>()]
            : (await store.SubmitAsync(new Submission { Source = form.Source ?? "", Cells = [cell], RequestId = form.RequestId }, User.Id(), ct)).Faults;
        return faults.Count == 0
            ? Again(indicator, region, period)
            : await RefusedAsync(page, p => p with { Form = form, RequestId = form.RequestId, Faults = faults }, ct);
    }

    [HttpPost("withdraw")]
    [Authorize(Policies.Enter)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Withdraw(string indicator, string region, string period, long revision, CancellationToken ct)
    {
        if (await PageAsync(indicator, region, period, ct) is not { } page)
            return NotFound();
        var result = page.Revisions.Any(r => r.Id == revision) ? await store.WithdrawAsync([revision], User.Id(), ct) : new ReviewResult(0, ReviewFaultKind.NotWaiting);
        return result.Fault is null ? Again(indicator, region, period) : await RefusedAsync(page, p => NotWithdrawn(p, result.Fault.Value), ct);
    }

    [HttpPost("restore")]
    [Authorize(Policies.Enter)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Restore(string indicator, string region, string period, long revision, int draft, CancellationToken ct)
    {
        if (await PageAsync(indicator, region, period, ct) is not { } page)
            return NotFound();
        if (!page.Revisions.Any(r => r.Id == revision))
            return NotFound();
        var result = await store.RestoreAsync(revision, draft, User.Id(), ct);
        return result?.Fault is { } fault ? await RefusedAsync(page, p => p with { Faults = [fault] }, ct) : Again(indicator, region, period);
    }

    [HttpPost("remarks")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Remark(string indicator, string region, string period, string? text, CancellationToken ct)
    {
        if (await PageAsync(indicator, region, period, ct) is not { } page)
            return NotFound();
        return await store.CommentAsync(page.Key, text, User.Id(), ct) is { } fault
            ? await RefusedAsync(page, p => p with { CommentFault = fault, Comment = text }, ct)
            : Again(indicator, region, period);
    }

    private async Task<CellPage?> PageAsync(string indicator, string region, string period, CancellationToken ct) =>
        Period.TryParse(period, out var parsed) ? await db.CellPageAsync(HttpContext.Plan(), indicator, region, parsed, User.Id(), Enters, clock.GetUtcNow(), ct) : null;

    private static CellPage NotWithdrawn(CellPage page, ReviewFaultKind fault) => fault == ReviewFaultKind.PeriodLocked && page.Cell.Lock is { } round
        ? page with { Faults = [new SubmissionFault(SubmissionFaultKind.PeriodLocked, page.Key) { Lock = round }] }
        : page with { Late = true };

    private RedirectResult Again(string indicator, string region, string period) =>
        Redirect(new Links(RequestLanguage.Current, HttpContext.Plan().Code).Cell(indicator, region, Period.Parse(period)));

    /// <summary>The page as it is now, with what was refused.</summary>
    private async Task<IActionResult> RefusedAsync(CellPage page, Func<CellPage, CellPage> with, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await PageAsync(page.Indicator.Code, page.Region.Code, page.Period.ToString(), ct) is { } now ? View(Page, with(now)) : NotFound();
    }
}
