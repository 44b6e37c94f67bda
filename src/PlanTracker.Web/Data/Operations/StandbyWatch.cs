using Npgsql;

namespace PlanTracker.Data.Operations;

/// <summary>A server that may be a standby.</summary>
/// <param name="Pages">Connections for pages.</param>
/// <param name="Look">A connection to look at it by, so that many pages do not make it look away.</param>
public sealed record WatchedServer(NpgsqlDataSource Pages, NpgsqlDataSource Look);

/// <summary>
/// Knows how old what each standby shows can be. The place in the log up to which the primary had written is noted again and again; once a standby has
/// applied as much, it shows everything that was acknowledged until then. A standby that is only idle is not taken for one that is behind.
/// </summary>
public sealed partial class StandbyWatch(NpgsqlDataSource primary, IReadOnlyList<WatchedServer> servers, TimeProvider clock, ILogger<StandbyWatch> log)
{
    /// <summary>So many places are remembered: with a look a second, a standby further behind than that many seconds has no age.</summary>
    private const int Remembered = 600;

    /// <summary>Who does not answer by then is taken for away, and holds up the look at the others no longer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    private readonly List<(long At, long Written)> _places = [];

    // Of each server, how far it had applied the log at the last look.
    private readonly long?[] _applied = new long?[servers.Count];

    // Of each server, the place at which it was found ahead of the primary: it followed another, which was lost.
    private readonly long?[] _lost = new long?[servers.Count];

    // Of each server, when what it shows was the newest there was; 0 of the primary, and of one that does not answer.
    private readonly long[] _caughtUp = new long[servers.Count];

    /// <summary>A standby that shows everything that was acknowledged so long ago; none where there is none.</summary>
    /// <param name="bound">How long ago that may be.</param>
    /// <param name="key">Of several, the same one for the same key, as long as they are the same.</param>
    public NpgsqlDataSource? Within(TimeSpan bound, int key)
    {
        var near = servers.Where((_, server) => Interlocked.Read(ref _caughtUp[server]) is > 0 and var at && clock.GetElapsedTime(at) <= bound).ToList();
        return near.Count == 0 ? null : near[(int)((uint)key % (uint)near.Count)].Pages;
    }

    /// <summary>Looks at all of them. Where the primary does not answer, what the standbys show grows older; a standby that does not answer is left at once.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var now = clock.GetTimestamp();
        var written = await PlaceAsync(primary, "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::int8", ct);
        if (written is { } reached)
            _places.Add((now, reached));
        if (_places.Count > Remembered)
            _places.RemoveAt(0);
        await Task.WhenAll(Enumerable.Range(0, servers.Count).Select(server => LookAtAsync(server, written, ct)));
    }

    private async Task LookAtAsync(int server, long? written, CancellationToken ct)
    {
        var before = _applied[server];
        // What never followed anybody has applied nothing.
        var applied = await PlaceAsync(servers[server].Look, "select coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, 0)::int8 where pg_is_in_recovery()", ct);
        _applied[server] = applied;
        // What it had applied before, the primary had written before. One that was ahead stays where it is until it is made anew: in time the primary
        // passes that place, and is elsewhere all the same.
        if (before > written)
            _lost[server] = before;
        if (applied is not { } place || place == _lost[server])
            Interlocked.Exchange(ref _caughtUp[server], 0);
        else if (_places.FindLast(p => p.Written <= place) is { At: > 0 and var at })
            Interlocked.Exchange(ref _caughtUp[server], at);
    }

    /// <returns>None where the server does not answer, or is not what is asked of.</returns>
    private async Task<long?> PlaceAsync(NpgsqlDataSource source, string place, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerWithin);
        try
        {
            await using var command = source.CreateCommand(place);
            return (long?)await command.ExecuteScalarAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
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
