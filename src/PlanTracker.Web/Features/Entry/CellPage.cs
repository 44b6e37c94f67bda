using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

/// <summary>One cell in full: what stands, what is under way, every revision, and what was remarked.</summary>
public sealed record CellPage
{
    public required Indicator Indicator { get; init; }

    public required GridRegion Region { get; init; }

    public required GridCell Cell { get; init; }

    public Period Period => Cell.Period;

    public CellKey Key => new(Indicator.Id, Region.Id, Period);

    /// <summary>The latest figure before it.</summary>
    public required Observation? Before { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<RevisionLine> Revisions { get; init; }

    /// <summary>What is under way, else what is approved; taking it as a draft would change nothing.</summary>
    public RevisionLine? Stands =>
        Revisions.FirstOrDefault(r => r.State is RevisionState.Submitted or RevisionState.Returned) ?? Revisions.FirstOrDefault(r => r.State == RevisionState.Approved);

    /// <summary>Earliest first.</summary>
    public required IReadOnlyList<CommentLine> Comments { get; init; }

    /// <summary>May enter figures here; who only reviews may not.</summary>
    public required bool Enters { get; init; }

    /// <summary>The revision that waits for review is the person's own.</summary>
    public required bool OwnWaiting { get; init; }

    public required string Reporter { get; init; }

    public CellForm? Form { get; init; }

    public Guid RequestId { get; init; } = Guid.NewGuid();

    public IReadOnlyList<SubmissionFault> Faults { get; init; } = [];

    public CommentFault? CommentFault { get; init; }

    public string? Comment { get; init; }

    /// <summary>What waits was no longer to be taken back.</summary>
    public bool Late { get; init; }
}

public sealed record RevisionLine
{
    public required long Id { get; init; }

    public required int Number { get; init; }

    public required decimal? Value { get; init; }

    public required ObservationStatus Status { get; init; }

    public required RevisionState State { get; init; }

    public required string Source { get; init; }

    public required string? Note { get; init; }

    public required string? Questions { get; init; }

    public required string? Explanation { get; init; }

    public required string? Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string? Reviewer { get; init; }

    public required DateTimeOffset? ReviewedAt { get; init; }

    public required string? Reason { get; init; }
}

public sealed record CommentLine(string Text, string Author, DateTimeOffset At);

/// <summary>The form of one cell as it comes back.</summary>
public sealed record CellForm
{
    public string? Value { get; init; }

    public ObservationStatus Kind { get; init; }

    public string? Note { get; init; }

    public string? Source { get; init; }

    public string? Explanation { get; init; }

    public int BasedOn { get; init; }

    public int Draft { get; init; }

    public Guid RequestId { get; init; }

    public string? Decision { get; init; }

    public TypedCell ToCell(CellKey key) => new(key, Value?.Trim() ?? "")
    {
        Status = Kind,
        Note = Note ?? "",
        Source = Source ?? "",
        Explanation = Explanation ?? "",
        BasedOn = BasedOn,
        Draft = Draft,
    };
}

public static class CellQueries
{
    /// <summary>The cell, if it lies in the person's scope; nothing otherwise.</summary>
    public static async Task<CellPage?> CellPageAsync(
        this PlanDbContext db, CurrentPlan plan, string indicatorCode, string regionCode, Period period, Guid personId, bool enters, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.PlaceAsync(plan, indicatorCode, regionCode, personId, ct) is not { } place)
            return null;

        var cells = await db.CellsAsync([place], [period], personId, now, ct);
        var history = (await db.SeriesHistoriesAsync([place.Indicator.Id], [place.Region.Id], period, period, ct)).GetValueOrDefault(place.Series, SeriesHistory.None);
        var readings = db.Readings.Where(r => r.IndicatorId == place.Indicator.Id && r.RegionId == place.Region.Id && r.Period == period);
        var revisions = await db.Revisions.Where(r => readings.Any(x => x.Id == r.ReadingId)).OrderByDescending(r => r.Number)
            .Select(r => new
            {
                r.AuthorId,
                Line = new RevisionLine
                {
                    Id = r.Id,
                    Number = r.Number,
                    Value = r.Value,
                    Status = r.Status,
                    State = r.State,
                    Source = r.Source,
                    Note = r.Note,
                    Questions = r.Questions,
                    Explanation = r.Explanation,
                    Author = r.Author!.DisplayName,
                    CreatedAt = r.CreatedAt,
                    Reviewer = r.Reviewer!.DisplayName,
                    ReviewedAt = r.ReviewedAt,
                    Reason = r.Reason,
                },
            }).ToListAsync(ct);
        var comments = await db.Comments.Where(c => readings.Any(x => x.Id == c.ReadingId)).OrderBy(c => c.Id)
            .Select(c => new CommentLine(c.Text, c.Author!.DisplayName, c.At)).ToListAsync(ct);
        return new CellPage
        {
            Indicator = place.Indicator,
            Region = GridQueries.RegionOf(place.Region),
            Cell = cells.GetValueOrDefault(new CellKey(place.Indicator.Id, place.Region.Id, period)) ?? new GridCell { Period = period },
            Before = history.Before(period),
            Revisions = [.. revisions.Select(r => r.Line)],
            Comments = comments,
            Enters = enters,
            OwnWaiting = revisions.Exists(r => r.Line.State == RevisionState.Submitted && r.AuthorId == personId),
            Reporter = await db.Users.Where(u => u.Id == personId).Select(u => u.DisplayName).SingleAsync(ct),
        };
    }
}
