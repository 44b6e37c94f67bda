using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace PlanTracker.Platform.Security;

/// <summary>
/// At the doors of the site: one address may be refused only so often within a quarter of an hour. The lockout of an account does not see whoever
/// tries one password with many names; this does. It counts for each node by itself.
/// </summary>
public sealed class GuessLimit(IOptions<AccountOptions> options, IOptions<TrustedProxies> proxies, TimeProvider clock) : IAsyncActionFilter, IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>From one address; a whole office may stand behind it.</summary>
    private const int AtOnce = 10, Waiting = 200;

    /// <summary>A refusal takes as long, whatever it took to find out: a wrong password writes to the account, where there is one.</summary>
    private static readonly TimeSpan Refusal = TimeSpan.FromMilliseconds(250);

    private readonly PartitionedRateLimiter<string> _refusals = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { Window = Window, PermitLimit = options.Value.RefusalsPerAddress, QueueLimit = 0 }));

    /// <summary>Of many at the same moment none has been counted yet: so many are looked at, the others wait for them.</summary>
    private readonly PartitionedRateLimiter<string> _atOnce = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetConcurrencyLimiter(address, _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = Waiting }));

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var begun = clock.GetTimestamp();
        // A proxy that does not say for whom it asks would have everybody shut out for one.
        var address = proxies.Value.Include(context.HttpContext.Connection.RemoteIpAddress) ? null : AddressOf(context.HttpContext.Connection.RemoteIpAddress);
        using var turn = address is null ? null : await _atOnce.AcquireAsync(address, cancellationToken: context.HttpContext.RequestAborted);
        if (turn is { IsAcquired: false })
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            context.Result = new StatusCodeResult(StatusCodes.Status429TooManyRequests);
            return;
        }

        if (address is not null)
        {
            using var door = _refusals.AttemptAcquire(address, permitCount: 0);
            if (!door.IsAcquired)
            {
                var wait = door.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window;
                context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                context.Result = new StatusCodeResult(StatusCodes.Status429TooManyRequests);
                return;
            }
        }

        await next();
        if (context.HttpContext.Response.StatusCode != StatusCodes.Status422UnprocessableEntity)
            return;
        if (address is not null)
            _refusals.AttemptAcquire(address).Dispose();
        if (Refusal - clock.GetElapsedTime(begun) is { Ticks: > 0 } early)
            await Task.Delay(early, clock);
    }

    public void Dispose()
    {
        _refusals.Dispose();
        _atOnce.Dispose();
    }

    /// <summary>Whoever has one IPv6 address has all of its network.</summary>
    private static string AddressOf(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
