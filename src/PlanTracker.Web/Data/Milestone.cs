using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What an element is to have reached by the end of a year, in words.</summary>
public sealed class Milestone
{
    public const int CodeLength = 48;
    public const int GoalLength = 1000;

    public int Id { get; init; }

    public int ElementId { get; init; }

    public PlanElement? Element { get; init; }

    /// <summary>Unique in the plan: the code of the package, or <c>element-year-n</c> for one added on the page.</summary>
    public required string Code { get; init; }

    public int Year { get; set; }

    public required string GoalEn { get; set; }

    public required string GoalZh { get; set; }

    public required string Source { get; set; }

    public string? Note { get; set; }

    public Bilingual Goal => new(GoalEn, GoalZh);
}

internal sealed class MilestoneMapping : IEntityTypeConfiguration<Milestone>
{
    public void Configure(EntityTypeBuilder<Milestone> milestone)
    {
        milestone.Property(m => m.Code).HasMaxLength(Milestone.CodeLength);
        milestone.Property(m => m.GoalEn).HasMaxLength(Milestone.GoalLength);
        milestone.Property(m => m.GoalZh).HasMaxLength(Milestone.GoalLength);
        milestone.Property(m => m.Source).HasMaxLength(Plan.SourceLength);
        milestone.Ignore(m => m.Goal);
        milestone.HasOne(m => m.Element).WithMany().HasForeignKey(m => m.ElementId);
        milestone.HasIndex(m => new { m.ElementId, m.Code }).IsUnique();
    }
}
