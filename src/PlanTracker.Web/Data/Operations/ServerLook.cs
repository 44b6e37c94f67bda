using Npgsql;

namespace PlanTracker.Data.Operations;

/// <param name="Name">As the standby calls itself.</param>
/// <param name="Lag">Seconds from a write here to its being seen there, when last measured.</param>
/// <param name="Behind">Bytes of the log that it has yet to apply.</param>
public sealed record StandbyState(string Name, double Lag, long Behind);

/// <param name="Standbys">Standbys that are connected.</param>
/// <param name="States">How far they are; fewer than there are where the role may not see it (<c>pg_read_all_stats</c>).</param>
public sealed record ReplicationState(int Standbys, IReadOnlyList<StandbyState> States);

/// <summary>Looks at the database server itself.</summary>
public static class ServerLook
{
    /// <summary>How far the clock of the server is from this one; the time the question took is not counted. Positive: the server is ahead.</summary>
    /// <exception cref="NpgsqlException">The server does not answer.</exception>
    public static async Task<TimeSpan> ClockApartAsync(this NpgsqlDataSource source, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = clock.GetUtcNow();
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
        var after = clock.GetUtcNow();
        return there < before ? there - before : there > after ? there - after : TimeSpan.Zero;
    }

    /// <summary>The standbys that follow the primary.</summary>
    public static async Task<ReplicationState> ReplicationAsync(this NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("""
            select coalesce(application_name, ''), state is not null, coalesce(extract(epoch from replay_lag), 0)::float8,
                coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn), 0)::int8
            from pg_stat_replication
            where coalesce(state, 'streaming') in ('streaming', 'catchup')
            order by 1
            """);
        await using var found = await command.ExecuteReaderAsync(ct);
        var (count, states) = (0, new List<StandbyState>());
        while (await found.ReadAsync(ct))
        {
            count++;
            if (found.GetBoolean(1))
                states.Add(new StandbyState(found.GetString(0), found.GetDouble(2), found.GetInt64(3)));
        }

        return new ReplicationState(count, states);
    }
}
