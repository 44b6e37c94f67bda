namespace PlanTracker.Data;

/// <summary>A figure a round asks for.</summary>
public sealed class RoundCell
{
    public required ReportingRound Round { get; init; }

    public required Indicator Indicator { get; init; }

    public required Region Region { get; init; }
}

/// <summary>How far a figure is that a round asks for.</summary>
public enum RoundCellState
{
    Missing,

    /// <summary>Returned by a reviewer, to be corrected.</summary>
    Returned,

    /// <summary>Submitted or approved, after the deadline.</summary>
    Late,

    /// <summary>Submitted or approved, in time.</summary>
    Reported,
}

/// <summary>A figure a round asks for, and whether something is still due.</summary>
public sealed class OwedCell
{
    public required ReportingRound Round { get; init; }

    public required Indicator Indicator { get; init; }

    public required bool Missing { get; init; }

    public required bool Returned { get; init; }
}

public sealed class ReportedCell
{
    public required ReportingRound Round { get; init; }

    public required Indicator Indicator { get; init; }

    public required Region Region { get; init; }

    public required RoundCellState State { get; init; }

    /// <summary>The day the figure came: that of the first statement which was not returned. What came with a plan package came when its source was published.</summary>
    public DateOnly? ReportedOn { get; init; }
}

public static class RoundCells
{
    /// <summary>Rounds that ask for something on a day.</summary>
    public static IQueryable<ReportingRound> Open(this IQueryable<ReportingRound> rounds, DateOnly today) =>
        rounds.Where(r => r.ClosedAt == null && r.OpensOn <= today);

    /// <summary>Every figure these rounds ask for, each once.</summary>
    /// <param name="rounds">The rounds.</param>
    /// <param name="cells">Where to look: every cell, or those in the scope of a person.</param>
    public static IQueryable<RoundCell> CellsFrom(this IQueryable<ReportingRound> rounds, IQueryable<Cell> cells) =>
        from round in rounds
        from cell in cells
        where round.Indicators.Any(i => i.IndicatorId == cell.Indicator.Id)
            && round.Regions.Any(w => cell.Region.RegionSet == w.Region!.RegionSet && cell.Region.Path.StartsWith(w.Region.Path))
        select new RoundCell { Round = round, Indicator = cell.Indicator, Region = cell.Region };

    /// <summary>Whether each of these figures is still due.</summary>
    public static IQueryable<OwedCell> Owed(this IQueryable<RoundCell> cells, PlanDbContext db) =>
        from cell in cells
        join reading in db.Readings
            on new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id, cell.Round.Period }
            equals new { reading.IndicatorId, reading.RegionId, reading.Period } into readings
        from reading in readings.DefaultIfEmpty()
        select new OwedCell
        {
            Round = cell.Round,
            Indicator = cell.Indicator,
            Missing = reading!.PendingRevisionId == null && reading.ApprovedRevisionId == null,
            Returned = reading.PendingRevision!.State == RevisionState.Returned,
        };

    /// <summary>How far each of these figures is.</summary>
    public static IQueryable<ReportedCell> Reported(this IQueryable<RoundCell> cells, PlanDbContext db) =>
        from cell in cells
        join reading in db.Readings
            on new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id, cell.Round.Period }
            equals new { reading.IndicatorId, reading.RegionId, reading.Period } into readings
        from reading in readings.DefaultIfEmpty()
        let reportedOn = db.Revisions
            .Where(r => r.ReadingId == reading!.Id
                && (r.State == RevisionState.Submitted || r.State == RevisionState.Approved || r.State == RevisionState.Superseded
                    || (r.State == RevisionState.Replaced && r.ReviewedAt == null)))
            .Min(r => r.AuthorId == null ? r.KnownOn : DateOnly.FromDateTime(r.CreatedAt.UtcDateTime))
        select new ReportedCell
        {
            Round = cell.Round,
            Indicator = cell.Indicator,
            Region = cell.Region,
            State = reading!.PendingRevision!.State == RevisionState.Returned ? RoundCellState.Returned
                : reading.PendingRevisionId == null && reading.ApprovedRevisionId == null ? RoundCellState.Missing
                : reportedOn > cell.Round.Deadline ? RoundCellState.Late
                : RoundCellState.Reported,
            ReportedOn = reportedOn,
        };
}
