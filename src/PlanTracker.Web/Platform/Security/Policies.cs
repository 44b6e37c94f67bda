using Microsoft.AspNetCore.Authorization;
using PlanTracker.Data;

namespace PlanTracker.Platform.Security;

/// <summary>What a signed-in person may do. Where they may do it is the scope's matter (<see cref="Scope"/>).</summary>
public static class Policies
{
    public const string Enter = nameof(Enter);
    public const string Review = nameof(Review);

    /// <summary>See what is under way and talk about it: whoever enters or reviews.</summary>
    public const string WorkOnReadings = nameof(WorkOnReadings);
    public const string EditPlan = nameof(EditPlan);

    /// <summary>Make accounts, give roles and scopes.</summary>
    public const string ManagePeople = nameof(ManagePeople);

    /// <summary>Reporting rounds: whoever reports, reviews or keeps them.</summary>
    public const string SeeRounds = nameof(SeeRounds);

    /// <summary>What everybody did, on the whole site.</summary>
    public const string ReadAudit = nameof(ReadAudit);

    /// <summary>Send figures by program: a reporter's token that may write. A cookie is not enough, it comes along with requests of other sites.</summary>
    public const string WriteByToken = nameof(WriteByToken);

    /// <summary>Everything is closed unless it is opened: an endpoint that names no policy needs a signed-in person.</summary>
    public static void Add(AuthorizationOptions options)
    {
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        options.DefaultPolicy = options.FallbackPolicy;
        options.AddPolicy(Enter, p => p.RequireRole(Roles.Reporter));
        options.AddPolicy(Review, p => p.RequireRole(Roles.Reviewer));
        options.AddPolicy(WorkOnReadings, p => p.RequireRole(Roles.Reporter, Roles.Reviewer));
        options.AddPolicy(EditPlan, p => p.RequireRole(Roles.Administrator));
        options.AddPolicy(ManagePeople, p => p.RequireRole(Roles.SecurityAdministrator));
        options.AddPolicy(ReadAudit, p => p.RequireRole(Roles.Auditor, Roles.SecurityAdministrator));
        options.AddPolicy(WriteByToken, p => p.AddAuthenticationSchemes(TokenSignIn.SchemeName).RequireAuthenticatedUser()
            .RequireRole(Roles.Reporter).RequireClaim(TokenSignIn.AccessClaim, Kebab.Of(TokenAccess.ReadAndWrite)));
        options.AddPolicy(SeeRounds, p => p.RequireRole(Roles.Reporter, Roles.Reviewer, Roles.Administrator));
    }
}
