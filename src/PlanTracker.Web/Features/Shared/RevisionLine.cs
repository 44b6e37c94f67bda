using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A statement of a value that counts or counted.</summary>
public sealed record RevisionLine(
    Period Period, DateOnly PeriodEnd, int Number, decimal? Value, ObservationStatus Status, Quality Quality, string Source, string? Note,
    RevisionState State, string? Author, string? Reviewer, DateTimeOffset CreatedAt, DateTimeOffset? ReviewedAt, DateOnly KnownOn);

public static class RevisionLineQueries
{
    /// <summary>Every statement that came to count about these readings by a day, the latest period and the one that counts first.</summary>
    public static async Task<List<RevisionLine>> RevisionLinesAsync(this PlanDbContext db, IQueryable<Reading> readings, DateOnly? asOf, CancellationToken ct)
    {
        var lines = await db.Revisions
            .Where(v => readings.Any(r => r.Id == v.ReadingId) && v.KnownOn != null && (asOf == null || v.KnownOn <= asOf))
            .Select(v => new RevisionLine(
                v.Reading!.Period, v.Reading.PeriodEnd, v.Number, v.Value, v.Status, v.Quality, v.Source, v.Note,
                v.KnownUntil != null && (asOf == null || v.KnownUntil <= asOf) ? RevisionState.Reverted : RevisionState.Superseded,
                v.Author!.DisplayName, v.Reviewer!.DisplayName, v.CreatedAt, v.ReviewedAt, v.KnownOn!.Value))
            .ToListAsync(ct);
        // On a past day what is superseded now may have been the approved one: the last that was not taken back by then.
        return [.. lines.GroupBy(l => l.Period).OrderByDescending(p => p.Key).SelectMany(p =>
        {
            var latest = p.OrderByDescending(l => l.ReviewedAt ?? l.CreatedAt).ThenByDescending(l => l.Number).ToList();
            var stands = latest.FindIndex(l => l.State != RevisionState.Reverted);
            return latest.Select((l, i) => i == stands ? l with { State = RevisionState.Approved } : l);
        })];
    }
}
