using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;

namespace PlanTracker.Features.Shared;

/// <summary>
/// Looks up the plan named in the address once for controller, view and layout; an unknown one is not found. A day in the past (<c>asOf</c>) that
/// is not a day is refused: leaving it out in silence would show other figures than were asked for.
/// </summary>
public sealed class CurrentPlanFilter(PlanDbContext db, TimeProvider clock) : IAsyncResourceFilter
{
    public const string AsOf = "asOf";

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        if (context.RouteData.Values.TryGetValue("plan", out var value) && value is string code)
        {
            if (await db.CurrentPlans().FirstOrDefaultAsync(p => p.Code == code, context.HttpContext.RequestAborted) is not { } plan)
            {
                context.Result = new NotFoundResult();
                return;
            }

            if (!TryReadDay(context.HttpContext.Request.Query[AsOf].ToString(), out var day))
            {
                context.Result = new BadRequestResult();
                return;
            }

            // The day that is not over is shown as it is.
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            var past = day < today ? day : null;
            context.HttpContext.Features.Set(plan with { AsOf = past, Day = past ?? today });
        }

        await next();
    }

    private static bool TryReadDay(string text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
        return day is not null || text.Length == 0;
    }
}
