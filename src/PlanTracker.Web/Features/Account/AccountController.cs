using System.Net.Mime;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PlanTracker.Data;
using PlanTracker.Data.Operations;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>The way in and out. Whoever tries names and passwords learns nothing from what is said or how long it takes.</summary>
[Route("{lang:language}/account")]
public sealed class AccountController(
    SignInManager<Person> signIn, SignInLedger ledger, Passwords passwords, PeopleByService byService, IOptions<AccountOptions> options, TimeProvider clock) : Controller
{
    private const string ByPasskey = "passkey";

    private static Links To => new(RequestLanguage.Current, plan: null);

    [HttpGet("sign-in")]
    [AllowAnonymous]
    public IActionResult SignIn(string? returnUrl, bool passwordSet, bool serviceFailed) =>
        View(new SignInForm { ReturnUrl = returnUrl, PasswordSet = passwordSet, ServiceFailed = serviceFailed });

    [HttpPost("sign-in")]
    [AllowAnonymous]
    [ServiceFilter<GuessLimit>]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SignIn(SignInForm form)
    {
        var (name, password) = (form.Name ?? "", form.Password ?? "");
        var person = await signIn.UserManager.FindByNameAsync(name);
        if (person is { PasswordHash: not null, Disabled: false } && !await signIn.UserManager.IsLockedOutAsync(person))
        {
            var tooOld = IsTooOld(person);
            var result = tooOld
                ? await signIn.CheckPasswordSignInAsync(person, password, lockoutOnFailure: true)
                : await signIn.PasswordSignInAsync(person, password, isPersistent: false, lockoutOnFailure: true);
            if (result.RequiresTwoFactor)
                return Redirect(To.SecondStep(form.ReturnUrl));
            if (result.Succeeded && tooOld)
                return View("Expired", new ExpiredForm { Name = name, AsksCode = person.TwoFactorEnabled });
            if (result.Succeeded)
            {
                await ledger.SignedInAsync(person, "password");
                return Back(form.ReturnUrl);
            }

            await ledger.RefusedAsync(person, "password", result.IsLockedOut);
        }
        else
        {
            // Unknown, locked and disabled ones cost a check too.
            Passwords.SpendTheSameTime(password);
            PlanMeter.SignInRefused("password");
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Password = null, Refused = true });
    }

    /// <summary>Only for whoever has just given the right password.</summary>
    [HttpGet("sign-in/second")]
    [AllowAnonymous]
    public async Task<IActionResult> SecondStep(string? returnUrl) =>
        await signIn.GetTwoFactorAuthenticationUserAsync() is null ? Redirect(To.SignIn) : View(new SecondStepForm { ReturnUrl = returnUrl });

    [HttpPost("sign-in/second")]
    [AllowAnonymous]
    [ServiceFilter<GuessLimit>]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SecondStep(SecondStepForm form)
    {
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } person)
            return Redirect(To.SignIn);

        var code = form.Code ?? "";
        var provider = code.Any(char.IsLetter) ? RecoveryCodes.Provider : SecondFactor.Provider;
        var result = await signIn.TwoFactorSignInAsync(provider, code, isPersistent: false, rememberClient: false);
        if (result.Succeeded)
        {
            await ledger.SignedInAsync(person, $"password+{provider}");
            return Back(form.ReturnUrl);
        }

        await ledger.RefusedAsync(person, provider, result.IsLockedOut);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Code = null, Refused = true });
    }

    /// <summary>What the device is asked; it says itself who is there.</summary>
    [HttpPost("sign-in/passkey/begin")]
    [AllowAnonymous]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> BeginPasskey([FromServices] Passkeys passkeys) => Content(await passkeys.AskAsync(), MediaTypeNames.Application.Json);

    /// <summary>Both factors at once. A passkey that is unknown, of a disabled or of a locked account is refused in the same words.</summary>
    [HttpPost("sign-in/passkey")]
    [AllowAnonymous]
    [ServiceFilter<GuessLimit>]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Passkey(PasskeySignInForm form, [FromServices] Passkeys passkeys)
    {
        var person = await passkeys.PersonAsync(form.Credential ?? "");
        if (person is not null && await signIn.CanSignInAsync(person) && !await signIn.UserManager.IsLockedOutAsync(person))
        {
            if (IsTooOld(person))
                return View("Expired", new ExpiredForm { Name = person.UserName, AsksCode = person.TwoFactorEnabled });
            await signIn.SignInWithClaimsAsync(person, isPersistent: false, [new Claim(SignInOfPeople.MethodClaim, SignInOfPeople.BothFactors)]);
            await ledger.SignedInAsync(person, ByPasskey);
            return Back(form.ReturnUrl);
        }

        if (person is null)
            PlanMeter.SignInRefused(ByPasskey);
        else
            await ledger.RefusedAsync(person, ByPasskey, locked: false);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("SignIn", new SignInForm { ReturnUrl = form.ReturnUrl, PasskeyRefused = true });
    }

    /// <summary>Leads to the service by which people sign in, where there is one.</summary>
    [HttpGet("sign-in/service")]
    [AllowAnonymous]
    public IActionResult Service([FromServices] ServiceOptions service, string? returnUrl)
    {
        if (!service.IsConfigured)
            return NotFound();
        var back = To.ServiceBack(Url.IsLocalUrl(returnUrl) ? returnUrl : null);
        return Challenge(signIn.ConfigureExternalAuthenticationProperties(SignInByService.Scheme, back), SignInByService.Scheme);
    }

    /// <summary>Back from the service: it says who they are, what they may do is kept here.</summary>
    [HttpGet("sign-in/service/back")]
    [AllowAnonymous]
    public async Task<IActionResult> ServiceBack([FromServices] ServiceOptions service, string? returnUrl)
    {
        if (await signIn.GetExternalLoginInfoAsync() is not { } known)
            return Redirect(To.SignIn);
        await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
        if (await byService.PersonAsync(known, service) is not { Disabled: false } person)
        {
            Response.StatusCode = StatusCodes.Status403Forbidden;
            return View("Unknown", known.Principal.FindFirst(service.NameClaim)?.Value ?? "");
        }

        await signIn.SignInWithClaimsAsync(person, isPersistent: false, [new Claim(SignInByService.Claim, service.Name)]);
        await ledger.SignedInAsync(person, "service");
        return Back(returnUrl);
    }

    /// <summary>Replaces a password that has become too old; then one signs in with the new one.</summary>
    [HttpPost("expired")]
    [AllowAnonymous]
    [ServiceFilter<GuessLimit>]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Expired(ExpiredForm form)
    {
        var person = await signIn.UserManager.FindByNameAsync(form.Name ?? "");
        ChangeFault? fault = new();
        if (person is { PasswordHash: not null, Disabled: false } && IsTooOld(person))
            fault = await passwords.ReplaceExpiredAsync(person, form);
        else
            Passwords.SpendTheSameTime(form.Password ?? "");
        if (fault is null)
            return Redirect(To.SignInAfterPassword);

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Password = null, NewPassword = null, Code = null, Fault = fault });
    }

    [HttpPost("sign-out")]
    [OpenToLimitedReaders]
    [WithoutSecondFactor]
    [ValidateAntiForgeryToken]
    public new async Task<IActionResult> SignOut()
    {
        await signIn.SignOutAsync();
        return Redirect(To.Start);
    }

    [HttpGet("set-up")]
    [AllowAnonymous]
    public IActionResult SetUp() => View(new SetupForm());

    [HttpPost("set-up")]
    [AllowAnonymous]
    [ServiceFilter<GuessLimit>]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SetUp(SetupForm form)
    {
        if (await passwords.SetByCodeAsync(form) is not { } fault)
            return Redirect(To.SignInAfterPassword);

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Code = null, Password = null, Fault = fault });
    }

    private bool IsTooOld(Person person) => options.Value.PasswordAge is { } age && (person.PasswordSetAt ?? person.CreatedAt) + age < clock.GetUtcNow();

    private RedirectResult Back(string? returnUrl) => Redirect(Url.IsLocalUrl(returnUrl) ? returnUrl : To.Start);
}
