using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data.Files;
using PlanTracker.Data.Operations;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Does what takes long about an import: reads it, applies it, takes it back. Each step is done whole or not at all; one that is broken off, by the end
/// of the application or of the database, leaves nothing behind and says so.
/// </summary>
public sealed class ImportRunner(PlanDbContext db, NpgsqlDataSource source, ImportStore store, TimeProvider clock)
{
    /// <summary>So many rows are written by one statement; between two the progress is told.</summary>
    private const int RowsAtOnce = 50_000;

    private const int MostAttempts = 3;

    private const string Done = "done";

    /// <summary>Files and judged rows of an import are kept so many days after its last step; what it wrote stays.</summary>
    public const int DaysKept = 30;

    private DateTimeOffset _now;

    /// <summary>How the look for work names itself in the log of the database, where it comes every few seconds.</summary>
    public const string LookForWork = "look for imports to work on";

    /// <summary>An import that waits for a process, the oldest first, after one; nothing where none does.</summary>
    public Task<int?> NextAsync(int after, CancellationToken ct) =>
        db.Imports.TagWith(LookForWork).Where(i => i.Id > after && (i.State == ImportState.Reading || i.State == ImportState.Applying || i.State == ImportState.Reverting))
            .OrderBy(i => i.Id).Select(i => (int?)i.Id).FirstOrDefaultAsync(ct);

    /// <summary>Puts away files and rows that have been kept long enough; what nobody applied until then is discarded with them.</summary>
    public async Task PutAwayAsync(CancellationToken ct)
    {
        var until = clock.GetUtcNow().AddDays(-DaysKept);
        var old = db.Imports.Where(i => (i.RevertedAt ?? i.AppliedAt ?? i.CreatedAt) < until
            && i.State != ImportState.Reading && i.State != ImportState.Applying && i.State != ImportState.Reverting);
        await db.Imports.Where(i => old.Any(o => o.Id == i.Id) && (i.State == ImportState.Received || i.State == ImportState.Ready))
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.State, ImportState.Cancelled), ct);
        // Piece by piece: millions of rows at once would outlast the statement's time, and begin anew the next hour.
        foreach (var id in await old.Where(i => db.ImportRows.Any(r => r.ImportId == i.Id) || db.ImportChunks.Any(c => c.ImportId == i.Id)).Select(i => i.Id).ToListAsync(ct))
        {
            int gone;
            do
                gone = await db.ImportRows.Where(r => r.ImportId == id).OrderBy(r => r.Position).Take(RowsAtOnce).ExecuteDeleteAsync(ct);
            while (gone > 0);
            await db.ImportChunks.Where(c => c.ImportId == id).ExecuteDeleteAsync(ct);
        }
    }

    /// <summary>How far the step under way is, asked by a connection of its own: bytes read and figures done.</summary>
    public async Task<(long Bytes, int Rows)> ProgressAsync(int importId, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select bytes_done, rows_done from imports where id = $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = importId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetInt64(0), row.GetInt32(1)) : (0, 0);
    }

    /// <summary>Does the step an import waits for, unless another process is at it.</summary>
    public async Task RunAsync(int importId, CancellationToken ct)
    {
        if (await ImportWatch.TryStartAsync(source, importId, ct) is not { } watch)
            return;
        await using (watch)
        {
            db.ChangeTracker.Clear();
            db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
            var import = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == importId, ct);
            if (!import.IsUnderWay)
                return;
            _now = clock.GetUtcNow();
            var ended = import.State == ImportState.Reading ? ImportState.Cancelled : ImportState.Ready;
            if (import.CancelAsked)
            {
                await EndAsync(import, ended, ct);
                return;
            }

            var (begun, outcome) = (clock.GetTimestamp(), "broken-off");
            try
            {
                outcome = await BeginAsync(import, watch.Stop) ? await StepAsync(import, watch) : "given-up";
            }
            catch (Exception error) when (watch.Cancelled && Means(error, watch.Stop))
            {
                outcome = "cancelled";
                db.ChangeTracker.Clear();
                await EndAsync(import, ended, CancellationToken.None);
            }
            catch (Exception error) when (IsOutOfRoom(error))
            {
                outcome = "out-of-room";
                await NoteOutOfRoomAsync(import);
                throw;
            }
            finally
            {
                PlanMeter.ImportStep(Kebab.Of(import.State), outcome, watch.Rows, clock.GetElapsedTime(begun));
            }
        }
    }

    private static bool IsOutOfRoom(Exception error) => PlanDatabase.IsFull(error) || TemporaryFile.IsFull(error);

    /// <summary>Says it on the import's page, if there is still room for so much.</summary>
    private async Task NoteOutOfRoomAsync(Import import)
    {
        try
        {
            await db.Imports.Where(i => i.Id == import.Id)
                .ExecuteUpdateAsync(i => i.SetProperty(x => x.InterruptedAt, clock.GetUtcNow()).SetProperty(x => x.OutOfRoom, true), CancellationToken.None);
        }
        catch (Exception error) when (IsOutOfRoom(error) || PlanDatabase.IsAway(error))
        {
            // What the step failed with is in the log.
        }
    }

    private static bool Means(Exception error, CancellationToken stop) =>
        error is OperationCanceledException || (stop.IsCancellationRequested && error is NpgsqlException or InvalidOperationException or DbUpdateException);

    /// <returns>How it went.</returns>
    private Task<string> StepAsync(Import import, ImportWatch watch) => import.State switch
    {
        ImportState.Reading => ReadAsync(import, watch),
        ImportState.Applying => ApplyAsync(import, watch),
        _ => RevertAsync(import, watch),
    };

    /// <summary>Notes that the step is begun, and, if it was before, that it was broken off.</summary>
    /// <returns>Whether to go on: what is broken off again and again is given up.</returns>
    private async Task<bool> BeginAsync(Import import, CancellationToken ct)
    {
        DateTimeOffset? interruptedAt = import is { Attempts: > 0, OutOfRoom: false } ? _now : import.InterruptedAt;
        var goesOn = import.Attempts < MostAttempts;
        // Another try may be broken off for another reason.
        await db.Imports.Where(i => i.Id == import.Id).ExecuteUpdateAsync(
            i => i.SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.InterruptedAt, interruptedAt).SetProperty(x => x.OutOfRoom, x => x.OutOfRoom && !goesOn), ct);
        if (goesOn)
            return true;
        if (import.State == ImportState.Reading)
            await RefuseAsync(import, new FileRefusedException(FileFaultKind.GivenUp), ct);
        else
            await EndAsync(import, import.State == ImportState.Applying ? ImportState.Ready : ImportState.Applied, ct);
        return false;
    }

    private async Task<string> ReadAsync(Import import, ImportWatch watch)
    {
        try
        {
            await using var file = await store.OpenAsync(import.Id, watch.Stop);
            var counts = await new ChangeSetMaker(db, source, clock).MakeAsync(import, file, watch);
            await db.Imports.Where(i => i.Id == import.Id).ExecuteUpdateAsync(i => i
                .SetProperty(x => x.State, ImportState.Ready)
                .SetProperty(x => x.TimesRead, x => x.TimesRead + 1)
                .SetProperty(x => x.Rows, counts.Rows)
                .SetProperty(x => x.New, counts.New)
                .SetProperty(x => x.Changed, counts.Changed)
                .SetProperty(x => x.Same, counts.Same)
                .SetProperty(x => x.Blank, counts.Blank)
                .SetProperty(x => x.Errors, counts.Errors)
                .SetProperty(x => x.Questioned, counts.Questioned)
                .SetProperty(x => x.Unexplained, counts.Unexplained), watch.Stop);
            return Done;
        }
        catch (FileRefusedException refused)
        {
            await RefuseAsync(import, refused, watch.Stop);
            return "refused";
        }
    }

    private Task RefuseAsync(Import import, FileRefusedException refused, CancellationToken ct) =>
        db.Imports.Where(i => i.Id == import.Id).ExecuteUpdateAsync(i => i
            .SetProperty(x => x.State, ImportState.Refused)
            .SetProperty(x => x.Fault, refused.Kind)
            .SetProperty(x => x.FaultLine, refused.Line)
            .SetProperty(x => x.FaultColumn, refused.Column)
            .SetProperty(x => x.FaultDetail, refused.Detail is { Length: > ImportRow.TypedLength } detail ? detail[..ImportRow.TypedLength] : refused.Detail), ct);

    private async Task<string> ApplyAsync(Import import, ImportWatch watch)
    {
        var ct = watch.Stop;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var series = await db.SeriesOfImportAsync(import, ct);
        await db.LockAsync(series, ct);
        if (!await StillHoldsAsync(import, series, ct))
        {
            await transaction.RollbackAsync(ct);
            await EndAsync(import, ImportState.Reading, ct, overtaken: true);
            return "overtaken";
        }

        var reviewer = import.AppliedById == import.PersonId ? null : import.AppliedById;
        var last = await db.ImportRows.Where(r => r.ImportId == import.Id).MaxAsync(r => r.Position, ct);
        var written = 0;
        for (var from = 0; from < last; from += RowsAtOnce)
        {
            written += await db.RunAsync("apply-import", ct, import.Id, from, from + RowsAtOnce, import.PersonId, _now, reviewer, DateOnly.FromDateTime(_now.UtcDateTime),
                import.Source, import.Explanation);
            watch.Rows = written;
        }

        if (reviewer is not null)
            await db.RejudgeManyAsync(import.PlanId, series, ct);
        db.AuditEvents.Add(Event("import.applied", import.AppliedById, import, new { figures = written, approved = reviewer is not null, sha256 = Convert.ToHexStringLower(import.Sha256) }));
        await db.SaveChangesAsync(ct);
        await db.Imports.Where(i => i.Id == import.Id)
            .ExecuteUpdateAsync(i => i.SetProperty(x => x.State, ImportState.Applied).SetProperty(x => x.AppliedAt, _now), ct);
        await transaction.CommitAsync(ct);
        if (written > RowsAtOnce)
            await db.Database.ExecuteSqlAsync($"analyze readings, reading_revisions, standings", CancellationToken.None);
        return Done;
    }

    /// <summary>Whether the change set still says what it would do: no cell has moved, and its author may still write to all of them.</summary>
    private async Task<bool> StillHoldsAsync(Import import, List<Series> series, CancellationToken ct)
    {
        if (await db.RunAsync("import-moved", ct, import.Id) > 0 || !await store.ReachesAsync(import, import.PersonId, ct))
            return false;
        var periods = await db.ImportRows.Where(r => r.ImportId == import.Id && (r.Verdict == RowVerdict.New || r.Verdict == RowVerdict.Changed))
            .Select(r => r.Period!.Value).Distinct().ToListAsync(ct);
        var locked = await db.LockedCellsAsync(
            [.. series.Select(s => s.IndicatorId).Distinct()], [.. series.Select(s => s.RegionId).Distinct()], periods, import.PersonId, _now, ct);
        if (locked.Count == 0)
            return true;
        // Few rounds lock at all; where one does, the rows say whether it is theirs.
        var keys = locked.Select(l => new CellKey(l.IndicatorId, l.RegionId, l.Period)).ToHashSet();
        await foreach (var row in db.ImportRows.AsNoTracking().Where(r => r.ImportId == import.Id && (r.Verdict == RowVerdict.New || r.Verdict == RowVerdict.Changed))
            .Select(r => new { r.IndicatorId, r.RegionId, r.Period }).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (keys.Contains(new CellKey(row.IndicatorId!.Value, row.RegionId!.Value, row.Period!.Value)))
                return false;
        }

        return true;
    }

    private async Task<string> RevertAsync(Import import, ImportWatch watch)
    {
        var ct = watch.Stop;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var series = await db.SeriesOfImportAsync(import, ct);
        await db.LockAsync(series, ct);
        // A reviewer may have been quicker.
        if (import.RevertedById == import.PersonId && await db.HasApprovedAsync(import, ct))
        {
            await transaction.RollbackAsync(ct);
            await EndAsync(import, ImportState.Applied, ct, overtaken: true);
            return "overtaken";
        }

        var all = await db.Revisions.CountAsync(v => v.ImportId == import.Id, ct);
        var taken = await db.RunAsync("revert-import", ct, import.Id, DateOnly.FromDateTime(_now.UtcDateTime));
        await db.RejudgeManyAsync(import.PlanId, series, ct);
        db.AuditEvents.Add(Event("import.reverted", import.RevertedById, import, new { figures = taken, kept = all - taken, reason = import.RevertReason }));
        await db.SaveChangesAsync(ct);
        await db.Imports.Where(i => i.Id == import.Id).ExecuteUpdateAsync(
            i => i.SetProperty(x => x.State, ImportState.Reverted).SetProperty(x => x.RevertedAt, _now).SetProperty(x => x.Kept, all - taken), ct);
        await transaction.CommitAsync(ct);
        watch.Rows = taken;
        return Done;
    }

    private Task EndAsync(Import import, ImportState state, CancellationToken ct, bool overtaken = false) =>
        db.Imports.Where(i => i.Id == import.Id).ExecuteUpdateAsync(i => i
            .SetProperty(x => x.State, state)
            .SetProperty(x => x.CancelAsked, false)
            .SetProperty(x => x.AppliedById, x => state == ImportState.Applied ? x.AppliedById : null)
            .SetProperty(x => x.Attempts, 0)
            .SetProperty(x => x.BytesDone, 0L)
            .SetProperty(x => x.RowsDone, 0)
            .SetProperty(x => x.Overtaken, overtaken), ct);

    private AuditEvent Event(string action, Guid? actorId, Import import, object detail) => new()
    {
        At = _now,
        ActorId = actorId,
        Action = action,
        Subject = FormattableString.Invariant($"import/{import.Id}"),
        Detail = JsonSerializer.Serialize(detail),
    };
}
