using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

public enum TargetRole
{
    Baseline,
    Interim,
    Final,

    /// <summary>Stated by another document for the same indicator: shown beside the plan's own, never judged against.</summary>
    Reference,
}

/// <summary>A value an indicator starts from or should reach in a region by the end of a period.</summary>
public sealed class Target
{
    public const int CodeLength = 48;

    /// <summary>The mark of a figure that was not seen in any source.</summary>
    public const string NotSeen = "no";

    public int Id { get; init; }

    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int RegionId { get; set; }

    public Region? Region { get; init; }

    public required string Code { get; init; }

    public TargetRole Role { get; set; }

    public Period Period { get; set; }

    public decimal Value { get; set; }

    /// <summary>How the planned values run from the baseline through the interim targets; stated with the final target.</summary>
    public PathShape Shape { get; set; }

    /// <summary>Date of the document, where it is known.</summary>
    public DateOnly? StatedOn { get; set; }

    public required string DocumentEn { get; set; }

    public required string DocumentZh { get; set; }

    public required string Source { get; set; }

    public required string Verified { get; set; }

    public string? Note { get; set; }

    public Bilingual Document => new(DocumentEn, DocumentZh);
}

internal sealed class TargetMapping : IEntityTypeConfiguration<Target>
{
    public void Configure(EntityTypeBuilder<Target> target)
    {
        target.Property(t => t.Code).HasMaxLength(Target.CodeLength);
        target.Property(t => t.DocumentEn).HasMaxLength(Plan.NameLength);
        target.Property(t => t.DocumentZh).HasMaxLength(Plan.NameLength);
        target.Property(t => t.Source).HasMaxLength(Plan.SourceLength);
        target.Property(t => t.Verified).HasMaxLength(20);
        target.Ignore(t => t.Document);
        target.HasOne(t => t.Indicator).WithMany().HasForeignKey(t => t.IndicatorId);
        target.HasOne(t => t.Region).WithMany().HasForeignKey(t => t.RegionId);
        target.HasIndex(t => new { t.IndicatorId, t.Code }).IsUnique();
        target.HasIndex(t => new { t.IndicatorId, t.RegionId, t.Period }).IsUnique()
            .HasFilter("role <> 'reference'").HasDatabaseName("ux_targets_one_value_for_a_period");
        target.HasIndex(t => new { t.IndicatorId, t.RegionId }).IsUnique()
            .HasFilter("role = 'baseline'").HasDatabaseName("ux_targets_one_baseline");
        target.HasIndex(t => new { t.IndicatorId, t.RegionId }, "ux_targets_one_final").IsUnique()
            .HasFilter("role = 'final'").HasDatabaseName("ux_targets_one_final");
        target.ToTable(t => t.HasCheckConstraint("ck_targets_shape", "shape = 'linear' or role = 'final'"));
    }
}
