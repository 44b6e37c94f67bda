using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>How a figure came to be.</summary>
public enum Quality
{
    Published,
    PlanBaseline,

    /// <summary>Published, known here from a quotation.</summary>
    Quoted,

    /// <summary>Follows from other published figures.</summary>
    Implied,

    /// <summary>Computed from other series.</summary>
    Derived,

    /// <summary>The source gives a bound ("more than").</summary>
    Bound,

    /// <summary>The source says "about".</summary>
    About,

    /// <summary>Contradicts another source.</summary>
    Conflicting,

    /// <summary>Stated in a report's text.</summary>
    Stated,

    /// <summary>Reported by the responsible office through PlanTracker.</summary>
    Reported,
}

public enum RevisionState
{
    Submitted,
    Returned,
    Approved,

    /// <summary>Was approved until a later revision was.</summary>
    Superseded,

    /// <summary>Was under way until its author, or another, submitted a newer one.</summary>
    Replaced,

    /// <summary>Taken back by its author before it was reviewed.</summary>
    Withdrawn,

    /// <summary>Was approved until the import it came with was taken back.</summary>
    Reverted,
}

/// <summary>One statement of a value. What was said, by whom and when never changes; only its state does.</summary>
public sealed class ReadingRevision
{
    public const int SourceLength = 1000;
    public const int NoteLength = 1000;
    public const int ReasonLength = 1000;

    public long Id { get; init; }

    public long ReadingId { get; init; }

    public Reading? Reading { get; init; }

    /// <summary>Order within the reading, from 1.</summary>
    public int Number { get; init; }

    public decimal? Value { get; init; }

    public ObservationStatus Status { get; init; }

    public Quality Quality { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    /// <summary>What was questioned when it was submitted: names of <see cref="Warning"/>, separated by blanks.</summary>
    public string? Questions { get; init; }

    /// <summary>Why its author says it is right although it is questioned.</summary>
    public string? Explanation { get; init; }

    /// <summary>When its source published it, where the source says so.</summary>
    public DateOnly? PublishedOn { get; init; }

    /// <summary>
    /// The day from which it counts in a view of the past: the day it was approved, or, for what came with the first load of a plan, the day its
    /// source published it. Empty until it is approved.
    /// </summary>
    public DateOnly? KnownOn { get; set; }

    /// <summary>The day from which it no longer counts, because the import it came with was taken back; empty: it counts on.</summary>
    public DateOnly? KnownUntil { get; set; }

    /// <summary>The import it came with; empty for what was typed, sent by a program, or came with the plan package.</summary>
    public int? ImportId { get; init; }

    public Import? Import { get; init; }

    /// <summary>Empty for what came with the plan package.</summary>
    public Guid? AuthorId { get; init; }

    public Person? Author { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Made by the form or the client before it sent: the same request arriving twice has no second effect.</summary>
    public Guid? RequestId { get; init; }

    public RevisionState State { get; set; }

    public Guid? ReviewerId { get; set; }

    public Person? Reviewer { get; set; }

    public DateTimeOffset? ReviewedAt { get; set; }

    public string? Reason { get; set; }
}

internal sealed class ReadingRevisionMapping : IEntityTypeConfiguration<ReadingRevision>
{
    public void Configure(EntityTypeBuilder<ReadingRevision> revision)
    {
        revision.Property(r => r.Source).HasMaxLength(ReadingRevision.SourceLength);
        revision.Property(r => r.Note).HasMaxLength(ReadingRevision.NoteLength);
        revision.Property(r => r.Questions).HasMaxLength(100);
        revision.Property(r => r.Explanation).HasMaxLength(ReadingRevision.ReasonLength);
        revision.Property(r => r.Reason).HasMaxLength(ReadingRevision.ReasonLength);
        revision.HasOne(r => r.Reading).WithMany().HasForeignKey(r => r.ReadingId);
        revision.HasOne(r => r.Author).WithMany().HasForeignKey(r => r.AuthorId);
        revision.HasOne(r => r.Import).WithMany().HasForeignKey(r => r.ImportId);
        revision.HasOne(r => r.Reviewer).WithMany().HasForeignKey(r => r.ReviewerId);
        revision.HasIndex(r => new { r.ReadingId, r.Number }).IsUnique();
        revision.HasIndex(r => new { r.RequestId, r.ReadingId }).IsUnique().HasFilter("request_id is not null");
        revision.HasIndex(r => r.KnownOn).HasFilter("known_on is not null");
        revision.HasIndex(r => r.KnownUntil).HasFilter("known_until is not null");
        revision.HasIndex(r => r.ImportId).HasFilter("import_id is not null");
        revision.HasIndex(r => r.AuthorId).HasFilter("state in ('submitted', 'returned')");
        revision.ToTable(t => t.HasCheckConstraint("ck_reading_revisions_own_approval", "reviewer_id is null or reviewer_id <> author_id"));
        revision.ToTable(t => t.HasCheckConstraint("ck_reading_revisions_value", "(value is null) = (status in ('L', 'M', 'O', 'Q'))"));
        revision.ToTable(t => t.HasCheckConstraint("ck_reading_revisions_known", "(known_on is null) = (state not in ('approved', 'superseded', 'reverted'))"));
        revision.ToTable(t => t.HasCheckConstraint("ck_reading_revisions_until", "(known_until is null) = (state <> 'reverted') and known_until >= known_on"));
    }
}
