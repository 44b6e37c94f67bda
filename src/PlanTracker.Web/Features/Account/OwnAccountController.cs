using System.Net.Mime;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Account;

/// <summary>A person's own account.</summary>
[Route("{lang:language}/account")]
[OpenToLimitedReaders]
[WithoutSecondFactor]
public sealed class OwnAccountController(OwnAccount own, Passwords passwords, SignInManager<Person> signIn, PlanDbContext db) : Controller
{
    private static Links To => new(RequestLanguage.Current, plan: null);

    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => Page(await own.PageAsync(User, ct));

    [HttpPost("password")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Password(string? password, string? newPassword, CancellationToken ct)
    {
        var person = await own.PersonAsync(User);
        if (await passwords.ChangeAsync(person, password ?? "", newPassword ?? "") is { } fault)
            return Page(await own.PageAsync(User, ct) with { PasswordFault = fault }, refused: true);
        await signIn.RefreshSignInAsync(person);
        return Page(await own.PageAsync(User, ct) with { Done = OwnAccountStep.PasswordSet });
    }

    /// <summary>Shows the key an authenticator is given; it counts once a code of it was typed.</summary>
    [HttpPost("second-factor/begin")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Begin(CancellationToken ct) =>
        await own.BeginAsync(User, ct) ? Page(await own.PageAsync(User, ct)) : Redirect(To.Account);

    [HttpPost("second-factor")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Confirm(string? password, string? code, CancellationToken ct)
    {
        if (await own.ConfirmAsync(User, password, code ?? "", HttpContext, ct) is not { } codes)
            return Page(await own.PageAsync(User, ct) with { WrongCode = true }, refused: true);
        await signIn.RefreshSignInAsync(await own.PersonAsync(User));
        return Page(await own.PageAsync(User, ct) with { Done = OwnAccountStep.SecondFactorSet, RecoveryCodes = codes });
    }

    /// <summary>No redirect: the codes stand on this answer and nowhere else.</summary>
    [HttpPost("recovery-codes")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> NewRecoveryCodes(string? code, CancellationToken ct) =>
        await own.NewCodesAsync(User, code ?? "", ct) is { } codes
            ? Page(await own.PageAsync(User, ct) with { Done = OwnAccountStep.CodesMade, RecoveryCodes = codes })
            : Page(await own.PageAsync(User, ct) with { WrongCode = true }, refused: true);

    [HttpPost("second-factor/remove")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Remove(string? code, CancellationToken ct)
    {
        if (!await own.RemoveAsync(User, code ?? "", ct))
            return Page(await own.PageAsync(User, ct) with { WrongCode = true }, refused: true);
        await signIn.RefreshSignInAsync(await own.PersonAsync(User));
        return Redirect(To.Account);
    }

    /// <summary>What the device is asked, once the password was right; else the page that says what was wrong.</summary>
    [HttpPost("passkeys/begin")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> BeginPasskey([FromServices] Passkeys passkeys, string? name, string? password, string? code, CancellationToken ct) =>
        await passkeys.BeginAsync(await own.PersonAsync(User), name, password ?? "", code ?? "") switch
        {
            ({ } options, _) => Content(options, MediaTypeNames.Application.Json),
            (_, var fault) => Page(await own.PageAsync(User, ct) with { PasskeyFault = fault }, refused: true),
        };

    [HttpPost("passkeys")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> AddPasskey([FromServices] Passkeys passkeys, string? name, string? credential, CancellationToken ct) =>
        await passkeys.AddAsync(await own.PersonAsync(User), name, credential ?? "") is { } fault
            ? Page(await own.PageAsync(User, ct) with { PasskeyFault = fault }, refused: true)
            : Redirect(To.Passkeys);

    [HttpPost("passkeys/{key}/rename")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> RenamePasskey([FromServices] Passkeys passkeys, string key, string? name, CancellationToken ct) =>
        await passkeys.RenameAsync(await own.PersonAsync(User), key, name) switch
        {
            (Found: false, _) => NotFound(),
            (_, { } fault) => Page(await own.PageAsync(User, ct) with { PasskeyFault = fault }, refused: true),
            _ => Redirect(To.Passkeys),
        };

    [HttpPost("passkeys/{key}/remove")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> RemovePasskey([FromServices] Passkeys passkeys, string key)
    {
        var person = await own.PersonAsync(User);
        if (!await passkeys.RemoveAsync(person, key))
            return NotFound();
        await signIn.RefreshSignInAsync(person);
        return Redirect(To.Passkeys);
    }

    /// <summary>A browser left open somewhere else. One that is over by now, or was never theirs, is not among their sessions either way.</summary>
    [HttpPost("sessions/{id:guid}/end")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> EndSession([FromServices] SessionStore sessions, Guid id, CancellationToken ct)
    {
        await sessions.EndOwnAsync(id, await own.PersonAsync(User), ct);
        return Redirect(To.Sessions);
    }

    /// <summary>Every session, also this one.</summary>
    [HttpPost("sign-out-everywhere")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> SignOutEverywhere([FromServices] PersonStore store, CancellationToken ct)
    {
        await store.SignOutEverywhereAsync(User.Id(), User.Id(), ct);
        await signIn.SignOutAsync();
        return Redirect(To.Start);
    }

    private ViewResult Page(OwnAccountPage page, bool refused = false)
    {
        db.ChangeTracker.Clear();
        if (refused)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("/Features/Account/Show.cshtml", page);
    }
}
