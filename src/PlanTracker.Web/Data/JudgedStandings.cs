using Npgsql;
using NpgsqlTypes;

namespace PlanTracker.Data;

/// <summary>Standings of a plan on their way into its table: gathered by COPY in a temporary one, then merged.</summary>
internal sealed class JudgedStandings
{
    private const string Copy = """
        copy judged_standings (
            indicator_id, region_id, period, value, observation_status, previous_period, previous_value, status, reason, agreement,
            planned, attainment, elapsed, pace_ratio, receding, achieved_at_baseline, national_target)
        from stdin (format binary)
        """;

    private readonly NpgsqlConnection _connection;

    private JudgedStandings(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Standings gathered so far.</summary>
    public int Count { get; private set; }

    public static async Task<JudgedStandings> StartAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var create = new NpgsqlCommand("create temporary table judged_standings (like standings) on commit drop", connection);
        await create.ExecuteNonQueryAsync(ct);
        return new JudgedStandings(connection);
    }

    public async Task AddAsync(List<Standing> standings, CancellationToken ct)
    {
        await using var copy = await _connection.BeginBinaryImportAsync(Copy, ct);
        copy.Timeout = TimeSpan.Zero;
        foreach (var standing in standings)
        {
            await copy.StartRowAsync(ct);
            await WriteAsync(copy, standing, ct);
        }

        await copy.CompleteAsync(ct);
        Count += standings.Count;
    }

    /// <returns>How many standings were written or taken away.</returns>
    public async Task<int> MergeAsync(int planId, CancellationToken ct)
    {
        await using var analyze = new NpgsqlCommand("analyze judged_standings", _connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync(ct);
        await using var merge = new NpgsqlCommand(EmbeddedSql.Read("merge-standings"), _connection) { CommandTimeout = 0 };
        merge.Parameters.Add(new NpgsqlParameter<int> { TypedValue = planId });
        var differing = (int)(await merge.ExecuteScalarAsync(ct))!;
        await using var drop = new NpgsqlCommand("drop table judged_standings", _connection);
        await drop.ExecuteNonQueryAsync(ct);
        return differing;
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, Standing standing, CancellationToken ct)
    {
        await copy.WriteAsync(standing.IndicatorId, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(standing.RegionId, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(standing.Period?.ToString(), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(standing.Value, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(standing.ObservationStatus is { } status ? Kebab.Of(status) : null, NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(standing.PreviousPeriod?.ToString(), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(standing.PreviousValue, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(Kebab.Of(standing.Status), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(Kebab.Of(standing.Reason), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(Kebab.Of(standing.Agreement), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(standing.Planned, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(standing.Attainment, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(standing.Elapsed, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(standing.PaceRatio, NpgsqlDbType.Numeric, ct);
        await copy.WriteAsync(standing.Receding, NpgsqlDbType.Boolean, ct);
        await copy.WriteAsync(standing.AchievedAtBaseline, NpgsqlDbType.Boolean, ct);
        await copy.WriteAsync(standing.NationalTarget, NpgsqlDbType.Boolean, ct);
    }
}
