using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>
/// Codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), as every authenticator application shows them. A code of the step before or
/// after is taken too, since clocks differ; none is taken twice, nor one before it, also when two arrive at once. The framework's own provider keeps
/// the seed as it is and takes a code as often as it comes.
/// </summary>
public sealed partial class SecondFactor(PlanDbContext db, IDataProtectionProvider protection, TimeProvider clock, ILogger<SecondFactor> log) : IUserTwoFactorTokenProvider<Person>
{
    public const string Provider = "Authenticator";

    private const int SeedBytes = 20;
    private const string Issuer = "PlanTracker";

    private static readonly VerificationWindow OneStepAround = new(previous: 1, future: 1);

    private readonly ILogger _log = log;
    private readonly IDataProtector _protector = protection.CreateProtector("PlanTracker.SecondFactor");

    /// <returns>A new seed as it is kept.</returns>
    public string NewSeed() => _protector.Protect(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SeedBytes)));

    /// <summary>What an authenticator is given: the key to type, and the same as an address to scan.</summary>
    public (string Key, string Address) Enrolment(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var seed = SeedOf(person) ?? throw new InvalidOperationException("There is no seed yet.");
        return (Base32Encoding.ToString(seed).TrimEnd('='), new OtpUri(OtpType.Totp, seed, person.UserName, Issuer).ToString());
    }

    /// <summary>Takes a code, once.</summary>
    public async Task<bool> TakeAsync(Person person, string typed, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(person);
        var code = string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c)));
        if (SeedOf(person) is not { } seed
            || !new Totp(seed).VerifyTotp(clock.GetUtcNow().UtcDateTime, code, out var step, OneStepAround))
            return false;
        // Whoever comes first has it.
        var taken = await db.Users.Where(p => p.Id == person.Id && (p.SecondFactorStep == null || p.SecondFactorStep < step))
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.SecondFactorStep, step), ct) == 1;
        if (taken)
            await db.Entry(person).ReloadAsync(ct);
        return taken;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Person> manager, Person user) => Task.FromResult(user.SecondFactorSeed is not null);

    /// <summary>The code is made by the authenticator.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<Person> manager, Person user) => throw new NotSupportedException();

    public Task<bool> ValidateAsync(string purpose, string token, UserManager<Person> manager, Person user) => TakeAsync(user, token, CancellationToken.None);

    private byte[]? SeedOf(Person person)
    {
        try
        {
            return person.SecondFactorSeed is { } kept ? Convert.FromBase64String(_protector.Unprotect(kept)) : null;
        }
        catch (CryptographicException lost)
        {
            LogLostKey(person.Id, lost);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The seed of {Person} cannot be read: the key that protected it is gone. A security administrator has to remove the second factor.")]
    private partial void LogLostKey(Guid person, Exception lost);
}

/// <summary>A recovery code in place of an authenticator: each works once.</summary>
public sealed class RecoveryCodes(PlanDbContext db, TimeProvider clock) : IUserTwoFactorTokenProvider<Person>
{
    public const string Provider = "Recovery";

    /// <summary>Groups of five characters: 50 bits, behind the password and the lockout.</summary>
    private const int Groups = 2;

    /// <summary>A new set; the old one loses its force.</summary>
    public async Task<IReadOnlyList<string>> NewSetAsync(Guid personId, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.PersonId == personId).ExecuteDeleteAsync(ct);
        string[] codes = [.. Enumerable.Range(0, RecoveryCode.CountOfSet).Select(_ => OneTimeCode.New(Groups))];
        db.RecoveryCodes.AddRange(codes.Select(c => new RecoveryCode { PersonId = personId, Hash = OneTimeCode.HashOf(c) }));
        await db.SaveChangesAsync(ct);
        return codes;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Person> manager, Person user) => Task.FromResult(user.SecondFactorSeed is not null);

    /// <summary>Codes are made as a set.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<Person> manager, Person user) => throw new NotSupportedException();

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<Person> manager, Person user)
    {
        var (hash, now) = (OneTimeCode.HashOf(token), clock.GetUtcNow());
        return await db.RecoveryCodes.Where(c => c.PersonId == user.Id && c.Hash == hash && c.UsedAt == null).ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now)) == 1;
    }
}
