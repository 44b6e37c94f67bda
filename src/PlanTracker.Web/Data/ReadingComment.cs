using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>A remark of a reporter or reviewer on a cell. Nothing is taken back; what was wrong is answered.</summary>
public sealed class ReadingComment
{
    public const int TextLength = 2000;

    public long Id { get; init; }

    public long ReadingId { get; init; }

    public Reading? Reading { get; init; }

    public required string Text { get; init; }

    public Guid AuthorId { get; init; }

    public Person? Author { get; init; }

    public DateTimeOffset At { get; init; }
}

internal sealed class ReadingCommentMapping : IEntityTypeConfiguration<ReadingComment>
{
    public void Configure(EntityTypeBuilder<ReadingComment> comment)
    {
        comment.Property(c => c.Text).HasMaxLength(ReadingComment.TextLength);
        comment.HasOne(c => c.Reading).WithMany().HasForeignKey(c => c.ReadingId);
        comment.HasOne(c => c.Author).WithMany().HasForeignKey(c => c.AuthorId);
    }
}
