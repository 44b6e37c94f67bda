using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

public enum RegionKind
{
    /// <summary>The root: the whole country, county or organisation the plan is for.</summary>
    Country,
    Unit,

    /// <summary>A set of units that is read together.</summary>
    Grouping,
}

public enum GroupType
{
    /// <summary>One of a set that divides the country without overlap.</summary>
    Macro,

    /// <summary>May overlap with others, and may take in parts of units.</summary>
    Strategic,
}

/// <summary>An administrative unit, the country, or a grouping.</summary>
public sealed class Region
{
    public const int CodeLength = 32;
    public const int InitialsLength = 20;

    public int Id { get; init; }

    /// <summary>The region file it came from; codes are unique within it.</summary>
    public required string RegionSet { get; init; }

    public required string Code { get; init; }

    public RegionKind Kind { get; set; }

    public GroupType? GroupType { get; set; }

    public int? ParentId { get; set; }

    public Region? Parent { get; set; }

    /// <summary>Codes from the root to this region, <c>/CN/330000/</c>: a subtree is one prefix.</summary>
    public required string Path { get; set; }

    public int Position { get; set; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    public required string ShortEn { get; set; }

    public required string ShortZh { get; set; }

    /// <summary>Pinyin initials of the short Chinese name, lower-case: <c>hlj</c> for 黑龙江. Regions may share them.</summary>
    public string? Initials { get; set; }

    public string? Iso { get; set; }

    /// <summary>Whether readings are expected from it.</summary>
    public bool Reports { get; set; }

    public int? TileCol { get; set; }

    public int? TileRow { get; set; }

    public DateOnly? ValidFrom { get; set; }

    public DateOnly? ValidTo { get; set; }

    public required string Source { get; set; }

    public string? Note { get; set; }

    public Bilingual Name => new(NameEn, NameZh);

    public Bilingual Short => new(ShortEn, ShortZh);
}

/// <summary>A unit's membership of a grouping.</summary>
public sealed class RegionMembership
{
    public int GroupingId { get; init; }

    public Region? Grouping { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public string? Note { get; set; }
}

internal sealed class RegionMapping : IEntityTypeConfiguration<Region>, IEntityTypeConfiguration<RegionMembership>
{
    public void Configure(EntityTypeBuilder<Region> region)
    {
        region.Property(r => r.RegionSet).HasMaxLength(Plan.CodeLength);
        region.Property(r => r.Code).HasMaxLength(Region.CodeLength);
        region.Property(r => r.NameEn).HasMaxLength(Plan.NameLength);
        region.Property(r => r.NameZh).HasMaxLength(Plan.NameLength);
        region.Property(r => r.ShortEn).HasMaxLength(Plan.NameLength);
        region.Property(r => r.ShortZh).HasMaxLength(Plan.NameLength);
        region.Property(r => r.Initials).HasMaxLength(Region.InitialsLength);
        region.Property(r => r.Source).HasMaxLength(Plan.SourceLength);
        region.Ignore(r => r.Name);
        region.Ignore(r => r.Short);
        region.HasOne(r => r.Parent).WithMany().HasForeignKey(r => r.ParentId);
        region.HasIndex(r => new { r.RegionSet, r.Code }).IsUnique();
        region.HasIndex(r => r.Path).HasOperators("text_pattern_ops");
    }

    public void Configure(EntityTypeBuilder<RegionMembership> membership)
    {
        membership.HasKey(m => new { m.GroupingId, m.RegionId });
        membership.HasOne(m => m.Grouping).WithMany().HasForeignKey(m => m.GroupingId);
        membership.HasOne(m => m.Region).WithMany().HasForeignKey(m => m.RegionId);
    }
}
