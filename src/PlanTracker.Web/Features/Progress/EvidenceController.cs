using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Progress;

/// <summary>
/// Files of evidence, to be saved and never to be opened in the page. Seen by whoever sees the report: everybody once it was approved; until then
/// those in whose scope it lies, as whoever sees only that does always.
/// </summary>
[Route(Pages.PlanRoute + "/evidence/{id:guid}")]
[OpenToLimitedReaders]
public sealed class EvidenceController(PlanDbContext db) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Download(Guid id, CancellationToken ct)
    {
        var (plan, acts) = (HttpContext.Plan(), User.IsInRole(Roles.Reporter) || User.IsInRole(Roles.Reviewer));
        var (all, mine) = (!plan.Reader.IsLimited, db.ReportsInScope(User.Id()));
        var file = await db.ProgressReports
            .Where(r => r.Milestone!.Element!.PlanId == plan.Id || r.Item!.PlanId == plan.Id)
            .Where(r => (all && r.KnownOn != null) || ((acts || r.KnownOn != null) && mine.Any(m => m.Id == r.Id)))
            .SelectMany(r => r.Files).Where(f => f.FileId == id)
            .Select(f => new { f.File!.Content, f.File.MediaType, f.File.Name }).FirstOrDefaultAsync(ct);
        return file is null ? NotFound() : File(file.Content, file.MediaType, file.Name);
    }
}
