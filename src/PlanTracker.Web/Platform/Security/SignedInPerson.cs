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
}
