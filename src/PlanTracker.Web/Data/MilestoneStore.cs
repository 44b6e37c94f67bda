using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>An assessment of a goal in words as a reporter states it.</summary>
public sealed record StatedAssessment
{
    public required int MilestoneId { get; init; }

    /// <summary>The status chosen, in its written form (<c>on-track</c>), unparsed.</summary>
    public required string Status { get; init; }

    public required string Statement { get; init; }

    public required string Evidence { get; init; }

    /// <summary>Number of the last assessment the person saw; 0 for none.</summary>
    public required int BasedOn { get; init; }

    /// <summary>Made when the form was shown: sent twice, it counts once.</summary>
    public required Guid RequestId { get; init; }
}

public enum AssessmentFault
{
    /// <summary>None was chosen, or one that says nothing.</summary>
    StatusMissing,
    StatementMissing,
    StatementTooLong,
    StatementUnsafe,
    EvidenceMissing,
    EvidenceTooLong,
    EvidenceUnsafe,

    /// <summary>The goal is not there, or outside the person's scope.</summary>
    OutOfScope,

    /// <summary>The same request came before with other content.</summary>
    SentBefore,

    /// <summary>Somebody else has assessed the goal since the form was shown.</summary>
    Conflict,
}

/// <summary>The last assessment of a goal, and who put it there.</summary>
public sealed record LastAssessment(int Number, Status Status, RevisionState State, string Author, DateTimeOffset At);

/// <param name="Faults">Why nothing was saved; empty when the assessment was taken.</param>
/// <param name="Last">What stands instead, with <see cref="AssessmentFault.Conflict"/>.</param>
public sealed record AssessmentResult(IReadOnlyList<AssessmentFault> Faults, LastAssessment? Last = null)
{
    public static AssessmentResult Taken { get; } = new([]);

    public static AssessmentResult Refused(AssessmentFault fault, LastAssessment? last = null) => new([fault], last);
}

/// <summary>
/// The one way in for assessments of goals in words, and the way they are reviewed: the assessment, the state of the one before it and the audit
/// event in one transaction, holding the goal's row.
/// </summary>
public sealed class MilestoneStore(PlanDbContext db, TimeProvider clock)
{
    public async Task<AssessmentResult> SubmitAsync(StatedAssessment stated, Guid authorId, CancellationToken ct)
    {
        if (!await db.MilestonesInScope(authorId).AnyAsync(m => m.Id == stated.MilestoneId, ct))
            return AssessmentResult.Refused(AssessmentFault.OutOfScope);
        var (statement, evidence) = (AsKept(stated.Statement), AsKept(stated.Evidence));
        var status = Kebab.TryParse<Status>(stated.Status, out var parsed) ? parsed : Status.NoJudgement;
        List<AssessmentFault> faults = [.. Faults(status, statement, evidence)];
        if (faults.Count > 0)
            return new AssessmentResult(faults);

        var assessment = new MilestoneAssessment
        {
            MilestoneId = stated.MilestoneId,
            Number = stated.BasedOn + 1,
            Status = status,
            Statement = statement,
            Evidence = evidence,
            AuthorId = authorId,
            CreatedAt = clock.GetUtcNow(),
            RequestId = stated.RequestId,
            State = RevisionState.Submitted,
        };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await LockAsync([stated.MilestoneId], ct);
        if (await SentBeforeAsync(assessment, ct) is { } before)
            return before;
        if (await LastAsync(stated.MilestoneId, ct) is var last && (last?.Number ?? 0) != stated.BasedOn)
            return AssessmentResult.Refused(AssessmentFault.Conflict, last);
        await WriteAsync(assessment, ct);
        await transaction.CommitAsync(ct);
        return AssessmentResult.Taken;
    }

    /// <summary>Approves assessments that wait for review: each is what is known of its goal from today on.</summary>
    public Task<ReviewResult> ApproveAsync(IReadOnlyCollection<long> assessmentIds, Guid reviewerId, CancellationToken ct) =>
        ReviewAsync(assessmentIds, reviewerId, reason: null, ct);

    /// <summary>Returns assessments to their authors with a reason; approved ones stay as they are.</summary>
    public async Task<ReviewResult> ReturnAsync(IReadOnlyCollection<long> assessmentIds, string? reason, Guid reviewerId, CancellationToken ct)
    {
        var kept = AsKept(reason ?? "");
        return kept.Length == 0 ? new ReviewResult(0, ReviewFaultKind.ReasonMissing)
            : kept.Length > MilestoneAssessment.ReasonLength ? new ReviewResult(0, ReviewFaultKind.ReasonTooLong)
            : !SafeText.IsSafe(kept) ? new ReviewResult(0, ReviewFaultKind.UnsafeText)
            : await ReviewAsync(assessmentIds, reviewerId, kept, ct);
    }

    private static IEnumerable<AssessmentFault> Faults(Status status, string statement, string evidence)
    {
        if (status == Status.NoJudgement)
            yield return AssessmentFault.StatusMissing;

        if (statement.Length == 0)
            yield return AssessmentFault.StatementMissing;
        else if (statement.Length > MilestoneAssessment.StatementLength)
            yield return AssessmentFault.StatementTooLong;
        else if (!SafeText.IsSafe(statement))
            yield return AssessmentFault.StatementUnsafe;

        if (evidence.Length == 0)
            yield return AssessmentFault.EvidenceMissing;
        else if (evidence.Length > MilestoneAssessment.EvidenceLength)
            yield return AssessmentFault.EvidenceTooLong;
        else if (!SafeText.IsSafe(evidence))
            yield return AssessmentFault.EvidenceUnsafe;
    }

    /// <summary>A line break counts as one character, as it does in the browser that limits the field.</summary>
    private static string AsKept(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>The answer to a request that has come before: the same again, or that it said something else then.</summary>
    private async Task<AssessmentResult?> SentBeforeAsync(MilestoneAssessment now, CancellationToken ct)
    {
        if (await db.MilestoneAssessments.AsNoTracking().SingleOrDefaultAsync(a => a.RequestId == now.RequestId, ct) is not { } then)
            return null;
        return (then.MilestoneId, then.AuthorId, then.Status, then.Statement, then.Evidence) == (now.MilestoneId, now.AuthorId, now.Status, now.Statement, now.Evidence)
            ? AssessmentResult.Taken
            : AssessmentResult.Refused(AssessmentFault.SentBefore);
    }

    private Task<LastAssessment?> LastAsync(int milestoneId, CancellationToken ct) =>
        db.MilestoneAssessments.Where(a => a.MilestoneId == milestoneId).OrderByDescending(a => a.Number)
            .Select(a => new LastAssessment(a.Number, a.Status, a.State, a.Author!.DisplayName, a.CreatedAt)).FirstOrDefaultAsync(ct);

    private async Task WriteAsync(MilestoneAssessment assessment, CancellationToken ct)
    {
        var code = await db.Milestones.Where(m => m.Id == assessment.MilestoneId).Select(m => m.Code).SingleAsync(ct);
        // One is under way at a time: the earlier one has to be out of the way first.
        await db.MilestoneAssessments
            .Where(a => a.MilestoneId == assessment.MilestoneId && (a.State == RevisionState.Submitted || a.State == RevisionState.Returned))
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.State, RevisionState.Replaced), ct);
        db.MilestoneAssessments.Add(assessment);
        db.AuditEvents.Add(Event("milestone.submitted", assessment.AuthorId, code, new { number = assessment.Number, status = Kebab.Of(assessment.Status) }));
        await db.SaveChangesAsync(ct);
    }

    private async Task<ReviewResult> ReviewAsync(IReadOnlyCollection<long> assessmentIds, Guid reviewerId, string? reason, CancellationToken ct)
    {
        if (assessmentIds.Count == 0)
            return new ReviewResult(0, ReviewFaultKind.NothingChosen);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var milestoneIds = await db.MilestoneAssessments.Where(a => assessmentIds.Contains(a.Id)).Select(a => a.MilestoneId).Distinct().ToArrayAsync(ct);
        await LockAsync(milestoneIds, ct);

        var reachable = db.MilestonesInScope(reviewerId);
        var waiting = await db.MilestoneAssessments.Include(a => a.Milestone)
            .Where(a => assessmentIds.Contains(a.Id) && a.State == RevisionState.Submitted && reachable.Any(m => m.Id == a.MilestoneId))
            .OrderBy(a => a.Id).ToListAsync(ct);
        if (waiting.Count != assessmentIds.Distinct().Count())
            return new ReviewResult(0, ReviewFaultKind.NotWaiting);
        var own = waiting.Where(a => a.AuthorId == reviewerId).Select(a => a.Milestone!.Code).ToList();
        if (own.Count > 0)
            return new ReviewResult(0, ReviewFaultKind.OwnRevision, own);

        if (reason is null)
        {
            // One is approved at a time: the earlier one has to be out of the way first.
            await db.MilestoneAssessments.Where(a => milestoneIds.Contains(a.MilestoneId) && a.State == RevisionState.Approved)
                .ExecuteUpdateAsync(a => a.SetProperty(x => x.State, RevisionState.Superseded), ct);
        }

        foreach (var assessment in waiting)
            Review(assessment, reviewerId, reason);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ReviewResult(waiting.Count);
    }

    private void Review(MilestoneAssessment assessment, Guid reviewerId, string? reason)
    {
        var now = clock.GetUtcNow();
        assessment.ReviewerId = reviewerId;
        assessment.ReviewedAt = now;
        assessment.Reason = reason;
        assessment.State = reason is null ? RevisionState.Approved : RevisionState.Returned;
        assessment.KnownOn = reason is null ? DateOnly.FromDateTime(now.UtcDateTime) : null;
        db.AuditEvents.Add(Event(reason is null ? "milestone.approved" : "milestone.returned", reviewerId, assessment.Milestone!.Code,
            new { number = assessment.Number, status = Kebab.Of(assessment.Status), reason }));
    }

    /// <summary>Holds the rows of these goals until the transaction ends, in one order, so that two reviews never wait for each other.</summary>
    private Task<int> LockAsync(int[] milestoneIds, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select 1 from milestones where id = any({milestoneIds}) order by id for update", ct);

    private AuditEvent Event(string action, Guid actorId, string subject, object detail) => new()
    {
        At = clock.GetUtcNow(),
        ActorId = actorId,
        Action = action,
        Subject = subject,
        Detail = JsonSerializer.Serialize(detail),
    };
}
