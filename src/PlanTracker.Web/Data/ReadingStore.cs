using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// The one way in for figures typed by people. A submission passes scope, strict parsing, bounds and questions; then, in one transaction, come the
/// revisions, the current rows and the audit events; once approved, the standings. Either everything is taken or nothing.
/// </summary>
/// <remarks>Drafts stand in <c>ReadingStore.Drafts.cs</c>, review and withdrawal in <c>ReadingStore.Review.cs</c>.</remarks>
public sealed partial class ReadingStore(PlanDbContext db, TimeProvider clock)
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public async Task<SubmissionResult> SubmitAsync(Submission submission, Guid authorId, CancellationToken ct)
    {
        if (FormFault(submission) is { } formFault)
            return SubmissionResult.Refused(formFault);

        var keys = submission.Cells.Select(c => c.Key).ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The same request at the same moment, perhaps about other cells, waits for its twin.
        if (submission.Receipt is not null)
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({submission.RequestId.ToString()}, 0))", ct);
        await db.LockAsync(keys.Select(k => k.Series), ct);
        if (await (submission.Receipt is { } receipt ? SentBeforeAsync(receipt, ct) : SentBeforeAsync(submission, authorId, ct)) is { } before)
        {
            await transaction.ConfirmAsync(db, ct);
            return before;
        }

        var desk = await DeskAsync(keys, authorId, ct);
        var stated = submission.Cells.Select(c => Stated(c, submission, desk, authorId)).ToList();
        // Before anything is compared with what stands there: an answer would tell it.
        var outside = stated.FindAll(c => !desk.Reaches(c.Key));
        if (outside.Count > 0)
        {
            await RecordRefusalAsync(outside, authorId, ct);
            await transaction.CommitAsync(ct);
            return SubmissionResult.Refused([.. outside.Select(c => new SubmissionFault(SubmissionFaultKind.OutOfScope, c.Key, c.Text))]);
        }

        var cells = stated.FindAll(c => c.Touched);
        if (cells.Count == 0)
            return SubmissionResult.Refused(new SubmissionFault(SubmissionFaultKind.NothingEntered));

        var said = cells.Where(c => !c.IsDiscarded).ToList();
        var faults = cells.Select(c => ConflictIn(c, desk, authorId)).Concat(said.Select(c => Fault(c, desk))).OfType<SubmissionFault>().Distinct().ToArray();
        if (faults.Length > 0)
            return SubmissionResult.Refused(faults);
        var questions = await QuestionsAsync(said, desk, ct);
        var unexplained = said.Where(c => c.Explanation is null && !c.StandsAlready && questions[c.Key].Any()).ToList();
        if (unexplained.Count > 0)
        {
            return SubmissionResult.Refused(
                [.. unexplained.Select(c => new SubmissionFault(SubmissionFaultKind.Unexplained, c.Key, c.Text) { Warnings = [.. questions[c.Key]] })]);
        }

        var submitted = await WriteAsync(said, questions, submission.RequestId, authorId, ct);
        db.Drafts.RemoveRange(cells.Select(c => c.Draft).OfType<ReadingDraft>());
        if (submission.Receipt is not null)
            db.ApiSubmissions.Add(submission.Receipt);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new SubmissionResult(submitted, said.Count - submitted, []);
    }

    /// <summary>Everything about some cells that deciding about them takes.</summary>
    private sealed record Desk(
        IReadOnlyDictionary<int, Indicator> Indicators, IReadOnlySet<Series> Reach, IReadOnlyDictionary<CellKey, Reading> Readings,
        IReadOnlyDictionary<CellKey, ReadingDraft> Drafts, IReadOnlyDictionary<(long ReadingId, int Number), ReadingRevision> Seen,
        IReadOnlyDictionary<CellKey, RoundLock> Locks, bool SeesAll)
    {
        public bool Reaches(CellKey key) => Reach.Contains(key.Series);
    }

    /// <summary>A cell as it is stated, put together from what was typed and what the person's draft, or what was returned, says.</summary>
    private sealed record StatedCell
    {
        public required CellKey Key { get; init; }

        public required Indicator? Indicator { get; init; }

        public required Reading? Reading { get; init; }

        public required ReadingDraft? Draft { get; init; }

        public required string Text { get; init; }

        public required ObservationStatus Status { get; init; }

        public required string? Note { get; init; }

        public required string Source { get; init; }

        public required string? Explanation { get; init; }

        public required int BasedOn { get; init; }

        public required int SeenDraft { get; init; }

        /// <summary>It says something else than when it was shown, or the person has a draft of it.</summary>
        public required bool Touched { get; init; }

        /// <summary>The person emptied their draft: it goes, and nothing is submitted.</summary>
        public required bool IsDiscarded { get; init; }

        /// <summary>A figure that stands was emptied.</summary>
        public required bool IsCleared { get; init; }

        /// <summary>It says what waits for review or is approved: no news, so neither questioned nor too late.</summary>
        public bool StandsAlready => (Reading?.PendingRevision ?? Reading?.ApprovedRevision) is { } stands && stands.State != RevisionState.Returned
            && stands.Value == Value && stands.Status == Status && stands.Note == Note && stands.Source == Source;

        public decimal? Value => StrictNumber.Parse(Text, StrictNumber.MaxDecimals, out var value) == NumberFault.None ? value : null;
    }

    private async Task<Desk> DeskAsync(IReadOnlyCollection<CellKey> keys, Guid personId, CancellationToken ct)
    {
        int[] indicatorIds = [.. keys.Select(k => k.IndicatorId).Distinct()], regionIds = [.. keys.Select(k => k.RegionId).Distinct()];
        Period[] periods = [.. keys.Select(k => k.Period).Distinct()];
        var reach = await db.CellsInScope(personId)
            .Where(c => indicatorIds.Contains(c.Indicator.Id) && regionIds.Contains(c.Region.Id))
            .Select(c => new Series(c.Indicator.Id, c.Region.Id)).ToListAsync(ct);
        var readings = await db.Readings
            .Include(r => r.PendingRevision!.Author).Include(r => r.ApprovedRevision!.Author)
            .Where(r => indicatorIds.Contains(r.IndicatorId) && regionIds.Contains(r.RegionId) && periods.Contains(r.Period)).ToListAsync(ct);
        var drafts = await db.Drafts.Include(d => d.Author)
            .Where(d => indicatorIds.Contains(d.IndicatorId) && regionIds.Contains(d.RegionId) && periods.Contains(d.Period)).ToListAsync(ct);
        var readingIds = readings.Select(r => r.Id).ToArray();
        var seen = await db.Revisions.AsNoTracking().Include(r => r.Author).Where(r => readingIds.Contains(r.ReadingId)).ToListAsync(ct);
        return new Desk(
            await db.Indicators.AsNoTracking().Where(i => indicatorIds.Contains(i.Id)).ToDictionaryAsync(i => i.Id, ct), reach.ToHashSet(),
            readings.ToDictionary(r => new CellKey(r.IndicatorId, r.RegionId, r.Period)), drafts.ToDictionary(d => d.Key),
            seen.ToDictionary(r => (r.ReadingId, r.Number)),
            (await db.LockedCellsAsync(indicatorIds, regionIds, periods, personId, clock.GetUtcNow(), ct)).ToDictionary(l => new CellKey(l.IndicatorId, l.RegionId, l.Period), l => l.Round),
            !await db.Users.AnyAsync(p => p.Id == personId && p.ReadsOwnScopeOnly, ct));
    }

    private static StatedCell Stated(TypedCell cell, Submission submission, Desk desk, Guid authorId)
    {
        var (reading, draft) = (desk.Readings.GetValueOrDefault(cell.Key), desk.Drafts.GetValueOrDefault(cell.Key));
        if (cell.ReplacesWhatStands)
            cell = cell with { BasedOn = reading?.LastNumber ?? 0 };
        var own = draft is not null && (draft.AuthorId == authorId || draft.Version == cell.Draft) ? draft : null;
        string[] shown = [.. Shown(cell, reading, own, desk, isDrafted: draft is not null)];
        // A colleague's draft that was shown and left alone is theirs to submit.
        var touched = own?.AuthorId == authorId || !cell.IsPlain || !shown.Contains(cell.Text, StringComparer.Ordinal);
        var returned = own is null && reading?.PendingRevision is { State: RevisionState.Returned } pending ? pending : null;
        var status = cell.Status ?? own?.Status ?? returned?.Status ?? ObservationStatus.A;
        // A draft that says there is no value gives way to a value that is typed.
        if (cell.Status is null && cell.Text.Length > 0 && status.StandsForNoValue())
            status = ObservationStatus.A;
        var says = cell.Text.Length > 0 || status.StandsForNoValue() || (cell.Status ?? ObservationStatus.A) != ObservationStatus.A || !string.IsNullOrWhiteSpace(cell.Note);
        return new StatedCell
        {
            Key = cell.Key,
            Indicator = desk.Indicators.GetValueOrDefault(cell.Key.IndicatorId),
            Reading = reading,
            Draft = draft,
            Text = cell.Text,
            Status = status,
            Note = Kept(cell.Note ?? own?.Note ?? returned?.Note),
            Source = Kept(cell.Source ?? own?.Source ?? returned?.Source) ?? submission.Source.Trim(),
            Explanation = Kept(cell.Explanation ?? own?.Explanation) ?? Kept(submission.Explanation),
            BasedOn = cell.BasedOn,
            SeenDraft = cell.Draft,
            Touched = touched && (says || own is not null || Array.Exists(shown, t => t.Length > 0)),
            IsDiscarded = !says && own is not null,
            IsCleared = !says && own is null,
        };
    }

    /// <summary>What the cell may have said when it was shown: the draft, or the revision it was based on.</summary>
    private static IEnumerable<string> Shown(TypedCell cell, Reading? reading, ReadingDraft? draft, Desk desk, bool isDrafted)
    {
        if (draft is not null)
            return [Written(draft.Value)];
        if (reading is null || !desk.Seen.TryGetValue((reading.Id, cell.BasedOn), out var revision))
            return [""];
        if (revision.State != RevisionState.Withdrawn)
            return [Written(revision.Value)];
        // Taken back: the value that stands was shown in its place. Taken back since, and drafted now: it may have been shown itself. With the draft
        // gone as well, whoever types the same figure means it.
        return isDrafted ? [Written(revision.Value), Written(reading.Value)] : [Written(reading.Value)];
    }

    private static string Written(decimal? value) => value is { } v ? Rounding.Exact(v) : "";

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static SubmissionFault? FormFault(Submission submission)
    {
        if (submission.Cells.Count == 0)
            return new SubmissionFault(SubmissionFaultKind.NothingEntered);
        if (submission.Source.Length > ReadingRevision.SourceLength)
            return new SubmissionFault(SubmissionFaultKind.SourceTooLong);
        if (submission.Explanation?.Length > ReadingRevision.ReasonLength)
            return new SubmissionFault(SubmissionFaultKind.ExplanationTooLong);
        return SafeText.IsSafe(submission.Source) && SafeText.IsSafe(submission.Explanation) ? null : new SubmissionFault(SubmissionFaultKind.UnsafeText);
    }

    /// <summary>What makes it impossible to submit a cell as it is.</summary>
    private SubmissionFault? Fault(StatedCell cell, Desk desk) =>
        CellFault(cell, desk) ?? (cell.Source.Length == 0 ? new SubmissionFault(SubmissionFaultKind.SourceMissing) : null);

    private SubmissionFault? CellFault(StatedCell cell, Desk desk)
    {
        var indicator = cell.Indicator!;
        if (desk.Locks.TryGetValue(cell.Key, out var round) && !cell.StandsAlready)
            return new SubmissionFault(SubmissionFaultKind.PeriodLocked, cell.Key, cell.Text) { Lock = round };
        if (cell.Key.Period.Frequency != indicator.Frequency)
            return Fault(SubmissionFaultKind.WrongFrequency);
        if (cell.Key.Period.End >= Today)
            return Fault(SubmissionFaultKind.PeriodNotOver);
        if (cell.Note?.Length > ReadingRevision.NoteLength)
            return Fault(SubmissionFaultKind.NoteTooLong);
        if (cell.Source.Length > ReadingRevision.SourceLength)
            return Fault(SubmissionFaultKind.SourceTooLong);
        if (cell.Explanation?.Length > ReadingRevision.ReasonLength)
            return Fault(SubmissionFaultKind.ExplanationTooLong);
        if (!SafeText.IsSafe(cell.Note) || !SafeText.IsSafe(cell.Source) || !SafeText.IsSafe(cell.Explanation))
            return Fault(SubmissionFaultKind.UnsafeText);
        if (cell.IsCleared)
            return Fault(SubmissionFaultKind.ValueCleared);

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

        SubmissionFault Fault(SubmissionFaultKind kind, decimal? limit = null) => new(kind, cell.Key, cell.Text, limit);
    }

    /// <summary>Somebody else has changed the cell, or drafted it, since the person saw it.</summary>
    private static SubmissionFault? ConflictIn(StatedCell cell, Desk desk, Guid authorId)
    {
        var (reading, draft) = (cell.Reading, cell.Draft);
        var (last, version) = (reading?.LastNumber ?? 0, draft?.Version ?? 0);
        if (draft is not null && draft.AuthorId != authorId && version != cell.SeenDraft)
            return Of(new WhatStands(draft.Value, draft.Status, null, draft.Author!.DisplayName, draft.SavedAt, last, version));
        return last == cell.BasedOn ? null : Of(Stands(reading!.PendingRevision ?? reading.ApprovedRevision ?? desk.Seen[(reading.Id, last)], last, version));

        SubmissionFault Of(WhatStands conflict) => new(SubmissionFaultKind.Conflict, cell.Key, cell.Text) { Conflict = conflict };
    }

    private static WhatStands Stands(ReadingRevision revision, int last, int draft) =>
        new(revision.Value, revision.Status, revision.State, revision.Author?.DisplayName, revision.CreatedAt, last, draft);

    private async Task<int> WriteAsync(
        List<StatedCell> cells, ILookup<CellKey, Warning> questions, Guid requestId, Guid authorId, CancellationToken ct)
    {
        var names = await CellNamesAsync(cells, ct);
        var revisions = new List<ReadingRevision>();
        foreach (var cell in cells)
        {
            if (cell.StandsAlready)
                continue;

            var reading = cell.Reading
                ?? db.Readings.Add(new Reading { IndicatorId = cell.Key.IndicatorId, RegionId = cell.Key.RegionId, Period = cell.Key.Period }).Entity;
            var revision = NewRevision(reading, cell, questions[cell.Key], requestId, authorId);
            if (reading.PendingRevision is { } earlier)
                earlier.State = RevisionState.Replaced;
            reading.LastNumber = revision.Number;
            // The two rows point at each other: the reading first, its pointer below.
            revisions.Add(db.Revisions.Add(revision).Entity);
            db.AuditEvents.Add(Event("reading.submitted", authorId, names[cell.Key],
                new { revision = revision.Number, value = revision.Value, status = Kebab.Of(revision.Status) }));
        }

        await db.SaveChangesAsync(ct);
        foreach (var revision in revisions)
            revision.Reading!.PendingRevisionId = revision.Id;
        return revisions.Count;
    }

    /// <summary>The answer to a request that has come before: the same again, or that it said something else then.</summary>
    private async Task<SubmissionResult?> SentBeforeAsync(Submission submission, Guid authorId, CancellationToken ct)
    {
        var then = await db.Revisions.Where(r => r.RequestId == submission.RequestId && r.AuthorId == authorId)
            .Select(r => new { r.Reading!.IndicatorId, r.Reading.RegionId, r.Reading.Period, r.Value, r.Status }).ToListAsync(ct);
        if (then.Count == 0)
            return null;
        var now = submission.Cells.ToDictionary(c => c.Key);
        var same = then.All(r => now.TryGetValue(new CellKey(r.IndicatorId, r.RegionId, r.Period), out var c)
            && (c.Status ?? r.Status) == r.Status && StrictNumber.Parse(c.Text, StrictNumber.MaxDecimals, out var value) == NumberFault.None && value == r.Value);
        return same ? new SubmissionResult(then.Count, 0, []) : SubmissionResult.Refused(new SubmissionFault(SubmissionFaultKind.SentBefore));
    }

    private async Task<SubmissionResult?> SentBeforeAsync(ApiSubmission receipt, CancellationToken ct)
    {
        var then = await db.ApiSubmissions.AsNoTracking().SingleOrDefaultAsync(s => s.AuthorId == receipt.AuthorId && s.RequestId == receipt.RequestId, ct);
        if (then is null)
            return null;
        var submitted = await db.Revisions.CountAsync(r => r.RequestId == receipt.RequestId && r.AuthorId == receipt.AuthorId, ct);
        return then.PlanId == receipt.PlanId && then.Digest.AsSpan().SequenceEqual(receipt.Digest)
            ? new SubmissionResult(submitted, then.Cells.Length - submitted, [])
            : SubmissionResult.Refused(new SubmissionFault(SubmissionFaultKind.SentBefore));
    }

    private ReadingRevision NewRevision(Reading reading, StatedCell cell, IEnumerable<Warning> questions, Guid requestId, Guid authorId)
    {
        var asked = string.Join(' ', questions);
        return new ReadingRevision
        {
            Reading = reading,
            Number = reading.LastNumber + 1,
            Value = cell.Value,
            Status = cell.Status,
            Quality = Quality.Reported,
            Source = cell.Source,
            Note = cell.Note,
            Questions = asked.Length == 0 ? null : asked,
            Explanation = asked.Length == 0 ? null : cell.Explanation,
            AuthorId = authorId,
            CreatedAt = clock.GetUtcNow(),
            RequestId = requestId,
            State = RevisionState.Submitted,
        };
    }

    private async Task RecordRefusalAsync(List<StatedCell> outside, Guid authorId, CancellationToken ct)
    {
        var ids = outside.Select(c => c.Key.RegionId).ToArray();
        var regions = await db.Regions.Where(r => ids.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Code, ct);
        foreach (var group in outside.GroupBy(c => (c.Indicator?.Code, c.Key.Period)))
        {
            var codes = string.Join('+', group.Select(c => regions.GetValueOrDefault(c.Key.RegionId, "?")));
            var subject = $"{group.Key.Code}/{codes}/{group.Key.Period}";
            db.AuditEvents.Add(Event("reading.out-of-scope", authorId, subject.Length <= AuditEvent.SubjectLength ? subject : subject[..AuditEvent.SubjectLength],
                new { cells = group.Count() }));
        }

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
