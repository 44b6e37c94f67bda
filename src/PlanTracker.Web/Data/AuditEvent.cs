using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>
/// One change, written in the transaction that made it. The database chains each event to the one before it by hash
/// and refuses to alter or remove one (<c>Data/Sql/guards.sql</c>, <c>audit-hash.sql</c>).
/// </summary>
public sealed class AuditEvent
{
    public const int SubjectLength = 200;

    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Empty when the change was made by a command.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>What was done, e.g. <c>reading.approved</c>.</summary>
    public required string Action { get; init; }

    /// <summary>To what, e.g. <c>I13/CN/2024</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Further facts as JSON.</summary>
    public required string Detail { get; init; }

    /// <summary>SHA-256 over this event and the hash before it; set by the database.</summary>
    public byte[]? Hash { get; private set; }
}

internal sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> audit)
    {
        audit.Property(a => a.Action).HasMaxLength(64);
        audit.Property(a => a.Subject).HasMaxLength(AuditEvent.SubjectLength);
        audit.Property(a => a.Detail).HasColumnType("jsonb");
        audit.Property(a => a.Hash).ValueGeneratedOnAdd();
        audit.HasIndex(a => a.Subject);
        // For the page that shows them: by time, and by whoever or whatever is asked for.
        audit.HasIndex(a => new { a.At, a.Id });
        audit.HasIndex(a => new { a.ActorId, a.At, a.Id });
        audit.HasIndex(a => new { a.Action, a.At, a.Id });
    }
}
