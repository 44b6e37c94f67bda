using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>Where one figure stands: an indicator in a region for a period.</summary>
public readonly record struct CellKey(int IndicatorId, int RegionId, Period Period)
{
    public Series Series => new(IndicatorId, RegionId);
}

/// <summary>Figures as they were typed, for any number of cells.</summary>
public sealed record Submission
{
    /// <summary>Where the figures stand that name no source of their own; no figure is taken without one.</summary>
    public required string Source { get; init; }

    /// <summary>Why questioned figures are right that say nothing of their own.</summary>
    public string? Explanation { get; init; }

    public required IReadOnlyList<TypedCell> Cells { get; init; }

    /// <summary>Made when the form was shown: sent twice, it counts once.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Written when it is taken; none for forms.</summary>
    public ApiSubmission? Receipt { get; init; }
}

/// <summary>
/// A cell as it comes back. What is not given (no value, as opposed to an empty one) is taken from the person's draft; a cell that says what it said
/// when it was shown, and of which the person has no draft, was not touched.
/// </summary>
/// <param name="Key">The cell.</param>
/// <param name="Text">What was typed, unparsed. Empty: nothing is stated, unless the status says why there is no value.</param>
public sealed record TypedCell(CellKey Key, string Text)
{
    public ObservationStatus? Status { get; init; }

    public string? Note { get; init; }

    public string? Source { get; init; }

    /// <summary>Why the figure is right although it is questioned.</summary>
    public string? Explanation { get; init; }

    /// <summary>Number of the last revision the person saw; 0 for none.</summary>
    public int BasedOn { get; init; }

    /// <summary>It replaces whatever stands when it arrives: nobody looked before, so <see cref="BasedOn"/> says nothing.</summary>
    public bool ReplacesWhatStands { get; init; }

    /// <summary>Version of the draft the person saw; 0 for none.</summary>
    public int Draft { get; init; }

    /// <summary>Says nothing but the figure.</summary>
    public bool IsPlain => Status is null && Note is null && Source is null && Explanation is null;
}

public enum SubmissionFaultKind
{
    /// <summary>Nothing was entered.</summary>
    NothingEntered,
    SourceMissing,
    SourceTooLong,
    NoteTooLong,
    ExplanationTooLong,
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

    /// <summary>A figure that stands was emptied: that says nothing.</summary>
    ValueCleared,

    /// <summary>The figure is questionable, and nobody says why it is right.</summary>
    Unexplained,

    /// <summary>The indicator is not reported for periods of that length.</summary>
    WrongFrequency,

    /// <summary>The same request came before with other content.</summary>
    SentBefore,

    /// <summary>Somebody else has changed the cell since it was shown.</summary>
    Conflict,

    /// <summary>The reporting round that asked for it is over.</summary>
    PeriodLocked,
}

/// <summary>Why a submission was refused: for which cell (none: the whole form), what, and the figure concerned.</summary>
public sealed record SubmissionFault(SubmissionFaultKind Kind, CellKey? Cell = null, string? Typed = null, decimal? Limit = null)
{
    public WhatStands? Conflict { get; init; }

    /// <summary>The round that keeps it locked.</summary>
    public RoundLock? Lock { get; init; }

    public IReadOnlyList<Warning> Warnings { get; init; } = [];
}

/// <summary>What stands in a cell now, or is drafted (without a state), who put it there, and what to base the next try on.</summary>
public sealed record WhatStands(decimal? Value, ObservationStatus Status, RevisionState? State, string? Author, DateTimeOffset At, int LastNumber, int Draft);

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

    /// <summary>Something came into the queue, or left it, since it was shown.</summary>
    QueueChanged,

    /// <summary>More than are decided about by one word.</summary>
    TooManyAtOnce,

    /// <summary>The reporting round is over: what was reported in time stays reported.</summary>
    PeriodLocked,

    /// <summary>Only its author takes a figure back.</summary>
    NotOwnRevision,
}

/// <param name="Reviewed">Revisions approved or returned.</param>
/// <param name="Fault">Why nothing was changed; empty when the review was taken.</param>
/// <param name="Cells">The cells concerned by the fault, as <c>indicator/region/period</c>.</param>
public sealed record ReviewResult(int Reviewed, ReviewFaultKind? Fault = null, IReadOnlyList<string>? Cells = null);

/// <summary>Why a remark was not taken.</summary>
public enum CommentFault
{
    Empty,
    TooLong,
    UnsafeText,

    /// <summary>Nothing was ever submitted there, or it lies outside the person's scope.</summary>
    NoReading,
}
