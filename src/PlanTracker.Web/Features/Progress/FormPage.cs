using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Progress;

public sealed record FormPage
{
    public required StatedSubject Subject { get; init; }

    public ReportLine? Approved { get; init; }

    /// <summary>Waiting for review, or returned to be corrected.</summary>
    public ReportLine? Pending { get; init; }

    /// <summary>Number of the last report; 0 for none.</summary>
    public required int LastNumber { get; init; }

    public required ReportForm Form { get; init; }

    public IReadOnlyList<ReportFault> Faults { get; init; } = [];

    /// <summary>What stands instead of what was typed, after a conflict.</summary>
    public LastReport? Last { get; init; }

    /// <summary>Files of the report under way, which the next one can keep.</summary>
    public IReadOnlyList<FileLine> Files => Pending?.Files ?? [];
}

/// <summary>The form as it comes back.</summary>
public sealed record ReportForm
{
    /// <summary>Five files, and a mebibyte for all that is typed.</summary>
    public const long MostBytes = ((long)EvidenceFile.MostInReport * EvidenceFile.MostBytes) + (1 << 20);

    /// <summary>Chosen where nothing is to be delivered any more.</summary>
    public const string NoConfidence = "none";

    public string? Status { get; init; }

    public string? Stage { get; init; }

    public string? Percent { get; init; }

    public string? Confidence { get; init; }

    public string? Statement { get; init; }

    public string? Evidence { get; init; }

    public List<Guid> Kept { get; init; } = [];

    public List<IFormFile> Files { get; init; } = [];

    public string? NextStep { get; init; }

    public string? NextStepOn { get; init; }

    public int BasedOn { get; init; }

    public Guid RequestId { get; init; }

    public async Task<StatedReport> ToStatedAsync(ReportSubject subject, CancellationToken ct)
    {
        List<GivenFile> files = [];
        foreach (var file in Files)
            files.Add(new GivenFile(file.FileName, file.Length, file.Length > EvidenceFile.MostBytes ? [] : await ReadAsync(file, ct)));
        return new StatedReport
        {
            Subject = subject,
            Status = Status ?? "",
            Stage = Stage ?? "",
            Percent = Percent ?? "",
            Confidence = Confidence ?? "",
            Statement = Statement ?? "",
            Evidence = Evidence ?? "",
            KeptFiles = Kept,
            Files = files,
            NextStep = NextStep ?? "",
            NextStepOn = NextStepOn ?? "",
            BasedOn = BasedOn,
            RequestId = RequestId,
        };
    }

    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken ct)
    {
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, ct);
        return content;
    }
}

public static class FormQueries
{
    /// <summary>The form for a goal or an item in the person's scope, or none at all. What was returned is there to be corrected.</summary>
    public static async Task<FormPage?> FormPageAsync(
        this PlanDbContext db, CurrentPlan plan, SubjectKind kind, string code, Guid personId, CancellationToken ct)
    {
        if (await db.SubjectInScopeAsync(plan, kind, code, personId, ct) is not { } subject)
            return null;

        var reports = db.Reports(subject.Subject);
        var last = await reports.MaxAsync(r => (int?)r.Number, ct) ?? 0;
        var standing = await reports
            .Where(r => r.State == RevisionState.Approved || r.State == RevisionState.Submitted || r.State == RevisionState.Returned)
            .AsLines().ToListAsync(ct);
        var returned = standing.Find(r => r.State == RevisionState.Returned);
        return new FormPage
        {
            Subject = subject,
            Approved = standing.Find(r => r.State == RevisionState.Approved),
            Pending = standing.Find(r => r.State != RevisionState.Approved),
            LastNumber = last,
            Form = new ReportForm
            {
                Status = returned?.Progress.Status is { } status ? Kebab.Of(status) : null,
                Stage = returned?.Progress.Stage is { } stage ? Kebab.Of(stage) : null,
                Percent = FormattableString.Invariant($"{returned?.Progress.Percent}"),
                Confidence = returned?.Progress.Confidence is { } confidence ? Kebab.Of(confidence) : returned is null ? null : ReportForm.NoConfidence,
                Statement = returned?.Statement,
                Evidence = returned?.Evidence,
                Kept = [.. returned?.Files.Select(f => f.Id) ?? []],
                NextStep = returned?.NextStep,
                NextStepOn = returned?.NextStepOn is { } on ? on.ToString("O") : null,
                BasedOn = last,
                RequestId = Guid.NewGuid(),
            },
        };
    }

    /// <summary>
    /// The page with what was typed, and why it was not taken. It stays based on what the person saw, unless this very page tells them that it has
    /// changed; a form that was sent before is another one from then on.
    /// </summary>
    public static FormPage WithFaults(this FormPage page, ReportForm form, ReportResult result)
    {
        var kinds = result.Faults.Select(f => f.Kind).ToList();
        var (changed, sent) = (kinds.Contains(ReportFaultKind.Conflict), kinds.Contains(ReportFaultKind.SentBefore));
        return page with
        {
            Form = form with { BasedOn = changed || sent ? page.LastNumber : form.BasedOn, RequestId = sent ? Guid.NewGuid() : form.RequestId },
            Faults = result.Faults,
            Last = result.Last,
        };
    }
}
