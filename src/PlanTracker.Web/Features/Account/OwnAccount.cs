using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;
using QRCoder;

namespace PlanTracker.Features.Account;

/// <summary>What was just done, so that the page can say so.</summary>
public enum OwnAccountStep
{
    PasswordSet,
    SecondFactorSet,
    CodesMade,
}

public sealed record OwnAccountPage
{
    public required Person Person { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public required IReadOnlyList<GrantedPlace> Places { get; init; }

    /// <summary>Of the recovery codes, those not used yet.</summary>
    public required int CodesLeft { get; init; }

    public required AccountOptions Options { get; init; }

    /// <summary>Begun and not confirmed: what the authenticator is given.</summary>
    public Enrolment? Enrolment { get; init; }

    public OwnAccountStep? Done { get; init; }

    /// <summary>Shown this once.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; init; } = [];

    public ChangeFault? PasswordFault { get; init; }

    public bool WrongCode { get; init; }

    /// <summary>The earliest first.</summary>
    public required IReadOnlyList<PasskeyLine> Passkeys { get; init; }

    public PasskeyFault? PasskeyFault { get; init; }

    /// <summary>Those that are not over, the last used first.</summary>
    public required IReadOnlyList<PersonSession> Sessions { get; init; }
}

/// <param name="Key">To be typed where nothing can be scanned.</param>
/// <param name="Picture">The same as a QR code: an SVG path over modules of 1 × 1.</param>
/// <param name="Size">Modules on each side.</param>
public sealed record Enrolment(string Key, string Picture, int Size)
{
    public static Enrolment Of(string key, string address)
    {
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var size = code.ModuleMatrix.Count;
        var dark = from y in Enumerable.Range(0, size) from x in Enumerable.Range(0, size) where code.ModuleMatrix[y][x] select FormattableString.Invariant($"M{x} {y}h1v1h-1z");
        return new Enrolment(string.Join(' ', key.Chunk(4).Select(c => new string(c))), string.Concat(dark), size);
    }
}

/// <summary>What somebody does with their own account.</summary>
public sealed class OwnAccount(PeopleManager people, PlanDbContext db, SecondFactor second, ProofOfOwner proof, RecoveryCodes recovery, SessionStore sessions, IOptions<AccountOptions> options, TimeProvider clock)
{
    public async Task<Person> PersonAsync(ClaimsPrincipal user) => (await people.GetUserAsync(user))!;

    public async Task<OwnAccountPage> PageAsync(ClaimsPrincipal user, CancellationToken ct)
    {
        var person = await PersonAsync(user);
        var enrolment = person is { SecondFactorSeed: not null, TwoFactorEnabled: false } ? second.Enrolment(person) : ((string, string)?)null;
        return new OwnAccountPage
        {
            Person = person,
            Roles = [.. (await people.GetRolesAsync(person)).Order(StringComparer.Ordinal)],
            Places = await db.PlacesOfAsync(person.Id, ct),
            CodesLeft = await db.RecoveryCodes.CountAsync(c => c.PersonId == person.Id && c.UsedAt == null, ct),
            Passkeys = [.. (await people.GetPasskeysAsync(person)).OrderBy(p => p.CreatedAt).Select(PasskeyLine.Of)],
            Sessions = await sessions.OpenAsync(person.Id, ct),
            Options = options.Value,
            Enrolment = enrolment is var (key, address) ? Enrolment.Of(key, address) : null,
        };
    }

    /// <returns>Whether there is something to confirm now; not where a second factor stands already.</returns>
    public async Task<bool> BeginAsync(ClaimsPrincipal user, CancellationToken ct)
    {
        var person = await PersonAsync(user);
        if (person.TwoFactorEnabled)
            return false;
        (person.SecondFactorSeed, person.SecondFactorStep) = (second.NewSeed(), null);
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <returns>The recovery codes, once the password and a code of the authenticator were right.</returns>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(ClaimsPrincipal user, string? password, string code, HttpContext context, CancellationToken ct)
    {
        var person = await PersonAsync(user);
        if (person.TwoFactorEnabled || !await proof.GivenAsync(person, password, code: null, context, ct) || !await TakeAsync(person, code, ct))
            return null;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        person.TwoFactorEnabled = true;
        (await people.UpdateSecurityStampAsync(person)).OrThrow();
        var codes = await recovery.NewSetAsync(person.Id, ct);
        Tell(person, "person.second-factor-set");
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <returns>The new codes; none when the authenticator's code was wrong.</returns>
    public async Task<IReadOnlyList<string>?> NewCodesAsync(ClaimsPrincipal user, string code, CancellationToken ct)
    {
        var person = await PersonAsync(user);
        if (!person.TwoFactorEnabled || !await TakeAsync(person, code, ct))
            return null;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var codes = await recovery.NewSetAsync(person.Id, ct);
        Tell(person, "person.recovery-codes-made");
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return codes;
    }

    /// <returns>Whether it is gone: not without a right code, and not where everybody needs one.</returns>
    public async Task<bool> RemoveAsync(ClaimsPrincipal user, string code, CancellationToken ct)
    {
        var person = await PersonAsync(user);
        if (options.Value.SecondFactor == SecondFactorRule.Required || !person.TwoFactorEnabled || !await TakeAsync(person, code, ct))
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        (person.SecondFactorSeed, person.SecondFactorStep, person.TwoFactorEnabled) = (null, null, false);
        await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ExecuteDeleteAsync(ct);
        (await people.UpdateSecurityStampAsync(person)).OrThrow();
        Tell(person, "person.second-factor-removed");
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Wrong codes count towards the lockout here too: whoever found an open session does not get to guess.</summary>
    private async Task<bool> TakeAsync(Person person, string code, CancellationToken ct)
    {
        if (!await people.TakeTryAsync(person) || !await second.TakeAsync(person, code, ct))
            return false;
        await people.ReturnTryAsync(person);
        return true;
    }

    private void Tell(Person person, string action) => db.AuditEvents.Add(new AuditEvent
    {
        At = clock.GetUtcNow(),
        ActorId = person.Id,
        Action = action,
        Subject = PersonStore.SubjectOf(person),
        Detail = "{}",
    });
}
