using System.Globalization;
using System.Text;
using CsvHelper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Mail;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Rounds;

/// <summary>What is due when and from whom: seen by whoever reports, reviews or keeps it, and kept by administrators.</summary>
[Route(Pages.PlanRoute + "/rounds")]
[Authorize(Policies.SeeRounds)]
public sealed class RoundsController(PlanDbContext db, RoundStore store, IOptions<MailOptions> mail, TimeProvider clock) : Controller
{
    private DateOnly Today => ReportingCalendar.DayOf(clock.GetUtcNow());

    private bool Keeps => User.IsInRole(Roles.Administrator);

    /// <summary>Administrators see every figure, everybody else those in their scope.</summary>
    private async Task<IQueryable<Cell>> CellsAsync(CancellationToken ct) =>
        Keeps ? db.Cells() : await db.CellsInScopeAsync(HttpContext.Plan().Id, User.Id(), ct);

    private Links To => new(RequestLanguage.Current, HttpContext.Plan().Code);

    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) =>
        View(await db.RoundsPageAsync(HttpContext.Plan(), await CellsAsync(ct), Today, ct));

    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, int? reminded, CancellationToken ct) =>
        await PageAsync(code, ct) is { } page ? View(page with { Reminded = reminded }) : NotFound();

    [HttpGet("{code}/completeness")]
    public async Task<IActionResult> Completeness(string code, CompletenessFilter filter, CancellationToken ct)
    {
        if (filter.State is { Length: > 0 } && filter.Wanted is null)
            return BadRequest();
        if (await db.RoundHeadAsync(HttpContext.Plan(), code, ct) is not { } round)
            return NotFound();
        var cells = db.ReportedCells(round, await CellsAsync(ct));
        return View((await db.CompletenessAsync(round, filter, cells, Today, ct)) with { Scoped = !Keeps });
    }

    [HttpGet("{code}/completeness.csv")]
    public async Task<IActionResult> CompletenessCsv(string code, CompletenessFilter filter, CancellationToken ct)
    {
        if (filter.State is { Length: > 0 } && filter.Wanted is null)
            return BadRequest();
        if (await db.RoundHeadAsync(HttpContext.Plan(), code, ct) is not { } round)
            return NotFound();

        // Made whole before it is sent: one that is cut off looks like a whole one, and whoever takes it slowly would hold a connection of the database.
        var file = TemporaryFile.Create();
        // Excel takes a file for UTF-8 only when it begins with the mark; programs are better off without it.
        await using (var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: filter.ForSpreadsheet), bufferSize: 1 << 16, leaveOpen: true))
        await using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            var lines = db.ReportedCells(round, await CellsAsync(ct)).Lines(filter.Wanted).AsAsyncEnumerable();
            await CompletenessFile.WriteAsync(csv, round, lines, Today, filter.ForSpreadsheet, ct);
        }

        file.Position = 0;
        return File(file, "text/csv; charset=utf-8", $"{round.Code}-completeness{(filter.ForSpreadsheet ? "-excel" : "")}.csv");
    }

    [HttpGet("new")]
    [Authorize(Policies.EditPlan)]
    public async Task<IActionResult> New(string? period, string? preset, CancellationToken ct) =>
        View("Edit", await db.NewRoundAsync(HttpContext.Plan(), period, preset, Today, ct));

    [HttpPost("new")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Create(RoundForm form, CancellationToken ct)
    {
        var (plan, code) = (HttpContext.Plan(), form.Code?.Trim() ?? "");
        var faults = await store.CreateAsync(form.Stated(plan.Id, code), User.Id(), ct);
        return faults.Count == 0 ? Redirect(To.Round(code)) : Refused("Edit", (await db.NewRoundAsync(plan, null, null, Today, ct)).WithFaults(form, faults));
    }

    [HttpGet("{code}/edit")]
    [Authorize(Policies.EditPlan)]
    public async Task<IActionResult> Edit(string code, CancellationToken ct) =>
        await db.EditedRoundAsync(HttpContext.Plan(), code, ct) is { } page ? View(page) : NotFound();

    [HttpPost("{code}/edit")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Change(string code, RoundForm form, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        var faults = await store.ChangeAsync(form.Stated(plan.Id, code), User.Id(), ct);
        if (faults.Count == 0)
            return Redirect(To.Round(code));
        return await db.EditedRoundAsync(plan, code, ct) is { } page ? Refused("Edit", page.WithFaults(form, faults)) : NotFound();
    }

    [HttpPost("{code}/close")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Close(string code, CancellationToken ct) =>
        await store.CloseAsync(HttpContext.Plan().Id, code, User.Id(), ct) is null ? Redirect(To.Round(code)) : NotFound();

    [HttpPost("{code}/exceptions")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Grant(string code, ExceptionForm form, CancellationToken ct)
    {
        var faults = await store.GrantAsync(HttpContext.Plan().Id, code, form.Stated(), User.Id(), ct);
        if (faults.Count == 0)
            return Redirect(To.Round(code) + "#exceptions");
        return await PageAsync(code, ct) is { } page ? Refused("Show", page with { Form = form, Faults = faults }) : NotFound();
    }

    [HttpPost("{code}/exceptions/{id:int}/end")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> EndException(string code, int id, CancellationToken ct) =>
        await store.EndExceptionAsync(HttpContext.Plan().Id, code, id, User.Id(), ct) is null ? Redirect(To.Round(code) + "#exceptions") : NotFound();

    [HttpPost("{code}/remind")]
    [Authorize(Policies.EditPlan)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Remind(string code, CancellationToken ct) =>
        mail.Value.IsConfigured && await store.RemindAsync(HttpContext.Plan().Id, code, User.Id(), ct) is { } people
            ? Redirect(To.Round(code) + FormattableString.Invariant($"?reminded={people}"))
            : NotFound();

    private async Task<RoundPage?> PageAsync(string code, CancellationToken ct)
    {
        var plan = HttpContext.Plan();
        return await db.RoundPageAsync(plan, code, Today, ct) is { } page
            ? page with { Keeping = Keeps ? await db.RoundKeepingAsync(plan, page.Round.Id, mail.Value.IsConfigured, ct) : null }
            : null;
    }

    private ViewResult Refused(string view, object page)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(view, page);
    }
}
