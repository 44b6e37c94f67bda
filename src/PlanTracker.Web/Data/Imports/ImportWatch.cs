using Npgsql;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Holds an import while one process works on it, says how far it is, and hears when somebody wants it to stop. The hold is a lock of the session: it
/// ends with the process, and then the import is nobody's.
/// </summary>
internal sealed class ImportWatch : IAsyncDisposable
{
    private const int Lock = 7264010;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(400);

    private readonly NpgsqlConnection _connection;
    private readonly int _importId;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _done = new();
    private Task _telling = Task.CompletedTask;
    private long _bytes;
    private int _rows;
    private int _found = -1;

    private ImportWatch(NpgsqlConnection connection, int importId, CancellationToken ct)
    {
        (_connection, _importId) = (connection, importId);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>Ends when the import is to stop, or the connection that holds it is gone.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Somebody asked for the end.</summary>
    public bool Cancelled { get; private set; }

    public long Bytes
    {
        set => Interlocked.Exchange(ref _bytes, value);
    }

    public int Rows
    {
        get => Volatile.Read(ref _rows);
        set => Interlocked.Exchange(ref _rows, value);
    }

    /// <summary>Figures in the file, once all of it is read.</summary>
    public int Found
    {
        set => Interlocked.Exchange(ref _found, value);
    }

    /// <returns>Nothing where another process works on it.</returns>
    public static async Task<ImportWatch?> TryStartAsync(NpgsqlDataSource source, int importId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(source);
        var connection = await source.OpenConnectionAsync(ct);
        await using (var hold = new NpgsqlCommand("select pg_try_advisory_lock($1, $2)", connection) { Parameters = { new() { Value = Lock }, new() { Value = importId } } })
        {
            if (await hold.ExecuteScalarAsync(ct) is true)
            {
                var watch = new ImportWatch(connection, importId, ct);
                watch._telling = watch.TellAsync();
                return watch;
            }
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Tells the last figures and lets go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _telling;
        if (_connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            // A pooled session keeps its locks until it is used again.
            await using var release = new NpgsqlCommand("select pg_advisory_unlock($1, $2)", _connection) { Parameters = { new() { Value = Lock }, new() { Value = _importId } } };
            try
            {
                await release.ExecuteScalarAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The session is gone, and the lock with it.
            }
        }

        await _connection.DisposeAsync();
        _stop.Dispose();
        _done.Dispose();
    }

    private async Task TellAsync()
    {
        try
        {
            while (!_done.IsCancellationRequested)
            {
                await TellOnceAsync();
                await Task.Delay(Between, _done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await TellOnceAsync();
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException)
        {
            // Whoever no longer holds it must not go on: another process may take it up.
            await _stop.CancelAsync();
        }
    }

    private async Task TellOnceAsync()
    {
        await using var tell = new NpgsqlCommand("update imports set bytes_done = $2, rows_done = $3, rows = coalesce(nullif($4, -1), rows) where id = $1 returning cancel_asked", _connection)
        {
            Parameters = { new() { Value = _importId }, new() { Value = Interlocked.Read(ref _bytes) }, new() { Value = _rows }, new() { Value = _found } },
        };
        if (await tell.ExecuteScalarAsync(CancellationToken.None) is true && !_done.IsCancellationRequested)
        {
            Cancelled = true;
            await _stop.CancelAsync();
        }
    }
}
