using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// The one way in for reports of progress, and the way they are reviewed: the report with its files, the state of the one before it and the audit
/// event in one transaction, holding the subject's row.
/// </summary>
public sealed class ProgressStore(PlanDbContext db, TimeProvider clock)
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    public async Task<ReportResult> SubmitAsync(StatedReport stated, Guid authorId, CancellationToken ct)
    {
        if (!await InScopeAsync(stated.Subject, authorId, ct))
            return ReportResult.Refused(ReportFaultKind.OutOfScope);
        var kept = await KeptFilesAsync(stated, ct);
        var read = ReadReport.Of(stated, kept.Count, Today);
        if (read.Faults.Count > 0)
            return new ReportResult(read.Faults);

        var report = Report(stated, read, kept, authorId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await LockAsync([stated.Subject], ct);
        if (await SentBeforeAsync(report, Digests(kept, read.Files), ct) is { } before)
        {
            await transaction.ConfirmAsync(db, ct);
            return before;
        }

        if (await LastAsync(stated.Subject, ct) is var last && (last?.Number ?? 0) != stated.BasedOn)
            return ReportResult.Refused(ReportFaultKind.Conflict, last);
        await WriteAsync(report, read.Files, ct);
        await transaction.CommitAsync(ct);
        return ReportResult.Taken;
    }

    /// <summary>Approves reports that wait for review: each is what is known of its subject from today on.</summary>
    public Task<ReviewResult> ApproveAsync(IReadOnlyCollection<long> reportIds, Guid reviewerId, CancellationToken ct) =>
        ReviewAsync(reportIds, reviewerId, reason: null, ct);

    /// <summary>Returns reports to their authors with a reason; approved ones stay as they are.</summary>
    public async Task<ReviewResult> ReturnAsync(IReadOnlyCollection<long> reportIds, string? reason, Guid reviewerId, CancellationToken ct)
    {
        var kept = ReadReport.AsKept(reason ?? "");
        return kept.Length == 0 ? new ReviewResult(0, ReviewFaultKind.ReasonMissing)
            : kept.Length > ProgressReport.ReasonLength ? new ReviewResult(0, ReviewFaultKind.ReasonTooLong)
            : !SafeText.IsSafe(kept) ? new ReviewResult(0, ReviewFaultKind.UnsafeText)
            : await ReviewAsync(reportIds, reviewerId, kept, ct);
    }

    private Task<bool> InScopeAsync(ReportSubject subject, Guid personId, CancellationToken ct) => subject.MilestoneId is { } goal
        ? db.MilestonesInScope(personId).AnyAsync(m => m.Id == goal, ct)
        : db.ItemsInScope(personId).AnyAsync(e => e.Id == subject.ItemId, ct);

    private sealed record KeptFile(Guid Id, byte[] Sha256);

    /// <summary>Those of the files asked for that the report it is based on has.</summary>
    private async Task<List<KeptFile>> KeptFilesAsync(StatedReport stated, CancellationToken ct) => stated.KeptFiles.Count == 0 ? [] : await ReportsOf(stated.Subject)
        .Where(r => r.Number == stated.BasedOn && r.State != RevisionState.Approved && r.State != RevisionState.Superseded)
        .SelectMany(r => r.Files).Where(f => stated.KeptFiles.Contains(f.FileId)).OrderBy(f => f.Position)
        .Select(f => new KeptFile(f.FileId, f.File!.Sha256)).ToListAsync(ct);

    private ProgressReport Report(StatedReport stated, ReadReport read, List<KeptFile> kept, Guid authorId) => new()
    {
        MilestoneId = stated.Subject.MilestoneId,
        ItemId = stated.Subject.ItemId,
        Number = stated.BasedOn + 1,
        Status = read.Status,
        Stage = read.Stage,
        PercentComplete = read.Percent,
        Confidence = read.Confidence,
        Statement = read.Statement,
        Evidence = read.Evidence,
        Files = [.. kept.Select(f => f.Id).Concat(read.Files.Select(f => f.Id)).Select((id, i) => new ReportFile { FileId = id, Position = i + 1 })],
        NextStep = read.NextStep,
        NextStepOn = read.NextStepOn,
        AuthorId = authorId,
        CreatedAt = clock.GetUtcNow(),
        RequestId = stated.RequestId,
        State = RevisionState.Submitted,
    };

    private static IEnumerable<string> Digests(IEnumerable<KeptFile> kept, IEnumerable<EvidenceFile> files) =>
        kept.Select(f => f.Sha256).Concat(files.Select(f => f.Sha256)).Select(Convert.ToHexString);

    /// <summary>The answer to a request that has come before: the same again, or that it said something else then.</summary>
    private async Task<ReportResult?> SentBeforeAsync(ProgressReport now, IEnumerable<string> digests, CancellationToken ct)
    {
        if (await db.ProgressReports.AsNoTracking().SingleOrDefaultAsync(r => r.RequestId == now.RequestId, ct) is not { } then)
            return null;
        var before = await db.ReportFiles.Where(f => f.ReportId == then.Id).OrderBy(f => f.Position).Select(f => f.File!.Sha256).ToListAsync(ct);
        return Said(then) == Said(now) && before.Select(Convert.ToHexString).SequenceEqual(digests, StringComparer.Ordinal)
            ? ReportResult.Taken
            : ReportResult.Refused(ReportFaultKind.SentBefore);
    }

    private static (ReportSubject, Guid, Status?, Stage?, int?, DeliveryConfidence?, string, string, string?, DateOnly?) Said(ProgressReport r) =>
        (r.Subject, r.AuthorId, r.Status, r.Stage, r.PercentComplete, r.Confidence, r.Statement, r.Evidence, r.NextStep, r.NextStepOn);

    private IQueryable<ProgressReport> ReportsOf(ReportSubject subject) => subject.MilestoneId is { } goal
        ? db.ProgressReports.Where(r => r.MilestoneId == goal)
        : db.ProgressReports.Where(r => r.ItemId == subject.ItemId);

    private Task<LastReport?> LastAsync(ReportSubject subject, CancellationToken ct) =>
        ReportsOf(subject).OrderByDescending(r => r.Number)
            .Select(r => new LastReport(r.Number, r.Status, r.Stage, r.State, r.Author!.DisplayName, r.CreatedAt)).FirstOrDefaultAsync(ct);

    private async Task WriteAsync(ProgressReport report, IReadOnlyList<EvidenceFile> files, CancellationToken ct)
    {
        var code = report.MilestoneId is { } goal
            ? await db.Milestones.Where(m => m.Id == goal).Select(m => m.Code).SingleAsync(ct)
            : await db.Elements.Where(e => e.Id == report.ItemId).Select(e => e.Code).SingleAsync(ct);
        // One is under way at a time: the earlier one has to be out of the way first.
        await ReportsOf(report.Subject).Where(r => r.State == RevisionState.Submitted || r.State == RevisionState.Returned)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, RevisionState.Replaced), ct);
        db.EvidenceFiles.AddRange(files);
        db.ProgressReports.Add(report);
        db.AuditEvents.Add(Event("submitted", report, report.AuthorId, code, new
        {
            number = report.Number,
            status = Written(report.Status),
            stage = Written(report.Stage),
            percent = report.PercentComplete,
            confidence = Written(report.Confidence),
            files = files.Select(f => new { f.Id, f.Name, sha256 = Convert.ToHexStringLower(f.Sha256) }),
        }));
        await db.SaveChangesAsync(ct);
    }

    private async Task<ReviewResult> ReviewAsync(IReadOnlyCollection<long> reportIds, Guid reviewerId, string? reason, CancellationToken ct)
    {
        if (reportIds.Count == 0)
            return new ReviewResult(0, ReviewFaultKind.NothingChosen);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var subjects = await db.ProgressReports.Where(r => reportIds.Contains(r.Id)).Select(r => new { r.MilestoneId, r.ItemId }).Distinct().ToListAsync(ct);
        await LockAsync(subjects.ConvertAll(s => new ReportSubject(s.MilestoneId, s.ItemId)), ct);

        var waiting = await db.ReportsInScope(reviewerId).Include(r => r.Milestone).Include(r => r.Item)
            .Where(r => reportIds.Contains(r.Id) && r.State == RevisionState.Submitted)
            .OrderBy(r => r.Id).ToListAsync(ct);
        if (waiting.Count != reportIds.Distinct().Count())
            return new ReviewResult(0, ReviewFaultKind.NotWaiting);
        var own = waiting.Where(r => r.AuthorId == reviewerId).Select(CodeOf).ToList();
        if (own.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.OwnRevision, own);

        if (reason is null)
        {
            var (goals, items) = (waiting.Select(r => r.MilestoneId).OfType<int>().ToList(), waiting.Select(r => r.ItemId).OfType<int>().ToList());
            // One is approved at a time: the earlier one has to be out of the way first.
            await db.ProgressReports
                .Where(r => r.State == RevisionState.Approved && (goals.Contains(r.MilestoneId!.Value) || items.Contains(r.ItemId!.Value)))
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.State, RevisionState.Superseded), ct);
        }

        foreach (var report in waiting)
            Review(report, reviewerId, reason);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ReviewResult(waiting.Count);
    }

    private void Review(ProgressReport report, Guid reviewerId, string? reason)
    {
        report.ReviewerId = reviewerId;
        report.ReviewedAt = clock.GetUtcNow();
        report.Reason = reason;
        report.State = reason is null ? RevisionState.Approved : RevisionState.Returned;
        report.KnownOn = reason is null ? Today : null;
        db.AuditEvents.Add(Event(reason is null ? "approved" : "returned", report, reviewerId, CodeOf(report), new
        {
            number = report.Number,
            status = Written(report.Status),
            stage = Written(report.Stage),
            confidence = Written(report.Confidence),
            reason,
        }));
    }

    /// <summary>Holds the rows of these subjects until the transaction ends, in one order, so that two reviews never wait for each other.</summary>
    private async Task LockAsync(IReadOnlyCollection<ReportSubject> subjects, CancellationToken ct)
    {
        var (goals, items) = (subjects.Select(s => s.MilestoneId).OfType<int>().ToArray(), subjects.Select(s => s.ItemId).OfType<int>().ToArray());
        await db.Database.ExecuteSqlAsync($"select 1 from milestones where id = any({goals}) order by id for update", ct);
        await db.Database.ExecuteSqlAsync($"select 1 from plan_elements where id = any({items}) order by id for no key update", ct);
    }

    private static string CodeOf(ProgressReport report) => report.Milestone?.Code ?? report.Item!.Code;

    private static string? Written<T>(T? value)
        where T : struct, Enum =>
        value is { } v ? Kebab.Of(v) : null;

    private AuditEvent Event(string what, ProgressReport report, Guid actorId, string code, object detail) => new()
    {
        At = clock.GetUtcNow(),
        ActorId = actorId,
        Action = (report.MilestoneId is null ? "item." : "milestone.") + what,
        Subject = code,
        Detail = JsonSerializer.Serialize(detail),
    };
}
