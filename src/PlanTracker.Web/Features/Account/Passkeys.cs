using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>Why a passkey was not added or renamed.</summary>
public enum PasskeyFault
{
    /// <summary>Empty, too long, or holding what cannot be kept.</summary>
    NameMissing,
    NameTaken,

    /// <summary>There are <see cref="Passkeys.Most"/> already.</summary>
    TooMany,

    /// <summary>The password or the code of the authenticator is wrong, or there were too many wrong ones.</summary>
    NotProven,

    /// <summary>What the browser sent answers no question that is open: too late, for somebody else, or not made by a device.</summary>
    NotMade,
}

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Key">The identifier of the credential, as it stands in an address.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="MadeAt">When it was added.</param>
public sealed record PasskeyLine(string Key, string Name, DateTimeOffset MadeAt)
{
    public static PasskeyLine Of(UserPasskeyInfo passkey)
    {
        ArgumentNullException.ThrowIfNull(passkey);
        return new(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "", passkey.CreatedAt);
    }
}

/// <summary>
/// Passkeys (WebAuthn) beside the password, by the framework's own handler. The device asks its owner for a finger, a face or a PIN, so that a passkey is
/// what one has and what one is or knows: both factors at once.
/// </summary>
public sealed class Passkeys(PeopleManager people, SignInManager<Person> signIn, ProofOfOwner proof, PlanDbContext db, TimeProvider clock)
{
    public const int Most = 10;
    public const int NameLength = 64;

    /// <summary>Whoever has found an open session adds nothing: it takes the password, and the code of the authenticator where there is one.</summary>
    /// <param name="person">Whose it will be.</param>
    /// <param name="name">What it will be called.</param>
    /// <param name="password">The present one; wrong ones count towards the lockout, and so do wrong codes.</param>
    /// <param name="code">Of the authenticator; for whoever has none, anything.</param>
    /// <returns>What the browser is to ask of the device; or why nothing.</returns>
    public async Task<(string? Options, PasskeyFault? Fault)> BeginAsync(Person person, string? name, string password, string code)
    {
        ArgumentNullException.ThrowIfNull(person);
        if (await FaultOfNewAsync(person, name) is { } fault)
            return (null, fault);
        if (!await proof.GivenAsync(person, password, code))
            return (null, PasskeyFault.NotProven);
        var owner = new PasskeyUserEntity { Id = await people.GetUserIdAsync(person), Name = person.UserName!, DisplayName = person.DisplayName };
        return (await signIn.MakePasskeyCreationOptionsAsync(owner), null);
    }

    /// <summary>Takes what the device made, for the person it was begun for, within the time between two steps.</summary>
    public async Task<PasskeyFault?> AddAsync(Person person, string? name, string credential)
    {
        ArgumentNullException.ThrowIfNull(person);
        var made = await UnderWayAsync(credential, signIn.PerformPasskeyAttestationAsync, r => r.Failure);
        if (made is not { Succeeded: true, Passkey: { } passkey } || !string.Equals(made.UserEntity.Id, await people.GetUserIdAsync(person), StringComparison.Ordinal))
            return PasskeyFault.NotMade;
        if (await FaultOfNewAsync(person, name) is { } fault)
            return fault;

        passkey.Name = name!.Trim();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // Of two at once the second is refused by the version of the person, so that there is never one too many.
        if (!(await people.AddOrUpdatePasskeyAsync(person, passkey)).Succeeded)
            return PasskeyFault.NotMade;
        Tell(person, "person.passkey-added", new { name = passkey.Name });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return null;
    }

    /// <returns>Whether there is such a passkey of theirs, and why it keeps its name.</returns>
    public async Task<(bool Found, PasskeyFault? Fault)> RenameAsync(Person person, string key, string? name)
    {
        if (await FindAsync(person, key) is not { } passkey)
            return (false, null);
        var others = (await people.GetPasskeysAsync(person)).Where(p => !p.CredentialId.AsSpan().SequenceEqual(passkey.CredentialId));
        if (FaultOf(name, others) is { } fault)
            return (true, fault);

        var before = passkey.Name;
        passkey.Name = name!.Trim();
        await using var transaction = await db.Database.BeginTransactionAsync();
        (await people.AddOrUpdatePasskeyAsync(person, passkey)).OrThrow();
        Tell(person, "person.passkey-renamed", new { before, after = passkey.Name });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return (true, null);
    }

    /// <summary>With it ends every session but the one at hand: the device may be in other hands.</summary>
    /// <returns>Whether there was such a passkey of theirs.</returns>
    public async Task<bool> RemoveAsync(Person person, string key)
    {
        if (await FindAsync(person, key) is not { } passkey)
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync();
        (await people.RemovePasskeyAsync(person, passkey.CredentialId)).OrThrow();
        (await people.UpdateSecurityStampAsync(person)).OrThrow();
        Tell(person, "person.passkey-removed", new { name = passkey.Name });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>What the browser is to ask of the device; it says itself whose passkeys it holds.</summary>
    public Task<string> AskAsync() => signIn.MakePasskeyRequestOptionsAsync(user: null);

    /// <returns>Whose passkey answered. Whether they may come in is not asked here, and not by the framework's own way in either.</returns>
    public async Task<Person?> PersonAsync(string credential)
    {
        if (await UnderWayAsync(credential, signIn.PerformPasskeyAssertionAsync, r => r.Failure) is not { Succeeded: true, User: { } person, Passkey: { } passkey })
            return null;
        // The counter of the device is kept; of two answers at once the second is refused by the version of the person.
        return (await people.AddOrUpdatePasskeyAsync(person, passkey)).Succeeded ? person : null;
    }

    private async Task<PasskeyFault?> FaultOfNewAsync(Person person, string? name)
    {
        var passkeys = await people.GetPasskeysAsync(person);
        return passkeys.Count >= Most ? PasskeyFault.TooMany : FaultOf(name, passkeys);
    }

    private static PasskeyFault? FaultOf(string? name, IEnumerable<UserPasskeyInfo> others)
    {
        if (name?.Trim() is not { Length: > 0 and <= NameLength } trimmed || !SafeText.IsSafe(trimmed) || trimmed.Any(char.IsControl))
            return PasskeyFault.NameMissing;
        return others.Any(p => string.Equals(p.Name, trimmed, StringComparison.OrdinalIgnoreCase)) ? PasskeyFault.NameTaken : null;
    }

    private async Task<UserPasskeyInfo?> FindAsync(Person person, string key) =>
        Base64Url.IsValid(key) ? await people.GetPasskeyAsync(person, Base64Url.DecodeFromChars(key)) : null;

    /// <summary>
    /// Compares an answer with the question that is open in this browser. Where none is, or another one, the framework throws; that the database is away it
    /// takes for a wrong answer.
    /// </summary>
    private static async Task<T?> UnderWayAsync<T>(string credential, Func<string, Task<T>> compare, Func<T, PasskeyException?> failure)
        where T : class
    {
        if (credential.Length == 0)
            return null;
        T result;
        try
        {
            result = await compare(credential);
        }
        catch (InvalidOperationException)
        {
            return null;
        }

        return failure(result) is { } error && PlanDatabase.IsAway(error) ? throw error : result;
    }

    private void Tell(Person person, string action, object detail) => db.AuditEvents.Add(new AuditEvent
    {
        At = clock.GetUtcNow(),
        ActorId = person.Id,
        Action = action,
        Subject = PersonStore.SubjectOf(person),
        Detail = JsonSerializer.Serialize(detail),
    });
}
