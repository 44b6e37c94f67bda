using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PlanTracker.Platform.Start;

namespace PlanTracker.Platform.Security;

/// <summary>The section <c>OpenIdConnect</c>: a service of the office by which people sign in, beside the password.</summary>
public sealed class ServiceOptions
{
    public const string Section = "OpenIdConnect";

    /// <summary>Its address; empty: there is none.</summary>
    public string Authority { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    /// <summary>What it is called on the sign-in page.</summary>
    public string Name { get; init; } = "OpenID Connect";

    /// <summary>Which of its claims is the sign-in name here.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    public bool IsConfigured => Authority.Length > 0;
}

/// <summary>OpenID Connect with the authorization code flow and PKCE, by the framework's own handler.</summary>
public static partial class SignInByService
{
    public const string Scheme = "service";

    /// <summary>Claim of a session that began at the service, with its name.</summary>
    public const string Claim = "by-service";

    public static void AddSignInByService(this WebApplicationBuilder builder)
    {
        var service = builder.Configuration.GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new ServiceOptions();
        builder.Services.AddSingleton(service);
        if (!service.IsConfigured)
            return;
        if (!Uri.TryCreate(service.Authority, UriKind.Absolute, out var authority) || service.ClientId.Length == 0)
            throw new SettingException("OpenIdConnect:Authority is an address such as https://sign-in.example.org, and OpenIdConnect:ClientId is needed with it.");

        builder.Services.AddAuthentication().AddOpenIdConnect(Scheme, options =>
        {
            options.SignInScheme = IdentityConstants.ExternalScheme;
            options.Authority = service.Authority;
            options.ClientId = service.ClientId;
            options.ClientSecret = service.ClientSecret;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // An answer that comes as a form of another site would come without the cookies it is compared with.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.MapInboundClaims = false;
            options.GetClaimsFromUserInfoEndpoint = false;
            // They come back by a link.
            options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Scope.Clear();
            options.Scope.Add("openid");
            options.Scope.Add("profile");
            // Plain http is for a service on the same machine.
            options.RequireHttpsMetadata = !authority.IsLoopback;
            options.Events.OnTokenValidated = context =>
            {
                // The number of the person, where Identity looks for it, and whose number it is.
                var subject = context.Principal!.FindFirst("sub")!.Value;
                (context.Principal.Identity as ClaimsIdentity)!.AddClaim(new(ClaimTypes.NameIdentifier, subject, ClaimValueTypes.String, context.SecurityToken.Issuer));
                return Task.CompletedTask;
            };
            options.Events.OnRemoteFailure = context =>
            {
                Failed(context.HttpContext.RequestServices.GetRequiredService<ILogger<ServiceOptions>>(), service.Authority, context.Failure);
                // Refused there, or too late: whoever comes back begins anew.
                context.Response.Redirect($"/{Languages.RequestLanguage.Segment(Languages.RequestLanguage.Current)}/account/sign-in?serviceFailed=true");
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Authority} did not say who somebody is")]
    private static partial void Failed(ILogger log, string authority, Exception? why);
}
