using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>A file somebody gave as evidence; never changed. Its name here is its number: what it was called elsewhere is only told.</summary>
public sealed class EvidenceFile
{
    public const int NameLength = 200;
    public const int MostBytes = 10 << 20;
    public const int MostInReport = 5;

    /// <summary>Where it is found; made here, never from the name.</summary>
    public Guid Id { get; init; }

    /// <summary>What it was called where it came from, without its folder.</summary>
    public required string Name { get; init; }

    public required string MediaType { get; init; }

    /// <summary>In bytes.</summary>
    public required int Size { get; init; }

    public required byte[] Sha256 { get; init; }

    public required byte[] Content { get; init; }
}

/// <summary>A file as evidence of one report. What was returned and is corrected keeps its files: the same file in a later report.</summary>
public sealed class ReportFile
{
    public long ReportId { get; init; }

    public Guid FileId { get; init; }

    public EvidenceFile? File { get; init; }

    /// <summary>Order in the report, from 1.</summary>
    public required int Position { get; init; }
}

internal sealed class EvidenceFileMapping : IEntityTypeConfiguration<EvidenceFile>, IEntityTypeConfiguration<ReportFile>
{
    public void Configure(EntityTypeBuilder<EvidenceFile> file)
    {
        file.Property(f => f.Id).ValueGeneratedNever();
        file.Property(f => f.Name).HasMaxLength(EvidenceFile.NameLength);
        file.Property(f => f.MediaType).HasMaxLength(100);
        file.ToTable(t => t.HasCheckConstraint("ck_evidence_files_content", "size = length(content) and size > 0 and sha256 = sha256(content)"));
    }

    public void Configure(EntityTypeBuilder<ReportFile> link)
    {
        link.HasKey(l => new { l.ReportId, l.FileId });
        link.HasOne<ProgressReport>().WithMany(r => r.Files).HasForeignKey(l => l.ReportId).OnDelete(DeleteBehavior.Restrict);
        link.HasOne(l => l.File).WithMany().HasForeignKey(l => l.FileId).OnDelete(DeleteBehavior.Restrict);
    }
}
