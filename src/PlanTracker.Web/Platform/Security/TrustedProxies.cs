using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace PlanTracker.Platform.Security;

/// <summary>
/// The setting <c>Site:Proxies</c>: addresses and networks, with commas between them, of the proxies in front of the application. What they say in
/// <c>X-Forwarded-For</c> about whom they speak for is believed; nobody else's word is.
/// </summary>
public sealed class TrustedProxies
{
    public string Proxies { get; init; } = "";

    public IReadOnlyList<IPNetwork> Networks => [.. Parts.Select(p => Parse(p)!.Value)];

    public bool Include(IPAddress? address) => address is not null && Networks.Any(n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    private IEnumerable<string> Parts => Proxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    internal sealed class Check : IValidateOptions<TrustedProxies>
    {
        public ValidateOptionsResult Validate(string? name, TrustedProxies options) => options.Parts.FirstOrDefault(p => Parse(p) is null) is { } wrong
            ? ValidateOptionsResult.Fail($"Site:Proxies: '{wrong}' is neither an address, such as 10.0.0.5, nor a network, such as 172.16.0.0/12. Put commas between several.")
            : ValidateOptionsResult.Success;
    }
}

public static class TrustedProxiesStart
{
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services)
    {
        services.AddOptions<TrustedProxies>().BindConfiguration("Site").ValidateOnStart();
        services.AddSingleton<IValidateOptions<TrustedProxies>, TrustedProxies.Check>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<TrustedProxies>>((forwarded, trusted) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            // However many of them stand one behind the other.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in trusted.Value.Networks)
                forwarded.KnownIPNetworks.Add(network);
        });
        return services;
    }

    /// <summary>Takes the address of whoever asked a trusted proxy for the address of the request.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        // Without networks the framework would believe everybody.
        if (app.Services.GetRequiredService<IOptions<TrustedProxies>>().Value.Networks.Count > 0)
            app.UseForwardedHeaders();
    }
}
