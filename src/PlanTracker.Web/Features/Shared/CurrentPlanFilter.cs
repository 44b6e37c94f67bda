using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Shared;

/// <summary>
/// Looks up the plan named in the address once for controller, view and layout, with how far the person reads; an unknown one is not found. A day in the past (<c>asOf</c>) that
/// is not a day, or a method (<c>method</c>) nobody knows, is refused: leaving it out in silence would show other figures than were asked for.
/// </summary>
public sealed class CurrentPlanFilter(PlanDbContext db, TimeProvider clock) : IAsyncResourceFilter
{
    public const string AsOf = "asOf";
    public const string Method = "method";

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        if (context.RouteData.Values.TryGetValue("plan", out var value) && value is string code)
        {
            var person = context.HttpContext.User.Identity?.IsAuthenticated == true ? context.HttpContext.User.Id() : Guid.Empty;
            var found = await db.CurrentPlans().Where(p => p.Code == code)
                .Select(p => new { Plan = p, Reads = db.Users.Where(u => u.Id == person).Select(u => (bool?)u.ReadsOwnScopeOnly).FirstOrDefault() })
                .FirstOrDefaultAsync(context.HttpContext.RequestAborted);
            if (found is null)
            {
                context.Result = new NotFoundResult();
                return;
            }

            var query = context.HttpContext.Request.Query;
            var named = query[Method].ToString();
            var method = named.Length == 0 ? StatusMethods.Path : StatusMethods.All.FirstOrDefault(m => string.Equals(m.Code, named, StringComparison.Ordinal));
            var faults = ParameterFaults.Of(context.HttpContext);
            if (!TryReadDay(query[AsOf].ToString(), out var day))
                faults.Add(AsOf, "not-a-day", new("It is not a day such as 2023-12-31.", "不是日期，日期应写作 2023-12-31。"));
            if (method is null)
                faults.Add(Method, "not-one-of", new($"It is not one of {Choices}.", $"不在可选值之内：{Choices}。"));
            if (faults.All.Count > 0)
            {
                context.Result = new BadRequestResult();
                return;
            }

            // The day that is not over is shown as it is.
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            var past = day < today ? day : null;
            context.HttpContext.Features.Set(found.Plan with { AsOf = past, Day = past ?? today, Method = method!, Reader = new Reader(person, found.Reads ?? true) });
        }

        await next();
    }

    private static string Choices => string.Join(", ", StatusMethods.All.Select(m => m.Code));

    private static bool TryReadDay(string text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) ? parsed : null;
        return day is not null || text.Length == 0;
    }
}
