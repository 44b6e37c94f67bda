using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>Somebody with an account.</summary>
public sealed class Person : IdentityUser<Guid>
{
    public const int NameLength = 100;

    public required string DisplayName { get; set; }

    /// <summary>A disabled person can no longer sign in; what they did stays under their name.</summary>
    public bool Disabled { get; set; }

    /// <summary>Sees only figures inside their own grants, and none without a grant; everybody else sees those of the whole plan.</summary>
    public bool ReadsOwnScopeOnly { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>In which they signed in last; empty before they ever did.</summary>
    public Language? Language { get; set; }

    /// <summary>Hash of a one-time code for setting a password, until it is used.</summary>
    public string? SetupCodeHash { get; set; }

    public DateTimeOffset? SetupCodeExpiresAt { get; set; }

    /// <summary>When the password was last set; what grows old is told from here.</summary>
    public DateTimeOffset? PasswordSetAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>The seed of the codes an authenticator shows, encrypted; it counts once <see cref="IdentityUser{TKey}.TwoFactorEnabled"/> is set.</summary>
    public string? SecondFactorSeed { get; set; }

    /// <summary>The latest time step whose code was taken: each code works once, and none before it.</summary>
    public long? SecondFactorStep { get; set; }
}

/// <summary>Signs in once in place of an authenticator that is lost.</summary>
public sealed class RecoveryCode
{
    public const int CountOfSet = 10;

    public int Id { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    /// <summary>SHA-256 of the code.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>The roles of the product. A person may hold several; whoever reports a revision never approves it.</summary>
public static class Roles
{
    public const string Reporter = nameof(Reporter);
    public const string Reviewer = nameof(Reviewer);
    public const string Leader = nameof(Leader);
    public const string Analyst = nameof(Analyst);
    public const string Administrator = nameof(Administrator);
    public const string SecurityAdministrator = nameof(SecurityAdministrator);
    public const string Auditor = nameof(Auditor);

    public static readonly IReadOnlyList<string> All =
        [Reporter, Reviewer, Leader, Analyst, Administrator, SecurityAdministrator, Auditor];
}

/// <summary>
/// Where a Reporter or Reviewer may act, and where a person sees anything whose reading is limited: a region with all below it, for every indicator
/// or for those of one element and all below it.
/// </summary>
public sealed class ScopeGrant
{
    public int Id { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public int RegionId { get; init; }

    public Region? Region { get; init; }

    public int? ElementId { get; init; }

    public PlanElement? Element { get; init; }
}

internal sealed class PersonMapping : IEntityTypeConfiguration<Person>, IEntityTypeConfiguration<ScopeGrant>, IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<Person> person)
    {
        person.ToTable("people");
        person.Property(p => p.DisplayName).HasMaxLength(Person.NameLength);
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes");
        code.Property(c => c.Hash).HasMaxLength(64);
        code.HasOne(c => c.Person).WithMany().HasForeignKey(c => c.PersonId).OnDelete(DeleteBehavior.Cascade);
        code.HasIndex(c => new { c.PersonId, c.Hash }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ScopeGrant> grant)
    {
        grant.HasOne(g => g.Person).WithMany().HasForeignKey(g => g.PersonId);
        grant.HasOne(g => g.Region).WithMany().HasForeignKey(g => g.RegionId);
        grant.HasOne(g => g.Element).WithMany().HasForeignKey(g => g.ElementId);
        grant.HasIndex(g => new { g.PersonId, g.RegionId, g.ElementId }).IsUnique().AreNullsDistinct(false);
    }
}
