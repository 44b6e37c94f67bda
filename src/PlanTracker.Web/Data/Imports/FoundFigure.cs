using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>Why a figure of a file is not taken.</summary>
public enum RowFault
{
    /// <summary>More or fewer cells than the header has names.</summary>
    Ragged,

    /// <summary>NUL, or half of a surrogate pair.</summary>
    UnsafeText,

    /// <summary>The cell holds an error, such as <c>#N/A</c>.</summary>
    ErrorInCell,

    /// <summary>The cell holds a formula, and the file does not keep its result.</summary>
    FormulaWithoutResult,
    IndicatorUnknown,

    /// <summary>Several have that name.</summary>
    IndicatorAmbiguous,
    RegionUnknown,
    RegionAmbiguous,
    NotAPeriod,

    /// <summary>A date stands where the period should.</summary>
    DateForPeriod,
    StatusUnknown,
    NotANumber,
    TooManyDecimals,
    TooLong,
    BelowMinimum,
    AboveMaximum,

    /// <summary>A note, a source or a kind of figure, and no value.</summary>
    ValueMissing,
    ValueAndNoValue,
    WrongFrequency,
    PeriodNotOver,
    SourceMissing,
    SourceTooLong,
    NoteTooLong,
    ExplanationTooLong,

    /// <summary>The same figure stands in another row of the file.</summary>
    StandsTwice,

    /// <summary>Outside the person's scope, or the region does not report the indicator.</summary>
    OutOfScope,
    PeriodLocked,
}

/// <summary>A figure as it stands in a file: what it is about where that can be told, and what is wrong with it by itself.</summary>
internal sealed record FoundFigure
{
    public required int Line { get; init; }

    public required int Column { get; init; }

    public NamedIndicator? Indicator { get; init; }

    public int? RegionId { get; init; }

    public Period? Period { get; init; }

    public decimal? Value { get; init; }

    /// <summary>Empty: the file does not say.</summary>
    public ObservationStatus? Status { get; init; }

    public string? Note { get; init; }

    public string? Source { get; init; }

    public string? Explanation { get; init; }

    /// <summary>Nothing is stated.</summary>
    public bool Blank { get; init; }

    public RowFault? Fault { get; init; }

    public string? Typed { get; init; }

    public decimal? Limit { get; init; }

    /// <summary>Nothing is wrong with it, or nothing but a rule that may have been another when such a figure was taken.</summary>
    public bool CanStand => Fault is null or RowFault.TooManyDecimals or RowFault.BelowMinimum or RowFault.AboveMaximum or RowFault.WrongFrequency or RowFault.PeriodNotOver;
}
