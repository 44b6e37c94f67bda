using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;
using PlanTracker.Platform.Start;

namespace PlanTracker.Features.Account;

/// <summary>Sets the first password with a one-time code.</summary>
public sealed class AccountSetup(UserManager<Person> people, PlanDbContext db, TimeProvider clock)
{
    private static readonly PasswordHasher<Person> Hasher = new();
    private static readonly Person Nobody = new() { DisplayName = "" };
    private static readonly string HashOfNobody = Hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <summary>Does the work of checking a password that no one has.</summary>
    public static void SpendTheSameTime(string password) => Hasher.VerifyHashedPassword(Nobody, HashOfNobody, password);

    /// <returns>What was wrong; nothing when the password is set. The code has then lost its force.</returns>
    public async Task<SetupFault?> SetPasswordAsync(SetupForm form)
    {
        var person = await people.FindByNameAsync(form.Name ?? "");
        if (person?.SetupCodeHash is not { } hash || person.SetupCodeExpiresAt < clock.GetUtcNow() || !Matches(hash, form.Code ?? ""))
            return SetupFault.WrongCode;

        await using var transaction = await db.Database.BeginTransactionAsync();
        var result = await people.AddPasswordAsync(person, form.Password ?? "");
        if (!result.Succeeded)
            return SetupFault.WeakPassword;

        person.SetupCodeHash = null;
        person.SetupCodeExpiresAt = null;
        People.Check(await people.UpdateAsync(person));
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = person.Id,
            Action = "person.password-set",
            Subject = person.Id.ToString(),
            Detail = "{}",
        });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return null;
    }

    private static bool Matches(string hash, string code) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(People.HashOf(code.Trim())));
}
