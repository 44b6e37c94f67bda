namespace PlanTracker.Features.Account;

public sealed record SignInForm
{
    public string? Name { get; init; }

    public string? Password { get; init; }

    public string? ReturnUrl { get; init; }

    public bool Refused { get; init; }

    /// <summary>A passkey did not open the door; why is not said.</summary>
    public bool PasskeyRefused { get; init; }

    /// <summary>A password was just set.</summary>
    public bool PasswordSet { get; init; }

    /// <summary>The service by which people sign in did not say who they are.</summary>
    public bool ServiceFailed { get; init; }
}

/// <summary>What the device of a person answered.</summary>
public sealed record PasskeySignInForm
{
    /// <summary>JSON of the browser.</summary>
    public string? Credential { get; init; }

    public string? ReturnUrl { get; init; }
}

/// <summary>The second step of signing in.</summary>
public sealed record SecondStepForm
{
    /// <summary>Of the authenticator, or one of the recovery codes.</summary>
    public string? Code { get; init; }

    public string? ReturnUrl { get; init; }

    public bool Refused { get; init; }
}

/// <summary>A password that has become too old is replaced before its owner comes in.</summary>
public sealed record ExpiredForm
{
    public string? Name { get; init; }

    public string? Password { get; init; }

    public string? NewPassword { get; init; }

    /// <summary>Of the authenticator, where there is one.</summary>
    public string? Code { get; init; }

    /// <summary>There is one: said only after the right password.</summary>
    public bool AsksCode { get; init; }

    public ChangeFault? Fault { get; init; }
}

public sealed record SetupForm
{
    public string? Name { get; init; }

    public string? Code { get; init; }

    public string? Password { get; init; }

    public ChangeFault? Fault { get; init; }
}
