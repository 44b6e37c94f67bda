using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

public enum Measure
{
    /// <summary>An amount at a date.</summary>
    Stock,

    /// <summary>An amount over a period.</summary>
    Flow,

    /// <summary>A share, a ratio, an amount per head.</summary>
    Rate,

    /// <summary>A score or a rank.</summary>
    Index,
}

public enum ReportedBy
{
    National,
    Regional,
    Both,
}

/// <summary>What is measured.</summary>
public sealed class Indicator
{
    public const int CodeLength = 32;
    public const int UnitLength = 100;
    public const int DefinitionLength = 2000;

    /// <summary>Rules of an indicator for which nobody has decided anything.</summary>
    public static readonly ReadingRules UsualRules = new();

    /// <summary>The same where regions are to add up to the whole: within one per cent.</summary>
    public static readonly ReadingRules RulesOfSums = new() { SumTolerance = 0.01m };

    public int Id { get; init; }

    public int PlanId { get; init; }

    public required string Code { get; init; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    public string? UnitEn { get; set; }

    public string? UnitZh { get; set; }

    /// <summary>Decimals accepted, 0 to 10.</summary>
    public int Decimals { get; set; }

    public Better Better { get; set; }

    /// <summary>No value below this can be right.</summary>
    public decimal? Min { get; set; }

    /// <summary>No value above this can be right.</summary>
    public decimal? Max { get; set; }

    /// <summary>What is asked about a figure that is possible and yet unlikely.</summary>
    public ReadingRules Rules { get; set; } = UsualRules;

    /// <summary>An administrator has set bounds and rules: a new load of the package leaves them alone.</summary>
    public bool RulesKept { get; set; }

    public Frequency Frequency { get; set; }

    public Measure Measure { get; set; }

    public Aggregation Aggregation { get; set; }

    public int? WeightId { get; set; }

    /// <summary>What a value is divided by for a figure per head or a share.</summary>
    public int? DenominatorId { get; set; }

    public ReportedBy ReportedBy { get; set; }

    /// <summary>Readings are expected for every period of the plan.</summary>
    public bool Due { get; set; }

    /// <summary>One of the plan's own main indicators.</summary>
    public bool Headline { get; set; }

    public required string GroupEn { get; set; }

    public required string GroupZh { get; set; }

    public string? DefinitionEn { get; set; }

    public string? DefinitionZh { get; set; }

    public required string MappingBasis { get; set; }

    /// <summary><c>yes</c>, <c>target only</c> or <c>no</c>: how far the plan's own figures were found.</summary>
    public required string Verified { get; set; }

    public string? Source { get; set; }

    public string? Note { get; set; }

    public int Position { get; set; }

    public Bilingual Name => new(NameEn, NameZh);

    public Bilingual Unit => new(UnitEn ?? "", UnitZh ?? "");
}

/// <summary>An indicator speaks for an element of the plan.</summary>
public sealed class IndicatorElement
{
    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int ElementId { get; init; }

    public PlanElement? Element { get; init; }
}

internal sealed class IndicatorMapping : IEntityTypeConfiguration<Indicator>, IEntityTypeConfiguration<IndicatorElement>
{
    public void Configure(EntityTypeBuilder<Indicator> indicator)
    {
        indicator.Property(i => i.Code).HasMaxLength(Indicator.CodeLength);
        indicator.Property(i => i.NameEn).HasMaxLength(Plan.NameLength);
        indicator.Property(i => i.NameZh).HasMaxLength(Plan.NameLength);
        indicator.Property(i => i.UnitEn).HasMaxLength(Indicator.UnitLength);
        indicator.Property(i => i.UnitZh).HasMaxLength(Indicator.UnitLength);
        indicator.Property(i => i.GroupEn).HasMaxLength(Plan.NameLength);
        indicator.Property(i => i.GroupZh).HasMaxLength(Plan.NameLength);
        indicator.Property(i => i.DefinitionEn).HasMaxLength(Indicator.DefinitionLength);
        indicator.Property(i => i.DefinitionZh).HasMaxLength(Indicator.DefinitionLength);
        indicator.Property(i => i.MappingBasis).HasMaxLength(Plan.SourceLength);
        indicator.Property(i => i.Source).HasMaxLength(Plan.SourceLength);
        indicator.Property(i => i.Verified).HasMaxLength(20);
        indicator.ComplexProperty(i => i.Rules);
        indicator.Ignore(i => i.Name);
        indicator.Ignore(i => i.Unit);
        indicator.HasOne<Plan>().WithMany().HasForeignKey(i => i.PlanId);
        indicator.HasOne<Indicator>().WithMany().HasForeignKey(i => i.WeightId);
        indicator.HasOne<Indicator>().WithMany().HasForeignKey(i => i.DenominatorId);
        indicator.HasIndex(i => new { i.PlanId, i.Code }).IsUnique();
        indicator.ToTable(t => t.HasCheckConstraint("ck_indicators_decimals", "decimals between 0 and 10"));
        indicator.ToTable(t => t.HasCheckConstraint("ck_indicators_bounds", "min is null or max is null or min < max"));
    }

    public void Configure(EntityTypeBuilder<IndicatorElement> speaksFor)
    {
        speaksFor.HasKey(s => new { s.IndicatorId, s.ElementId });
        speaksFor.HasOne(s => s.Indicator).WithMany().HasForeignKey(s => s.IndicatorId);
        speaksFor.HasOne(s => s.Element).WithMany().HasForeignKey(s => s.ElementId);
    }
}
