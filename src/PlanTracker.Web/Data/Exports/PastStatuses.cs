using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>
/// Where series stood at the end of a past day: judged one after the other while their readings stream by, so that only the verdicts are held.
/// </summary>
internal sealed class PastStatuses
{
    private readonly Dictionary<Series, Status> _statuses = [];

    public Status Of(Series series) => _statuses.GetValueOrDefault(series, Status.NoJudgement);

    /// <summary>Series whose verdict is one of those.</summary>
    public IEnumerable<Series> Where(Func<Status, bool> isOne) => _statuses.Where(s => isOne(s.Value)).Select(s => s.Key);

    /// <param name="db">The database.</param>
    /// <param name="ledger">What they are judged with.</param>
    /// <param name="known">All readings of the series, as they were known that day.</param>
    /// <param name="day">The day.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<PastStatuses> JudgeAsync(PlanDbContext db, LedgerPart ledger, IQueryable<KnownReading> known, DateOnly day, CancellationToken ct)
    {
        var aims = await db.AimsAsync(ledger, day, ct);
        var judged = new PastStatuses();
        var (series, values) = (default(Series), new List<ApprovedValue>());
        var readings = known.Where(k => k.Value != null).OrderBy(k => k.Reading.IndicatorId).ThenBy(k => k.Reading.RegionId)
            .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.Period, k.Value, k.Revision.Status });
        await foreach (var reading in readings.AsAsyncEnumerable().WithCancellation(ct))
        {
            var next = new Series(reading.IndicatorId, reading.RegionId);
            if (next != series)
                Finish();
            series = next;
            values.Add(new ApprovedValue(reading.Period, reading.Value!.Value, reading.Status));
        }

        Finish();
        return judged;

        void Finish()
        {
            if (values.Count > 0 && aims.With(series, values).ToStandingIfAny() is { } standing)
                judged._statuses[series] = standing.Status;
            values.Clear();
        }
    }
}
