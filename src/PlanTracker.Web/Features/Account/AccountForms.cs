namespace PlanTracker.Features.Account;

public sealed record SignInForm
{
    public string? Name { get; init; }

    public string? Password { get; init; }

    public string? ReturnUrl { get; init; }

    public bool Refused { get; init; }
}

public sealed record SetupForm
{
    public string? Name { get; init; }

    public string? Code { get; init; }

    public string? Password { get; init; }

    public SetupFault? Fault { get; init; }
}

public enum SetupFault
{
    /// <summary>Name and code do not belong together, or the code is used or too old.</summary>
    WrongCode,
    WeakPassword,
}
