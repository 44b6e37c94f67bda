using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;

namespace PlanTracker.Platform.Start;

/// <summary>Accounts that exist before anybody can make one on a page.</summary>
public static class People
{
    public static async Task EnsureRolesAsync(IServiceProvider services)
    {
        var roles = services.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        foreach (var role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role))
                (await roles.CreateAsync(new IdentityRole<Guid>(role))).OrThrow();
        }
    }

    /// <summary>Makes an administrator without a password, or finds the one that has none yet, and the code with which they set one. The code works once.</summary>
    /// <exception cref="InvalidOperationException">The name is taken by a person with a password, or not allowed.</exception>
    public static async Task<string> CreateAdministratorAsync(IServiceProvider services, string name, CancellationToken ct)
    {
        var people = services.GetRequiredService<UserManager<Person>>();
        var store = services.GetRequiredService<PersonStore>();
        if (await people.FindByNameAsync(name) is { } person)
        {
            return person.PasswordHash is null
                ? await store.IssueCodeAsync(person.Id, actor: null, ct)
                : throw new InvalidOperationException($"'{name}' exists and has a password.");
        }

        var stated = new StatedPerson { Name = name, DisplayName = name, Roles = [Roles.Administrator, Roles.SecurityAdministrator] };
        var (_, code, fault) = await store.MakeAsync(stated, actor: null, ct);
        return fault is null
            ? code
            : throw new InvalidOperationException($"'{name}' is not a name for an account. It has 2 to {PersonStore.SignInNameLength} letters, digits, dots, hyphens, underscores and at signs.");
    }
}
