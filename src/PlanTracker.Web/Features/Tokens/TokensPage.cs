using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Tokens;

public sealed record TokensPage
{
    /// <summary>In force and expired ones, the latest first; revoked ones are gone from the page and stay in the audit.</summary>
    public required IReadOnlyList<TokenLine> Tokens { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The person signs in with a password here, and not by another service.</summary>
    public required bool HasPassword { get; init; }

    public required bool HasSecondFactor { get; init; }

    public TokenForm Form { get; init; } = new();

    public IReadOnlyList<TokenFault> Faults { get; init; } = [];

    /// <summary>The token that was just made: the only time it is seen.</summary>
    public string? Made { get; init; }
}

public sealed record TokenLine(
    int Id, string Name, string Beginning, TokenAccess Access, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>The form as it comes back.</summary>
public sealed record TokenForm
{
    public string? Name { get; init; }

    public string? Access { get; init; }

    public int? Days { get; init; } = 90;

    public string? Password { get; init; }

    /// <summary>Of the authenticator, where there is one.</summary>
    public string? Code { get; init; }
}

public static class TokenQueries
{
    public static async Task<TokensPage> TokensPageAsync(this PlanDbContext db, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var person = await db.Users.Where(p => p.Id == personId).Select(p => new { HasPassword = p.PasswordHash != null, p.TwoFactorEnabled }).SingleAsync(ct);
        return new TokensPage
        {
            Now = now,
            HasPassword = person.HasPassword,
            HasSecondFactor = person.TwoFactorEnabled,
            Tokens = await db.ApiTokens.Where(t => t.PersonId == personId && t.RevokedAt == null).OrderByDescending(t => t.Id)
                .Select(t => new TokenLine(t.Id, t.Name, t.Beginning, t.Access, t.CreatedAt, t.ExpiresAt, t.LastUsedAt)).ToListAsync(ct),
        };
    }
}
