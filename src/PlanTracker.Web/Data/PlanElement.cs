using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

public enum ElementKind
{
    Direction,
    Objective,
    Task,
    FocusArea,
    Project,
    ProjectItem,
    Action,
    ActionMeasure,
    ImplementationMeasure,
}

/// <summary>Where the Chinese wording of a title comes from.</summary>
public enum TitleBasis
{
    /// <summary>Stands in a published page.</summary>
    Published,

    /// <summary>Recalled; to be checked against the original.</summary>
    Unverified,

    /// <summary>Our translation of the English title.</summary>
    Translated,
}

/// <summary>A part of a plan: a direction, an objective, a task, a focus area, a boxed project, one of its items, an action or a measure.</summary>
public sealed class PlanElement
{
    public const int CodeLength = 32;
    public const int TitleLength = 300;
    public const int SummaryLength = 2000;

    public int Id { get; init; }

    public int PlanId { get; init; }

    public required string Code { get; init; }

    public ElementKind Kind { get; set; }

    public int? ParentId { get; set; }

    public PlanElement? Parent { get; set; }

    /// <summary>Codes from the top of the tree to this element, <c>/T01/B01/B01.1/</c>: a subtree is one prefix.</summary>
    public required string Path { get; set; }

    /// <summary>Order in the plan, from 1.</summary>
    public int Position { get; set; }

    public required string TitleEn { get; set; }

    public required string TitleZh { get; set; }

    public TitleBasis TitleZhBasis { get; set; }

    public required string SummaryEn { get; set; }

    public required string SummaryZh { get; set; }

    public required string Source { get; set; }

    public Bilingual Title => new(TitleEn, TitleZh);
}

/// <summary>An element that serves another which is not its parent, such as a task that serves a direction.</summary>
public sealed class ElementLink
{
    public int FromId { get; init; }

    public PlanElement? From { get; init; }

    public int ToId { get; init; }

    public PlanElement? To { get; init; }

    /// <summary>Who made the link: the plan's text, or an analyst.</summary>
    public required string Basis { get; set; }
}

internal sealed class PlanElementMapping : IEntityTypeConfiguration<PlanElement>, IEntityTypeConfiguration<ElementLink>
{
    public void Configure(EntityTypeBuilder<PlanElement> element)
    {
        element.Property(e => e.Code).HasMaxLength(PlanElement.CodeLength);
        element.Property(e => e.TitleEn).HasMaxLength(PlanElement.TitleLength);
        element.Property(e => e.TitleZh).HasMaxLength(PlanElement.TitleLength);
        element.Property(e => e.SummaryEn).HasMaxLength(PlanElement.SummaryLength);
        element.Property(e => e.SummaryZh).HasMaxLength(PlanElement.SummaryLength);
        element.Property(e => e.Source).HasMaxLength(Plan.SourceLength);
        element.Ignore(e => e.Title);
        element.HasOne<Plan>().WithMany().HasForeignKey(e => e.PlanId);
        element.HasOne(e => e.Parent).WithMany().HasForeignKey(e => e.ParentId);
        element.HasIndex(e => new { e.PlanId, e.Code }).IsUnique();
        element.HasIndex(e => e.Path).HasOperators("text_pattern_ops");
    }

    public void Configure(EntityTypeBuilder<ElementLink> link)
    {
        link.HasKey(l => new { l.FromId, l.ToId });
        link.Property(l => l.Basis).HasMaxLength(Plan.SourceLength);
        link.HasOne(l => l.From).WithMany().HasForeignKey(l => l.FromId);
        link.HasOne(l => l.To).WithMany().HasForeignKey(l => l.ToId);
    }
}
