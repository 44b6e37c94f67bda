using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Data.Imports;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Imports;

/// <summary>Files of figures: brought, understood, looked at, applied, taken back.</summary>
[Route(Pages.PlanRoute + "/imports")]
[Authorize(Policies.WorkOnReadings)]
[OpenToLimitedReaders]
public sealed class ImportsController(PlanDbContext db, ImportStore store, ImportBell bell, TimeProvider clock) : Controller
{
    /// <summary>What stands around the file in a form.</summary>
    private const int FormBytes = 1 << 16;

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) => View(await db.ImportsPageAsync(HttpContext.Plan(), User, ct));

    /// <summary>A file to fill in: what is due, and columns for the figures.</summary>
    [HttpGet("template.{extension:regex(^(csv|xlsx)$)}")]
    [Authorize(Policies.Enter)]
    public async Task<IActionResult> Template(string extension, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var due = await db.FiguresDueAsync(plan, User.Id(), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), ct);
        var file = TemporaryFile.Create();
        if (string.Equals(extension, "csv", StringComparison.Ordinal))
        {
            // It is opened in a spreadsheet program first.
            using var csv = new CsvFileWriter(file, forSpreadsheet: true);
            Imports.Template.Write(csv, due);
        }
        else
        {
            using var xlsx = new XlsxFileWriter(file, new XlsxSheet("figures", [.. Imports.Template.Columns.Select(c => c.Width)]));
            xlsx.BeginSheet();
            Imports.Template.Write(xlsx, due);
            xlsx.Complete();
        }

        file.Position = 0;
        return File(file, extension == "csv" ? "text/csv; charset=utf-8" : XlsxFileWriter.MediaType, $"{plan.Code}-due.{extension}");
    }

    [HttpPost("")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.Enter)]
    [RequestSizeLimit(Import.MostBytes + FormBytes)]
    [RequestFormLimits(MultipartBodyLengthLimit = Import.MostBytes + FormBytes)]
    public async Task<IActionResult> Receive(IFormFile? file, int? replaces, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        if (file is null || file.Length == 0)
            return await RefusedAsync(new FileRefusedException(FileFaultKind.Empty), file?.FileName, ct);
        if (replaces is { } old && await db.ImportOfAsync(plan, old, User, store, ct) is not { IsOwn: true })
            return NotFound();
        try
        {
            await using var content = file.OpenReadStream();
            var shape = TableShape.Of(content);
            content.Position = 0;
            var import = await store.ReceiveAsync(plan.Id, User.Id(), file.FileName, content, shape, ct);
            if (replaces is { } replaced)
                await store.ReplaceAsync(replaced, import.Id, User.Id(), ct);
            return Redirect(To.Import(import.Id));
        }
        catch (FileRefusedException refused)
        {
            return await RefusedAsync(refused, file.FileName, ct);
        }
    }

    [HttpGet("{id:int}")]
    public async Task<IActionResult> Show(int id, ChangeSetFilter filter, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen ? View(await db.ImportPageAsync(HttpContext.Plan(), seen, filter, ct)) : NotFound();

    /// <summary>How far it is, for the bar on the page.</summary>
    [HttpGet("{id:int}/progress.json")]
    public async Task<IActionResult> Progress(int id, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen ? Json(ImportProgress.Of(seen.Import)) : NotFound();

    /// <summary>The file with what is wrong beside each row.</summary>
    [HttpGet("{id:int}/problems")]
    public async Task<IActionResult> Problems(int id, CancellationToken ct)
    {
        if (await ImportAsync(id, ct) is not { IsOwn: true, Import.State: ImportState.Ready } seen)
            return NotFound();
        await using var file = await store.OpenAsync(id, ct);
        var answer = await ProblemsFile.WriteAsync(db, seen.Import, file, ct);
        return File(answer, ProblemsFile.MediaType(seen.Import), ProblemsFile.NameOf(seen.Import));
    }

    [HttpPost("{id:int}/shape")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Reshape(int id, FileEncoding? encoding, Separator? separator, string? sheet, CancellationToken ct)
    {
        if (await ImportAsync(id, ct) is not { MayEnter: true } seen)
            return NotFound();
        try
        {
            return await AnswerAsync(seen, await store.ReshapeAsync(id, encoding, separator, sheet, ct), ct);
        }
        catch (FileRefusedException refused)
        {
            return await ShowAsync(seen, page => page with { ShapeFault = refused }, ct);
        }
    }

    [HttpPost("{id:int}/read")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Read(int id, ColumnForm form, CancellationToken ct)
    {
        if (await ImportAsync(id, ct) is not { MayEnter: true } seen)
            return NotFound();
        var plan = form.ToPlan();
        if (await store.ReadAsync(id, plan, ct) is { } fault)
            return await ShowAsync(seen, page => page with { ColumnFault = fault, Columns = plan }, ct);
        bell.Ring();
        return Redirect(To.Import(id));
    }

    [HttpPost("{id:int}/columns")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Columns(int id, CancellationToken ct) =>
        await ImportAsync(id, ct) is { MayEnter: true } seen ? await AnswerAsync(seen, await store.ReshapeAsync(id, seen.Import.Encoding, seen.Import.Separator, seen.Import.Sheet, ct), ct) : NotFound();

    [HttpPost("{id:int}/apply")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Apply(int id, int timesRead, string? explanation, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen && (seen.MayEnter || seen.MayReview)
            ? await AnswerAsync(seen, await store.ApplyAsync(id, User.Id(), timesRead, explanation, ct), ct)
            : NotFound();

    [HttpPost("{id:int}/cancel")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Cancel(int id, CancellationToken ct) =>
        await ImportAsync(id, ct) is { IsOwn: true } seen ? await AnswerAsync(seen, await store.CancelAsync(id, User.Id(), ct), ct) : NotFound();

    [HttpPost("{id:int}/revert")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Revert(int id, string? reason, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen && (seen.IsOwn || seen.MayReview)
            ? await AnswerAsync(seen, await store.RevertAsync(id, User.Id(), seen.MayReview, reason, ct), ct)
            : NotFound();

    [HttpPost("{id:int}/approve")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.Review)]
    public async Task<IActionResult> Approve(int id, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen ? await AnswerAsync(seen, (await store.ApproveAsync(id, User.Id(), ct)).Fault, ct) : NotFound();

    [HttpPost("{id:int}/return")]
    [ValidateAntiForgeryToken]
    [Authorize(Policies.Review)]
    public async Task<IActionResult> Return(int id, string? reason, CancellationToken ct) =>
        await ImportAsync(id, ct) is { } seen ? await AnswerAsync(seen, (await store.ReturnAsync(id, User.Id(), reason, ct)).Fault, ct) : NotFound();

    private Links To => new(RequestLanguage.Current, HttpContext.Plan().Code);

    private Task<SeenImport?> ImportAsync(int id, CancellationToken ct) => db.ImportOfAsync(HttpContext.Plan(), id, User, store, ct);

    private async Task<IActionResult> RefusedAsync(FileRefusedException refused, string? fileName, CancellationToken ct)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Index", await db.ImportsPageAsync(HttpContext.Plan(), User, ct) with { Refused = refused, RefusedName = fileName });
    }

    /// <summary>The page as it stands now, or with what is wrong.</summary>
    private async Task<IActionResult> AnswerAsync(SeenImport seen, ImportFault? fault, CancellationToken ct)
    {
        bell.Ring();
        return fault is { } wrong ? await ShowAsync(seen, page => page with { Fault = wrong }, ct) : Redirect(To.Import(seen.Import.Id));
    }

    private async Task<IActionResult> ShowAsync(SeenImport seen, Func<ImportPage, ImportPage> with, CancellationToken ct)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await ImportAsync(seen.Import.Id, ct) is { } now ? View("Show", with(await db.ImportPageAsync(HttpContext.Plan(), now, new ChangeSetFilter(), ct))) : NotFound();
    }
}
