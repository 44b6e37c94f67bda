using Microsoft.AspNetCore.ResponseCompression;

namespace PlanTracker.Platform;

/// <summary>Pages go out compressed; the files beside them were compressed when the application was published.</summary>
public static class Compression
{
    public static IServiceCollection AddCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv"];
    });

    /// <summary>
    /// Stands behind the routing, which knows what is to be sent as it is.
    /// What another site makes a browser ask for is not compressed: from no length can it learn whether what it put into the address stands in
    /// the page a second time.
    /// </summary>
    public static IApplicationBuilder UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(
            context => !IsAskedByAnotherSite(context.Request) && context.GetEndpoint()?.Metadata.GetMetadata<SentAsItIsAttribute>() is null, own => own.UseResponseCompression());

    private static bool IsAskedByAnotherSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}

/// <summary>What carries the digest of its own bytes is not changed on its way.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SentAsItIsAttribute : Attribute;
