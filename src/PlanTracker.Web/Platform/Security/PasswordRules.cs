using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

public enum PasswordFault
{
    TooShort,
    TooLong,

    /// <summary>Fewer than five different characters.</summary>
    TooMonotonous,

    /// <summary>Among the passwords that leaked most often, as it is or with digits and signs around it.</summary>
    Known,

    /// <summary>Holds the name of the account, of the person or of the product.</summary>
    HoldsName,

    /// <summary>Not three of capital letters, small letters, digits and other characters.</summary>
    TooFewKinds,

    /// <summary>It is the present one.</summary>
    Same,
}

/// <summary>What a password must be, by the policy of the site. Fault codes are the names of <see cref="PasswordFault"/>.</summary>
public sealed class PasswordRules(IOptions<AccountOptions> options) : IPasswordValidator<Person>
{
    public const int LeastLength = 12;

    /// <summary>Longer ones cost more to check than they protect.</summary>
    public const int MostLength = 128;

    private const int LeastDifferent = 5;
    private const int LeastKinds = 3;
    private const string Product = "plantracker";

    /// <summary>A name of one or two characters is in every other password.</summary>
    private const int LeastOfName = 4;

    private static readonly Lazy<FrozenSet<string>> Known = new(ReadKnown);

    public Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password) => Task.FromResult(
        FaultOf(password ?? "", [user.UserName, user.DisplayName, Product]) is { } fault ? IdentityResult.Failed(new IdentityError { Code = fault.ToString(), Description = fault.ToString() }) : IdentityResult.Success);

    /// <param name="password">The password.</param>
    /// <param name="names">What it must not hold.</param>
    public PasswordFault? FaultOf(string password, IEnumerable<string?> names)
    {
        if (password.Length < LeastLength)
            return PasswordFault.TooShort;
        if (password.Length > MostLength)
            return PasswordFault.TooLong;
        if (password.Distinct().Count() < LeastDifferent)
            return PasswordFault.TooMonotonous;
        var plain = password.ToLowerInvariant();
        var core = plain.Trim([.. plain.Where(c => !char.IsLetter(c))]);
        if (Known.Value.Contains(plain) || Known.Value.Contains(core))
            return PasswordFault.Known;
        if (names.Any(n => n is { Length: >= LeastOfName } && plain.Contains(n, StringComparison.OrdinalIgnoreCase)))
            return PasswordFault.HoldsName;
        return options.Value.PasswordPolicy == PasswordPolicy.Mlps && Kinds(password) < LeastKinds ? PasswordFault.TooFewKinds : null;
    }

    private static int Kinds(string password) => new[]
    {
        password.Any(char.IsUpper), password.Any(char.IsLower), password.Any(char.IsDigit), password.Any(c => !char.IsLetterOrDigit(c)),
    }.Count(has => has);

    private static FrozenSet<string> ReadKnown()
    {
        using var list = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return list.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
