namespace PlanTracker.Platform.Security;

/// <summary>The setting <c>Site:Https</c>: people reach the site over https, whether the application or a proxy in front of it ends TLS.</summary>
public static class HttpsSite
{
    public static bool IsHttpsSite(this IConfiguration configuration) => configuration.GetValue<bool>("Site:Https");

    /// <summary>Takes every request for one over https, so that secure cookies are given, and tells browsers to stay with https.</summary>
    /// <remarks>A header of the proxy is not asked: whoever reaches the application past the proxy could send it too.</remarks>
    public static void UseHttpsSite(this WebApplication app)
    {
        if (!app.Configuration.IsHttpsSite())
            return;

        app.Use((context, next) =>
        {
            context.Request.Scheme = Uri.UriSchemeHttps;
            return next(context);
        });
        app.UseHsts();
    }
}
