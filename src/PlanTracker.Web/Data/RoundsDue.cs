using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What a person still has to report in a round.</summary>
public sealed record RoundDue
{
    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Period Period { get; init; }

    public required DateOnly Deadline { get; init; }

    /// <summary>Until the deadline: 0 on its day, negative after it.</summary>
    public required int DaysLeft { get; init; }

    /// <summary>In the order of the plan; those with nothing due are left out.</summary>
    public required IReadOnlyList<IndicatorDue> Indicators { get; init; }

    /// <summary>Figures the round expects from the person.</summary>
    public required int Expected { get; init; }

    public int Missing => Indicators.Sum(i => i.Missing);

    public int Returned => Indicators.Sum(i => i.Returned);

    /// <summary>Of what is due, so many can no longer be entered.</summary>
    public required int Locked { get; init; }
}

/// <param name="Code">The indicator.</param>
/// <param name="Name">Its name.</param>
/// <param name="Missing">Regions without a figure.</param>
/// <param name="Returned">Regions whose figure was returned.</param>
public sealed record IndicatorDue(string Code, Bilingual Name, int Missing, int Returned);

public static class RoundsDueQueries
{
    /// <summary>The open rounds of a plan in which something is due from the person, the next deadline first. Drafts are not looked at.</summary>
    public static async Task<IReadOnlyList<RoundDue>> RoundsDueAsync(
        this PlanDbContext db, int planId, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var today = ReportingCalendar.DayOf(now);
        var cells = await db.CellsInScopeAsync(planId, personId, ct);
        var counts = await db.ReportingRounds.Where(r => r.PlanId == planId).Open(today).CellsFrom(cells).Owed(db)
            .GroupBy(c => new
            {
                RoundId = c.Round.Id,
                RoundCode = c.Round.Code,
                RoundEn = c.Round.NameEn,
                RoundZh = c.Round.NameZh,
                c.Round.Period,
                c.Round.Deadline,
                c.Round.Locks,
                c.Indicator.Code,
                c.Indicator.NameEn,
                c.Indicator.NameZh,
                c.Indicator.Position,
            })
            .OrderBy(g => g.Key.Deadline).ThenBy(g => g.Key.RoundCode).ThenBy(g => g.Key.Position)
            .Select(g => new { g.Key, Expected = g.Count(), Missing = g.Count(c => c.Missing), Returned = g.Count(c => c.Returned) })
            .ToListAsync(ct);

        var rounds = counts.GroupBy(c => c.Key.RoundId).Where(r => r.Any(i => i.Missing + i.Returned > 0)).ToList();
        var over = rounds.Where(r => r.First().Key.Locks && r.First().Key.Deadline < today).Select(r => r.Key).ToList();
        var locked = over.Count == 0 ? [] : await db.LockedDueAsync(cells, over, personId, today, ct);
        return [.. from round in rounds
                   let one = round.First().Key
                   select new RoundDue
                   {
                       Code = one.RoundCode,
                       Name = new Bilingual(one.RoundEn, one.RoundZh),
                       Period = one.Period,
                       Deadline = one.Deadline,
                       DaysLeft = ReportingCalendar.DaysLeft(one.Deadline, today),
                       Indicators = [.. round.Where(i => i.Missing + i.Returned > 0)
                           .Select(i => new IndicatorDue(i.Key.Code, new Bilingual(i.Key.NameEn, i.Key.NameZh), i.Missing, i.Returned))],
                       Expected = round.Sum(i => i.Expected),
                       Locked = locked.GetValueOrDefault(round.Key),
                   }];
    }

    private static Task<Dictionary<int, int>> LockedDueAsync(
        this PlanDbContext db, IQueryable<Cell> cells, List<int> roundIds, Guid personId, DateOnly today, CancellationToken ct) =>
        db.LockedCells(cells, personId, today).Where(c => roundIds.Contains(c.Round.Id))
            .Where(c => !db.Readings.Any(r => r.IndicatorId == c.Indicator.Id && r.RegionId == c.Region.Id && r.Period == c.Round.Period
                && (r.PendingRevisionId != null ? r.PendingRevision!.State != RevisionState.Returned : r.ApprovedRevisionId != null)))
            .GroupBy(c => c.Round.Id).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
}
