using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>Ties each cookie to a session in the database.</summary>
public sealed class SessionsOfPeople(SessionStore store, IOptions<AccountOptions> options)
{
    /// <summary>Under which the ticket in the cookie names its session, and the request too.</summary>
    private const string Item = "session";

    /// <summary>A cookie is about to be made: the first one of a session begins it; a later one goes on with it.</summary>
    public async Task BeginAsync(CookieSigningInContext context)
    {
        var principal = context.Principal!;
        var person = principal.Id();
        var stamp = principal.FindFirstValue(new ClaimsIdentityOptions().SecurityStampClaimType)!;
        if (IdIn(context.Properties) is { } id)
        {
            await store.StampAsync(id, stamp);
            // The framework makes the person anew, and does not know who else vouched for them.
            if (context.HttpContext.User.FindFirst(SignInByService.Claim) is { } service && !principal.HasClaim(c => c.Type == SignInByService.Claim))
                ((ClaimsIdentity)principal.Identity!).AddClaim(service.Clone());
            return;
        }

        await EndAsync(context.HttpContext);
        var begun = await store.BeginAsync(
            person,
            stamp,
            context.HttpContext.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4().ToString() : context.HttpContext.Connection.RemoteIpAddress?.ToString(),
            BrowserName.Of(context.Request.Headers.UserAgent.ToString()),
            options.Value.Sessions);
        context.Properties.Items[Item] = begun.ToString();
        // Back from another service one signs in by a GET.
        context.HttpContext.RequestServices.GetService<StandbyReads>()?.Note(context.HttpContext);
    }

    /// <summary>A request came with a cookie; from here on its session is known.</summary>
    /// <returns>Whether the cookie names one.</returns>
    public static bool Know(CookieValidatePrincipalContext context)
    {
        context.HttpContext.Items[Item] = IdIn(context.Properties);
        return Current(context.HttpContext) is not null;
    }

    /// <summary>
    /// What the request brought is worth nothing: an old copy of a cookie, say, whose session goes on with a newer one. It ends nothing, then.
    /// </summary>
    public static void Forget(HttpContext context) => context.Items.Remove(Item);

    /// <summary>The person of this request's session, with their roles; nothing where it was ended.</summary>
    public async Task<(Person Person, IReadOnlyList<string> Roles)?> PersonAsync(HttpContext context, ClaimsPrincipal principal) =>
        Current(context) is { } id ? await store.PersonOfAsync(id, principal.Id()) : null;

    /// <summary>The session of this request ends.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (Current(context) is not { } id)
            return;
        try
        {
            await store.EndAsync(id);
        }
        catch (Exception error) when (PlanDatabase.IsAway(error))
        {
            // The cookie is taken away all the same, and a session that nobody uses ends by itself.
        }
    }

    /// <summary>The session of this request; nothing for one without.</summary>
    public static Guid? Current(HttpContext context) => context.Items.TryGetValue(Item, out var id) ? (Guid?)id : null;

    private static Guid? IdIn(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(Item, out var text) && Guid.TryParse(text, out var id) ? id : null;
}
