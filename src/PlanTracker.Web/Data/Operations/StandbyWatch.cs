using Npgsql;

namespace PlanTracker.Data.Operations;

/// <summary>
/// Knows how old what each standby shows can be. The place in the log up to which the primary had written is noted again and again; once a standby has
/// applied as much, it shows everything that was acknowledged until then. A standby that is only idle is not taken for one that is behind.
/// </summary>
public sealed partial class StandbyWatch(NpgsqlDataSource primary, IReadOnlyList<NpgsqlDataSource> servers, TimeProvider clock, ILogger<StandbyWatch> log)
{
    /// <summary>So many places are remembered: with a look a second, a standby further behind than that many seconds has no age.</summary>
    private const int Remembered = 600;

    /// <summary>Seconds: who hangs does not hold up the look at the others.</summary>
    private const int AnswerWithin = 2;

    private readonly List<(long At, long Written)> _places = [];

    // When what each server shows was the newest there was; none of the primary, and of one that does not answer.
    private readonly long?[] _caughtUp = new long?[servers.Count];

    // What the last look found, read by requests while the next is under way.
    private volatile IReadOnlyList<(NpgsqlDataSource Source, long At)> _standbys = [];

    /// <summary>A standby that shows everything that was acknowledged so long ago; none where there is none.</summary>
    /// <param name="bound">How long ago that may be.</param>
    /// <param name="key">Of several, the same one for the same key, as long as they are the same.</param>
    public NpgsqlDataSource? Within(TimeSpan bound, int key)
    {
        var near = _standbys.Where(s => clock.GetElapsedTime(s.At) <= bound).ToList();
        return near.Count == 0 ? null : near[(int)((uint)key % (uint)near.Count)].Source;
    }

    /// <summary>Looks at all of them. Where the primary does not answer, what the standbys show grows older; a standby that does not answer is left at once.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var now = clock.GetTimestamp();
        if (await PlaceAsync(primary, "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8", ct) is { } written)
            _places.Add((now, written));
        if (_places.Count > Remembered)
            _places.RemoveAt(0);

        // What never followed anybody has applied nothing.
        var applied = await Task.WhenAll(servers.Select(s => PlaceAsync(s, "select coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::int8 where pg_is_in_recovery()", ct)));
        for (var server = 0; server < servers.Count; server++)
        {
            if (applied[server] is not { } place)
                _caughtUp[server] = null;
            else if (_places.FindLast(p => p.Written <= place) is { At: > 0 and var at })
                _caughtUp[server] = at;
        }

        _standbys = [.. servers.Zip(_caughtUp).Where(s => s.Second is not null).Select(s => (s.First, s.Second!.Value))];
    }

    /// <returns>None where the server does not answer, or is not what is asked of.</returns>
    private async Task<long?> PlaceAsync(NpgsqlDataSource source, string place, CancellationToken ct)
    {
        try
        {
            await using var command = source.CreateCommand(place);
            command.CommandTimeout = AnswerWithin;
            return (long?)await command.ExecuteScalarAsync(ct);
        }
        catch (NpgsqlException unseen)
        {
            // That a server is away, its own check says.
            if (!PlanDatabase.IsAway(unseen))
                NotSeen(unseen);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How far a standby is behind could not be seen; pages are read from elsewhere")]
    private partial void NotSeen(Exception unseen);
}
