using Npgsql;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>The approved values of one series.</summary>
internal readonly record struct SeriesReadings(Series Series, ApprovedValue[] Values);

/// <summary>
/// The approved values of a plan as they are when it is opened, read page by page, so that the transaction can write in between. They come without
/// their source: no standing rests on it.
/// </summary>
internal sealed class ReadingsOfPlan : IAsyncDisposable
{
    private readonly NpgsqlCommand _fetch;
    private readonly NpgsqlCommand _close;
    private readonly Dictionary<string, Period> _periods = new(StringComparer.Ordinal);
    private readonly List<ApprovedValue> _values = [];
    private Series _series;
    private bool _ended;

    private ReadingsOfPlan(NpgsqlConnection connection, int rowsAtOnce)
    {
        // Without parameters: the statement takes none.
        _fetch = new NpgsqlCommand(FormattableString.Invariant($"fetch {rowsAtOnce} from readings_of_plan"), connection) { CommandTimeout = 0 };
        _close = new NpgsqlCommand("close readings_of_plan", connection);
    }

    public static async Task<ReadingsOfPlan> OpenAsync(NpgsqlConnection connection, int planId, int rowsAtOnce, CancellationToken ct)
    {
        await using var declare = new NpgsqlCommand(EmbeddedSql.Read("readings-of-plan"), connection) { CommandTimeout = 0 };
        declare.Parameters.Add(new NpgsqlParameter<int> { TypedValue = planId });
        await declare.ExecuteNonQueryAsync(ct);
        return new ReadingsOfPlan(connection, rowsAtOnce);
    }

    /// <summary>The next series, each of them whole; none at the end.</summary>
    public async Task<List<SeriesReadings>> NextAsync(CancellationToken ct)
    {
        var page = new List<SeriesReadings>();
        while (page.Count == 0 && !_ended)
            await FetchAsync(page, ct);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _fetch.DisposeAsync();
        await _close.DisposeAsync();
    }

    private async Task FetchAsync(List<SeriesReadings> page, CancellationToken ct)
    {
        await using (var rows = await _fetch.ExecuteReaderAsync(ct))
        {
            _ended = !rows.HasRows;
            while (await rows.ReadAsync(ct))
                Take(rows, page);
        }

        if (!_ended)
            return;
        FinishSeries(page);
        await _close.ExecuteNonQueryAsync(ct);
    }

    private void Take(NpgsqlDataReader row, List<SeriesReadings> page)
    {
        var series = new Series(row.GetInt32(0), row.GetInt32(1));
        if (series != _series)
            FinishSeries(page);
        _series = series;
        _values.Add(new ApprovedValue(PeriodOf(row.GetString(2)), row.GetDecimal(3), Kebab.Parse<ObservationStatus>(row.GetString(4))));
    }

    private void FinishSeries(List<SeriesReadings> page)
    {
        if (_values.Count > 0)
            page.Add(new SeriesReadings(_series, [.. _values]));
        _values.Clear();
    }

    private Period PeriodOf(string text)
    {
        if (!_periods.TryGetValue(text, out var period))
            _periods.Add(text, period = Period.Parse(text));
        return period;
    }
}
