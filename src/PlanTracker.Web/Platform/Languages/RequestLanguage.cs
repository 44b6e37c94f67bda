using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using PlanTracker.Domain;

namespace PlanTracker.Platform.Languages;

/// <summary>
/// The language of a request: from the address (<c>/en/…</c>, <c>/zh/…</c>), else from the cookie of an earlier visit, else what the browser asks for.
/// Only words follow it; numbers are parsed and formatted invariantly everywhere.
/// </summary>
public static class RequestLanguage
{
    /// <summary>Name of the route value, and of its constraint.</summary>
    public const string RouteKey = "lang";

    private const string Chinese = "zh-Hans";

    public static Language Current =>
        string.Equals(CultureInfo.CurrentUICulture.Name, Chinese, StringComparison.Ordinal) ? Language.Chinese : Language.English;

    /// <summary>As it stands in addresses.</summary>
    public static string Segment(this Language language) => language == Language.Chinese ? "zh" : "en";

    /// <summary>As it stands in the <c>lang</c> attribute.</summary>
    public static string Tag(this Language language) => language == Language.Chinese ? Chinese : "en";

    public static IServiceCollection AddRequestLanguage(this IServiceCollection services) => services
        .Configure<RouteOptions>(o => o.ConstraintMap.Add("language", typeof(LanguageConstraint)))
        .Configure<RequestLocalizationOptions>(o =>
        {
            o.DefaultRequestCulture = new RequestCulture("", "en");
            o.SupportedCultures = [CultureInfo.InvariantCulture];
            o.SupportedUICultures = [new CultureInfo("en"), new CultureInfo(Chinese)];
            o.RequestCultureProviders =
            [
                new AddressLanguage(),
                new CookieRequestCultureProvider { CookieName = "plantracker-language" },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });

    /// <summary>Keeps the language of the address for visits without one.</summary>
    public static IApplicationBuilder UseRememberedLanguage(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetRouteValue(RouteKey) is string && HttpMethods.IsGet(context.Request.Method))
        {
            var value = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture("", Current.Tag()));
            if (!string.Equals(context.Request.Cookies["plantracker-language"], value, StringComparison.Ordinal))
            {
                context.Response.Cookies.Append("plantracker-language", value, new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = context.Request.IsHttps,
                    MaxAge = TimeSpan.FromDays(365),
                    IsEssential = true,
                });
            }
        }

        return next(context);
    });

    private sealed class AddressLanguage : RequestCultureProvider
    {
        // An error page is run again under another address; what counts is the one the person asked for.
        public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
        {
            PathString path = httpContext.Features.Get<IStatusCodeReExecuteFeature>()?.OriginalPath
                ?? httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path
                ?? httpContext.Request.Path.Value;
            return Task.FromResult(
                path.StartsWithSegments("/zh", StringComparison.Ordinal) ? new ProviderCultureResult("", Chinese)
                : path.StartsWithSegments("/en", StringComparison.Ordinal) ? new ProviderCultureResult("", "en")
                : null);
        }
    }

    private sealed class LanguageConstraint : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            values.TryGetValue(routeKey, out var value) && value is "en" or "zh";
    }
}
