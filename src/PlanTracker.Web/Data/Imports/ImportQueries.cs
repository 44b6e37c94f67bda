using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data.Imports;

internal static class ImportQueries
{
    /// <summary>The series that an import writes to: those of its rows, or, once these are put away, of its revisions.</summary>
    public static async Task<List<Series>> SeriesOfImportAsync(this PlanDbContext db, Import import, CancellationToken ct)
    {
        var written = import.State is ImportState.Applied or ImportState.Reverting or ImportState.Reverted;
        return written
            ? await db.Revisions.Where(v => v.ImportId == import.Id).Select(v => new { v.Reading!.IndicatorId, v.Reading.RegionId }).Distinct()
                .Select(s => new Series(s.IndicatorId, s.RegionId)).ToListAsync(ct)
            : await db.ImportRows.Where(r => r.ImportId == import.Id && (r.Verdict == RowVerdict.New || r.Verdict == RowVerdict.Changed))
                .Select(r => new { r.IndicatorId, r.RegionId }).Distinct()
                .Select(s => new Series(s.IndicatorId!.Value, s.RegionId!.Value)).ToListAsync(ct);
    }

    /// <summary>Whether a figure of an import is approved: then its author alone does not take it back.</summary>
    public static Task<bool> HasApprovedAsync(this PlanDbContext db, Import import, CancellationToken ct) =>
        db.Revisions.AnyAsync(v => v.ImportId == import.Id && v.State == RevisionState.Approved, ct);

    /// <summary>Judges series anew, one by one or, where they are many, the plan as a whole.</summary>
    public static async Task RejudgeManyAsync(this PlanDbContext db, int planId, IReadOnlyCollection<Series> series, CancellationToken ct)
    {
        if (series.Count > Standings.MostSeriesLocks)
            await db.RejudgePlanAsync(planId, ct);
        else
            await db.RejudgeAsync(series, ct);
    }

    /// <summary>Runs an embedded statement that answers with a number, in the transaction of the context.</summary>
    public static async Task<int> RunAsync(this PlanDbContext db, string statement, CancellationToken ct, params object?[] parameters)
    {
        await db.Database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(EmbeddedSql.Read(statement), (NpgsqlConnection)db.Database.GetDbConnection()) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
