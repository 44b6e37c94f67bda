using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace PlanTracker.Data;

/// <summary>A person as a security administrator states them.</summary>
public sealed record StatedPerson
{
    /// <summary>With which they sign in; counts when they are made, and stays.</summary>
    public string? Name { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>For reminders; may be empty.</summary>
    public string? Email { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool ReadsOwnScopeOnly { get; init; }

    /// <summary>The person as they were shown.</summary>
    public string? BasedOn { get; init; }
}

/// <summary>A place as a security administrator grants it.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="ElementId">An element of a plan with that region.</param>
/// <param name="DepartmentId">A department of such a plan, for each element it leads. Neither: everything.</param>
public sealed record StatedPlace(int? RegionId, int? ElementId, int? DepartmentId);

public enum PersonFault
{
    /// <summary>2 to 64 letters, digits and <c>.-_@</c>.</summary>
    NameNotAllowed,
    NameTaken,

    /// <summary>Empty, too long, or holding what cannot be kept.</summary>
    DisplayNameMissing,
    EmailNotAnAddress,
    RoleUnknown,

    /// <summary>Nobody would be left who could give rights.</summary>
    LastSecurityAdministrator,

    /// <summary>One's own right to give rights, or one's own account, is taken away by somebody else.</summary>
    Oneself,

    /// <summary>Somebody else has changed the person since they were shown.</summary>
    Conflict,

    /// <summary>No such region, or no such element or department in a plan of that region.</summary>
    PlaceUnknown,

    /// <summary>Both an element and a department.</summary>
    PlaceTwofold,

    /// <summary>The department leads no element.</summary>
    LeadsNothing,

    /// <summary>They have that place already.</summary>
    PlaceTaken,
}

/// <summary>Somebody who changes accounts may not do so any more.</summary>
public sealed class RightLostException : Exception;

/// <summary>
/// The one way in for people, roles and scopes: each change with its audit event in one transaction. Roles and scopes count within a minute for whoever is
/// signed in (<see cref="SecurityStampValidatorOptions.ValidationInterval"/>); whoever is disabled or signed out is so within the same minute, and tokens at once.
/// </summary>
public sealed class PersonStore(PlanDbContext db, UserManager<Person> people, TimeProvider clock)
{
    public const int SignInNameLength = 64;
    public const int EmailLength = 256;

    /// <summary>Groups of five characters: 100 bits.</summary>
    private const int GroupsOfCode = 4;

    public static readonly TimeSpan SetupCodeLifetime = TimeSpan.FromHours(24);

    private const string LettersOfName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";

    // One at a time, so that two cannot take each other's last right away.
    private const long PeopleLock = 7264020;

    /// <returns>The new person and the code with which they set a password; or why there is none.</returns>
    public async Task<(Guid Id, string Code, PersonFault? Fault)> MakeAsync(StatedPerson stated, Guid? actor, CancellationToken ct)
    {
        var name = (stated.Name ?? "").Trim();
        if (name.Length is < 2 or > SignInNameLength || name.Any(c => !LettersOfName.Contains(c, StringComparison.Ordinal)))
            return Refused(PersonFault.NameNotAllowed);
        if (FaultOf(stated) is { } fault)
            return Refused(fault);

        await using var transaction = await LockAsync(actor, ct);
        if (await people.FindByNameAsync(name) is not null)
            return Refused(PersonFault.NameTaken);
        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            UserName = name,
            DisplayName = stated.DisplayName!.Trim(),
            Email = EmailOf(stated),
            ReadsOwnScopeOnly = stated.ReadsOwnScopeOnly,
            CreatedAt = clock.GetUtcNow(),
        };
        (await people.CreateAsync(person)).OrThrow();
        (await people.AddToRolesAsync(person, stated.Roles.Distinct(StringComparer.Ordinal))).OrThrow();
        Tell("person.made", person, actor, new { name, stated.DisplayName, stated.Email, roles = stated.Roles.Order(StringComparer.Ordinal), stated.ReadsOwnScopeOnly });
        var code = await NewCodeAsync(person, actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return (person.Id, code, null);

        static (Guid, string, PersonFault?) Refused(PersonFault fault) => (Guid.Empty, "", fault);
    }

    /// <returns>Why nothing was changed; nothing when it was, or when nothing differed.</returns>
    public async Task<PersonFault?> ChangeAsync(Guid id, StatedPerson stated, Guid actor, CancellationToken ct)
    {
        if (FaultOf(stated) is { } fault)
            return fault;

        await using var transaction = await LockAsync(actor, ct);
        var person = await PersonAsync(id, ct);
        var roles = await people.GetRolesAsync(person);
        if (!string.Equals(Fingerprint(person, roles), stated.BasedOn, StringComparison.Ordinal))
            return PersonFault.Conflict;
        var (taken, given) = (roles.Except(stated.Roles, StringComparer.Ordinal).ToList(), stated.Roles.Except(roles, StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToList());
        var keepsRight = stated.Roles.Contains(Roles.SecurityAdministrator, StringComparer.Ordinal) && !stated.ReadsOwnScopeOnly;
        if (roles.Contains(Roles.SecurityAdministrator) && !person.ReadsOwnScopeOnly && !keepsRight && await MayNotLoseAsync(person, actor, ct) is { } kept)
            return kept;

        var before = Facts(person, roles);
        (person.DisplayName, person.Email, person.ReadsOwnScopeOnly) = (stated.DisplayName!.Trim(), EmailOf(stated), stated.ReadsOwnScopeOnly);
        (await people.RemoveFromRolesAsync(person, taken)).OrThrow();
        (await people.AddToRolesAsync(person, given)).OrThrow();
        (await people.UpdateAsync(person)).OrThrow();
        var after = Facts(person, await people.GetRolesAsync(person));
        if (before != after)
            Tell("person.changed", person, actor, new { before = JsonDocument.Parse(before), after = JsonDocument.Parse(after) });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>
    /// Where they may act, and what they see when their reading is limited: a region with all below it, all of it, one element, or each element a department
    /// leads. What a department comes to lead later is granted when somebody grants it.
    /// </summary>
    public async Task<PersonFault?> GrantAsync(Guid id, StatedPlace place, Guid actor, CancellationToken ct)
    {
        if (place is { ElementId: not null, DepartmentId: not null })
            return PersonFault.PlaceTwofold;

        await using var transaction = await LockAsync(actor, ct);
        var person = await PersonAsync(id, ct);
        var region = await db.Regions.Where(r => r.Id == place.RegionId && r.Kind != RegionKind.Grouping).Select(r => new { r.Id, r.Code, r.RegionSet }).SingleOrDefaultAsync(ct);
        if (region is null)
            return PersonFault.PlaceUnknown;

        var ofRegion = db.Plans.Where(p => p.RegionSet == region.RegionSet).Select(p => p.Id);
        var department = place.DepartmentId is null ? null
            : await db.Departments.Where(d => d.Id == place.DepartmentId && ofRegion.Contains(d.PlanId)).Select(d => d.Code).SingleOrDefaultAsync(ct);
        if (place.DepartmentId is not null && department is null)
            return PersonFault.PlaceUnknown;

        var elements = await db.Elements.Where(e => ofRegion.Contains(e.PlanId)
                && (e.Id == place.ElementId || db.Assignments.Any(a => a.ElementId == e.Id && a.DepartmentId == place.DepartmentId && a.Role == AssignmentRole.Lead)))
            .OrderBy(e => e.Path).Select(e => new { e.Id, e.Code }).ToListAsync(ct);
        if (elements.Count == 0 && department is not null)
            return PersonFault.LeadsNothing;
        if (elements.Count == 0 && place.ElementId is not null)
            return PersonFault.PlaceUnknown;

        var parts = elements.Count == 0 ? [(Id: (int?)null, Code: (string?)null)] : elements.ConvertAll(e => (Id: (int?)e.Id, Code: (string?)e.Code));
        var held = await db.ScopeGrants.Where(g => g.PersonId == id && g.RegionId == region.Id).Select(g => g.ElementId).ToListAsync(ct);
        parts.RemoveAll(e => held.Contains(e.Id));
        if (parts.Count == 0)
            return PersonFault.PlaceTaken;

        foreach (var element in parts)
        {
            db.ScopeGrants.Add(new ScopeGrant { PersonId = id, RegionId = region.Id, ElementId = element.Id });
            Tell("person.scope-granted", person, actor, new { region = region.Code, element = element.Code, department });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <returns>Whether they had it.</returns>
    public async Task<bool> WithdrawAsync(Guid id, int grantId, Guid actor, CancellationToken ct)
    {
        await using var transaction = await LockAsync(actor, ct);
        var person = await PersonAsync(id, ct);
        var grant = await db.ScopeGrants.Include(g => g.Region).Include(g => g.Element).SingleOrDefaultAsync(g => g.Id == grantId && g.PersonId == id, ct);
        if (grant is null)
            return false;
        db.ScopeGrants.Remove(grant);
        Tell("person.scope-withdrawn", person, actor, new { region = grant.Region!.Code, element = grant.Element?.Code });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>A code with which they set a password, the first or another one; an earlier code loses its force.</summary>
    public async Task<string> IssueCodeAsync(Guid id, Guid? actor, CancellationToken ct)
    {
        await using var transaction = await LockAsync(actor, ct);
        var code = await NewCodeAsync(await PersonAsync(id, ct), actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return code;
    }

    /// <summary>Closes the account and every session, or opens it again. What they did stays under their name.</summary>
    public async Task<PersonFault?> DisableAsync(Guid id, bool disabled, Guid actor, CancellationToken ct)
    {
        await using var transaction = await LockAsync(actor, ct);
        var person = await PersonAsync(id, ct);
        if (person.Disabled == disabled)
        {
            await transaction.ConfirmAsync(db, ct);
            return null;
        }

        if (disabled && (id == actor ? PersonFault.Oneself : await IsLastSecurityAdministratorAsync(id, ct) ? PersonFault.LastSecurityAdministrator : (PersonFault?)null) is { } fault)
            return fault;
        person.Disabled = disabled;
        (await people.UpdateSecurityStampAsync(person)).OrThrow();
        Tell(disabled ? "person.disabled" : "person.enabled", person, actor, new { });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Ends every session of theirs; tokens stay.</summary>
    public Task SignOutEverywhereAsync(Guid id, Guid actor, CancellationToken ct) => DoAsync(id, "person.signed-out", actor, people.UpdateSecurityStampAsync, ct);

    /// <summary>After too many wrong passwords.</summary>
    public Task UnlockAsync(Guid id, Guid actor, CancellationToken ct) => DoAsync(id, "person.unlocked", actor, async person =>
    {
        await people.ResetAccessFailedCountAsync(person);
        return await people.SetLockoutEndDateAsync(person, null);
    }, ct);

    /// <summary>Takes the second factor away, for somebody who lost it together with the recovery codes; ends every session.</summary>
    public Task RemoveSecondFactorAsync(Guid id, Guid actor, CancellationToken ct) => DoAsync(id, "person.second-factor-removed", actor, async person =>
    {
        (person.SecondFactorSeed, person.SecondFactorStep, person.TwoFactorEnabled) = (null, null, false);
        await db.RecoveryCodes.Where(c => c.PersonId == id).ExecuteDeleteAsync(ct);
        return await people.UpdateSecurityStampAsync(person);
    }, ct);

    /// <summary>Every passkey, for somebody who lost the device that holds them; ends every session.</summary>
    public Task RemovePasskeysAsync(Guid id, Guid actor, CancellationToken ct) => DoAsync(id, "person.passkeys-removed", actor, async person =>
    {
        await db.UserPasskeys.Where(k => k.UserId == id).ExecuteDeleteAsync(ct);
        return await people.UpdateSecurityStampAsync(person);
    }, ct);

    /// <summary>Every token in force.</summary>
    public Task RevokeTokensAsync(Guid id, Guid actor, CancellationToken ct) => DoAsync(id, "person.tokens-revoked", actor, async person =>
    {
        var now = clock.GetUtcNow();
        await db.ApiTokens.Where(t => t.PersonId == person.Id && t.RevokedAt == null).ExecuteUpdateAsync(t => t.SetProperty(x => x.RevokedAt, now), ct);
        return IdentityResult.Success;
    }, ct);

    /// <summary>How the audit names a person.</summary>
    public static string SubjectOf(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return $"person/{person.UserName}";
    }

    /// <summary>What a form was based on.</summary>
    public static string Fingerprint(Person person, IEnumerable<string> roles)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Facts(person, roles);
    }

    private async Task DoAsync(Guid id, string action, Guid actor, Func<Person, Task<IdentityResult>> change, CancellationToken ct)
    {
        // One's own sessions everybody may end.
        await using var transaction = await LockAsync(id == actor ? null : actor, ct);
        var person = await PersonAsync(id, ct);
        (await change(person)).OrThrow();
        Tell(action, person, actor, new { });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<string> NewCodeAsync(Person person, Guid? actor)
    {
        var code = OneTimeCode.New(GroupsOfCode);
        person.SetupCodeHash = OneTimeCode.HashOf(code);
        person.SetupCodeExpiresAt = clock.GetUtcNow() + SetupCodeLifetime;
        (await people.UpdateAsync(person)).OrThrow();
        Tell("person.setup-code-issued", person, actor, new { });
        return code;
    }

    private async Task<PersonFault?> MayNotLoseAsync(Person person, Guid actor, CancellationToken ct) =>
        person.Id == actor ? PersonFault.Oneself : await IsLastSecurityAdministratorAsync(person.Id, ct) ? PersonFault.LastSecurityAdministrator : null;

    private async Task<bool> IsLastSecurityAdministratorAsync(Guid id, CancellationToken ct)
    {
        var able = await SecurityAdministrators().ToListAsync(ct);
        return able.Contains(id) && able.Count == 1;
    }

    /// <summary>One change after the other, and only by whoever still has the right: a session knows of its end up to a minute later.</summary>
    /// <exception cref="RightLostException">The right was taken away, or the account disabled, in the meantime.</exception>
    private async Task<IDbContextTransaction> LockAsync(Guid? actor, CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({PeopleLock})", ct);
        if (actor is not { } id || await SecurityAdministrators().ContainsAsync(id, ct))
            return transaction;
        await transaction.DisposeAsync();
        throw new RightLostException();
    }

    /// <summary>Those who can give rights: not whoever is disabled, or sees the pages of their own scope only.</summary>
    private IQueryable<Guid> SecurityAdministrators() =>
        from member in db.UserRoles
        join role in db.Roles on member.RoleId equals role.Id
        join person in db.Users on member.UserId equals person.Id
        where role.Name == Roles.SecurityAdministrator && !person.Disabled && !person.ReadsOwnScopeOnly
        select person.Id;

    private async Task<Person> PersonAsync(Guid id, CancellationToken ct)
    {
        var person = await db.Users.SingleAsync(p => p.Id == id, ct);
        // It may have been read before the lock was had.
        await db.Entry(person).ReloadAsync(ct);
        return person;
    }

    private void Tell(string action, Person person, Guid? actor, object detail) => db.AuditEvents.Add(new AuditEvent
    {
        At = clock.GetUtcNow(),
        ActorId = actor,
        Action = action,
        Subject = SubjectOf(person),
        Detail = JsonSerializer.Serialize(detail, Written),
    });

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web);

    private static string Facts(Person person, IEnumerable<string> roles) => JsonSerializer.Serialize(
        new { person.DisplayName, person.Email, roles = roles.Order(StringComparer.Ordinal), person.ReadsOwnScopeOnly }, Written);

    private static PersonFault? FaultOf(StatedPerson stated)
    {
        if (stated.DisplayName?.Trim() is not { Length: > 0 and <= Person.NameLength } shown || !SafeText.IsSafe(shown) || shown.Any(char.IsControl))
            return PersonFault.DisplayNameMissing;
        if (EmailOf(stated) is { } email && !(email.Length <= EmailLength && email.Contains('@', StringComparison.Ordinal) && MimeKit.MailboxAddress.TryParse(email, out _)))
            return PersonFault.EmailNotAnAddress;
        return stated.Roles.Except(Roles.All, StringComparer.Ordinal).Any() ? PersonFault.RoleUnknown : null;
    }

    private static string? EmailOf(StatedPerson stated) => stated.Email?.Trim() is { Length: > 0 } email ? email : null;

}

internal static class IdentityResults
{
    /// <exception cref="InvalidOperationException">What should not have been refused was.</exception>
    public static void OrThrow(this IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(" ", result.Errors.Select(e => e.Description)));
    }
}
