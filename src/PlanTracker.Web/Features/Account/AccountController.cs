using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Account;

[Route("{lang:language}/account")]
public sealed class AccountController(SignInManager<Person> signIn, AccountSetup setup) : Controller
{
    [HttpGet("sign-in")]
    [AllowAnonymous]
    public IActionResult SignIn(string? returnUrl) => View(new SignInForm { ReturnUrl = returnUrl });

    [HttpPost("sign-in")]
    [AllowAnonymous]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SignIn(SignInForm form)
    {
        var (name, password) = (form.Name ?? "", form.Password ?? "");
        var person = await signIn.UserManager.FindByNameAsync(name);
        if (person is { PasswordHash: not null, Disabled: false } && !await signIn.UserManager.IsLockedOutAsync(person))
        {
            var result = await signIn.PasswordSignInAsync(person, password, isPersistent: false, lockoutOnFailure: true);
            if (result.Succeeded)
                return Redirect(Url.IsLocalUrl(form.ReturnUrl) ? form.ReturnUrl : new Links(RequestLanguage.Current, plan: null).Start);
        }
        else
        {
            // Whoever tries names learns nothing from the time an answer takes: unknown, locked and disabled ones cost a check too.
            AccountSetup.SpendTheSameTime(password);
        }

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Password = null, Refused = true });
    }

    [HttpPost("sign-out")]
    [OpenToLimitedReaders]
    [ValidateAntiForgeryToken]
    public new async Task<IActionResult> SignOut()
    {
        await signIn.SignOutAsync();
        return Redirect(new Links(RequestLanguage.Current, plan: null).Start);
    }

    [HttpGet("set-up")]
    [AllowAnonymous]
    public IActionResult SetUp() => View(new SetupForm());

    [HttpPost("set-up")]
    [AllowAnonymous]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SetUp(SetupForm form)
    {
        if (await setup.SetPasswordAsync(form) is not { } fault)
            return Redirect($"/{RequestLanguage.Current.Segment()}/account/sign-in");

        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View(form with { Code = null, Password = null, Fault = fault });
    }
}
