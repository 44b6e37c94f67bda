using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What a target was set to, by whom, when and why; never altered. The last one of a code is what <see cref="Target"/> holds.</summary>
public sealed class TargetChange
{
    public const int ReasonLength = 1000;

    public int Id { get; init; }

    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public required string Code { get; init; }

    public TargetRole Role { get; init; }

    public Period Period { get; init; }

    /// <summary>Empty: the target was taken away.</summary>
    public decimal? Value { get; init; }

    public PathShape Shape { get; init; }

    public required string DocumentEn { get; init; }

    public required string DocumentZh { get; init; }

    public required string Source { get; init; }

    public required string Verified { get; init; }

    /// <summary>Empty for what came with the plan package.</summary>
    public Guid? AuthorId { get; init; }

    public Person? Author { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>
    /// The day from which it counts in a view of the past: the day it was entered, or, for what came with the first load of a plan, the date of
    /// the document.
    /// </summary>
    public DateOnly KnownOn { get; init; }

    public static TargetChange Of(
        Target target, DateTimeOffset at, Guid? authorId = null, string? reason = null, bool removed = false, DateOnly? knownOn = null) => new()
        {
            IndicatorId = target.IndicatorId,
            RegionId = target.RegionId,
            Code = target.Code,
            Role = target.Role,
            Period = target.Period,
            Value = removed ? null : target.Value,
            Shape = target.Shape,
            DocumentEn = target.DocumentEn,
            DocumentZh = target.DocumentZh,
            Source = target.Source,
            Verified = target.Verified,
            AuthorId = authorId,
            Reason = reason,
            At = at,
            KnownOn = knownOn ?? DateOnly.FromDateTime(at.UtcDateTime),
        };
}

internal sealed class TargetChangeMapping : IEntityTypeConfiguration<TargetChange>
{
    public void Configure(EntityTypeBuilder<TargetChange> change)
    {
        change.Property(c => c.Code).HasMaxLength(Target.CodeLength);
        change.Property(c => c.DocumentEn).HasMaxLength(Plan.NameLength);
        change.Property(c => c.DocumentZh).HasMaxLength(Plan.NameLength);
        change.Property(c => c.Source).HasMaxLength(Plan.SourceLength);
        change.Property(c => c.Verified).HasMaxLength(20);
        change.Property(c => c.Reason).HasMaxLength(TargetChange.ReasonLength);
        change.HasOne(c => c.Indicator).WithMany().HasForeignKey(c => c.IndicatorId);
        change.HasOne(c => c.Region).WithMany().HasForeignKey(c => c.RegionId);
        change.HasOne(c => c.Author).WithMany().HasForeignKey(c => c.AuthorId);
        change.HasIndex(c => new { c.IndicatorId, c.RegionId });
    }
}
