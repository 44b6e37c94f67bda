using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

public enum DraftOutcome
{
    Saved,

    /// <summary>Nothing is stated that does not stand already; a draft that was there is gone.</summary>
    Nothing,
    Refused,
}

/// <param name="Key">The cell.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Draft">Version of the draft now; 0 for none.</param>
/// <param name="Warnings">What is questioned.</param>
/// <param name="Fault">Why it was refused.</param>
public sealed record DraftResult(CellKey Key, DraftOutcome Outcome, int Draft, IReadOnlyList<Warning> Warnings, SubmissionFault? Fault = null)
{
    /// <summary>What stands without a draft; nothing where nothing does.</summary>
    public WhatStands? Stands { get; init; }
}

public sealed partial class ReadingStore
{
    /// <summary>
    /// Keeps what is being typed. Each cell counts for itself: what was not touched stays as it is, what is faulty or in conflict is refused, the others
    /// are kept.
    /// </summary>
    public async Task<IReadOnlyList<DraftResult>> SaveDraftsAsync(IReadOnlyList<TypedCell> cells, Guid personId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(cells.Select(c => c.Key.Series), ct);
        var desk = await DeskAsync([.. cells.Select(c => c.Key)], personId, ct);
        var form = new Submission { Source = "", Cells = cells, RequestId = Guid.Empty };
        var stated = cells.Select(c => Stated(c, form, desk, personId)).ToList();
        var outside = stated.Where(c => !desk.Reaches(c.Key)).ToList();
        if (outside.Count > 0)
            await RecordRefusalAsync(outside, personId, ct);

        var faults = stated.ToDictionary(c => c.Key, c => DraftFault(c, desk, personId));
        var taken = stated.Where(c => faults[c.Key] is null && c.Touched && !SaysNothing(c)).ToList();
        var questions = await QuestionsAsync(taken, desk, ct);
        var names = await CellNamesAsync([.. stated.Where(c => faults[c.Key] is null)], ct);
        var results = stated.Select(cell => faults[cell.Key] is { } fault ? new DraftResult(cell.Key, DraftOutcome.Refused, desk.Reaches(cell.Key) ? cell.Draft?.Version ?? 0 : 0, [], fault)
            : !cell.Touched ? Nothing(cell, cell.SeenDraft)
            : SaysNothing(cell) ? Discarded(cell, names, personId)
            : Saved(cell, names, [.. questions[cell.Key]], personId)).ToList();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return results;
    }

    /// <summary>Takes an earlier revision of a cell as a new draft, unless somebody else has drafted the cell since it was shown.</summary>
    /// <returns>Nothing when there is no such revision within reach.</returns>
    public async Task<DraftResult?> RestoreAsync(long revisionId, int seenDraft, Guid personId, CancellationToken ct)
    {
        var reachable = db.ReadingsInScope(personId);
        var revision = await db.Revisions.AsNoTracking().Include(r => r.Reading)
            .SingleOrDefaultAsync(r => r.Id == revisionId && reachable.Any(x => x.Id == r.ReadingId), ct);
        if (revision?.Reading is not { } reading)
            return null;
        var cell = new TypedCell(new CellKey(reading.IndicatorId, reading.RegionId, reading.Period), Written(revision.Value))
        {
            Status = revision.Status,
            Note = revision.Note ?? "",
            Source = revision.Source,
            Explanation = revision.Explanation ?? "",
            BasedOn = reading.LastNumber,
            Draft = seenDraft,
        };
        return (await SaveDraftsAsync([cell], personId, ct))[0];
    }

    private SubmissionFault? DraftFault(StatedCell cell, Desk desk, Guid personId)
    {
        if (!desk.Reaches(cell.Key))
            return new SubmissionFault(SubmissionFaultKind.OutOfScope, cell.Key, cell.Text);
        // A form without scripts sends every cell; those nobody typed into are left as they are.
        if (!cell.Touched)
            return null;
        if (ConflictIn(cell, desk, personId) is { } conflict)
            return conflict;
        return cell.IsDiscarded ? null : CellFault(cell, desk);
    }

    /// <summary>It says what stands already, or nothing any more.</summary>
    private static bool SaysNothing(StatedCell cell) => cell.IsDiscarded || ((cell.Reading?.PendingRevision ?? cell.Reading?.ApprovedRevision) is { } stands
        && stands.Value == cell.Value && stands.Status == cell.Status && stands.Note == cell.Note && (cell.Source.Length == 0 || cell.Source == stands.Source)
        && !AnswersTheReturn(cell, stands));

    /// <summary>The figure was returned, and is now explained: that is news, though the figure is the same.</summary>
    private static bool AnswersTheReturn(StatedCell cell, ReadingRevision stands) =>
        stands.State == RevisionState.Returned && cell.Explanation is not null && cell.Explanation != stands.Explanation;

    private DraftResult Discarded(StatedCell cell, Dictionary<CellKey, string> names, Guid personId)
    {
        if (cell.Draft is { } draft)
        {
            db.Drafts.Remove(draft);
            db.AuditEvents.Add(Event("reading.draft-discarded", personId, names[cell.Key], new { value = draft.Value }));
        }

        return Nothing(cell, draft: 0);
    }

    private static DraftResult Nothing(StatedCell cell, int draft)
    {
        var stands = cell.Reading?.PendingRevision ?? cell.Reading?.ApprovedRevision;
        return new DraftResult(cell.Key, DraftOutcome.Nothing, draft, []) { Stands = stands is null ? null : Stands(stands, cell.Reading!.LastNumber, draft) };
    }

    private DraftResult Saved(StatedCell cell, Dictionary<CellKey, string> names, IReadOnlyList<Warning> questions, Guid personId)
    {
        var draft = cell.Draft;
        if (draft is null || draft.AuthorId != personId)
        {
            db.AuditEvents.Add(Event(draft is null ? "reading.drafted" : "reading.draft-taken-over", personId, names[cell.Key],
                new { value = cell.Value, status = Kebab.Of(cell.Status) }));
        }

        draft ??= db.Drafts.Add(new ReadingDraft { IndicatorId = cell.Key.IndicatorId, RegionId = cell.Key.RegionId, Period = cell.Key.Period }).Entity;
        draft.Value = cell.Value;
        draft.Status = cell.Status;
        draft.Note = cell.Note;
        draft.Source = Kept(cell.Source);
        draft.Explanation = cell.Explanation;
        draft.BasedOn = cell.BasedOn;
        draft.AuthorId = personId;
        draft.SavedAt = clock.GetUtcNow();
        draft.Version++;
        return new DraftResult(cell.Key, DraftOutcome.Saved, draft.Version, questions);
    }

    /// <summary>How the audit names these cells.</summary>
    private async Task<Dictionary<CellKey, string>> CellNamesAsync(IReadOnlyCollection<StatedCell> cells, CancellationToken ct)
    {
        var regionIds = cells.Select(c => c.Key.RegionId).Distinct().ToArray();
        var regions = await db.Regions.Where(r => regionIds.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Code, ct);
        return cells.ToDictionary(c => c.Key, c => $"{c.Indicator!.Code}/{regions[c.Key.RegionId]}/{c.Key.Period}");
    }
}
