using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Review;

public sealed record ReviewPage(IReadOnlyList<ReviewLine> Lines, IReadOnlyList<ReportReviewLine> Reports)
{
    public ReviewNotice Notice { get; init; } = new();

    public ReviewForm Form { get; init; } = new();

    public ReviewResult? Fault { get; init; }

    public ReportReviewForm ReportForm { get; init; } = new();

    public ReviewResult? ReportFault { get; init; }
}

/// <summary>Where a reason is typed and the decision made.</summary>
public sealed record ReviewDecision(string ReasonId, string? Reason);

/// <summary>What was just decided, kept in the address after the form.</summary>
public sealed record ReviewNotice
{
    public int? Approved { get; init; }

    public int? Returned { get; init; }

    public int? ApprovedReports { get; init; }

    public int? ReturnedReports { get; init; }
}

public sealed record ReviewForm
{
    public const string Approve = "approve";
    public const string Return = "return";

    public List<long> Revisions { get; init; } = [];

    public string? Reason { get; init; }

    public string? Decision { get; init; }
}

/// <summary>A submitted revision beside what it would replace.</summary>
public sealed record ReviewLine
{
    public required long RevisionId { get; init; }

    public required string IndicatorCode { get; init; }

    public required Bilingual Indicator { get; init; }

    public required Bilingual Unit { get; init; }

    public required string RegionCode { get; init; }

    public required Bilingual Region { get; init; }

    public required Period Period { get; init; }

    public decimal? Value { get; init; }

    public required ObservationStatus Status { get; init; }

    public decimal? ApprovedValue { get; init; }

    /// <summary>The approved value before it, and when that was.</summary>
    public PreviousReading? Previous { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The reviewer's own: for somebody else to decide.</summary>
    public required bool Own { get; init; }
}

public sealed record PreviousReading(decimal Value, Period Period);

public static class ReviewQueries
{
    /// <summary>Submitted revisions in the reviewer's scope, oldest plan order first.</summary>
    public static Task<List<ReviewLine>> ReviewLinesAsync(this PlanDbContext db, CurrentPlan plan, Guid reviewerId, CancellationToken ct) => (
        from reading in db.ReadingsInScope(reviewerId)
        where reading.Indicator!.PlanId == plan.Id && reading.PendingRevision!.State == RevisionState.Submitted
        orderby reading.Indicator!.Position, reading.PeriodEnd, reading.Region!.Position
        select new ReviewLine
        {
            RevisionId = reading.PendingRevisionId!.Value,
            IndicatorCode = reading.Indicator!.Code,
            Indicator = new Bilingual(reading.Indicator!.NameEn, reading.Indicator!.NameZh),
            Unit = new Bilingual(reading.Indicator!.UnitEn ?? "", reading.Indicator!.UnitZh ?? ""),
            RegionCode = reading.Region!.Code,
            Region = new Bilingual(reading.Region!.ShortEn, reading.Region!.ShortZh),
            Period = reading.Period,
            Value = reading.PendingRevision!.Value,
            Status = reading.PendingRevision!.Status,
            ApprovedValue = reading.Value,
            Previous = db.Readings
                .Where(r => r.IndicatorId == reading.IndicatorId && r.RegionId == reading.RegionId && r.Value != null && r.PeriodEnd < reading.PeriodEnd)
                .OrderByDescending(r => r.PeriodEnd).Select(r => new PreviousReading(r.Value!.Value, r.Period)).FirstOrDefault(),
            Source = reading.PendingRevision!.Source,
            Note = reading.PendingRevision!.Note,
            Author = reading.PendingRevision!.Author!.DisplayName,
            CreatedAt = reading.PendingRevision!.CreatedAt,
            Own = reading.PendingRevision!.AuthorId == reviewerId,
        }).ToListAsync(ct);
}
