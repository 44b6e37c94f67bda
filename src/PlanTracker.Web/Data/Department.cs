using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A body that takes part in carrying out a plan.</summary>
public sealed class Department
{
    public const int CodeLength = 32;

    public int Id { get; init; }

    public int PlanId { get; init; }

    public required string Code { get; init; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    /// <summary>Why it is listed: the plan's text, another published page, or its name only.</summary>
    public required string Basis { get; set; }

    public required string Source { get; set; }

    public string? Note { get; set; }

    public Bilingual Name => new(NameEn, NameZh);
}

public enum AssignmentRole
{
    Lead,
    Support,
}

/// <summary>A department's part in an element.</summary>
public sealed class Assignment
{
    public int DepartmentId { get; init; }

    public Department? Department { get; init; }

    public int ElementId { get; init; }

    public PlanElement? Element { get; init; }

    public AssignmentRole Role { get; set; }

    /// <summary>True where no published division of work says so: shown only with that mark.</summary>
    public bool Illustrative { get; set; }

    public required string Basis { get; set; }
}

internal sealed class DepartmentMapping : IEntityTypeConfiguration<Department>, IEntityTypeConfiguration<Assignment>
{
    public void Configure(EntityTypeBuilder<Department> department)
    {
        department.Property(d => d.Code).HasMaxLength(Department.CodeLength);
        department.Property(d => d.NameEn).HasMaxLength(Plan.NameLength);
        department.Property(d => d.NameZh).HasMaxLength(Plan.NameLength);
        department.Property(d => d.Basis).HasMaxLength(Plan.SourceLength);
        department.Property(d => d.Source).HasMaxLength(Plan.SourceLength);
        department.Ignore(d => d.Name);
        department.HasOne<Plan>().WithMany().HasForeignKey(d => d.PlanId);
        department.HasIndex(d => new { d.PlanId, d.Code }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Assignment> assignment)
    {
        assignment.HasKey(a => new { a.DepartmentId, a.ElementId });
        assignment.Property(a => a.Basis).HasMaxLength(Plan.SourceLength);
        assignment.HasOne(a => a.Department).WithMany().HasForeignKey(a => a.DepartmentId);
        assignment.HasOne(a => a.Element).WithMany().HasForeignKey(a => a.ElementId);
    }
}
