using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data.Files;

namespace PlanTracker.Data.Imports;

/// <summary>
/// What people do with an import: bring a file, say what its columns mean, apply, approve, return, cancel, take back. What takes long is entered here
/// and done by <see cref="ImportRunner"/>.
/// </summary>
public sealed class ImportStore(PlanDbContext db, TimeProvider clock)
{
    /// <summary>So many of a person's last imports are remembered by the columns of their files.</summary>
    private const int Remembered = 50;

    /// <summary>Keeps a file whose shape is known, with the columns as the person last understood such a file, or as their names say.</summary>
    public async Task<Import> ReceiveAsync(int planId, Guid personId, string fileName, Stream file, TableShape shape, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(file);
        var digest = await SHA256.HashDataAsync(file, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = new Import
        {
            PlanId = planId,
            PersonId = personId,
            CreatedAt = clock.GetUtcNow(),
            FileName = NameOf(fileName),
            Size = file.Length,
            Sha256 = digest,
            Format = shape.Format,
            Encoding = shape.Encoding,
            Separator = shape.Separator,
            Sheet = shape.Sheet,
            Header = [.. shape.Header],
        };
        await ProposeAsync(import, ct);
        db.Imports.Add(import);
        await db.SaveChangesAsync(ct);
        await KeepAsync(import.Id, file, ct);
        db.AuditEvents.Add(Event("import.received", personId, import, new { import.FileName, import.Size, sha256 = Convert.ToHexStringLower(digest) }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return import;
    }

    /// <summary>The kept file, read to its end once it is opened, in a temporary file that goes when it is closed.</summary>
    public async Task<FileStream> OpenAsync(int importId, CancellationToken ct)
    {
        var file = TemporaryFile.Create();
        try
        {
            await foreach (var chunk in db.ImportChunks.AsNoTracking().Where(c => c.ImportId == importId).OrderBy(c => c.Number).Select(c => c.Content).AsAsyncEnumerable().WithCancellation(ct))
                await file.WriteAsync(chunk, ct);
            await file.FlushAsync(ct);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks at the kept file with another encoding, separator or worksheet.</summary>
    /// <exception cref="FileRefusedException">So it is no table.</exception>
    public async Task<ImportFault?> ReshapeAsync(int importId, FileEncoding? encoding, Separator? separator, string? sheet, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.State is not (ImportState.Received or ImportState.Ready))
            return ImportFault.Overtaken;
        await using var file = await OpenAsync(importId, ct);
        var shape = TableShape.Of(file, import.Format == FileFormat.Text ? encoding : null, import.Format == FileFormat.Text ? separator : null, import.Format == FileFormat.Text ? null : sheet);
        (import.Encoding, import.Separator, import.Sheet, import.Header) = (shape.Encoding, shape.Separator, shape.Sheet, [.. shape.Header]);
        import.State = ImportState.Received;
        await ProposeAsync(import, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Takes what the columns mean, and has the file read.</summary>
    /// <returns>What is wrong with it; nothing when it was taken.</returns>
    public async Task<ColumnFault?> ReadAsync(int importId, ColumnPlan plan, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.State is not (ImportState.Received or ImportState.Ready) || plan.Columns.Count != import.Header.Length)
            return ColumnFault.Overtaken;
        if (plan.Fault(import.Header, await PlanNames.OfAsync(db, import.PlanId, ct)) is { } fault)
            return fault;
        import.Columns = [.. plan.Columns];
        (import.Indicator, import.Region, import.Period, import.Source) =
            (ColumnPlan.Kept(plan.Indicator), ColumnPlan.Kept(plan.Region), ColumnPlan.Kept(plan.Period), ColumnPlan.Kept(plan.Source));
        Begin(import, ImportState.Reading);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Has the change set applied: submitted for review where its author says so, approved in the same step where a reviewer does.</summary>
    /// <param name="importId">Which.</param>
    /// <param name="personId">Who says so.</param>
    /// <param name="timesRead"><see cref="Import.TimesRead"/> when the person looked at the change set.</param>
    /// <param name="explanation">Why questioned figures are right.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ImportFault?> ApplyAsync(int importId, Guid personId, int timesRead, string? explanation, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.State is ImportState.Applying or ImportState.Applied && import.AppliedById == personId)
        {
            await transaction.ConfirmAsync(db, ct);
            return null;
        }

        if (import.State != ImportState.Ready)
            return ImportFault.Overtaken;
        if (import.TimesRead != timesRead)
            return ImportFault.ReadAnew;
        if (import.Errors > 0)
            return ImportFault.HasErrors;
        if (!import.CanBeApplied)
            return ImportFault.NothingToApply;
        if (TextFault(explanation, ImportFault.ExplanationTooLong) is { } unkept)
            return unkept;
        var kept = ColumnPlan.Kept(explanation);
        if (import.Unexplained > 0 && kept is null)
            return ImportFault.ExplanationMissing;
        if (import.PersonId != personId && !await ReachesAsync(import, personId, ct))
            return ImportFault.OutOfScope;
        import.Explanation = kept;
        import.AppliedById = personId;
        Begin(import, ImportState.Applying);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Asks for the end of what is under way, or puts away what was not applied.</summary>
    public async Task<ImportFault?> CancelAsync(int importId, Guid personId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        var action = "import.cancelled";
        switch (import.State)
        {
            case ImportState.Received or ImportState.Ready:
                import.State = ImportState.Cancelled;
                break;
            case ImportState.Reading or ImportState.Applying when !import.CancelAsked:
                (import.CancelAsked, action) = (true, "import.broken-off");
                break;
            case ImportState.Cancelled or ImportState.Reading or ImportState.Applying:
                await transaction.ConfirmAsync(db, ct);
                return null;
            default:
                return ImportFault.Overtaken;
        }

        db.AuditEvents.Add(Event(action, personId, import, new { }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Puts a corrected file in the place of one that was not applied.</summary>
    public async Task ReplaceAsync(int importId, int byId, Guid personId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.State is ImportState.Received or ImportState.Ready)
        {
            (import.State, import.ReplacedById) = (ImportState.Replaced, byId);
            db.AuditEvents.Add(Event("import.replaced", personId, import, new { import = byId }));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Has what an import brought taken back; cells that have been changed since stay as they are.</summary>
    public async Task<ImportFault?> RevertAsync(int importId, Guid personId, bool isReviewer, string? reason, CancellationToken ct)
    {
        var kept = ColumnPlan.Kept(reason);
        if (kept is null)
            return ImportFault.ReasonMissing;
        if (TextFault(kept, ImportFault.ReasonTooLong) is { } unkept)
            return unkept;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.State != ImportState.Applied)
            return ImportFault.Overtaken;
        if (await RevertFaultAsync(import, personId, isReviewer, ct) is { } fault)
            return fault;
        (import.RevertedById, import.RevertReason) = (personId, kept);
        Begin(import, ImportState.Reverting);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Approves what waits for review of an import, as a whole.</summary>
    public Task<(ImportFault? Fault, int Reviewed)> ApproveAsync(int importId, Guid reviewerId, CancellationToken ct) =>
        ReviewAsync(importId, reviewerId, reason: null, ct);

    /// <summary>Returns what waits for review of an import, as a whole, with a reason.</summary>
    public async Task<(ImportFault? Fault, int Reviewed)> ReturnAsync(int importId, Guid reviewerId, string? reason, CancellationToken ct)
    {
        var kept = ColumnPlan.Kept(reason);
        if (kept is null)
            return (ImportFault.ReasonMissing, 0);
        return TextFault(kept, ImportFault.ReasonTooLong) is { } unkept ? (unkept, 0) : await ReviewAsync(importId, reviewerId, kept, ct);
    }

    /// <summary>Whether every cell of an import that something is or would be written to lies in a person's scope; not where there is none.</summary>
    public async Task<bool> ReachesAsync(Import import, Guid personId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(import);
        var series = await db.SeriesOfImportAsync(import, ct);
        if (series.Count == 0)
            return false;
        var indicatorIds = series.Select(s => s.IndicatorId).Distinct().ToArray();
        var cells = await db.CellsInScopeAsync(import.PlanId, personId, ct);
        var reach = await cells.Where(c => indicatorIds.Contains(c.Indicator.Id)).Select(c => new Series(c.Indicator.Id, c.Region.Id))
            .AsAsyncEnumerable().ToHashSetAsync(cancellationToken: ct);
        return series.TrueForAll(reach.Contains);
    }

    private async Task<(ImportFault? Fault, int Reviewed)> ReviewAsync(int importId, Guid reviewerId, string? reason, CancellationToken ct)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var import = await LockedAsync(importId, ct);
        if (import.PersonId == reviewerId)
            return (ImportFault.OwnImport, 0);
        if (import.State != ImportState.Applied)
            return (ImportFault.Overtaken, 0);
        var series = await db.SeriesOfImportAsync(import, ct);
        await db.LockAsync(series, ct);
        if (!await ReachesAsync(import, reviewerId, ct))
            return (ImportFault.OutOfScope, 0);
        var now = clock.GetUtcNow();
        var reviewed = reason is null
            ? await db.RunAsync("approve-import", ct, importId, reviewerId, now, DateOnly.FromDateTime(now.UtcDateTime))
            : await db.RunAsync("return-import", ct, importId, reviewerId, now, reason);
        if (reviewed > 0)
        {
            if (reason is null)
                await db.RejudgeManyAsync(import.PlanId, series, ct);
            db.AuditEvents.Add(Event(reason is null ? "import.approved" : "import.returned", reviewerId, import, new { figures = reviewed, reason }));
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return (null, reviewed);
    }

    private async Task<ImportFault?> RevertFaultAsync(Import import, Guid personId, bool isReviewer, CancellationToken ct)
    {
        if (!await ReachesAsync(import, personId, ct))
            return ImportFault.OutOfScope;
        if (isReviewer && import.PersonId != personId)
            return null;
        if (await db.HasApprovedAsync(import, ct))
            return ImportFault.Approved;
        var series = await db.SeriesOfImportAsync(import, ct);
        var periods = await db.Revisions.Where(v => v.ImportId == import.Id).Select(v => v.Reading!.Period).Distinct().ToListAsync(ct);
        var locked = await db.LockedCellsAsync(
            [.. series.Select(s => s.IndicatorId).Distinct()], [.. series.Select(s => s.RegionId).Distinct()], periods, personId, clock.GetUtcNow(), ct);
        if (locked.Count == 0)
            return null;
        var own = await db.Revisions.Where(v => v.ImportId == import.Id).Select(v => new CellKey(v.Reading!.IndicatorId, v.Reading.RegionId, v.Reading.Period))
            .AsAsyncEnumerable().ToHashSetAsync(cancellationToken: ct);
        return locked.Exists(l => own.Contains(new CellKey(l.IndicatorId, l.RegionId, l.Period))) ? ImportFault.PeriodLocked : null;
    }

    private static ImportFault? TextFault(string? text, ImportFault tooLong)
    {
        if (text?.Length > ReadingRevision.ReasonLength)
            return tooLong;
        return SafeText.IsSafe(text) ? null : ImportFault.UnsafeText;
    }

    /// <summary>The import, held against every other step until this transaction ends.</summary>
    private Task<Import> LockedAsync(int importId, CancellationToken ct) =>
        db.Imports.FromSql($"select * from imports where id = {importId} for no key update").AsTracking().SingleAsync(ct);

    private static void Begin(Import import, ImportState state)
    {
        import.State = state;
        (import.BytesDone, import.RowsDone, import.Attempts, import.CancelAsked, import.InterruptedAt, import.OutOfRoom, import.Overtaken)
            = (0, 0, 0, false, null, false, false);
    }

    private async Task ProposeAsync(Import import, CancellationToken ct)
    {
        var remembered = await db.Imports.AsNoTracking().Where(i => i.PlanId == import.PlanId && i.PersonId == import.PersonId && i.Id != import.Id && i.Rows != null)
            .OrderByDescending(i => i.Id).Take(Remembered).ToListAsync(ct);
        if (remembered.Find(i => !i.Header.Except(import.Header, StringComparer.Ordinal).Any()) is not { } before)
        {
            import.Columns = [.. ColumnProposal.Of(import.Header, await PlanNames.OfAsync(db, import.PlanId, ct))];
            return;
        }

        // What has come beside the columns known before, such as that of the problems, was not read then either.
        var uses = before.Header.Zip(before.Columns).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        import.Columns = [.. import.Header.Select(name => uses.GetValueOrDefault(name))];
        (import.Indicator, import.Region, import.Period, import.Source) = (before.Indicator, before.Region, before.Period, before.Source);
    }

    private async Task KeepAsync(int importId, Stream file, CancellationToken ct)
    {
        file.Position = 0;
        var bytes = new byte[Import.ChunkBytes];
        for (int number = 0, read; (read = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct)) > 0; number++)
        {
            var chunk = db.ImportChunks.Add(new ImportChunk { ImportId = importId, Number = number, Content = bytes[..read] });
            await db.SaveChangesAsync(ct);
            chunk.State = EntityState.Detached;
        }
    }

    private static string NameOf(string fileName)
    {
        // Browsers of old sent whole paths.
        var name = fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (name.Length == 0 || !SafeText.IsSafe(name))
            name = "file";
        return name.Length <= Import.FileNameLength ? name : name[^Import.FileNameLength..];
    }

    private AuditEvent Event(string action, Guid actorId, Import import, object detail) => new()
    {
        At = clock.GetUtcNow(),
        ActorId = actorId,
        Action = action,
        Subject = FormattableString.Invariant($"import/{import.Id}"),
        Detail = JsonSerializer.Serialize(detail),
    };
}
