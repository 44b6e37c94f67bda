using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What a report of progress speaks of: a goal in words, or a project item. One of the two is set.</summary>
public readonly record struct ReportSubject(int? MilestoneId, int? ItemId)
{
    public static ReportSubject Goal(int milestoneId) => new(milestoneId, ItemId: null);

    public static ReportSubject Item(int elementId) => new(MilestoneId: null, elementId);
}

/// <summary>
/// What somebody reports about a goal in words or a project item: how far it is, how likely its delivery, what was done, the evidence and the next
/// step. Reviewed like a reading; what was said never changes, only its state does.
/// </summary>
public sealed class ProgressReport
{
    public const int StatementLength = 4000;
    public const int EvidenceLength = 2000;
    public const int NextStepLength = 500;
    public const int ReasonLength = 1000;

    public long Id { get; init; }

    /// <summary>The goal it speaks of; empty where it speaks of an item.</summary>
    public int? MilestoneId { get; init; }

    public Milestone? Milestone { get; init; }

    /// <summary>The project item it speaks of; empty where it speaks of a goal.</summary>
    public int? ItemId { get; init; }

    public PlanElement? Item { get; init; }

    /// <summary>Order within the subject, from 1.</summary>
    public int Number { get; init; }

    /// <summary>How a goal stands against what it asks for, in the vocabulary of the methods; never <see cref="Status.NoJudgement"/>. An item has none.</summary>
    public Status? Status { get; init; }

    /// <summary>Empty only in reports about goals from before stages were asked for.</summary>
    public Stage? Stage { get; init; }

    /// <summary>0 to 100; empty where it makes no sense.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>Empty where nothing is to be delivered any more.</summary>
    public DeliveryConfidence? Confidence { get; init; }

    /// <summary>What was done and what is open, in the reporter's words.</summary>
    public required string Statement { get; init; }

    /// <summary>Where it can be checked: documents and addresses, one on a line.</summary>
    public required string Evidence { get; init; }

    /// <summary>Where it can be checked: files, in the order they were given.</summary>
    public List<ReportFile> Files { get; init; } = [];

    public string? NextStep { get; init; }

    /// <summary>When the next step is to be taken.</summary>
    public DateOnly? NextStepOn { get; init; }

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

    public ReportSubject Subject => new(MilestoneId, ItemId);
}

internal sealed class ProgressReportMapping : IEntityTypeConfiguration<ProgressReport>
{
    public void Configure(EntityTypeBuilder<ProgressReport> report)
    {
        report.Property(r => r.Statement).HasMaxLength(ProgressReport.StatementLength);
        report.Property(r => r.Evidence).HasMaxLength(ProgressReport.EvidenceLength);
        report.Property(r => r.NextStep).HasMaxLength(ProgressReport.NextStepLength);
        report.Property(r => r.Reason).HasMaxLength(ProgressReport.ReasonLength);
        report.Ignore(r => r.Subject);
        report.HasOne(r => r.Milestone).WithMany().HasForeignKey(r => r.MilestoneId).OnDelete(DeleteBehavior.Restrict);
        report.HasOne(r => r.Item).WithMany().HasForeignKey(r => r.ItemId).OnDelete(DeleteBehavior.Restrict);
        report.HasOne(r => r.Author).WithMany().HasForeignKey(r => r.AuthorId);
        report.HasOne(r => r.Reviewer).WithMany().HasForeignKey(r => r.ReviewerId);
        report.HasIndex(r => r.RequestId).IsUnique();
        report.HasIndex(r => new { r.MilestoneId, r.Number }).IsUnique();
        report.HasIndex(r => new { r.ItemId, r.Number }).IsUnique();
        report.HasIndex(r => r.MilestoneId, "ux_progress_reports_one_approved_of_goal").IsUnique()
            .HasFilter("state = 'approved'").HasDatabaseName("ux_progress_reports_one_approved_of_goal");
        report.HasIndex(r => r.MilestoneId, "ux_progress_reports_one_pending_of_goal").IsUnique()
            .HasFilter("state in ('submitted', 'returned')").HasDatabaseName("ux_progress_reports_one_pending_of_goal");
        report.HasIndex(r => r.ItemId, "ux_progress_reports_one_approved_of_item").IsUnique()
            .HasFilter("state = 'approved'").HasDatabaseName("ux_progress_reports_one_approved_of_item");
        report.HasIndex(r => r.ItemId, "ux_progress_reports_one_pending_of_item").IsUnique()
            .HasFilter("state in ('submitted', 'returned')").HasDatabaseName("ux_progress_reports_one_pending_of_item");
        report.ToTable(t =>
        {
            t.HasCheckConstraint("ck_progress_reports_subject", "num_nonnulls(milestone_id, item_id) = 1");
            t.HasCheckConstraint("ck_progress_reports_status", "(status is null) = (milestone_id is null) and status is distinct from 'no-judgement'");
            t.HasCheckConstraint("ck_progress_reports_stage", "stage is not null or milestone_id is not null");
            t.HasCheckConstraint("ck_progress_reports_percent",
                "percent_complete is null or (stage is not null and percent_complete between 0 and 100 and (stage <> 'completed' or percent_complete = 100) and (stage <> 'not-started' or percent_complete = 0))");
            t.HasCheckConstraint("ck_progress_reports_confidence", "(confidence is null) = (stage is null or stage in ('completed', 'stopped'))");
            t.HasCheckConstraint("ck_progress_reports_own_approval", "reviewer_id is null or reviewer_id <> author_id");
            t.HasCheckConstraint("ck_progress_reports_known", "(known_on is null) = (state not in ('approved', 'superseded'))");
        });
    }
}
