using System.Globalization;
using System.Security.Claims;

namespace PlanTracker.Platform.Security;

public static class SignedInPerson
{
    /// <summary>Who is acting.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in; the fallback policy should not have let this happen.</exception>
    public static Guid Id(this ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>Whether the person sees figures of their own scope only, as of the last check of the session; for links, not for what is shown.</summary>
    public static bool SeesOwnScopeOnly(this ClaimsPrincipal principal) => principal.HasClaim(c => c.Type == SignInOfPeople.OwnScopeClaim);

    /// <summary>Whether the session rests on a second factor: one of the person, a passkey with which it began, or what another service asks for.</summary>
    public static bool HasSecondFactor(this ClaimsPrincipal principal) => principal.HasClaim(c =>
        c.Type is SignInOfPeople.SecondFactorClaim or SignInByService.Claim || c is { Type: SignInOfPeople.MethodClaim, Value: SignInOfPeople.BothFactors });
}
