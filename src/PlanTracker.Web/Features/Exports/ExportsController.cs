using System.Globalization;
using System.Text;
using CsvHelper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Exports;

/// <summary>Readings to take away: the same filter for the page and for the file, and the address is the query.</summary>
[Route(Pages.PlanRoute)]
public sealed class ExportsController(PlanDbContext db) : Controller
{
    private const int RowsShown = 20;

    [HttpGet("readings")]
    public async Task<IActionResult> Show(ReadingFilter filter, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var readings = await db.ExportedReadingsAsync(plan, filter, ct);
        return View(new ExportPage
        {
            Filter = filter,
            Rows = await readings.Rows.CountAsync(ct),
            First = await readings.Rows.Take(RowsShown).ToListAsync(ct),
            Tasks = await db.TaskChoicesAsync(plan, ct),
            Indicators = await db.IndicatorChoicesAsync(plan, ct),
            Regions = await db.RegionChoicesAsync(plan, ct),
        });
    }

    [HttpGet("readings.csv")]
    public async Task Csv(ReadingFilter filter, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var readings = await db.ExportedReadingsAsync(plan, filter, ct);
        var day = plan.AsOf is { } past ? past.ToString("'-as-of-'yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=\"{plan.Code}-readings{day}{(filter.ForSpreadsheet ? "-excel" : "")}.csv\"";

        // Excel takes a file for UTF-8 only when it begins with the mark; programs are better off without it.
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: filter.ForSpreadsheet);
        await using var text = new StreamWriter(Response.Body, encoding, bufferSize: 1 << 16, leaveOpen: true);
        await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true);
        await ReadingsFile.WriteAsync(csv, readings.StreamAsync(ct), filter.ForSpreadsheet, ct);
    }
}
