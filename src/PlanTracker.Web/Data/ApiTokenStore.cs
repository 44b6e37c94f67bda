using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

public enum TokenFault
{
    NameMissing,
    NameTooLong,
    NameUnsafe,

    /// <summary>A token of that name is in force: sending the form twice makes one token.</summary>
    NameTaken,
    AccessMissing,

    /// <summary>Only reporters write.</summary>
    WriteNotAllowed,
    DaysOutOfRange,

    /// <summary>Password or code is wrong, or the session of whoever has none is too old.</summary>
    NotProven,
}

/// <param name="Text">The token, never to be seen again; empty where it was refused.</param>
/// <param name="Faults">Why it was refused.</param>
public sealed record MadeToken(string? Text, IReadOnlyList<TokenFault> Faults);

/// <summary>Makes and revokes tokens, each with its audit event in the same transaction.</summary>
public sealed class ApiTokenStore(PlanDbContext db, TimeProvider clock)
{
    /// <param name="name">What uses it.</param>
    /// <param name="access">What it may do.</param>
    /// <param name="days">How long it lasts.</param>
    /// <param name="personId">In whose name.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="prove">Asked once nothing else is wrong: whether it is the person, so that a code that works once is not spent on a slip.</param>
    public async Task<MadeToken> MakeAsync(string? name, TokenAccess? access, int? days, Guid personId, CancellationToken ct, Func<Task<bool>>? prove = null)
    {
        var kept = (name ?? "").Trim();
        var mayWrite = await db.UserRoles.AnyAsync(m => m.UserId == personId && db.Roles.Any(r => r.Id == m.RoleId && r.Name == Roles.Reporter), ct);
        TokenFault[] faults = [.. Faults(kept, access, days, mayWrite)];
        if (faults.Length > 0)
            return new MadeToken(null, faults);
        if (prove is not null && !await prove())
            return new MadeToken(null, [TokenFault.NotProven]);

        var now = Microseconds(clock.GetUtcNow());
        var text = ApiToken.NewText();
        var token = new ApiToken
        {
            PersonId = personId,
            Name = kept,
            Access = access!.Value,
            Hash = ApiToken.HashOf(text),
            Beginning = text[..ApiToken.BeginningLength],
            CreatedAt = now,
            ExpiresAt = now.AddDays(days!.Value),
        };
        db.ApiTokens.Add(token);
        db.AuditEvents.Add(Event("token.made", token, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException refused) when (refused.InnerException is PostgresException { ConstraintName: "ux_api_tokens_name" })
        {
            return new MadeToken(null, [TokenFault.NameTaken]);
        }

        return new MadeToken(text, []);
    }

    /// <returns>Whether the person had such a token in force.</returns>
    public async Task<bool> RevokeAsync(int id, Guid personId, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var revoked = await db.ApiTokens.Where(t => t.Id == id && t.PersonId == personId && t.RevokedAt == null)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.RevokedAt, now), ct);
        if (revoked == 0)
            return false;
        db.AuditEvents.Add(Event("token.revoked", await db.ApiTokens.AsNoTracking().SingleAsync(t => t.Id == id, ct), now));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static IEnumerable<TokenFault> Faults(string name, TokenAccess? access, int? days, bool mayWrite)
    {
        if (name.Length == 0)
            yield return TokenFault.NameMissing;
        if (name.Length > ApiToken.NameLength)
            yield return TokenFault.NameTooLong;
        if (!SafeText.IsSafe(name) || name.Any(char.IsControl))
            yield return TokenFault.NameUnsafe;
        if (access is null)
            yield return TokenFault.AccessMissing;
        if (access == TokenAccess.ReadAndWrite && !mayWrite)
            yield return TokenFault.WriteNotAllowed;
        if (days is null or < 1 or > ApiToken.MostDays)
            yield return TokenFault.DaysOutOfRange;
    }

    private static AuditEvent Event(string action, ApiToken token, DateTimeOffset now) => new()
    {
        At = now,
        ActorId = token.PersonId,
        Action = action,
        Subject = $"token/{token.Beginning}",
        Detail = JsonSerializer.Serialize(new { name = token.Name, access = Kebab.Of(token.Access), expires = token.ExpiresAt }),
    };

    /// <summary>As the database keeps it, so that a token of 365 days is one there too.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
