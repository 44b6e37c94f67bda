using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// The current state of one cell: an indicator in a region for a period. The approved value and the revision under way stand side by side,
/// so a revision under review never hides the approved figure.
/// </summary>
public sealed class Reading
{
    public long Id { get; init; }

    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public Period Period { get; init; }

    /// <summary>Last day of <see cref="Period"/>; kept by the database.</summary>
    public DateOnly PeriodEnd { get; private set; }

    /// <summary>The approved value; empty when none is approved, or when the approved revision says why there is none.</summary>
    public decimal? Value { get; set; }

    /// <summary>Status of the approved value; empty when none is approved.</summary>
    public ObservationStatus? Status { get; set; }

    public long? ApprovedRevisionId { get; set; }

    public ReadingRevision? ApprovedRevision { get; set; }

    /// <summary>A revision that is submitted or was returned and waits for its author.</summary>
    public long? PendingRevisionId { get; set; }

    public ReadingRevision? PendingRevision { get; set; }

    /// <summary>Number of the last revision; what a form was based on.</summary>
    public int LastNumber { get; set; }

    /// <summary>Row version.</summary>
    public uint Version { get; private set; }
}

internal sealed class ReadingMapping : IEntityTypeConfiguration<Reading>
{
    public void Configure(EntityTypeBuilder<Reading> reading)
    {
        reading.Property(r => r.PeriodEnd).HasComputedColumnSql("period_end(period)", stored: true);
        reading.Property(r => r.Version).IsRowVersion();
        reading.HasOne(r => r.Indicator).WithMany().HasForeignKey(r => r.IndicatorId);
        reading.HasOne(r => r.Region).WithMany().HasForeignKey(r => r.RegionId);
        reading.HasOne(r => r.ApprovedRevision).WithMany().HasForeignKey(r => r.ApprovedRevisionId);
        reading.HasOne(r => r.PendingRevision).WithMany().HasForeignKey(r => r.PendingRevisionId);
        reading.HasIndex(r => new { r.IndicatorId, r.RegionId, r.Period }).IsUnique().IncludeProperties(r => new { r.Value, r.Status, r.PeriodEnd });
        reading.HasIndex(r => new { r.IndicatorId, r.PeriodEnd, r.RegionId })
            .IncludeProperties(r => new { r.Value, r.Period }).HasFilter("status is not null").HasDatabaseName("ix_readings_approved");
        reading.HasIndex(r => r.PendingRevisionId).HasFilter("pending_revision_id is not null");
        reading.ToTable(t => t.HasCheckConstraint("ck_readings_status", "(status is null) = (approved_revision_id is null)"));
    }
}
