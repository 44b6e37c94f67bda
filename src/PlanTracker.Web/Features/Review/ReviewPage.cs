using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Review;

public sealed record ReviewPage(IReadOnlyList<ReviewLine> Lines, IReadOnlyList<ReportReviewLine> Reports)
{
    /// <summary>As many lines as one page shows.</summary>
    public const int MostLines = 200;

    /// <summary>As many are decided about by one word; an import of more is approved or returned as a whole on its own page.</summary>
    public const int MostAtOnce = 5000;

    public ReviewFilter Filter { get; init; } = new();

    /// <summary>What the filter can be set to, and how much waits under each.</summary>
    public ReviewFacets Facets { get; init; } = new([], [], []);

    /// <summary>Readings that wait in the reviewer's scope.</summary>
    public int Waiting { get; init; }

    /// <summary>Readings the filter leaves, on this page and beyond.</summary>
    public int Filtered { get; init; }

    /// <summary>Of those, the ones the reviewer may decide about.</summary>
    public int Decidable { get; init; }

    /// <summary>The latest of them: what came after it has not been seen.</summary>
    public long LastSeen { get; init; }

    public int Pages => Math.Max(1, (Filtered + MostLines - 1) / MostLines);

    public ReviewNotice Notice { get; init; } = new();

    public ReviewForm Form { get; init; } = new();

    public ReviewResult? Fault { get; init; }

    public ReportReviewForm ReportForm { get; init; } = new();

    public ReviewResult? ReportFault { get; init; }
}

/// <summary>Which part of the queue is shown; stands in the address.</summary>
public sealed record ReviewFilter
{
    public const string ByRegion = "region";

    /// <summary>Grouped by indicator, or by <c>region</c>.</summary>
    public string? By { get; init; }

    public string? Indicator { get; init; }

    public string? Region { get; init; }

    public string? Period { get; init; }

    public int Page { get; init; } = 1;

    public bool GroupsByRegion => string.Equals(By, ByRegion, StringComparison.Ordinal);
}

public sealed record ReviewFacets(IReadOnlyList<ReviewFacet> Indicators, IReadOnlyList<ReviewFacet> Regions, IReadOnlyList<ReviewFacet> Periods);

public sealed record ReviewFacet(string Code, Bilingual Name, int Count);

/// <summary>Where a reason is typed and the decision made.</summary>
/// <param name="ReasonId">Of the field.</param>
/// <param name="Reason">What was typed.</param>
/// <param name="All">As many as the filter leaves; none where there is no filter.</param>
public sealed record ReviewDecision(string ReasonId, string? Reason, int All = 0);

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

    /// <summary>Everything the filter leaves, on all pages.</summary>
    public const string ApproveAll = "approve-all";
    public const string ReturnAll = "return-all";

    public List<long> Revisions { get; init; } = [];

    public string? Reason { get; init; }

    public string? Decision { get; init; }

    /// <summary>As many as the page said there are.</summary>
    public int Expected { get; init; }

    /// <summary>The latest the page knew of.</summary>
    public long LastSeen { get; init; }

    public bool DecidesAll => Decision is ApproveAll or ReturnAll;

    public bool Approves => Decision is Approve or ApproveAll;
}

/// <summary>A submitted revision beside what it would replace.</summary>
public sealed record ReviewLine
{
    public required long RevisionId { get; init; }

    public required CellKey Key { get; init; }

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

    /// <summary>The revision before this one that did not become the approved value.</summary>
    public EarlierTry? Earlier { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    /// <summary>What was questioned.</summary>
    public string? Questions { get; init; }

    public string? Explanation { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Remarks on the cell.</summary>
    public required int Comments { get; init; }

    /// <summary>The reviewer's own: for somebody else to decide.</summary>
    public required bool Own { get; init; }

    /// <summary>What it would do to the status of its series, by itself.</summary>
    public StatusEffect Effect { get; init; }
}

public sealed record PreviousReading(decimal Value, Period Period);

public sealed record EarlierTry(decimal? Value, ObservationStatus Status, RevisionState State, string? Reason);
