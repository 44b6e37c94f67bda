using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using PlanTracker.Data;

namespace PlanTracker.Platform.Start;

/// <summary>Accounts that exist before anybody can make one on a page.</summary>
public static class People
{
    public static readonly TimeSpan SetupCodeLifetime = TimeSpan.FromHours(24);

    private const string CodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int CodeLength = 20;

    public static async Task EnsureRolesAsync(IServiceProvider services)
    {
        var roles = services.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        foreach (var role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role))
                Check(await roles.CreateAsync(new IdentityRole<Guid>(role)));
        }
    }

    /// <summary>Makes an administrator without a password, and the code with which they set one. The code works once.</summary>
    /// <exception cref="InvalidOperationException">The name is taken by a person with a password, or not allowed.</exception>
    public static async Task<string> CreateAdministratorAsync(IServiceProvider services, string name)
    {
        var people = services.GetRequiredService<UserManager<Person>>();
        var db = services.GetRequiredService<PlanDbContext>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var code = RandomNumberGenerator.GetString(CodeLetters, CodeLength);
        var person = await people.FindByNameAsync(name);
        if (person?.PasswordHash is not null)
            throw new InvalidOperationException($"'{name}' exists and has a password.");

        await using var transaction = await db.Database.BeginTransactionAsync();
        if (person is null)
        {
            person = new Person { UserName = name, DisplayName = name, CreatedAt = now };
            Check(await people.CreateAsync(person));
        }

        var missing = new[] { Roles.Administrator, Roles.SecurityAdministrator }.Except(await people.GetRolesAsync(person), StringComparer.Ordinal).ToArray();
        Check(await people.AddToRolesAsync(person, missing));

        person.SetupCodeHash = HashOf(code);
        person.SetupCodeExpiresAt = now + SetupCodeLifetime;
        Check(await people.UpdateAsync(person));
        db.AuditEvents.Add(new AuditEvent { At = now, Action = "person.setup-code-issued", Subject = person.Id.ToString(), Detail = "{}" });
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return code;
    }

    /// <summary>The code is long and random: a plain hash protects it.</summary>
    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    public static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(" ", result.Errors.Select(e => e.Description)));
    }
}
