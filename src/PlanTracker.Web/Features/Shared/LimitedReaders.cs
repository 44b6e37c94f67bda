using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using PlanTracker.Data;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Shared;

/// <summary>What answers also to people whose reading is limited: it shows them nothing outside their own grants.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenToLimitedReadersAttribute : Attribute;

/// <summary>
/// Everything that is not marked as open to them, or open to everybody, is not there for people whose reading is limited: most pages compare regions
/// or add them up, and a page that is made tomorrow is closed until somebody thought of it.
/// </summary>
public sealed class LimitedReaderFilter(PlanDbContext db) : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var marks = context.ActionDescriptor.EndpointMetadata;
        if (!marks.Any(m => m is OpenToLimitedReadersAttribute or IAllowAnonymous) && await IsLimitedAsync(context.HttpContext))
            context.Result = new NotFoundResult();
        else
            await next();
    }

    private async Task<bool> IsLimitedAsync(HttpContext context)
    {
        // Looked up with the plan, where there is one.
        if (context.Features.Get<CurrentPlan>() is { } plan)
            return plan.Reader.IsLimited;
        return context.User.Identity?.IsAuthenticated == true && (await db.ReaderAsync(context.User.Id(), context.RequestAborted)).IsLimited;
    }
}
