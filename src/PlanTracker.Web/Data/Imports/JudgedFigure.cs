using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>A figure of a file beside what stands in its cell.</summary>
internal sealed record JudgedFigure
{
    public required int Position { get; init; }

    public required FoundFigure Found { get; init; }

    /// <summary>Number of the cell's last revision; 0 for none.</summary>
    public int LastNumber { get; init; }

    /// <summary>Something waits for review there or is approved.</summary>
    public bool Stands { get; init; }

    public bool Waits { get; init; }

    public decimal? Before { get; init; }

    public ObservationStatus? StatusBefore { get; init; }

    public string? NoteBefore { get; init; }

    public string? SourceBefore { get; init; }

    public RowVerdict Verdict { get; set; }

    public RowFault? Fault { get; set; }

    public decimal? Limit { get; set; }

    public IReadOnlyList<Warning> Questions { get; set; } = [];

    public CellKey? Key => Found is { Indicator: { } indicator, RegionId: { } region, Period: { } period } ? new CellKey(indicator.Id, region, period) : null;

    public bool Changes => Verdict is RowVerdict.New or RowVerdict.Changed;

    /// <summary>
    /// What the figure would do, as long as nothing is wrong with it. What a file does not say is not compared: a table of bare values changes neither
    /// sources nor notes.
    /// </summary>
    /// <param name="noteStated">The file has a column of notes: an empty one says that there is none.</param>
    public RowVerdict Compared(bool noteStated)
    {
        if (Found.Blank)
            return RowVerdict.Blank;
        if (!Stands)
            return RowVerdict.New;
        var same = Found.Value == Before
            && (Found.Status is null ? Before is not null : Found.Status == StatusBefore)
            && (Found.Source is null || string.Equals(Found.Source, SourceBefore?.Trim(), StringComparison.Ordinal))
            && (Found.Note is null && !noteStated || string.Equals(Found.Note ?? "", NoteBefore?.Trim() ?? "", StringComparison.Ordinal));
        return same ? RowVerdict.Same : RowVerdict.Changed;
    }
}
