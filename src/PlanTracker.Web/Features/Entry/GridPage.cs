using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Entry;

/// <summary>A form of many cells: the regions of one indicator, or the indicators of one region, by periods.</summary>
public sealed record GridPage
{
    /// <summary>From so many rows on, a browser is given no table to lay out as a whole.</summary>
    public const int ManyRows = 200;

    /// <summary>The indicator the form is for; none where it is for a region.</summary>
    public Indicator? Indicator { get; init; }

    /// <summary>The region the form is for; none where it is for an indicator.</summary>
    public GridRegion? Region { get; init; }

    public Bilingual Name => Indicator?.Name ?? Region!.Name;

    /// <summary>Periods that can be chosen, earliest first.</summary>
    public required IReadOnlyList<Period> Choices { get; init; }

    /// <summary>Kinds of periods that can be chosen.</summary>
    public required IReadOnlyList<Frequency> Frequencies { get; init; }

    /// <summary>Periods shown, earliest first.</summary>
    public required IReadOnlyList<Period> Periods { get; init; }

    /// <summary>Rows without anything due are left out.</summary>
    public required bool DueOnly { get; init; }

    public required IReadOnlyList<GridRow> Rows { get; init; }

    /// <summary>For each period: what the regions have to add up to; none where nobody asks.</summary>
    public IReadOnlyList<GridSum> Sums { get; init; } = [];

    /// <summary>Name of the person who reports.</summary>
    public required string Reporter { get; init; }

    public required GridForm Form { get; init; }

    public Guid RequestId { get; init; } = Guid.NewGuid();

    public IReadOnlyList<SubmissionFault> Faults { get; init; } = [];

    /// <summary>More cells were asked for than a form may hold; the latest periods are shown.</summary>
    public bool Shortened { get; init; }

    public bool AsksToExplain => Faults.Any(f => f.Kind == SubmissionFaultKind.Unexplained);

    public (GridRow Row, GridCell Cell)? CellOf(SubmissionFault fault) =>
        fault.Cell is { } key && Rows.FirstOrDefault(r => r.Series == key.Series) is { } row && row.Cells.FirstOrDefault(c => c.Period == key.Period) is { } cell
            ? (row, cell)
            : null;
}

public sealed record GridRegion(int Id, string Code, Bilingual Name);

/// <summary>The whole and what is not on the form of its parts, for one period.</summary>
/// <param name="Whole">The figure of the whole, where it is not on the form.</param>
/// <param name="Rest">Sum of the parts that are not on the form; none when one of them has no figure.</param>
public sealed record GridSum(decimal? Whole, decimal? Rest);

/// <summary>An indicator in a region.</summary>
public sealed record GridRow
{
    public required Indicator Indicator { get; init; }

    public required GridRegion Region { get; init; }

    public Series Series => new(Indicator.Id, Region.Id);

    public required SeriesHistory History { get; init; }

    public required IReadOnlyList<GridCell> Cells { get; init; }

    /// <summary>The latest figure before the first period shown.</summary>
    public Observation? Before => History.Before(Cells[0].Period);

    /// <summary>Its part in the sum that is asked about: the whole, one of the parts, or none.</summary>
    public string? Part { get; init; }
}

/// <summary>How a cell is shown; also the name of its mark.</summary>
public enum CellMark
{
    Empty,
    Approved,
    Submitted,
    Returned,

    /// <summary>The person's own draft.</summary>
    Saved,

    /// <summary>Somebody else's draft.</summary>
    Theirs,

    /// <summary>The person's own draft, begun before somebody else changed the cell.</summary>
    Conflict,

    /// <summary>Typed into the form, which came back without it being kept.</summary>
    Unsaved,
    Error,
    Warning,
    Locked,
}

/// <summary>What stands in a cell, what is under way, and what is being typed.</summary>
public sealed record GridCell
{
    public required Period Period { get; init; }

    /// <summary>Number of the last revision.</summary>
    public int Last { get; init; }

    public CellValue? Approved { get; init; }

    public CellValue? Pending { get; init; }

    public CellDraft? Draft { get; init; }

    /// <summary>The reporting round that keeps it locked.</summary>
    public RoundLock? Lock { get; init; }

    /// <summary>What was typed and came back; otherwise what stands.</summary>
    public string? Typed { get; init; }

    /// <summary>A conflict was shown on this very page: the next try is based on what stands now.</summary>
    public bool Told { get; init; }

    /// <summary>What the form comes back with: the revision it is based on and the draft it saw.</summary>
    public int BasedOn => Draft is { IsOwn: true } own && !Told ? own.BasedOn : Last;

    public bool InConflict => Draft is not null && Draft.BasedOn != Last;

    public CellValue? Stands => Pending ?? Approved;

    /// <summary>The draft, or what stands.</summary>
    public string Standing => (Draft is not null ? Draft.Value : Stands?.Value) is { } value ? Rounding.Exact(value) : "";

    public string Text => Typed ?? Standing;

    public bool IsUnsaved => Text != Standing;

    public ObservationStatus Status => Draft?.Status ?? Stands?.Status ?? ObservationStatus.A;

    /// <summary>What a further figure goes on from: the draft, or what was returned to be corrected.</summary>
    public CarriedOver? Carried =>
        Draft is not null ? new CarriedOver(Draft.Note, Draft.Source)
        : Pending is { State: RevisionState.Returned } returned ? new CarriedOver(returned.Note, returned.Source)
        : null;

    public CellMark Mark =>
        Lock is not null ? CellMark.Locked
        : Draft is not null ? !Draft.IsOwn ? CellMark.Theirs : InConflict ? CellMark.Conflict : CellMark.Saved
        : Pending is { State: RevisionState.Returned } ? CellMark.Returned
        : Pending is not null ? CellMark.Submitted
        : Approved is not null ? CellMark.Approved
        : CellMark.Empty;

    /// <summary>Something is to be done here: no figure, one that was returned, or a draft.</summary>
    public bool IsDue => Mark is not (CellMark.Approved or CellMark.Submitted or CellMark.Locked);
}

public sealed record CellValue(
    decimal? Value, ObservationStatus Status, RevisionState State, string? Note, string Source, string? Author, DateTimeOffset At, string? Reviewer, string? Reason);

public sealed record CarriedOver(string? Note, string? Source);

public sealed record CellDraft(
    decimal? Value, ObservationStatus Status, string? Note, string? Source, string? Explanation, int BasedOn, int Version, string Author, DateTimeOffset SavedAt, bool IsOwn);

/// <summary>What the form holds besides its cells.</summary>
public sealed record GridForm
{
    public const string Save = "save";

    public string? Source { get; init; }

    public string? Explanation { get; init; }

    public Guid RequestId { get; init; }

    public string? Decision { get; init; }
}

/// <summary>Which part of the grid is asked for; stands in the address.</summary>
public sealed record GridRange
{
    public string? Period { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Frequency { get; init; }

    public bool Due { get; init; }
}
