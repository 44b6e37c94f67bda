using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>
/// Finds the person whom another service names. The first time by the sign-in name, then by the service's own unchanging number of them: a name that is
/// given to somebody else later does not come with the account. Numbers of one service are not those of the next.
/// </summary>
public sealed class PeopleByService(UserManager<Person> people, PlanDbContext db, TimeProvider clock)
{
    /// <summary>As many characters of an issuer's address as are kept.</summary>
    private const int IssuerLength = 128;

    public async Task<Person?> PersonAsync(ExternalLoginInfo known, ServiceOptions service)
    {
        var issuer = known.Principal.FindFirst(ClaimTypes.NameIdentifier)!.Issuer;
        issuer = issuer.Length > IssuerLength ? issuer[..IssuerLength] : issuer;
        if (await people.FindByLoginAsync(issuer, known.ProviderKey) is { } person)
            return person;
        // Numbers of the first versions stand without their issuer: whoever has one gets it now.
        var bound = await people.FindByLoginAsync(SignInByService.Scheme, known.ProviderKey);
        if ((bound ?? await NamedAsync(known.Principal.FindFirst(service.NameClaim)?.Value, issuer)) is not { } named)
            return null;

        await using var transaction = await db.Database.BeginTransactionAsync();
        if (bound is not null)
            (await people.RemoveLoginAsync(bound, SignInByService.Scheme, known.ProviderKey)).OrThrow();
        (await people.AddLoginAsync(named, new UserLoginInfo(issuer, known.ProviderKey, service.Name))).OrThrow();
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = named.Id,
            Action = "person.service-bound",
            Subject = PersonStore.SubjectOf(named),
            Detail = JsonSerializer.Serialize(new { service = issuer, subject = known.ProviderKey }),
        });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return named;
    }

    /// <summary>Who has this name here, and no number of the service yet.</summary>
    private async Task<Person?> NamedAsync(string? name, string issuer) =>
        !string.IsNullOrEmpty(name) && await people.FindByNameAsync(name) is { Disabled: false } named
            && !(await people.GetLoginsAsync(named)).Any(l => l.LoginProvider == issuer || l.LoginProvider == SignInByService.Scheme)
            ? named : null;
}
