using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>An approved reading with all it is known by.</summary>
/// <param name="Indicator">What was measured.</param>
/// <param name="Region">Where.</param>
/// <param name="Period">As it is written.</param>
/// <param name="Value">As it was stated; none where the observation status says why.</param>
/// <param name="Observation">SDMX observation status.</param>
/// <param name="Quality">How the figure came to be, as files write it.</param>
/// <param name="Source">Where it was found.</param>
/// <param name="Note">A remark on it, or empty.</param>
/// <param name="Status">Of the indicator in the region.</param>
public readonly record struct ExportedReading(
    ExportedIndicator Indicator, ExportedRegion Region, string Period, decimal? Value, string Observation, string Quality, string Source, string Note, Status Status);

/// <summary>The numbers of a row: what it is called stands in <see cref="ExportNames"/>.</summary>
internal sealed class ReadingRow
{
    public required int IndicatorId { get; init; }

    public required int RegionId { get; init; }

    public required Period Period { get; init; }

    public decimal? Value { get; init; }

    public required ObservationStatus Observation { get; init; }

    public required Quality Quality { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    /// <summary>Where the series stands today; none in a view of the past.</summary>
    public Status? Status { get; init; }
}

internal static class ReadingRows
{
    /// <summary>
    /// The rows of a query one by one, read past Entity Framework: building an object for each takes twice as long. However long it takes is left to
    /// whoever waits: the statement has no limit of its own.
    /// </summary>
    public static async IAsyncEnumerable<ExportedReading> StreamAsync(
        this IQueryable<ReadingRow> query, ExportNames names, PastStatuses? past, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = (NpgsqlCommand)query.CreateDbCommand();
        command.CommandTimeout = 0;
        await using var row = await command.ExecuteReaderAsync(ct);
        ExportedIndicator? indicator = null;
        ExportedRegion? region = null;
        Status status = default;
        var waiting = past is { IsComplete: false } ? new WaitingSeries(past) : null;
        while (await row.ReadAsync(ct))
        {
            var (indicatorId, regionId) = (row.GetInt32(0), row.GetInt32(1));
            if (indicatorId != indicator?.Id || regionId != region?.Id)
            {
                foreach (var judged in waiting?.Judged() ?? [])
                    yield return judged;
                (indicator, region) = (names.Indicators[indicatorId], names.Regions[regionId]);
                status = past?.Of(new Series(indicatorId, regionId)) ?? default;
            }

            var reading = new ExportedReading(indicator, region, row.GetString(2), row.IsDBNull(3) ? null : row.GetDecimal(3),
                row.GetString(4), row.GetString(5), row.GetString(6), row.IsDBNull(7) ? "" : row.GetString(7),
                past is null && !row.IsDBNull(8) ? Kebab.Parse<Status>(row.GetString(8)) : status);
            if (waiting is null)
                yield return reading;
            else
                waiting.Add(reading);
        }

        foreach (var judged in waiting?.Judged() ?? [])
            yield return judged;
    }

    /// <summary>Rows of one series until all are there and it can be judged.</summary>
    private sealed class WaitingSeries(PastStatuses past)
    {
        private readonly List<ExportedReading> _rows = [];

        public void Add(ExportedReading row) => _rows.Add(row);

        public IEnumerable<ExportedReading> Judged()
        {
            if (_rows.Count == 0)
                yield break;
            var series = new Series(_rows[0].Indicator.Id, _rows[0].Region.Id);
            var status = past.Judge(series, [.. _rows.Where(r => r.Value is not null)
                .Select(r => new ApprovedValue(Period.Parse(r.Period), r.Value!.Value, Kebab.Parse<ObservationStatus>(r.Observation)))]);
            foreach (var row in _rows)
                yield return row with { Status = status };
            _rows.Clear();
        }
    }

    /// <summary>The same rows, told of now and then.</summary>
    public static async IAsyncEnumerable<ExportedReading> CountedAsync(
        this IAsyncEnumerable<ExportedReading> rows, Action<long>? progress, [EnumeratorCancellation] CancellationToken ct)
    {
        const int NowAndThen = 100_000;
        long count = 0;
        await foreach (var row in rows.WithCancellation(ct))
        {
            yield return row;
            if (++count % NowAndThen == 0)
                progress?.Invoke(count);
        }

        progress?.Invoke(count);
    }
}
