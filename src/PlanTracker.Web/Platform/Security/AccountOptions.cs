using Microsoft.Extensions.Options;

namespace PlanTracker.Platform.Security;

/// <summary>Which rules passwords follow. The two forbid each other: one asks for kinds of characters and a new password now and then, the other refuses both.</summary>
public enum PasswordPolicy
{
    /// <summary>OWASP ASVS 5.0: long, not a known one, no rules on its characters, no expiry.</summary>
    Asvs,

    /// <summary>GB/T 22239-2019 (MLPS 2.0) level 3: kinds of characters, and a new one after 90 days.</summary>
    Mlps,
}

/// <summary>Who needs a second factor to sign in.</summary>
public enum SecondFactorRule
{
    /// <summary>Whoever has set one up.</summary>
    Optional,

    /// <summary>Everybody: without one, and without a passkey, a person comes no further than to the page on which it is set up.</summary>
    Required,
}

/// <summary>The section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    public PasswordPolicy PasswordPolicy { get; init; }

    public SecondFactorRule SecondFactor { get; init; }

    /// <summary>How often one address may be refused at the door within <see cref="GuessLimit.Window"/>.</summary>
    public int RefusalsPerAddress { get; init; } = 50;

    /// <summary>How many sessions a person may have at once.</summary>
    public int Sessions { get; init; } = 5;

    /// <summary>After which a password is too old; none: never.</summary>
    public TimeSpan? PasswordAge => PasswordPolicy == PasswordPolicy.Mlps ? TimeSpan.FromDays(90) : null;

    internal sealed class Check : IValidateOptions<AccountOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccountOptions options) =>
            Enum.IsDefined(options.PasswordPolicy) && Enum.IsDefined(options.SecondFactor) && options is { RefusalsPerAddress: > 0, Sessions: > 0 }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Accounts:PasswordPolicy is Asvs or Mlps, Accounts:SecondFactor is Optional or Required, Accounts:RefusalsPerAddress and Accounts:Sessions are whole numbers from 1.");
    }
}
