using System.Globalization;
using System.Security.Cryptography;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A report of progress as somebody states it, unparsed.</summary>
public sealed record StatedReport
{
    public required ReportSubject Subject { get; init; }

    /// <summary>The status chosen, in its written form (<c>on-track</c>); for goals only.</summary>
    public string Status { get; init; } = "";

    /// <summary>The stage chosen, in its written form (<c>under-way</c>).</summary>
    public required string Stage { get; init; }

    /// <summary>Per cent complete as typed; empty for none.</summary>
    public string Percent { get; init; } = "";

    /// <summary>The confidence chosen, in its written form (<c>in-doubt</c>); any other text for none.</summary>
    public string Confidence { get; init; } = "";

    public required string Statement { get; init; }

    public required string Evidence { get; init; }

    /// <summary>Files of the returned report before it that stay.</summary>
    public IReadOnlyCollection<Guid> KeptFiles { get; init; } = [];

    /// <summary>Files that come with it.</summary>
    public IReadOnlyList<GivenFile> Files { get; init; } = [];

    public string NextStep { get; init; } = "";

    /// <summary>A day as typed (<c>2026-06-30</c>); empty for none.</summary>
    public string NextStepOn { get; init; } = "";

    /// <summary>Number of the last report the person saw; 0 for none.</summary>
    public required int BasedOn { get; init; }

    /// <summary>Made when the form was shown: sent twice, it counts once.</summary>
    public required Guid RequestId { get; init; }
}

/// <param name="Name">As the sender calls it, perhaps with folders.</param>
/// <param name="Size">In bytes, as it came.</param>
/// <param name="Content">Its bytes; empty where it is too large to be read at all.</param>
public sealed record GivenFile(string Name, long Size, byte[] Content);

public enum ReportFaultKind
{
    /// <summary>None was chosen, or one that says nothing.</summary>
    StatusMissing,
    StageMissing,
    PercentNotWhole,

    /// <summary>Completed and not 100, or not started and not 0.</summary>
    PercentAgainstStage,
    ConfidenceMissing,

    /// <summary>Completed or stopped, and still a confidence.</summary>
    ConfidenceAgainstStage,
    StatementMissing,
    StatementTooLong,
    StatementUnsafe,

    /// <summary>Neither a line nor a file.</summary>
    EvidenceMissing,
    EvidenceTooLong,
    EvidenceUnsafe,
    TooManyFiles,
    FileNameUnsafe,
    FileEmpty,
    FileTooLarge,

    /// <summary>Files with that extension are not taken.</summary>
    FileKind,

    /// <summary>The file is not what its extension says.</summary>
    FileContent,
    NextStepTooLong,
    NextStepUnsafe,
    NextStepOnNotADay,
    NextStepOnPast,

    /// <summary>The subject is not there, or outside the person's scope.</summary>
    OutOfScope,

    /// <summary>The same request came before with other content.</summary>
    SentBefore,

    /// <summary>Somebody else has reported since the form was shown.</summary>
    Conflict,
}

/// <param name="Kind">What is wrong.</param>
/// <param name="File">With which file, by its name.</param>
public sealed record ReportFault(ReportFaultKind Kind, string? File = null);

/// <summary>The last report about something, and who put it there.</summary>
public sealed record LastReport(int Number, Status? Status, Stage? Stage, RevisionState State, string Author, DateTimeOffset At);

/// <param name="Faults">Why nothing was saved; empty when the report was taken.</param>
/// <param name="Last">What stands instead, with <see cref="ReportFaultKind.Conflict"/>.</param>
public sealed record ReportResult(IReadOnlyList<ReportFault> Faults, LastReport? Last = null)
{
    public static ReportResult Taken { get; } = new([]);

    public static ReportResult Refused(ReportFaultKind fault, LastReport? last = null) => new([new ReportFault(fault)], last);
}

/// <summary>A report whose fields are read, and what is wrong with it.</summary>
internal sealed record ReadReport
{
    public Status? Status { get; private init; }

    public Stage? Stage { get; private init; }

    public int? Percent { get; private init; }

    public DeliveryConfidence? Confidence { get; private init; }

    public required string Statement { get; init; }

    public required string Evidence { get; init; }

    public string? NextStep { get; private init; }

    public DateOnly? NextStepOn { get; private init; }

    public required IReadOnlyList<EvidenceFile> Files { get; init; }

    public required IReadOnlyList<ReportFault> Faults { get; init; }

    /// <param name="stated">As it was typed.</param>
    /// <param name="kept">How many files stay from before.</param>
    /// <param name="today">The next step may not lie before it.</param>
    public static ReadReport Of(StatedReport stated, int kept, DateOnly today)
    {
        var faults = new List<ReportFault>();
        void Fault(ReportFaultKind kind, string? file = null) => faults.Add(new ReportFault(kind, file));

        Status? status = null;
        if (stated.Subject.MilestoneId is not null)
        {
            if (Kebab.TryParse<Status>(stated.Status, out var chosen) && chosen != Domain.Status.NoJudgement)
                status = chosen;
            else
                Fault(ReportFaultKind.StatusMissing);
        }

        var stage = Kebab.TryParse<Stage>(stated.Stage, out var parsed) ? parsed : (Stage?)null;
        if (stage is null)
            Fault(ReportFaultKind.StageMissing);
        var percent = PercentOf(stated.Percent.Trim(), stage, Fault);
        var confidence = ConfidenceOf(stated.Confidence, stage, Fault);

        var statement = AsKept(stated.Statement);
        if (statement.Length == 0)
            Fault(ReportFaultKind.StatementMissing);
        Text(statement, ProgressReport.StatementLength, ReportFaultKind.StatementTooLong, ReportFaultKind.StatementUnsafe, Fault);

        var evidence = AsKept(stated.Evidence);
        // What has not begun leaves nothing to be shown.
        if (evidence.Length == 0 && stated.Files.Count + kept == 0 && stage != Domain.Stage.NotStarted)
            Fault(ReportFaultKind.EvidenceMissing);
        Text(evidence, ProgressReport.EvidenceLength, ReportFaultKind.EvidenceTooLong, ReportFaultKind.EvidenceUnsafe, Fault);

        List<EvidenceFile> files = [];
        if (stated.Files.Count + kept > EvidenceFile.MostInReport)
            Fault(ReportFaultKind.TooManyFiles);
        else
            files = [.. stated.Files.Select(f => FileOf(f, Fault)).OfType<EvidenceFile>()];

        var nextStep = AsKept(stated.NextStep);
        Text(nextStep, ProgressReport.NextStepLength, ReportFaultKind.NextStepTooLong, ReportFaultKind.NextStepUnsafe, Fault);
        var nextStepOn = DayOf(stated.NextStepOn.Trim(), stage?.IsOpen() == false ? DateOnly.MinValue : today, Fault);

        return new ReadReport
        {
            Status = status,
            Stage = stage,
            Percent = percent,
            Confidence = confidence,
            Statement = statement,
            Evidence = evidence,
            NextStep = nextStep.Length == 0 ? null : nextStep,
            NextStepOn = nextStepOn,
            Files = files,
            Faults = faults,
        };
    }

    /// <summary>A line break counts as one character, as it does in the browser that limits the field.</summary>
    public static string AsKept(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    private static int? PercentOf(string typed, Stage? stage, Action<ReportFaultKind, string?> fault)
    {
        if (typed.Length == 0)
            return null;
        if (typed.Length > 3 || !typed.All(char.IsAsciiDigit) || int.Parse(typed, CultureInfo.InvariantCulture) is not (>= 0 and <= 100 and var percent))
        {
            fault(ReportFaultKind.PercentNotWhole, null);
            return null;
        }

        if (stage?.Takes(percent) == false)
            fault(ReportFaultKind.PercentAgainstStage, null);
        return percent;
    }

    private static DeliveryConfidence? ConfidenceOf(string chosen, Stage? stage, Action<ReportFaultKind, string?> fault)
    {
        var confidence = Kebab.TryParse<DeliveryConfidence>(chosen, out var parsed) ? parsed : (DeliveryConfidence?)null;
        if (confidence is null && stage?.IsOpen() != false)
            fault(ReportFaultKind.ConfidenceMissing, null);
        if (confidence is not null && stage?.IsOpen() == false)
            fault(ReportFaultKind.ConfidenceAgainstStage, null);
        return confidence;
    }

    private static DateOnly? DayOf(string typed, DateOnly earliest, Action<ReportFaultKind, string?> fault)
    {
        if (typed.Length == 0)
            return null;
        if (!DateOnly.TryParseExact(typed, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            fault(ReportFaultKind.NextStepOnNotADay, null);
        else if (day < earliest)
            fault(ReportFaultKind.NextStepOnPast, null);
        return day;
    }

    private static EvidenceFile? FileOf(GivenFile given, Action<ReportFaultKind, string?> fault)
    {
        // Some senders name the folder too; either slash may divide.
        var name = given.Name[(given.Name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        var format = EvidenceFormat.Of(name);
        ReportFaultKind? wrong = name.Length is 0 or > EvidenceFile.NameLength || !SafeText.IsSafe(name) || name.Any(char.IsControl) ? ReportFaultKind.FileNameUnsafe
            : format is null ? ReportFaultKind.FileKind
            : given.Size == 0 ? ReportFaultKind.FileEmpty
            : given.Size > EvidenceFile.MostBytes ? ReportFaultKind.FileTooLarge
            : !format.Holds(given.Content) ? ReportFaultKind.FileContent
            : null;
        if (wrong is { } kind)
        {
            fault(kind, name);
            return null;
        }

        return new EvidenceFile
        {
            Id = Guid.NewGuid(),
            Name = name,
            MediaType = format!.MediaType,
            Size = given.Content.Length,
            Sha256 = SHA256.HashData(given.Content),
            Content = given.Content,
        };
    }

    private static void Text(string text, int longest, ReportFaultKind tooLong, ReportFaultKind @unsafe, Action<ReportFaultKind, string?> fault)
    {
        if (text.Length > longest)
            fault(tooLong, null);
        else if (!SafeText.IsSafe(text))
            fault(@unsafe, null);
    }
}
