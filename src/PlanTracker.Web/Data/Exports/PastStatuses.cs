using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>
/// Where series stood at the end of a past day. Where a file takes series whole they are judged while it is written, from the very rows; where it takes
/// parts of them, or those of one status, they are judged before. Only the verdicts are held.
/// </summary>
internal sealed class PastStatuses
{
    private readonly Dictionary<Series, Status> _statuses = [];
    private readonly LedgerAims _aims;

    private PastStatuses(LedgerAims aims) => _aims = aims;

    /// <summary>Whether all of them were judged already.</summary>
    public bool IsComplete { get; private set; }

    public Status Of(Series series) => _statuses.GetValueOrDefault(series, Status.NoJudgement);

    /// <summary>Series whose verdict is one of those.</summary>
    public IEnumerable<Series> Where(Func<Status, bool> isOne) => _statuses.Where(s => isOne(s.Value)).Select(s => s.Key);

    /// <param name="db">The database.</param>
    /// <param name="ledger">What they are judged with.</param>
    /// <param name="day">The day.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<PastStatuses> OpenAsync(PlanDbContext db, LedgerPart ledger, DateOnly day, CancellationToken ct) =>
        new(await db.AimsAsync(ledger, day, ct));

    /// <summary>Where a series stood, from all its values as they were known that day.</summary>
    public Status Judge(Series series, List<ApprovedValue> values) =>
        values.Count > 0 && _aims.With(series, values).ToStandingIfAny() is { } standing ? standing.Status : Status.NoJudgement;

    /// <summary>Judges them all.</summary>
    /// <param name="known">All readings of the series, as they were known that day.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PastStatuses> CompleteAsync(IQueryable<KnownReading> known, CancellationToken ct)
    {
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
        IsComplete = true;
        return this;

        void Finish()
        {
            if (Judge(series, values) is var status && status != Status.NoJudgement)
                _statuses[series] = status;
            values.Clear();
        }
    }
}
