using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PlanTracker.Data;

/// <summary>What a program with a token may do, at most: the person's roles and scope count besides.</summary>
public enum TokenAccess
{
    Read,
    ReadAndWrite,
}

/// <summary>A key with which a program acts for a person. Only its hash is kept.</summary>
public sealed class ApiToken
{
    public const int NameLength = 100;

    /// <summary>The longest a token lives.</summary>
    public const int MostDays = 365;

    /// <summary>By which a token is recognised in a log, a mail or a repository it got into.</summary>
    public const string Prefix = "pt_";

    /// <summary>Prefix and first letters: enough to tell one's own tokens apart, too little to guess one from.</summary>
    public const int BeginningLength = 7;

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int SecretLength = 43;

    public int Id { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public required string Name { get; init; }

    public TokenAccess Access { get; init; }

    /// <summary>SHA-256 of the token: it is long and random, so a plain hash protects it.</summary>
    public required byte[] Hash { get; init; }

    public required string Beginning { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public static string NewText() => Prefix + RandomNumberGenerator.GetString(Letters, SecretLength);

    /// <summary>Whether a text can be a token at all: anything else need not be looked up.</summary>
    public static bool LooksLikeOne(string text) =>
        text.Length == Prefix.Length + SecretLength && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Letters) < 0;

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

internal sealed class ApiTokenMapping : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> token)
    {
        token.ToTable("api_tokens");
        token.Property(t => t.Name).HasMaxLength(ApiToken.NameLength);
        token.Property(t => t.Beginning).HasMaxLength(ApiToken.BeginningLength);
        token.HasOne(t => t.Person).WithMany().HasForeignKey(t => t.PersonId);
        token.HasIndex(t => t.Hash).IsUnique();
        token.HasIndex(t => new { t.PersonId, t.Name }).IsUnique().HasFilter("revoked_at is null").HasDatabaseName("ux_api_tokens_name");
        token.ToTable(t => t.HasCheckConstraint("ck_api_tokens_hash", "length(hash) = 32"));
        token.ToTable(t => t.HasCheckConstraint("ck_api_tokens_expiry", "expires_at > created_at and expires_at <= created_at + interval '8760 hours'"));
    }
}
