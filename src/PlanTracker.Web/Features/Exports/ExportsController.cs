using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PlanTracker.Data;
using PlanTracker.Data.Exports;
using PlanTracker.Features.Shared;
using PlanTracker.Platform;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Exports;

/// <summary>Readings to take away: the same filter for the page and for every file, and the address is the query.</summary>
[Route(Pages.PlanRoute)]
[OpenToLimitedReaders]
[ReadsFromStandby]
public sealed class ExportsController(PlanDbContext db) : Controller
{
    private const int RowsShown = 20;

    [HttpGet("readings")]
    public async Task<IActionResult> Show(ReadingFilter filter, CancellationToken ct) => await PageAsync(await ReadingExport.OpenAsync(db, Query(filter), ct), ct);

    [HttpGet("readings.{extension}")]
    [SentAsItIs]
    public async Task<IActionResult> Download(string extension, ReadingFilter filter, CancellationToken ct)
    {
        if (ExportFormat.All.FirstOrDefault(f => string.Equals(f.Extension, extension, StringComparison.Ordinal)) is not { } format)
            return NotFound();
        var result = await ReadingExport.WriteAsync(db, Query(filter), format, RequestLanguage.Current, progress: null, ct);
        if (result.File is not { } file)
            return await PageAsync(result.Export, ct);

        var digest = Convert.ToBase64String(file.Sha256);
        Response.Headers["X-Row-Count"] = file.Rows.ToString(CultureInfo.InvariantCulture);
        Response.Headers["Repr-Digest"] = $"sha-256=:{digest}:";
        return File(file.Content, format.MediaType, format.FileName(result.Export), lastModified: null, new EntityTagHeaderValue($"\"{digest}\""), enableRangeProcessing: true);
    }

    private ExportQuery Query(ReadingFilter filter)
    {
        var plan = HttpContext.Plan();
        return new ExportQuery(new ExportedPlan(plan.Id, plan.Code, plan.Name, plan.RegionSet, plan.Source), plan.AsOf, plan.Reader, filter);
    }

    /// <summary>The page of what is chosen; with a fault in the filter it says so at the field, and nothing is chosen.</summary>
    private async Task<ViewResult> PageAsync(ReadingExport export, CancellationToken ct)
    {
        var faulty = export.Faults.Count > 0;
        if (faulty)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Show", new ExportPage(export, faulty ? null : await export.PreviewAsync(RowsShown, ct)));
    }
}

/// <param name="Export">What is chosen, and what it can be chosen from.</param>
/// <param name="Preview">The first rows; none when something is wrong with the filter.</param>
public sealed record ExportPage(ReadingExport Export, ExportPreview? Preview);
