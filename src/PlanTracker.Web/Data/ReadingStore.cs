using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// The one way in for figures typed by people: scope, strict parsing and bounds first; then, in one transaction, the revision, the current row,
/// the audit event and, once approved, the standing. Either everything is taken or nothing.
/// </summary>
public sealed class ReadingStore(PlanDbContext db, TimeProvider clock)
{
    public async Task<SubmissionResult> SubmitAsync(Submission submission, Guid authorId, CancellationToken ct)
    {
        var typed = submission.Cells.Where(c => c.Text.Length > 0 || c.Status != ObservationStatus.A || !string.IsNullOrWhiteSpace(c.Note)).ToList();
        if (FormFault(submission, typed) is { } formFault)
            return SubmissionResult.Refused(formFault);

        var regionIds = typed.Select(c => c.RegionId).ToArray();
        var allowed = await db.CellsInScope(authorId)
            .Where(c => c.Indicator.Id == submission.IndicatorId && regionIds.Contains(c.Region.Id))
            .Select(c => c.Region.Id).ToListAsync(ct);
        var outside = typed.Where(c => !allowed.Contains(c.RegionId)).ToList();
        if (outside.Count > 0)
        {
            await RecordRefusalAsync(submission, outside, authorId, ct);
            return SubmissionResult.Refused([.. outside.Select(c => new SubmissionFault(SubmissionFaultKind.OutOfScope, c.RegionId, c.Text))]);
        }

        var locked = await db.LockedCellsAsync([submission.IndicatorId], regionIds, [submission.Period], authorId, clock.GetUtcNow(), ct);
        if (locked.Count > 0)
            return SubmissionResult.Refused([.. locked.Select(c => new SubmissionFault(SubmissionFaultKind.PeriodLocked, c.RegionId, Lock: c.Round))]);

        var indicator = await db.Indicators.AsNoTracking().SingleAsync(i => i.Id == submission.IndicatorId, ct);
        if (submission.Period.Frequency != indicator.Frequency)
            return SubmissionResult.Refused(new SubmissionFault(SubmissionFaultKind.WrongFrequency));
        var faults = typed.Select(c => CellFault(indicator, c)).OfType<SubmissionFault>().ToArray();
        return faults.Length > 0 ? SubmissionResult.Refused(faults) : await WriteAsync(submission, indicator, typed, authorId, ct);
    }

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

    private SubmissionFault? FormFault(Submission submission, List<TypedCell> typed)
    {
        if (typed.Count == 0)
            return new SubmissionFault(SubmissionFaultKind.NothingEntered);
        if (string.IsNullOrWhiteSpace(submission.Source))
            return new SubmissionFault(SubmissionFaultKind.SourceMissing);
        if (submission.Source.Length > ReadingRevision.SourceLength)
            return new SubmissionFault(SubmissionFaultKind.SourceTooLong);
        if (!SafeText.IsSafe(submission.Source))
            return new SubmissionFault(SubmissionFaultKind.UnsafeText);
        return submission.Period.End >= DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)
            ? new SubmissionFault(SubmissionFaultKind.PeriodNotOver)
            : null;
    }

    private static SubmissionFault? CellFault(Indicator indicator, TypedCell cell)
    {
        if (cell.Note?.Length > ReadingRevision.NoteLength)
            return Fault(SubmissionFaultKind.NoteTooLong);
        if (!SafeText.IsSafe(cell.Note))
            return Fault(SubmissionFaultKind.UnsafeText);

        var number = StrictNumber.Parse(cell.Text, indicator.Decimals, out var value);
        return number switch
        {
            NumberFault.NotANumber => Fault(SubmissionFaultKind.NotANumber),
            NumberFault.TooManyDecimals => Fault(SubmissionFaultKind.TooManyDecimals, indicator.Decimals),
            NumberFault.TooLong => Fault(SubmissionFaultKind.TooLong, StrictNumber.MaxIntegerDigits),
            _ when value is null && !cell.Status.StandsForNoValue() => Fault(SubmissionFaultKind.ValueMissing),
            _ when value is not null && cell.Status.StandsForNoValue() => Fault(SubmissionFaultKind.ValueAndNoValue),
            _ when value < indicator.Min => Fault(SubmissionFaultKind.BelowMinimum, indicator.Min),
            _ when value > indicator.Max => Fault(SubmissionFaultKind.AboveMaximum, indicator.Max),
            _ => null,
        };

        SubmissionFault Fault(SubmissionFaultKind kind, decimal? limit = null) => new(kind, cell.RegionId, cell.Text, limit);
    }

    private async Task<SubmissionResult> WriteAsync(
        Submission submission, Indicator indicator, List<TypedCell> typed, Guid authorId, CancellationToken ct)
    {
        var regionIds = typed.Select(c => c.RegionId).ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockAsync(regionIds.Select(r => new Series(indicator.Id, r)), ct);

        if (await SentBeforeAsync(submission, typed, authorId, ct) is { } before)
            return before;

        var readings = await db.Readings
            .Include(r => r.PendingRevision!.Author).Include(r => r.ApprovedRevision!.Author)
            .Where(r => r.IndicatorId == indicator.Id && r.Period == submission.Period && regionIds.Contains(r.RegionId))
            .ToDictionaryAsync(r => r.RegionId, ct);
        var conflicts = typed.Select(c => ConflictIn(readings.GetValueOrDefault(c.RegionId), c)).OfType<SubmissionFault>().ToArray();
        if (conflicts.Length > 0)
            return SubmissionResult.Refused(conflicts);

        var regionCodes = await db.Regions.Where(r => regionIds.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Code, ct);
        var submitted = 0;
        foreach (var cell in typed)
        {
            var reading = readings.GetValueOrDefault(cell.RegionId)
                ?? db.Readings.Add(new Reading { IndicatorId = indicator.Id, RegionId = cell.RegionId, Period = submission.Period }).Entity;
            var revision = NewRevision(reading, submission, cell, authorId);
            if (SaysTheSame(reading.PendingRevision ?? reading.ApprovedRevision, revision))
                continue;

            if (reading.PendingRevision is { } earlier)
                earlier.State = RevisionState.Replaced;
            reading.LastNumber = revision.Number;
            // The two rows point at each other: the reading first, its pointer below.
            db.Revisions.Add(revision);
            readings[cell.RegionId] = reading;
            db.AuditEvents.Add(Event("reading.submitted", authorId, $"{indicator.Code}/{regionCodes[cell.RegionId]}/{submission.Period}",
                new { revision = revision.Number, value = revision.Value, status = Kebab.Of(revision.Status) }));
            submitted++;
        }

        await db.SaveChangesAsync(ct);
        foreach (var revision in db.ChangeTracker.Entries<ReadingRevision>().Select(e => e.Entity).Where(r => r.RequestId == submission.RequestId))
            readings.Values.Single(r => r.Id == revision.ReadingId).PendingRevisionId = revision.Id;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new SubmissionResult(submitted, typed.Count - submitted, []);
    }

    /// <summary>The answer to a request that has come before: the same again, or that it said something else then.</summary>
    private async Task<SubmissionResult?> SentBeforeAsync(Submission submission, List<TypedCell> typed, Guid authorId, CancellationToken ct)
    {
        var then = await db.Revisions.Where(r => r.RequestId == submission.RequestId && r.AuthorId == authorId)
            .Select(r => new { r.Reading!.IndicatorId, r.Reading.RegionId, r.Reading.Period, r.Value, r.Status }).ToListAsync(ct);
        if (then.Count == 0)
            return null;
        var same = then.All(r => r.IndicatorId == submission.IndicatorId && r.Period == submission.Period && typed.Exists(c =>
            c.RegionId == r.RegionId && c.Status == r.Status && StrictNumber.Parse(c.Text, StrictNumber.MaxDecimals, out var value) == NumberFault.None && value == r.Value));
        return same ? new SubmissionResult(then.Count, 0, []) : SubmissionResult.Refused(new SubmissionFault(SubmissionFaultKind.SentBefore));
    }

    private ReadingRevision NewRevision(Reading reading, Submission submission, TypedCell cell, Guid authorId)
    {
        _ = StrictNumber.Parse(cell.Text, StrictNumber.MaxDecimals, out var value);
        return new ReadingRevision
        {
            Reading = reading,
            Number = reading.LastNumber + 1,
            Value = value,
            Status = cell.Status,
            Quality = Quality.Reported,
            Source = submission.Source.Trim(),
            Note = string.IsNullOrWhiteSpace(cell.Note) ? null : cell.Note.Trim(),
            AuthorId = authorId,
            CreatedAt = clock.GetUtcNow(),
            RequestId = submission.RequestId,
            State = RevisionState.Submitted,
        };
    }

    private static SubmissionFault? ConflictIn(Reading? reading, TypedCell cell)
    {
        if ((reading?.LastNumber ?? 0) == cell.BasedOn)
            return null;
        var now = reading!.PendingRevision ?? reading.ApprovedRevision!;
        return new SubmissionFault(SubmissionFaultKind.Conflict, cell.RegionId, cell.Text,
            Conflict: new Conflict(now.Value, now.Status, now.State, now.Author?.DisplayName, now.CreatedAt));
    }

    private static bool SaysTheSame(ReadingRevision? stored, ReadingRevision typed) =>
        stored is not null && stored.State != RevisionState.Returned
        && stored.Value == typed.Value && stored.Status == typed.Status && stored.Note == typed.Note && stored.Source == typed.Source;

    private async Task<ReviewResult> ReviewAsync(IReadOnlyCollection<long> revisionIds, Guid reviewerId, string? reason, CancellationToken ct)
    {
        if (revisionIds.Count == 0)
            return new ReviewResult(0, ReviewFaultKind.NothingChosen);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var series = await db.Revisions.Where(r => revisionIds.Contains(r.Id))
            .Select(r => new Series(r.Reading!.IndicatorId, r.Reading.RegionId)).Distinct().ToListAsync(ct);
        await db.LockAsync(series, ct);

        var readings = await db.ReadingsInScope(reviewerId)
            .Include(r => r.PendingRevision).Include(r => r.ApprovedRevision).Include(r => r.Indicator).Include(r => r.Region)
            .Where(r => revisionIds.Contains(r.PendingRevisionId!.Value) && r.PendingRevision!.State == RevisionState.Submitted)
            .ToListAsync(ct);
        if (readings.Count != revisionIds.Distinct().Count())
            return new ReviewResult(0, ReviewFaultKind.NotWaiting);
        var own = readings.Where(r => r.PendingRevision!.AuthorId == reviewerId).Select(CellName).ToList();
        if (own.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.OwnRevision, own);

        foreach (var reading in readings)
            Review(reading, reviewerId, reason);
        await db.SaveChangesAsync(ct);
        if (reason is null)
            await db.RejudgeAsync(series, ct);
        await transaction.CommitAsync(ct);
        return new ReviewResult(readings.Count);
    }

    private void Review(Reading reading, Guid reviewerId, string? reason)
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

        db.AuditEvents.Add(Event(reason is null ? "reading.approved" : "reading.returned", reviewerId, CellName(reading),
            new { revision = revision.Number, value = revision.Value, reason }));
    }

    private async Task RecordRefusalAsync(Submission submission, List<TypedCell> outside, Guid authorId, CancellationToken ct)
    {
        var ids = outside.Select(c => c.RegionId).ToArray();
        var indicator = await db.Indicators.Where(i => i.Id == submission.IndicatorId).Select(i => i.Code).SingleOrDefaultAsync(ct);
        var regions = await db.Regions.Where(r => ids.Contains(r.Id)).Select(r => r.Code).ToListAsync(ct);
        db.AuditEvents.Add(Event("reading.out-of-scope", authorId, $"{indicator}/{string.Join('+', regions)}/{submission.Period}", new { cells = outside.Count }));
        await db.SaveChangesAsync(ct);
    }

    private AuditEvent Event(string action, Guid actorId, string subject, object detail) => new()
    {
        At = clock.GetUtcNow(),
        ActorId = actorId,
        Action = action,
        Subject = subject,
        Detail = JsonSerializer.Serialize(detail),
    };

    private static string CellName(Reading reading) => $"{reading.Indicator!.Code}/{reading.Region!.Code}/{reading.Period}";
}
