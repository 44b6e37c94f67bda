using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>
/// People, with tries that are counted before a password or code is looked at, by the database. The framework counts afterwards and by what it had read
/// before: of many guesses at the same moment all would be looked at, and few counted.
/// </summary>
public sealed class PeopleManager(
    IUserStore<Person> store, IOptions<IdentityOptions> options, IPasswordHasher<Person> hasher, IEnumerable<IUserValidator<Person>> validators,
    IEnumerable<IPasswordValidator<Person>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
    ILogger<UserManager<Person>> log, PlanDbContext db, TimeProvider clock)
    : UserManager<Person>(store, options, hasher, validators, passwordValidators, normalizer, errors, services, log)
{
    /// <summary>Takes one of the tries a person has; with the last one the account rests, until it turns out to be right.</summary>
    /// <returns>Whether there was one: not while the account rests.</returns>
    public async Task<bool> TakeTryAsync(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var (now, most) = (clock.GetUtcNow(), Options.Lockout.MaxFailedAccessAttempts);
        DateTimeOffset? until = now + Options.Lockout.DefaultLockoutTimeSpan;
        return await db.Users.Where(p => p.Id == person.Id && !(p.LockoutEnd > now)).ExecuteUpdateAsync(p => p
            .SetProperty(x => x.LockoutEnd, x => x.AccessFailedCount + 1 >= most ? until : null)
            .SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount + 1 >= most ? 0 : x.AccessFailedCount + 1)) == 1;
    }

    /// <summary>Gives a try back that was right and ends nothing: the password of somebody who still owes a code, or a code given in an open session.</summary>
    public async Task ReturnTryAsync(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var most = Options.Lockout.MaxFailedAccessAttempts;
        await db.Users.Where(p => p.Id == person.Id).ExecuteUpdateAsync(p => p
            .SetProperty(x => x.AccessFailedCount, x => x.LockoutEnd != null ? most - 1 : x.AccessFailedCount > 0 ? x.AccessFailedCount - 1 : 0)
            .SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null));
        await db.Entry(person).ReloadAsync();
    }

    /// <summary>The try was counted when it was taken.</summary>
    public override async Task<IdentityResult> AccessFailedAsync(Person user)
    {
        await db.Entry(user).ReloadAsync();
        return IdentityResult.Success;
    }

    /// <summary>All tries again, and no rest.</summary>
    public override async Task<IdentityResult> ResetAccessFailedCountAsync(Person user)
    {
        ArgumentNullException.ThrowIfNull(user);
        await db.Users.Where(p => p.Id == user.Id && (p.AccessFailedCount != 0 || p.LockoutEnd != null))
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null));
        await db.Entry(user).ReloadAsync();
        return IdentityResult.Success;
    }
}
