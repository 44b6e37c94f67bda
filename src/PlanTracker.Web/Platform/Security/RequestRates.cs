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
public static class RequestRates
{
    public static IServiceCollection AddRequestRates(this IServiceCollection services)
    {
        services.AddOptions<RequestRateOptions>().BindConfiguration(RequestRateOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestRateOptions>, RequestRateOptions.Check>();
        return services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                    rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(PartitionOf);
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context)
    {
        if (!context.Request.Path.IsApi())
            return RateLimitPartition.GetNoLimiter("");
        var options = context.RequestServices.GetRequiredService<IOptions<RequestRateOptions>>().Value;
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var who = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
        return RateLimitPartition.GetFixedWindowLimiter($"{(reads ? 'r' : 'w')} {who}", _ => new FixedWindowRateLimiterOptions
        {
            Window = TimeSpan.FromMinutes(1),
            PermitLimit = reads ? options.ReadsPerMinute : options.WritesPerMinute,
            QueueLimit = 0,
        });
    }
}
