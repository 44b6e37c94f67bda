using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>
/// What lasts longer than a session, a token or another way to sign in, is not made by whoever has found a session open: it takes the password, and the
/// code of the authenticator where there is one.
/// </summary>
public sealed class ProofOfOwner(PeopleManager people, SignInManager<Person> signIn, PlanDbContext db, TimeProvider clock)
{
    /// <summary>Whoever has no password here, but signs in by another service, has done so within this time.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Whether it is the person. Wrong passwords and codes count towards the lockout; a right code works once.</summary>
    public async Task<bool> GivenAsync(Person person, string? password, string? code)
    {
        ArgumentNullException.ThrowIfNull(person);
        if (!(await signIn.CheckPasswordSignInAsync(person, password ?? "", lockoutOnFailure: true)).Succeeded)
            return false;
        if (!person.TwoFactorEnabled)
            return true;
        if (!await people.TakeTryAsync(person) || !await people.VerifyTwoFactorTokenAsync(person, SecondFactor.Provider, code ?? ""))
            return false;
        await people.ReturnTryAsync(person);
        return true;
    }

    /// <summary>The same, or, for whoever has no password here, a session that has just begun.</summary>
    public async Task<bool> GivenAsync(Person person, string? password, string? code, HttpContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(person);
        if (person.PasswordHash is not null)
            return await GivenAsync(person, password, code);
        var since = clock.GetUtcNow() - Fresh;
        return SessionsOfPeople.Current(context) is { } id && await db.Sessions.AnyAsync(s => s.Id == id && s.PersonId == person.Id && s.BegunAt >= since, ct);
    }
}
