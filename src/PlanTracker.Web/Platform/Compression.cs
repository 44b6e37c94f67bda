using Microsoft.AspNetCore.ResponseCompression;

namespace PlanTracker.Platform;

/// <summary>Pages and downloads go out compressed; the files beside them were compressed when the application was published.</summary>
public static class Compression
{
    public static IServiceCollection AddCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "text/csv"];
    });

    /// <summary>
    /// What another site makes a browser ask for is not compressed: from no length can it learn whether what it put into the address stands in
    /// the page a second time.
    /// </summary>
    public static IApplicationBuilder UseCompression(this IApplicationBuilder app) =>
        app.UseWhen(context => !IsAskedByAnotherSite(context.Request), own => own.UseResponseCompression());

    private static bool IsAskedByAnotherSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
