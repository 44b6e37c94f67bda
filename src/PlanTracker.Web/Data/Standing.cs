using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// The assessment of the latest approved reading of an indicator in a region. Written in the transaction that approves; what dashboards read.
/// </summary>
public sealed class Standing
{
    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public Period? Period { get; set; }

    public decimal? Value { get; set; }

    public ObservationStatus? ObservationStatus { get; set; }

    public Period? PreviousPeriod { get; set; }

    public decimal? PreviousValue { get; set; }

    public Status Status { get; set; }

    public NoJudgementReason Reason { get; set; }

    /// <summary>Whether the other methods that can judge say the same.</summary>
    public Agreement Agreement { get; set; }

    public decimal? Planned { get; set; }

    public decimal? Attainment { get; set; }

    public decimal? Elapsed { get; set; }

    public decimal? PaceRatio { get; set; }

    public bool Receding { get; set; }

    public bool AchievedAtBaseline { get; set; }

    /// <summary>The region has no target of its own and is judged against the country's.</summary>
    public bool NationalTarget { get; set; }
}

internal sealed class StandingMapping : IEntityTypeConfiguration<Standing>
{
    public void Configure(EntityTypeBuilder<Standing> standing)
    {
        standing.HasKey(s => new { s.IndicatorId, s.RegionId });
        standing.HasOne(s => s.Indicator).WithMany().HasForeignKey(s => s.IndicatorId);
        standing.HasOne(s => s.Region).WithMany().HasForeignKey(s => s.RegionId);
    }
}
