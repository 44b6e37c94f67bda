using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>
/// A program acts for a person by a token in the <c>Authorization</c> header. Person, roles and token are read with each request: what was revoked,
/// has expired or belongs to a disabled person opens nothing.
/// </summary>
public sealed class TokenSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, PlanDbContext db, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "Token";

    /// <summary>Claim with what the token may do, in its written form.</summary>
    public const string AccessClaim = "token-access";

    private const string Bearer = "Bearer ";
    private static readonly TimeSpan LastUseStep = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return AuthenticateResult.NoResult();
        var text = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        if (!ApiToken.LooksLikeOne(text))
            return AuthenticateResult.Fail("No token.");

        var (hash, now) = (ApiToken.HashOf(text), clock.GetUtcNow());
        var found = await db.ApiTokens
            .Where(t => t.Hash == hash && t.RevokedAt == null && t.ExpiresAt > now && !t.Person!.Disabled)
            .Select(t => new
            {
                t.Id,
                t.PersonId,
                t.Person!.UserName,
                t.Access,
                t.LastUsedAt,
                Roles = db.UserRoles.Where(m => m.UserId == t.PersonId).Join(db.Roles, m => m.RoleId, r => r.Id, (_, r) => r.Name!).ToList(),
            }).SingleOrDefaultAsync(Context.RequestAborted);
        if (found is null)
            return AuthenticateResult.Fail("Not a token in force.");
        if (found.LastUsedAt is null || now - found.LastUsedAt >= LastUseStep)
            await db.ApiTokens.Where(t => t.Id == found.Id).ExecuteUpdateAsync(t => t.SetProperty(x => x.LastUsedAt, now), Context.RequestAborted);

        var identity = new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, found.PersonId.ToString()), new Claim(ClaimTypes.Name, found.UserName!),
            new Claim(AccessClaim, Kebab.Of(found.Access)), .. found.Roles.Select(r => new Claim(ClaimTypes.Role, r)),
        ], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Refuse(Context);
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"PlanTracker\", error=\"insufficient_scope\"";
        return Task.CompletedTask;
    }

    /// <summary>Nobody is known: a program is told so, not led to a form.</summary>
    internal static void Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = context.Request.Headers.Authorization.Count > 0
            ? "Bearer realm=\"PlanTracker\", error=\"invalid_token\""
            : "Bearer realm=\"PlanTracker\"";
    }
}
