using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What a series says around the figures that are being entered: what stands or waits, and how it usually changes.</summary>
/// <param name="Known">Values that stand, or, where one waits for review, that one; earliest first.</param>
/// <param name="Usual">How it usually changes, by its approved values; empty where they do not say.</param>
public sealed record SeriesHistory(IReadOnlyList<Observation> Known, UsualChange? Usual)
{
    public static SeriesHistory None { get; } = new([], null);

    /// <summary>The latest value before a period.</summary>
    public Observation? Before(Period period) => Known.Where(o => o.Period < period).Select(o => (Observation?)o).LastOrDefault();
}

public static class SeriesHistories
{
    /// <summary>So many periods back a series is looked at: what it did long ago is no measure for today.</summary>
    public const int Periods = 20;

    /// <summary>Histories of indicators in regions, of readings for periods of one frequency that end before <paramref name="until"/> does.</summary>
    public static async Task<Dictionary<Series, SeriesHistory>> SeriesHistoriesAsync(
        this PlanDbContext db, IReadOnlyCollection<int> indicatorIds, IReadOnlyCollection<int> regionIds, Period first, Period until, CancellationToken ct)
    {
        var (from, to) = (first.Back(Periods).End, until.End);
        var readings = await db.Readings
            .Where(r => indicatorIds.Contains(r.IndicatorId) && regionIds.Contains(r.RegionId) && r.PeriodEnd >= from && r.PeriodEnd <= to)
            .Select(r => new
            {
                r.IndicatorId,
                r.RegionId,
                r.Period,
                r.Value,
                Submitted = r.PendingRevision!.State == RevisionState.Submitted ? r.PendingRevision.Value : null,
            }).ToListAsync(ct);
        return readings.Where(r => r.Period.Frequency == first.Frequency).OrderBy(r => r.Period)
            .GroupBy(r => new Series(r.IndicatorId, r.RegionId))
            .ToDictionary(g => g.Key, g => new SeriesHistory(
                [.. g.Where(r => (r.Submitted ?? r.Value) is not null).Select(r => new Observation(r.Period, (r.Submitted ?? r.Value)!.Value))],
                UsualChange.Of(g.Where(r => r.Value is not null).Select(r => new Observation(r.Period, r.Value!.Value)))));
    }
}
