using Npgsql;

namespace PlanTracker.Data.Operations;

/// <summary>
/// Knows how old what a standby shows can be. The place in the log up to which the primary had written is noted again and again; once the standby has
/// applied as much, it shows everything that was acknowledged until then. A standby that is only idle is not taken for one that is behind.
/// </summary>
public sealed partial class StandbyWatch(NpgsqlDataSource primary, NpgsqlDataSource standby, TimeProvider clock, ILogger<StandbyWatch> log)
{
    /// <summary>So many places are remembered: with a look a second, a standby further behind than that many seconds has no age.</summary>
    private const int Remembered = 600;

    private readonly Queue<(long At, long Written)> _places = new();
    private long _caughtUp = long.MinValue;

    /// <summary>The standby shows everything that was acknowledged so long ago; none while that is not known.</summary>
    public TimeSpan? Age => Interlocked.Read(ref _caughtUp) is var at && at == long.MinValue ? null : clock.GetElapsedTime(at);

    /// <summary>Looks at both. Where one does not answer, the age goes on growing.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var now = clock.GetTimestamp();
            _places.Enqueue((now, await PlaceAsync(primary, "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8", ct)));
            if (_places.Count > Remembered)
                _places.Dequeue();
            // What never followed anybody has applied nothing.
            var applied = await PlaceAsync(standby, "select coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::int8", ct);
            while (_places.TryPeek(out var place) && place.Written <= applied)
            {
                Interlocked.Exchange(ref _caughtUp, place.At);
                _places.Dequeue();
            }
        }
        catch (NpgsqlException unseen)
        {
            // Nobody is sent to a standby that was not looked at. That a server is away, its own check says.
            if (!PlanDatabase.IsAway(unseen))
                NotSeen(unseen);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How far the standby is behind could not be seen; pages are read from the primary")]
    private partial void NotSeen(Exception unseen);

    private static async Task<long> PlaceAsync(NpgsqlDataSource source, string place, CancellationToken ct)
    {
        await using var command = source.CreateCommand(place);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
