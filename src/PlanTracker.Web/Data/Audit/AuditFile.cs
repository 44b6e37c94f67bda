using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data.Exports;
using PlanTracker.Data.Files;

namespace PlanTracker.Data.Audit;

/// <summary>
/// Audit events as CSV, in the order of the chain. Each row holds all that its hash is made of, and the hash before it, so that anybody can
/// compute it again (<c>docs/audit.md</c>).
/// </summary>
public static class AuditFile
{
    public static readonly IReadOnlyList<string> Columns =
        ["id", "at", "epoch", "actor_id", "sign_in_name", "display_name", "action", "subject", "detail", "previous_hash", "hash"];

    /// <summary>Writes the events that were chosen from <see cref="PlanDbContext.AuditEvents"/>.</summary>
    /// <param name="db">The database.</param>
    /// <param name="events">Which of them.</param>
    /// <param name="forSpreadsheet">With a byte order mark, and no text that a spreadsheet would run: no longer byte for byte what was hashed.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<ExportedFile> WriteAsync(PlanDbContext db, IQueryable<AuditEvent> events, bool forSpreadsheet, CancellationToken ct)
    {
        var content = TemporaryFile.Create();
        try
        {
            await using var digested = new DigestedStream(content);
            var rows = await WriteAsync(db, events, digested, forSpreadsheet, ct);
            content.Position = 0;
            return new ExportedFile(content, rows, digested.Sha256());
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private static async Task<long> WriteAsync(PlanDbContext db, IQueryable<AuditEvent> events, DigestedStream stream, bool forSpreadsheet, CancellationToken ct)
    {
        var rows = 0L;
        using var csv = new CsvFileWriter(stream, forSpreadsheet);
        csv.Heading(Columns);
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await foreach (var row in Rows(db, events).AsAsyncEnumerable().WithCancellation(ct))
        {
            csv.Number(row.Event.Id);
            csv.Text(row.Event.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            csv.Text(Epoch(row.Event.At));
            csv.Text(row.Event.ActorId?.ToString() ?? "");
            csv.Text(row.SignInName ?? "");
            csv.Text(row.DisplayName ?? "");
            csv.Text(row.Event.Action);
            csv.Text(row.Event.Subject);
            csv.Text(row.Event.Detail);
            csv.Text(row.Previous is null ? "" : Convert.ToHexStringLower(row.Previous));
            csv.Text(row.Event.Hash is null ? "" : Convert.ToHexStringLower(row.Event.Hash));
            csv.EndRow();
            rows++;
        }

        return rows;
    }

    private static IQueryable<Row> Rows(PlanDbContext db, IQueryable<AuditEvent> events) =>
        from audit in events.AsNoTracking()
        join person in db.Users on audit.ActorId equals (Guid?)person.Id into people
        from person in people.DefaultIfEmpty()
        orderby audit.Id
        select new Row(
            audit, person!.UserName, person.DisplayName,
            db.AuditEvents.Where(e => e.Id < audit.Id).OrderByDescending(e => e.Id).Select(e => e.Hash).FirstOrDefault());

    /// <summary>Seconds since 1970 with six decimals, as PostgreSQL writes them into the hash.</summary>
    private static string Epoch(DateTimeOffset at)
    {
        var microseconds = (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return (microseconds / 1_000_000m).ToString("0.000000", CultureInfo.InvariantCulture);
    }

    private sealed record Row(AuditEvent Event, string? SignInName, string? DisplayName, byte[]? Previous);
}
