using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>The round that keeps a cell locked, and whom to ask for an exception.</summary>
public sealed record RoundLock(string Code, Bilingual Name, DateOnly Deadline, string Administrator);

public sealed record LockedCell(int IndicatorId, int RegionId, Period Period, RoundLock Round);

/// <summary>Which cells can no longer be reported. Reviewing is never locked.</summary>
public static class ReportingLocks
{
    /// <summary>
    /// Cells that are locked for a person on a day: a locking round that covers them is over (its deadline past, or closed), and none that covers
    /// them is still running or holds an exception for the person or the region. What was returned stays open for a while
    /// (<see cref="ReportingCalendar.CorrectionDays"/>). A cell that no round covers is not locked, and a round covers from the day it opens.
    /// </summary>
    public static IQueryable<RoundCell> LockedCells(this PlanDbContext db, IQueryable<Cell> cells, Guid personId, DateOnly today)
    {
        var locking = db.ReportingRounds.Where(r => r.Locks && r.OpensOn <= today);
        var correctable = ReportingCalendar.CorrectableSince(today);
        return
            from cell in locking.Where(r => r.Deadline < today || r.ClosedAt != null).CellsFrom(cells)
            where !locking.Any(r => r.Period == cell.Round.Period
                    && r.Indicators.Any(i => i.IndicatorId == cell.Indicator.Id)
                    && r.Regions.Any(w => cell.Region.RegionSet == w.Region!.RegionSet && cell.Region.Path.StartsWith(w.Region.Path))
                    && ((r.Deadline >= today && r.ClosedAt == null)
                        || r.Exceptions.Any(e => e.Until >= today
                            && (e.PersonId == personId
                                || (cell.Region.RegionSet == e.Region!.RegionSet && cell.Region.Path.StartsWith(e.Region.Path))))))
                && !db.Readings.Any(r => r.IndicatorId == cell.Indicator.Id && r.RegionId == cell.Region.Id && r.Period == cell.Round.Period
                    && r.PendingRevision!.State == RevisionState.Returned && r.PendingRevision.ReviewedAt >= correctable)
            select cell;
    }

    /// <summary>Of the cells of these indicators, regions and periods, those that are locked; of several rounds the one that ended last is named.</summary>
    public static async Task<List<LockedCell>> LockedCellsAsync(
        this PlanDbContext db, IReadOnlyCollection<int> indicatorIds, IReadOnlyCollection<int> regionIds, IReadOnlyCollection<Period> periods,
        Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var locked = await db
            .LockedCells(db.Cells().Where(c => indicatorIds.Contains(c.Indicator.Id) && regionIds.Contains(c.Region.Id)), personId, ReportingCalendar.DayOf(now))
            .Where(c => periods.Contains(c.Round.Period))
            .OrderByDescending(c => c.Round.Deadline).ThenBy(c => c.Round.Id)
            .Select(c => new LockedCell(c.Indicator.Id, c.Region.Id, c.Round.Period, new RoundLock(
                c.Round.Code, new Bilingual(c.Round.NameEn, c.Round.NameZh), c.Round.Deadline, c.Round.CreatedBy!.DisplayName)))
            .ToListAsync(ct);
        return [.. locked.DistinctBy(c => (c.IndicatorId, c.RegionId, c.Period))];
    }
}
