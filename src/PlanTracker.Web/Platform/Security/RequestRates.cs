using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace PlanTracker.Platform.Security;

/// <summary>The section <c>Api</c>: how often a program may ask, for each person and each node.</summary>
public sealed class RequestRateOptions
{
    public const string Section = "Api";

    public int ReadsPerMinute { get; init; } = 600;

    public int WritesPerMinute { get; init; } = 60;

    internal sealed class Check : IValidateOptions<RequestRateOptions>
    {
        public ValidateOptionsResult Validate(string? name, RequestRateOptions options) => options is { ReadsPerMinute: > 0, WritesPerMinute: > 0 }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Api:ReadsPerMinute and Api:WritesPerMinute are whole numbers from 1.");
    }
}

/// <summary>Keeps one program from taking the site away from everybody else.</summary>
/// <remarks>A middleware of our own: that of the framework never ends its limiter, and with its timer a whole host stays in memory after its end.</remarks>
public sealed class RequestRates(IOptions<RequestRateOptions> options) : IMiddleware, IDisposable
{
    private readonly PartitionedRateLimiter<(bool Reads, string Who)> _asked = PartitionedRateLimiter.Create<(bool Reads, string Who), (bool Reads, string Who)>(asking =>
        RateLimitPartition.GetFixedWindowLimiter(asking, _ => new FixedWindowRateLimiterOptions
        {
            Window = TimeSpan.FromMinutes(1),
            PermitLimit = asking.Reads ? options.Value.ReadsPerMinute : options.Value.WritesPerMinute,
            QueueLimit = 0,
        }));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.IsApi())
        {
            var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            using var turn = _asked.AttemptAcquire((reads, context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.Connection.RemoteIpAddress?.ToString() ?? ""));
            if (!turn.IsAcquired)
            {
                if (turn.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }
        }

        await next(context);
    }

    public void Dispose() => _asked.Dispose();
}

public static class RequestRatesStart
{
    public static IServiceCollection AddRequestRates(this IServiceCollection services)
    {
        services.AddOptions<RequestRateOptions>().BindConfiguration(RequestRateOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestRateOptions>, RequestRateOptions.Check>();
        return services.AddSingleton<RequestRates>();
    }
}
