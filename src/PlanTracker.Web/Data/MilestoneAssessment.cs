using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// What somebody reports about a goal in words: how far it is, what was done, and the evidence. Reviewed like a reading; what was said never
/// changes, only its state does.
/// </summary>
public sealed class MilestoneAssessment
{
    public const int StatementLength = 4000;
    public const int EvidenceLength = 2000;
    public const int ReasonLength = 1000;

    public long Id { get; init; }

    public int MilestoneId { get; init; }

    public Milestone? Milestone { get; init; }

    /// <summary>Order within the milestone, from 1.</summary>
    public int Number { get; init; }

    /// <summary>In the vocabulary of the methods; never <see cref="Status.NoJudgement"/>.</summary>
    public Status Status { get; init; }

    /// <summary>What was done and what is open, in the reporter's words.</summary>
    public required string Statement { get; init; }

    /// <summary>Where it can be checked: documents and addresses, one on a line.</summary>
    public required string Evidence { get; init; }

    public Guid AuthorId { get; init; }

    public Person? Author { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Made when the form was shown: the same request arriving twice has no second effect.</summary>
    public Guid RequestId { get; init; }

    public RevisionState State { get; set; }

    public Guid? ReviewerId { get; set; }

    public Person? Reviewer { get; set; }

    public DateTimeOffset? ReviewedAt { get; set; }

    public string? Reason { get; set; }

    /// <summary>The day it was approved; from then on it counts.</summary>
    public DateOnly? KnownOn { get; set; }
}

internal sealed class MilestoneAssessmentMapping : IEntityTypeConfiguration<MilestoneAssessment>
{
    public void Configure(EntityTypeBuilder<MilestoneAssessment> assessment)
    {
        assessment.Property(a => a.Statement).HasMaxLength(MilestoneAssessment.StatementLength);
        assessment.Property(a => a.Evidence).HasMaxLength(MilestoneAssessment.EvidenceLength);
        assessment.Property(a => a.Reason).HasMaxLength(MilestoneAssessment.ReasonLength);
        assessment.HasOne(a => a.Milestone).WithMany().HasForeignKey(a => a.MilestoneId).OnDelete(DeleteBehavior.Restrict);
        assessment.HasOne(a => a.Author).WithMany().HasForeignKey(a => a.AuthorId);
        assessment.HasOne(a => a.Reviewer).WithMany().HasForeignKey(a => a.ReviewerId);
        assessment.HasIndex(a => new { a.MilestoneId, a.Number }).IsUnique();
        assessment.HasIndex(a => a.RequestId).IsUnique();
        assessment.HasIndex(a => a.MilestoneId, "ux_milestone_assessments_one_approved").IsUnique()
            .HasFilter("state = 'approved'").HasDatabaseName("ux_milestone_assessments_one_approved");
        assessment.HasIndex(a => a.MilestoneId, "ux_milestone_assessments_one_pending").IsUnique()
            .HasFilter("state in ('submitted', 'returned')").HasDatabaseName("ux_milestone_assessments_one_pending");
        assessment.ToTable(t => t.HasCheckConstraint("ck_milestone_assessments_own_approval", "reviewer_id is null or reviewer_id <> author_id"));
        assessment.ToTable(t => t.HasCheckConstraint("ck_milestone_assessments_status", "status <> 'no-judgement'"));
        assessment.ToTable(t => t.HasCheckConstraint("ck_milestone_assessments_known", "(known_on is null) = (state not in ('approved', 'superseded'))"));
    }
}
