using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A public plan with a beginning, an end and the years for which it sets targets.</summary>
public sealed class Plan
{
    public const int CodeLength = 64;
    public const int NameLength = 300;
    public const int SourceLength = 600;

    public int Id { get; init; }

    public required string Code { get; init; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    public string? IssuerEn { get; set; }

    public string? IssuerZh { get; set; }

    public DateOnly? IssuedOn { get; set; }

    /// <summary>The plan runs from the end of this period …</summary>
    public Period BaselinePeriod { get; set; }

    /// <summary>… to the end of this one.</summary>
    public Period EndPeriod { get; set; }

    /// <summary>Years for which every element is expected to carry a target.</summary>
    public required int[] MilestoneYears { get; set; }

    /// <summary>Which regions the plan speaks of: the name of its region file.</summary>
    public required string RegionSet { get; set; }

    public required string Source { get; set; }

    public string? Note { get; set; }

    /// <summary>The day (UTC) it was loaded first: what was known before, its sources say; what changes after, people here change.</summary>
    public DateOnly? LoadedOn { get; init; }

    /// <summary>Counted up by the database with every change of its regions, so that they are read anew only then.</summary>
    public int RegionsVersion { get; init; }

    public Bilingual Name => new(NameEn, NameZh);
}

internal sealed class PlanMapping : IEntityTypeConfiguration<Plan>
{
    public void Configure(EntityTypeBuilder<Plan> plan)
    {
        plan.Property(p => p.Code).HasMaxLength(Plan.CodeLength);
        plan.Property(p => p.NameEn).HasMaxLength(Plan.NameLength);
        plan.Property(p => p.NameZh).HasMaxLength(Plan.NameLength);
        plan.Property(p => p.IssuerEn).HasMaxLength(Plan.NameLength);
        plan.Property(p => p.IssuerZh).HasMaxLength(Plan.NameLength);
        plan.Property(p => p.RegionSet).HasMaxLength(Plan.CodeLength);
        plan.Property(p => p.Source).HasMaxLength(Plan.SourceLength);
        plan.Ignore(p => p.Name);
        plan.HasIndex(p => p.Code).IsUnique();
    }
}
