using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Data.Audit;
using PlanTracker.Platform;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Audit;

/// <summary>What everybody did, on the whole site: to read, to take away, and to verify.</summary>
[Route("{lang:language}/audit")]
[Authorize(Policies.ReadAudit)]
public sealed class AuditController(PlanDbContext db, TimeProvider clock) : Controller
{
    /// <param name="filter">Which events.</param>
    /// <param name="before">Those older than this event.</param>
    /// <param name="after">Those newer than this event.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("")]
    public async Task<IActionResult> Show([FromQuery] AuditFilter filter, long? before, long? after, CancellationToken ct)
    {
        if (!ModelState.IsValid || (before is not null && after is not null))
            return BadRequest();
        var choice = await db.AuditChoiceAsync(filter, ct);
        if (choice.Faults.Count > 0)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await db.AuditPageAsync(choice, before, after, ct) is { } page ? View("Show", page) : NotFound();
    }

    /// <param name="filter">Which events.</param>
    /// <param name="profile"><c>spreadsheet</c>: for a spreadsheet program; otherwise exactly as it was recorded.</param>
    /// <param name="ct">Cancels.</param>
    [HttpGet("/{lang:language}/audit.csv")]
    [SentAsItIs]
    public async Task<IActionResult> Download([FromQuery] AuditFilter filter, string? profile, CancellationToken ct)
    {
        if (!ModelState.IsValid || profile is not (null or "" or "spreadsheet"))
            return BadRequest();
        var choice = await db.AuditChoiceAsync(filter, ct);
        if (choice.Faults.Count > 0)
            return await Show(filter, before: null, after: null, ct);
        var file = await AuditFile.WriteAsync(db, choice.Of(db.AuditEvents), profile == "spreadsheet", ct);
        Response.Headers["X-Row-Count"] = file.Rows.ToString(CultureInfo.InvariantCulture);
        Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(file.Sha256)}:";
        return File(file.Content, "text/csv; charset=utf-8", $"audit-{Today:yyyy-MM-dd}.csv");
    }

    [HttpGet("verify")]
    public async Task<IActionResult> Verify(CancellationToken ct) => View(new VerifyPage { Head = await db.AnchorAsync(clock.GetUtcNow(), ct) });

    /// <summary>No redirect: the answer is true of this moment only.</summary>
    [HttpPost("verify")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Verify(string? anchors, CancellationToken ct)
    {
        var (kept, wrongLine) = AuditAnchor.Read(anchors ?? "");
        if (wrongLine is not null)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return View(new VerifyPage { Head = await db.AnchorAsync(clock.GetUtcNow(), ct), Anchors = anchors, WrongLine = wrongLine });
        }

        var verdict = await db.VerifyAsync(kept, clock.GetUtcNow(), ct);
        return View(new VerifyPage { Head = verdict.Head, Anchors = anchors, Verdict = verdict });
    }

    /// <summary>The head of the chain in a file, to be kept elsewhere.</summary>
    [HttpGet("anchor.txt")]
    public async Task<IActionResult> Anchor(CancellationToken ct) => await db.AnchorAsync(clock.GetUtcNow(), ct) is { } anchor
        ? File(System.Text.Encoding.ASCII.GetBytes(anchor + "\n"), "text/plain; charset=utf-8", $"audit-anchor-{Today:yyyy-MM-dd}.txt")
        : NotFound();

    private DateTime Today => clock.GetUtcNow().UtcDateTime;
}
