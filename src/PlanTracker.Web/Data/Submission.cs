using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>Figures for one indicator and period as they were typed, for any number of regions.</summary>
public sealed record Submission
{
    public required int IndicatorId { get; init; }

    public required Period Period { get; init; }

    /// <summary>Where the figures stand; no figure is taken without it.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<TypedCell> Cells { get; init; }

    /// <summary>Made when the form was shown: sent twice, it counts once.</summary>
    public required Guid RequestId { get; init; }
}

/// <param name="RegionId">The region.</param>
/// <param name="Text">What was typed, unparsed. Empty: nothing is stated, unless <paramref name="Status"/> says why there is no value.</param>
/// <param name="Status">Observation status.</param>
/// <param name="Note">A remark, may be empty.</param>
/// <param name="BasedOn">Number of the last revision the person saw; 0 for none.</param>
public sealed record TypedCell(int RegionId, string Text, ObservationStatus Status, string? Note, int BasedOn);

public enum SubmissionFaultKind
{
    /// <summary>Nothing was entered.</summary>
    NothingEntered,
    SourceMissing,
    SourceTooLong,
    NoteTooLong,
    UnsafeText,
    PeriodNotOver,
    OutOfScope,
    NotANumber,
    TooManyDecimals,
    TooLong,
    BelowMinimum,
    AboveMaximum,
    ValueAndNoValue,

    /// <summary>A note or a kind of figure without a value.</summary>
    ValueMissing,

    /// <summary>The indicator is not reported for periods of that length.</summary>
    WrongFrequency,

    /// <summary>The same request came before with other content.</summary>
    SentBefore,

    /// <summary>Somebody else has changed the cell since it was shown.</summary>
    Conflict,

    /// <summary>The reporting round that asked for it is over.</summary>
    PeriodLocked,
}

/// <summary>Why a submission was refused: for which region (0: the whole form), what, and the figure concerned.</summary>
public sealed record SubmissionFault(
    SubmissionFaultKind Kind, int RegionId = 0, string? Typed = null, decimal? Limit = null, Conflict? Conflict = null, RoundLock? Lock = null);

/// <summary>What stands in a cell now, and who put it there.</summary>
public sealed record Conflict(decimal? Value, ObservationStatus Status, RevisionState State, string? Author, DateTimeOffset At);

/// <param name="Submitted">Cells submitted for review.</param>
/// <param name="Unchanged">Cells that already hold exactly this.</param>
/// <param name="Faults">Why nothing was saved; empty when the submission was taken.</param>
public sealed record SubmissionResult(int Submitted, int Unchanged, IReadOnlyList<SubmissionFault> Faults)
{
    public static SubmissionResult Refused(params SubmissionFault[] faults) => new(0, 0, faults);
}

public enum ReviewFaultKind
{
    NothingChosen,
    ReasonMissing,
    ReasonTooLong,
    UnsafeText,

    /// <summary>Not there, outside the reviewer's scope, or no longer waiting for review.</summary>
    NotWaiting,

    /// <summary>Nobody approves or returns their own figures.</summary>
    OwnRevision,
}

/// <param name="Reviewed">Revisions approved or returned.</param>
/// <param name="Fault">Why nothing was changed; empty when the review was taken.</param>
/// <param name="Cells">The cells concerned by the fault, as <c>indicator/region/period</c>.</param>
public sealed record ReviewResult(int Reviewed, ReviewFaultKind? Fault = null, IReadOnlyList<string>? Cells = null);
