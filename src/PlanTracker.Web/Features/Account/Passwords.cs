using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>Why a password was not set.</summary>
/// <param name="Password">What is wrong with the new one; none: what was to prove the right to set it is wrong.</param>
public sealed record ChangeFault(PasswordFault? Password = null);

/// <summary>Sets passwords: with a one-time code, or with the present one. Every session but the one at hand ends with it.</summary>
public sealed class Passwords(UserManager<Person> people, SignInManager<Person> signIn, ProofOfOwner proof, PlanDbContext db, TimeProvider clock)
{
    private static readonly PasswordHasher<Person> Hasher = new();
    private static readonly Person Nobody = new() { DisplayName = "" };
    private static readonly string HashOfNobody = Hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <summary>Does the work of checking a password that no one has.</summary>
    public static void SpendTheSameTime(string password) => Hasher.VerifyHashedPassword(Nobody, HashOfNobody, password);

    /// <returns>What was wrong; nothing when the password is set. The code has then lost its force.</returns>
    public async Task<ChangeFault?> SetByCodeAsync(SetupForm form)
    {
        var person = await people.FindByNameAsync(form.Name ?? "");
        if (person is not { SetupCodeHash: { } hash, Disabled: false } || person.SetupCodeExpiresAt < clock.GetUtcNow() || !OneTimeCode.Matches(hash, form.Code ?? ""))
            return new ChangeFault();
        if (await SetAsync(person, form.Password ?? "") is { } fault)
            return fault;
        // A password that was forgotten may have locked the account. Whoever knows the present one gets no tries back for it: they are those of the code too.
        await people.ResetAccessFailedCountAsync(person);
        return null;
    }

    /// <summary>With the present password and, where there is a second factor, its code, if it has become too old to sign in with.</summary>
    public async Task<ChangeFault?> ReplaceExpiredAsync(Person person, ExpiredForm form)
    {
        if (!await proof.GivenAsync(person, form.Password, form.Code))
            return new ChangeFault();
        return string.Equals(form.Password, form.NewPassword, StringComparison.Ordinal) ? new ChangeFault(PasswordFault.Same) : await SetAsync(person, form.NewPassword ?? "");
    }

    /// <summary>With the present password; wrong ones count towards the lockout.</summary>
    public async Task<ChangeFault?> ChangeAsync(Person person, string present, string next)
    {
        if (!(await signIn.CheckPasswordSignInAsync(person, present, lockoutOnFailure: true)).Succeeded)
            return new ChangeFault();
        return string.Equals(present, next, StringComparison.Ordinal) ? new ChangeFault(PasswordFault.Same) : await SetAsync(person, next);
    }

    private async Task<ChangeFault?> SetAsync(Person person, string password)
    {
        foreach (var rule in people.PasswordValidators)
        {
            if (await rule.ValidateAsync(people, person, password) is { Succeeded: false } refused && Enum.TryParse<PasswordFault>(refused.Errors.First().Code, out var fault))
                return new ChangeFault(fault);
        }

        await using var transaction = await db.Database.BeginTransactionAsync();
        (person.SetupCodeHash, person.SetupCodeExpiresAt, person.PasswordSetAt) = (null, null, clock.GetUtcNow());
        if (person.PasswordHash is not null)
            (await people.RemovePasswordAsync(person)).OrThrow();
        (await people.AddPasswordAsync(person, password)).OrThrow();
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = person.Id,
            Action = "person.password-set",
            Subject = PersonStore.SubjectOf(person),
            Detail = "{}",
        });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return null;
    }
}
