using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>What people do with a cell, each step through the store as a request of its own; cells are named <c>I13/CN/2024</c>.</summary>
internal sealed class EntrySteps(SeededPlan plan)
{
    /// <summary>A cell of R&amp;D intensity in Zhejiang that both the national and the regional reporter reach, and that holds nothing.</summary>
    public const string Cell = "P-RD-INT/330000/1950";

    public async Task<CellKey> KeyAsync(string cell = Cell) =>
        cell.Split('/') is [var indicator, var region, var period]
            ? new CellKey(await plan.IndicatorAsync(indicator), await plan.RegionAsync(region), Period.Parse(period))
            : throw new FormatException(cell);

    /// <summary>A cell as a form sends it that shows what stands now.</summary>
    public async Task<TypedCell> TypedAsync(string text, string cell = Cell)
    {
        var (reading, draft) = (await ReadingAsync(cell), await DraftAsync(cell));
        return new TypedCell(await KeyAsync(cell), text) { BasedOn = reading?.LastNumber ?? 0, Draft = draft?.Version ?? 0 };
    }

    public async Task<DraftResult> SaveAsync(string person, string text, string cell = Cell) => await SaveAsync(person, await TypedAsync(text, cell));

    public async Task<DraftResult> SaveAsync(string person, TypedCell cell)
    {
        var id = await plan.PersonAsync(person);
        return (await plan.WithAsync((_, store) => store.SaveDraftsAsync([cell], id, CancellationToken.None)))[0];
    }

    public async Task<SubmissionResult> SubmitAsync(string person, string text, string cell = Cell) => await SubmitAsync(person, await TypedAsync(text, cell));

    public Task<SubmissionResult> SubmitAsync(string person, params TypedCell[] cells) => SendAsync(person, "As counted.", cells);

    /// <summary>Submits without a word of explanation for the form as a whole.</summary>
    public async Task<SubmissionResult> SubmitUnexplainedAsync(string person, params (string Cell, string Text)[] cells)
    {
        var typed = new List<TypedCell>();
        foreach (var (cell, text) in cells)
            typed.Add(await TypedAsync(text, cell));
        return await SendAsync(person, null, [.. typed]);
    }

    public async Task<SubmissionResult> SendAsync(string person, string? explanation, params TypedCell[] cells)
    {
        var id = await plan.PersonAsync(person);
        var submission = new Submission { Source = "Bulletin of the form", Explanation = explanation, Cells = cells, RequestId = Guid.NewGuid() };
        return await plan.WithAsync((_, store) => store.SubmitAsync(submission, id, CancellationToken.None));
    }

    /// <summary>Submits and approves figures, so that they stand.</summary>
    public async Task StandAsync(params (string Cell, string Text)[] cells)
    {
        var typed = new List<TypedCell>();
        foreach (var (cell, text) in cells)
            typed.Add(await TypedAsync(text, cell));
        (await SubmitAsync("reporter", [.. typed])).Submitted.Should().Be(cells.Length);
        foreach (var (cell, _) in cells)
            (await ApproveAsync(cell)).Reviewed.Should().Be(1);
    }

    public Task<ReviewResult> ApproveAsync(string cell = Cell) => DecideAsync(cell, "reviewer", (store, ids, by) => store.ApproveAsync(ids, by, CancellationToken.None));

    public Task<ReviewResult> ReturnAsync(string cell = Cell) =>
        DecideAsync(cell, "reviewer", (store, ids, by) => store.ReturnAsync(ids, "Which bulletin?", by, CancellationToken.None));

    public Task<ReviewResult> WithdrawAsync(string person, string cell = Cell) =>
        DecideAsync(cell, person, (store, ids, by) => store.WithdrawAsync(ids, by, CancellationToken.None));

    public async Task<DraftResult?> RestoreAsync(string person, int number, int seenDraft = 0, string cell = Cell)
    {
        var (id, reading) = (await plan.PersonAsync(person), await ReadingAsync(cell));
        return await plan.WithAsync(async (db, store) => await store.RestoreAsync(
            await db.Revisions.Where(r => r.ReadingId == reading!.Id && r.Number == number).Select(r => r.Id).SingleAsync(), seenDraft, id, CancellationToken.None));
    }

    public async Task<Reading?> ReadingAsync(string cell = Cell)
    {
        var key = await KeyAsync(cell);
        return await plan.WithAsync((db, _) => db.Readings.Include(r => r.PendingRevision).Include(r => r.ApprovedRevision)
            .SingleOrDefaultAsync(r => r.IndicatorId == key.IndicatorId && r.RegionId == key.RegionId && r.Period == key.Period));
    }

    public async Task<ReadingDraft?> DraftAsync(string cell = Cell)
    {
        var key = await KeyAsync(cell);
        return await plan.WithAsync((db, _) => db.Drafts.Include(d => d.Author)
            .SingleOrDefaultAsync(d => d.IndicatorId == key.IndicatorId && d.RegionId == key.RegionId && d.Period == key.Period));
    }

    /// <summary>What the audit says happened to a cell, in order.</summary>
    public Task<List<string>> AuditAsync(string cell = Cell) =>
        plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == cell).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());

    private async Task<ReviewResult> DecideAsync(string cell, string person, Func<ReadingStore, long[], Guid, Task<ReviewResult>> decide)
    {
        var (id, reading) = (await plan.PersonAsync(person), await ReadingAsync(cell));
        return await plan.WithAsync((_, store) => decide(store, reading?.PendingRevisionId is { } pending ? [pending] : [], id));
    }
}
