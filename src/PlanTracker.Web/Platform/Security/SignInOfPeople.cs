using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PlanTracker.Data;
using PlanTracker.Platform.Mail;

namespace PlanTracker.Platform.Security;

/// <summary>Accounts and cookies.</summary>
public static class SignInOfPeople
{
    /// <summary>From the password to the second factor, from another service back, or from asking a device to its answer.</summary>
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMinutes(5);

    public static void AddPeople(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountOptions>, AccountOptions.Check>();
        services.AddSingleton<GuessLimit>();
        services.AddScoped<PersonStore>().AddScoped<SecondFactor>().AddScoped<RecoveryCodes>()
            .AddScoped<SessionStore>().AddScoped<SessionsOfPeople>();
        services.AddIdentityCore<Person>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
                options.Lockout.MaxFailedAccessAttempts = 5;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                // The rules stand in one place, PasswordRules.
                options.Password = new PasswordOptions
                {
                    RequiredLength = 1,
                    RequiredUniqueChars = 0,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<PlanDbContext>()
            .AddUserManager<PeopleManager>()
            .AddSignInManager<EnabledPeopleOnly>()
            .AddClaimsPrincipalFactory<ClaimsOfRoles>()
            .AddPasswordValidator<PasswordRules>()
            .AddTokenProvider<SecondFactor>(SecondFactor.Provider)
            .AddTokenProvider<RecoveryCodes>(RecoveryCodes.Provider);

        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<MailOptions>>((passkeys, mail) =>
        {
            // A passkey belongs to one host name for good. Without the public one it is the host of the request.
            passkeys.ServerDomain = mail.Value.PublicBaseUrl is { IsAbsoluteUri: true } site ? site.IdnHost : null;
            passkeys.UserVerificationRequirement = "required";
            // The device offers it by itself, so that no name is typed.
            passkeys.ResidentKeyRequirement = "required";
        });
        services.AddAuthentication(ByRequest)
            .AddPolicyScheme(ByRequest, displayName: null, o => o.ForwardDefaultSelector =
                context => context.Request.BringsToken(context.Request.Path) ? TokenSignIn.SchemeName : IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenSignIn>(TokenSignIn.SchemeName, configureOptions: null)
            .AddIdentityCookies();
        builder.AddSignInByService();
        services.Configure<SecurityStampValidatorOptions>(o =>
        {
            o.ValidationInterval = TimeSpan.FromMinutes(1);
            // The principal is made anew from the database, which does not know how this session began.
            o.OnRefreshingPrincipal = context =>
            {
                (context.NewPrincipal?.Identity as ClaimsIdentity)?.AddClaims(context.CurrentPrincipal?.FindAll(c => c.Type is SignInByService.Claim or MethodClaim) ?? []);
                return Task.CompletedTask;
            };
        });
        services.AddAuthorization(Policies.Add);

        // A cookie with the __Host- prefix is bound to this host and to https; plain http exists on a developer's machine.
        var https = builder.Configuration.IsHttpsSite();
        var secure = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.ConfigureApplicationCookie(options =>
        {
            options.Cookie.Name = https ? "__Host-plantracker" : "plantracker";
            options.Cookie.SecurePolicy = secure;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.HttpOnly = true;
            options.ExpireTimeSpan = PersonSession.Idle;
            options.SlidingExpiration = true;
            options.Events.OnRedirectToLogin = context => ToSignIn(context);
            options.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
            options.Events.OnSigningIn = async context =>
            {
                context.Properties.Items.TryAdd(SignedInAt, Now(context.HttpContext).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
                await Sessions(context.HttpContext).BeginAsync(context);
                await RememberLanguageAsync(context);
            };
            options.Events.OnValidatePrincipal = ValidateAsync;
        });
        foreach (var (scheme, name) in new[] { (IdentityConstants.TwoFactorUserIdScheme, "second"), (IdentityConstants.ExternalScheme, "service") })
        {
            services.Configure<CookieAuthenticationOptions>(scheme, options =>
            {
                options.Cookie.Name = https ? $"__Host-plantracker-{name}" : $"plantracker-{name}";
                options.Cookie.SecurePolicy = secure;
                options.ExpireTimeSpan = BetweenSteps;
            });
        }

        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = https ? "__Host-plantracker-form" : "plantracker-form";
            options.Cookie.SecurePolicy = secure;
        });
    }

    /// <summary>By the token where a program brings one, else by the cookie.</summary>
    private const string ByRequest = nameof(ByRequest);

    /// <summary>Claim of a person who sees figures of their own scope only.</summary>
    public const string OwnScopeClaim = "own-scope";

    /// <summary>Claim of a person who has a second factor, and so has signed in with it.</summary>
    public const string SecondFactorClaim = "second-factor";

    /// <summary>Claim of how a session began (RFC 8176), as the framework names it and keeps it when a cookie is written anew.</summary>
    public const string MethodClaim = "amr";

    /// <summary>With two factors: a passkey, or a password and a code.</summary>
    public const string BothFactors = "mfa";

    private const string SignedInAt = "signed-in-at";

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        context.Properties.Items.TryGetValue(SignedInAt, out var text);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || Now(context.HttpContext) - DateTimeOffset.FromUnixTimeSeconds(at) > PersonSession.Longest
            || !SessionsOfPeople.Know(context))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        try
        {
            await SecurityStampValidator.ValidatePrincipalAsync(context);
        }
        catch (Exception error) when (PlanDatabase.IsAway(error))
        {
            // Without the database nothing can be seen or done; the page itself will say so, and in the person's own words.
        }
    }

    /// <summary>Mail is written in the language in which somebody signed in last.</summary>
    private static Task RememberLanguageAsync(CookieSigningInContext context)
    {
        var (id, language) = (context.Principal!.Id(), Languages.RequestLanguage.Current);
        return context.HttpContext.RequestServices.GetRequiredService<PlanDbContext>().Users
            .Where(p => p.Id == id && (p.Language == null || p.Language != language))
            .ExecuteUpdateAsync(p => p.SetProperty(x => x.Language, language));
    }

    private static Task ToSignIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.Path.IsApi())
        {
            TokenSignIn.Refuse(context.HttpContext);
            return Task.CompletedTask;
        }

        var language = Languages.RequestLanguage.Segment(Languages.RequestLanguage.Current);
        var back = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
        var query = HttpMethods.IsGet(context.Request.Method) && context.Request.Path != "/" ? QueryString.Create("returnUrl", back) : QueryString.Empty;
        context.Response.Redirect($"/{language}/account/sign-in{query}");
        return Task.CompletedTask;
    }

    private static SessionsOfPeople Sessions(HttpContext context) => context.RequestServices.GetRequiredService<SessionsOfPeople>();

    private static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>
    /// Who it is, and the roles. A person may do nothing by any other claim; to ask for a person's own and for those of each role would be one
    /// statement and two a role, at every check of the session.
    /// </summary>
    private sealed class ClaimsOfRoles(UserManager<Person> people, IOptions<IdentityOptions> options) : IUserClaimsPrincipalFactory<Person>
    {
        public async Task<ClaimsPrincipal> CreateAsync(Person user) => Of(user, await people.GetRolesAsync(user), options.Value.ClaimsIdentity);

        public static ClaimsPrincipal Of(Person person, IEnumerable<string> roles, ClaimsIdentityOptions names)
        {
            var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme, names.UserNameClaimType, names.RoleClaimType);
            identity.AddClaim(new Claim(names.UserIdClaimType, person.Id.ToString()));
            identity.AddClaim(new Claim(names.UserNameClaimType, person.UserName!));
            identity.AddClaim(new Claim(names.SecurityStampClaimType, person.SecurityStamp!));
            if (person.TwoFactorEnabled)
                identity.AddClaim(new Claim(SecondFactorClaim, "yes"));
            if (person.ReadsOwnScopeOnly)
                identity.AddClaim(new Claim(OwnScopeClaim, "yes"));
            identity.AddClaims(roles.Select(r => new Claim(names.RoleClaimType, r)));
            return new ClaimsPrincipal(identity);
        }
    }

    /// <summary>A disabled person cannot sign in, and who signs out does so for every copy of the cookie.</summary>
    private sealed class EnabledPeopleOnly(
        PeopleManager people, IHttpContextAccessor accessor, IUserClaimsPrincipalFactory<Person> claims, IOptions<IdentityOptions> options, SessionsOfPeople sessions,
        ILogger<SignInManager<Person>> log, IAuthenticationSchemeProvider schemes, IUserConfirmation<Person> confirmation)
        : SignInManager<Person>(people, accessor, claims, options, log, schemes, confirmation)
    {
        /// <summary>Of the session that this request came with, once it was checked.</summary>
        private (Person Person, IReadOnlyList<string> Roles)? _checked;

        /// <summary>Nor does a session last that was begun before, or that was ended.</summary>
        public override async Task<Person?> ValidateSecurityStampAsync(ClaimsPrincipal? principal)
        {
            _checked = principal is null ? null : await sessions.PersonAsync(Context, principal);
            if (_checked is ({ Disabled: false } person, _)
                && await ValidateSecurityStampAsync(person, principal!.FindFirstValue(Options.ClaimsIdentity.SecurityStampClaimType)))
                return person;
            SessionsOfPeople.Forget(Context);
            return null;
        }

        public override Task<ClaimsPrincipal> CreateUserPrincipalAsync(Person user) => _checked is var (person, roles) && person.Id == user.Id
            ? Task.FromResult(ClaimsOfRoles.Of(user, roles, Options.ClaimsIdentity))
            : base.CreateUserPrincipalAsync(user);

        public override async Task SignOutAsync()
        {
            await sessions.EndAsync(Context);
            await base.SignOutAsync();
        }

        public override async Task<SignInResult> CheckPasswordSignInAsync(Person user, string password, bool lockoutOnFailure)
        {
            if (!await people.TakeTryAsync(user))
                return SignInResult.LockedOut;
            var result = await base.CheckPasswordSignInAsync(user, password, lockoutOnFailure);
            if (result.Succeeded && await IsTwoFactorEnabledAsync(user))
                await people.ReturnTryAsync(user);
            return result;
        }

        public override async Task<SignInResult> TwoFactorSignInAsync(string provider, string code, bool isPersistent, bool rememberClient) =>
            await GetTwoFactorAuthenticationUserAsync() is { } person && !await people.TakeTryAsync(person)
            ? SignInResult.LockedOut
            : await base.TwoFactorSignInAsync(provider, code, isPersistent, rememberClient);

        public override async Task<bool> CanSignInAsync(Person user) => !user.Disabled && await base.CanSignInAsync(user);
    }
}
