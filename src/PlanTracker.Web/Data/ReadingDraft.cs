using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>
/// What somebody has typed into a cell and not submitted yet. One for a cell: colleagues see it, and whoever goes on with it takes it over. It is gone
/// once it is submitted or discarded; only what is submitted becomes a <see cref="ReadingRevision"/>.
/// </summary>
public sealed class ReadingDraft
{
    public long Id { get; init; }

    public int IndicatorId { get; init; }

    public Indicator? Indicator { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public Period Period { get; init; }

    public decimal? Value { get; set; }

    public ObservationStatus Status { get; set; }

    public string? Note { get; set; }

    /// <summary>Empty: the source of the form it is submitted with.</summary>
    public string? Source { get; set; }

    /// <summary>Why the figure is right although it is questioned.</summary>
    public string? Explanation { get; set; }

    /// <summary>Number of the revision it would replace; 0 for none. Where another has come since, it is in conflict.</summary>
    public int BasedOn { get; set; }

    public Guid AuthorId { get; set; }

    public Person? Author { get; init; }

    public DateTimeOffset SavedAt { get; set; }

    /// <summary>Counts the savings, from 1; what a form saw of it.</summary>
    public int Version { get; set; }

    public CellKey Key => new(IndicatorId, RegionId, Period);
}

internal sealed class ReadingDraftMapping : IEntityTypeConfiguration<ReadingDraft>
{
    public void Configure(EntityTypeBuilder<ReadingDraft> draft)
    {
        draft.Property(d => d.Source).HasMaxLength(ReadingRevision.SourceLength);
        draft.Property(d => d.Note).HasMaxLength(ReadingRevision.NoteLength);
        draft.Property(d => d.Explanation).HasMaxLength(ReadingRevision.ReasonLength);
        draft.Property(d => d.Version).IsConcurrencyToken();
        draft.Ignore(d => d.Key);
        draft.HasOne(d => d.Indicator).WithMany().HasForeignKey(d => d.IndicatorId);
        draft.HasOne(d => d.Region).WithMany().HasForeignKey(d => d.RegionId);
        draft.HasOne(d => d.Author).WithMany().HasForeignKey(d => d.AuthorId);
        draft.HasIndex(d => new { d.IndicatorId, d.RegionId, d.Period }).IsUnique();
        draft.ToTable(t => t.HasCheckConstraint("ck_reading_drafts_value", "(value is null) = (status in ('L', 'M', 'O', 'Q'))"));
    }
}
