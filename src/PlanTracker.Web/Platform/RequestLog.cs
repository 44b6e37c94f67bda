using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;
using Serilog;
using Serilog.Events;

namespace PlanTracker.Platform;

/// <summary>One line for each request: method, path without query, status, time. Nobody's name, and nothing anybody typed.</summary>
public static class RequestLog
{
    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(o => o.GetLevel = Level);

    /// <summary>Pages and answers to programs are worth a line; health checks and files that answer as they should are not.</summary>
    private static LogEventLevel Level(HttpContext context, double elapsed, Exception? error)
    {
        if (error is not null || context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            return LogEventLevel.Error;
        return context.GetRouteValue(RequestLanguage.RouteKey) is null && !context.Request.Path.IsApi() ? LogEventLevel.Verbose : LogEventLevel.Information;
    }
}
