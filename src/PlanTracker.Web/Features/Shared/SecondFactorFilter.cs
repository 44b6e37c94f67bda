using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Shared;

/// <summary>Open to people who have yet to set up the second factor that everybody needs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WithoutSecondFactorAttribute : Attribute;

/// <summary>Where everybody needs a second factor, whoever has none comes to the page on which it is set up, and no further. Tokens were made with
/// one; a passkey is both factors; a service by which people sign in asks for its own.</summary>
public sealed class SecondFactorFilter(IOptions<AccountOptions> options) : IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var user = context.HttpContext.User;
        if (options.Value.SecondFactor == SecondFactorRule.Required
            && user.Identity is { IsAuthenticated: true, AuthenticationType: not TokenSignIn.SchemeName }
            && !user.HasSecondFactor()
            && !context.ActionDescriptor.EndpointMetadata.Any(m => m is WithoutSecondFactorAttribute or IAllowAnonymous))
            context.Result = new RedirectResult(new Links(RequestLanguage.Current, plan: null).Account);
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
        // All is said before the action runs.
    }
}
