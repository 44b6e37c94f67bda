using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>
/// The receipt of a request by which a program submitted figures, written in the transaction that took them. The revisions carry its id as well;
/// the receipt also stands for rows that said nothing new, and tells the same request from another one under the same id.
/// </summary>
public sealed class ApiSubmission
{
    public Guid AuthorId { get; init; }

    public Person? Author { get; init; }

    public Guid RequestId { get; init; }

    public int PlanId { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the request's body.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>The cells in the order of the request, as <c>indicator/region/period</c>.</summary>
    public required string[] Cells { get; init; }
}

internal sealed class ApiSubmissionMapping : IEntityTypeConfiguration<ApiSubmission>
{
    public void Configure(EntityTypeBuilder<ApiSubmission> submission)
    {
        submission.ToTable("api_submissions");
        submission.HasKey(s => new { s.AuthorId, s.RequestId });
        submission.HasOne(s => s.Author).WithMany().HasForeignKey(s => s.AuthorId);
        submission.HasOne<Plan>().WithMany().HasForeignKey(s => s.PlanId);
        submission.ToTable(t => t.HasCheckConstraint("ck_api_submissions_digest", "length(digest) = 32"));
    }
}
