using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>
/// A browser in which somebody is signed in. The cookie names its session, and without the session it opens nothing: a copy of a cookie ends with the
/// sign-out of the original.
/// </summary>
public sealed class PersonSession
{
    /// <summary>A session ends after so long without use.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>And after so long in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>How exactly <see cref="SeenAt"/> is kept: a page does not write each time it is seen.</summary>
    public static readonly TimeSpan SeenTo = TimeSpan.FromMinutes(5);

    public Guid Id { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public DateTimeOffset BegunAt { get; init; }

    public DateTimeOffset SeenAt { get; set; }

    /// <summary>From where it was begun, as an IP address; nothing where it is not known.</summary>
    public string? Address { get; init; }

    /// <summary>Browser and system by name, e.g. <c>Firefox · Windows</c>; nothing where it does not say.</summary>
    public string? Browser { get; init; }

    /// <summary>The person's security stamp as the session knows it: with another one, after a new password for instance, it is over.</summary>
    public required string Stamp { get; set; }

    /// <summary>Sessions that are not over at a moment, as exactly as <see cref="SeenTo"/> tells.</summary>
    public static Expression<Func<PersonSession, bool>> IsOpen(DateTimeOffset now)
    {
        var (seen, begun) = (now - Idle - SeenTo, now - Longest);
        return s => s.SeenAt > seen && s.BegunAt > begun && s.Stamp == s.Person!.SecurityStamp;
    }
}

internal sealed class PersonSessionMapping : IEntityTypeConfiguration<PersonSession>
{
    private const int AddressLength = 45;

    private const int BrowserLength = 50;

    public void Configure(EntityTypeBuilder<PersonSession> session)
    {
        session.ToTable("sessions");
        session.Property(s => s.Address).HasMaxLength(AddressLength);
        session.Property(s => s.Browser).HasMaxLength(BrowserLength);
        session.HasOne(s => s.Person).WithMany().HasForeignKey(s => s.PersonId);
        session.HasIndex(s => s.PersonId);
    }
}
