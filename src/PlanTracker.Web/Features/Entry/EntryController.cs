using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Entry;

/// <summary>What is due from the person, and the forms to enter it: for an indicator or for a region.</summary>
[Route(Pages.PlanRoute + "/work")]
[Authorize(Policies.Enter)]
[OpenToLimitedReaders]
public sealed class EntryController(PlanDbContext db, ReadingStore store, TimeProvider clock) : Controller
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private Links To => new(RequestLanguage.Current, HttpContext.Plan().Code);

    [HttpGet("")]
    public async Task<IActionResult> Work(WorkNotice notice, CancellationToken ct) =>
        View(new WorkPage(
            await db.WorkAsync(HttpContext.Plan(), User.Id(), Today, ct), await db.ReportsDueAsync(HttpContext.Plan(), User.Id(), Today, ct), notice)
        {
            Regions = await db.RegionsInScopeAsync(HttpContext.Plan(), User.Id(), ct),
            Rounds = await db.RoundsDueAsync(HttpContext.Plan().Id, User.Id(), clock.GetUtcNow(), ct),
        });

    [HttpGet("{indicator}")]
    public async Task<IActionResult> Indicator(string indicator, GridRange range, CancellationToken ct) =>
        await IndicatorGridAsync(indicator, range, ct) is { } page ? View("Grid", page) : NotFound();

    /// <summary>The region chosen on "My work".</summary>
    [HttpGet("regions")]
    public IActionResult Choose(string? region) => region is null ? NotFound() : Redirect(To.RegionEntry(Uri.EscapeDataString(region)));

    [HttpGet("regions/{region}")]
    public async Task<IActionResult> Region(string region, GridRange range, CancellationToken ct) =>
        await RegionGridAsync(region, range, ct) is { } page ? View("Grid", page) : NotFound();

    [HttpPost("{indicator}")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SendIndicator(string indicator, [FromQuery] GridRange range, GridForm form, CancellationToken ct) =>
        await SendAsync(form, () => IndicatorGridAsync(indicator, range, ct), $"?indicator={Uri.EscapeDataString(indicator)}", ct);

    [HttpPost("regions/{region}")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SendRegion(string region, [FromQuery] GridRange range, GridForm form, CancellationToken ct) =>
        await SendAsync(form, () => RegionGridAsync(region, range, ct), $"?region={Uri.EscapeDataString(region)}", ct);

    /// <summary>Keeps what is being typed, cell by cell, while the form stays open.</summary>
    [HttpPost("drafts")]
    [RequestSizeLimit(4 << 20)]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Keep([FromBody] IReadOnlyList<DraftMessage> messages, CancellationToken ct)
    {
        if (!ModelState.IsValid || messages.Count is 0 or > DraftMessage.MostAtOnce || messages.DistinctBy(m => m.Cell).Count() != messages.Count
            || !messages.All(m => SafeText.IsSafe(m.Cell)))
            return BadRequest();
        var names = messages.Select(m => CellName.TryParseKey(m.Cell, out var indicator, out var region, out var period)
            ? new CellName(indicator, region, period, m.BasedOn, m.Draft) : (CellName?)null).ToList();
        if (names.Contains(null))
            return BadRequest();
        var keys = await db.CellKeysAsync(HttpContext.Plan(), [.. names.Select(n => n!.Value)], ct);
        var cells = messages.Zip(names, (m, n) => m.ToCell(keys[n!.Value])).ToList();
        var results = (await store.SaveDraftsAsync(cells, User.Id(), ct)).ToDictionary(r => r.Key);
        return Json(messages.Zip(cells, (m, c) => DraftAnswer.Of(m.Cell!, results[c.Key])));
    }

    private Task<GridPage?> IndicatorGridAsync(string code, GridRange range, CancellationToken ct) =>
        db.IndicatorGridAsync(HttpContext.Plan(), code, range, User.Id(), clock.GetUtcNow(), ct);

    private Task<GridPage?> RegionGridAsync(string code, GridRange range, CancellationToken ct) =>
        db.RegionGridAsync(HttpContext.Plan(), code, range, User.Id(), clock.GetUtcNow(), ct);

    private async Task<IActionResult> SendAsync(GridForm form, Func<Task<GridPage?>> load, string about, CancellationToken ct)
    {
        if (!ModelState.IsValid || form.RequestId == Guid.Empty || await CellsAsync(ct) is not { } cells)
            return BadRequest();
        if (await load() is not { } page)
            return NotFound();

        var save = string.Equals(form.Decision, GridForm.Save, StringComparison.Ordinal);
        var faults = save ? await SaveAsync(cells, ct) : await SubmitAsync(form, cells, ct);
        if (faults.Result is { } result && faults.Faults.Count == 0)
        {
            var periods = cells.Select(c => c.Key.Period).DefaultIfEmpty().ToList();
            return Redirect(To.Work + about
                + FormattableString.Invariant($"&period={Text(periods.Min(), periods.Max())}&submitted={result.Submitted}&unchanged={result.Unchanged}"));
        }

        if (faults.Faults.Count == 0)
            return Redirect(Request.Path + Request.QueryString);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        // What was kept, and what changed meanwhile, is read anew.
        db.ChangeTracker.Clear();
        return await load() is { } now ? View("Grid", now.WithFaults(form, cells, faults.Faults)) : NotFound();
    }

    private async Task<(SubmissionResult? Result, IReadOnlyList<SubmissionFault> Faults)> SubmitAsync(GridForm form, IReadOnlyList<TypedCell> cells, CancellationToken ct)
    {
        var result = await store.SubmitAsync(
            new Submission { Source = form.Source ?? "", Explanation = form.Explanation, Cells = cells, RequestId = form.RequestId }, User.Id(), ct);
        return (result, result.Faults);
    }

    private async Task<(SubmissionResult? Result, IReadOnlyList<SubmissionFault> Faults)> SaveAsync(IReadOnlyList<TypedCell> cells, CancellationToken ct) =>
        (null, [.. (await store.SaveDraftsAsync(cells, User.Id(), ct)).Select(r => r.Fault).OfType<SubmissionFault>()]);

    /// <summary>The cells of the form as it was sent; none at all when it is not one of ours.</summary>
    private async Task<IReadOnlyList<TypedCell>?> CellsAsync(CancellationToken ct)
    {
        var typed = new Dictionary<CellName, string>();
        foreach (var (field, value) in Request.Form)
        {
            if (CellName.TryParse(field, out var name))
            {
                if (value.Count != 1)
                    return null;
                // A value pasted from a spreadsheet may bring blanks around it; inside, nothing is forgiven.
                typed.Add(name, value.ToString().Trim());
            }
        }

        var keys = await db.CellKeysAsync(HttpContext.Plan(), typed.Keys, ct);
        return keys.Values.Distinct().Count() == keys.Count
            ? [.. typed.Select(t => new TypedCell(keys[t.Key], t.Value) { BasedOn = t.Key.BasedOn, Draft = t.Key.Draft })]
            : null;
    }

    private static string Text(Period first, Period last) => first == last ? first.ToString() : $"{first}–{last}";
}
