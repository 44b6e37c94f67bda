using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>Looks up the plan named in the address once for controller, view and layout; an unknown one is not found.</summary>
internal sealed class CurrentPlanFilter(PlanDbContext db) : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        if (context.RouteData.Values.TryGetValue("plan", out var value) && value is string code)
        {
            if (await db.CurrentPlans().FirstOrDefaultAsync(p => p.Code == code, context.HttpContext.RequestAborted) is not { } plan)
            {
                context.Result = new NotFoundResult();
                return;
            }

            context.HttpContext.Features.Set(plan);
        }

        await next();
    }
}
