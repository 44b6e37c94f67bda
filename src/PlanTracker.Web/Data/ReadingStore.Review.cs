using Microsoft.EntityFrameworkCore;

namespace PlanTracker.Data;

public sealed partial class ReadingStore
{
    /// <summary>Approves revisions that wait for review: each becomes the current value of its cell, and the standings follow at once.</summary>
    public Task<ReviewResult> ApproveAsync(IReadOnlyCollection<long> revisionIds, Guid reviewerId, CancellationToken ct) =>
        ReviewAsync(revisionIds, reviewerId, reason: null, ct);

    /// <summary>Returns revisions to their authors with a reason; approved values stay as they are.</summary>
    public async Task<ReviewResult> ReturnAsync(IReadOnlyCollection<long> revisionIds, string? reason, Guid reviewerId, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason))
            return new ReviewResult(0, ReviewFaultKind.ReasonMissing);
        if (reason.Length > ReadingRevision.ReasonLength)
            return new ReviewResult(0, ReviewFaultKind.ReasonTooLong);
        return SafeText.IsSafe(reason)
            ? await ReviewAsync(revisionIds, reviewerId, reason.Trim(), ct)
            : new ReviewResult(0, ReviewFaultKind.UnsafeText);
    }

    /// <summary>
    /// Takes back what waits for review. It is the author's draft again, unless somebody has drafted the cell since.
    /// </summary>
    public async Task<ReviewResult> WithdrawAsync(IReadOnlyCollection<long> revisionIds, Guid authorId, CancellationToken ct)
    {
        if (revisionIds.Count == 0)
            return new ReviewResult(0, ReviewFaultKind.NothingChosen);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await LockAsync(revisionIds, ct);
        var readings = await WaitingAsync(revisionIds, authorId, ct);
        if (readings.Count != revisionIds.Distinct().Count())
            return new ReviewResult(0, ReviewFaultKind.NotWaiting);
        var others = readings.Where(r => r.PendingRevision!.AuthorId != authorId).Select(CellName).ToList();
        if (others.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.NotOwnRevision, others);

        int[] indicatorIds = [.. readings.Select(r => r.IndicatorId).Distinct()], regionIds = [.. readings.Select(r => r.RegionId).Distinct()];
        var locks = await db.LockedCellsAsync(indicatorIds, regionIds, [.. readings.Select(r => r.Period).Distinct()], authorId, clock.GetUtcNow(), ct);
        var locked = readings.Where(r => locks.Exists(l => (l.IndicatorId, l.RegionId, l.Period) == (r.IndicatorId, r.RegionId, r.Period))).Select(CellName).ToList();
        if (locked.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.PeriodLocked, locked);

        var drafted = (await db.Drafts.Where(d => indicatorIds.Contains(d.IndicatorId)).ToListAsync(ct)).Select(d => d.Key).ToHashSet();
        foreach (var reading in readings)
        {
            var revision = reading.PendingRevision!;
            revision.State = RevisionState.Withdrawn;
            reading.PendingRevisionId = null;
            if (!drafted.Contains(new CellKey(reading.IndicatorId, reading.RegionId, reading.Period)))
                db.Drafts.Add(DraftOf(reading, revision, authorId));
            db.AuditEvents.Add(Event("reading.withdrawn", authorId, CellName(reading), new { revision = revision.Number, value = revision.Value }));
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ReviewResult(readings.Count);
    }

    /// <summary>Adds a remark on a cell, by somebody who reports or reviews it.</summary>
    /// <returns>Why it was not taken; nothing when it was.</returns>
    public async Task<CommentFault?> CommentAsync(CellKey key, string? text, Guid authorId, CancellationToken ct)
    {
        var kept = (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (kept.Length == 0)
            return CommentFault.Empty;
        if (kept.Length > ReadingComment.TextLength)
            return CommentFault.TooLong;
        if (!SafeText.IsSafe(kept))
            return CommentFault.UnsafeText;
        var reading = await db.ReadingsInScope(authorId).Include(r => r.Indicator).Include(r => r.Region)
            .SingleOrDefaultAsync(r => r.IndicatorId == key.IndicatorId && r.RegionId == key.RegionId && r.Period == key.Period, ct);
        if (reading is null)
            return CommentFault.NoReading;
        // The same form once more, because the answer to the first was lost.
        if (await db.Comments.Where(c => c.ReadingId == reading.Id).OrderByDescending(c => c.Id).Select(c => c.AuthorId == authorId && c.Text == kept).FirstOrDefaultAsync(ct))
            return null;
        db.Comments.Add(new ReadingComment { ReadingId = reading.Id, Text = kept, AuthorId = authorId, At = clock.GetUtcNow() });
        db.AuditEvents.Add(Event("reading.commented", authorId, CellName(reading), new { text = kept }));
        await db.SaveChangesAsync(ct);
        return null;
    }

    private async Task<ReviewResult> ReviewAsync(IReadOnlyCollection<long> revisionIds, Guid reviewerId, string? reason, CancellationToken ct)
    {
        if (revisionIds.Count == 0)
            return new ReviewResult(0, ReviewFaultKind.NothingChosen);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var series = await LockAsync(revisionIds, ct);
        var readings = await WaitingAsync(revisionIds, reviewerId, ct);
        if (readings.Count != revisionIds.Distinct().Count())
            return new ReviewResult(0, ReviewFaultKind.NotWaiting);
        var own = readings.Where(r => r.PendingRevision!.AuthorId == reviewerId).Select(CellName).ToList();
        if (own.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.OwnRevision, own);

        var events = readings.ConvertAll(r => Review(r, reviewerId, reason));
        await db.SaveChangesAsync(ct);
        if (reason is null)
            await db.RejudgeAsync(series, ct);
        // Last: everybody who writes waits for the chain of events from here to the commit.
        db.AuditEvents.AddRange(events);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ReviewResult(readings.Count);
    }

    private async Task<List<Series>> LockAsync(IReadOnlyCollection<long> revisionIds, CancellationToken ct)
    {
        var series = await db.Revisions.Where(r => revisionIds.Contains(r.Id))
            .Select(r => new Series(r.Reading!.IndicatorId, r.Reading.RegionId)).Distinct().ToListAsync(ct);
        await db.LockAsync(series, ct);
        return series;
    }

    /// <summary>Readings within reach of which one of these revisions waits for review.</summary>
    private Task<List<Reading>> WaitingAsync(IReadOnlyCollection<long> revisionIds, Guid personId, CancellationToken ct) =>
        db.ReadingsInScope(personId)
            .Include(r => r.PendingRevision).Include(r => r.ApprovedRevision).Include(r => r.Indicator).Include(r => r.Region)
            .Where(r => revisionIds.Contains(r.PendingRevisionId!.Value) && r.PendingRevision!.State == RevisionState.Submitted)
            .ToListAsync(ct);

    private ReadingDraft DraftOf(Reading reading, ReadingRevision revision, Guid authorId) => new()
    {
        IndicatorId = reading.IndicatorId,
        RegionId = reading.RegionId,
        Period = reading.Period,
        Value = revision.Value,
        Status = revision.Status,
        Note = revision.Note,
        Source = revision.Source,
        Explanation = revision.Explanation,
        BasedOn = reading.LastNumber,
        AuthorId = authorId,
        SavedAt = clock.GetUtcNow(),
        Version = 1,
    };

    /// <returns>What the audit says of it.</returns>
    private AuditEvent Review(Reading reading, Guid reviewerId, string? reason)
    {
        var revision = reading.PendingRevision!;
        revision.ReviewerId = reviewerId;
        revision.ReviewedAt = clock.GetUtcNow();
        revision.Reason = reason;
        revision.State = reason is null ? RevisionState.Approved : RevisionState.Returned;
        if (reason is null)
        {
            revision.KnownOn = DateOnly.FromDateTime(revision.ReviewedAt.Value.UtcDateTime);
            if (reading.ApprovedRevision is { } earlier)
                earlier.State = RevisionState.Superseded;
            reading.ApprovedRevisionId = revision.Id;
            reading.PendingRevisionId = null;
            reading.Value = revision.Value;
            reading.Status = revision.Status;
        }

        return Event(reason is null ? "reading.approved" : "reading.returned", reviewerId, CellName(reading), new { revision = revision.Number, value = revision.Value, reason });
    }
}
