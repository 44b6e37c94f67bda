using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.People;

/// <summary>Accounts, roles and scopes, as a security administrator keeps them.</summary>
[Route("{lang:language}/people")]
[Authorize(Policies.ManagePeople)]
public sealed class PeopleController(PlanDbContext db, PersonStore store, TimeProvider clock) : Controller
{
    private static Links To => new(RequestLanguage.Current, plan: null);

    public override void OnActionExecuted(ActionExecutedContext context)
    {
        if (context.Exception is not RightLostException)
            return;
        (context.ExceptionHandled, context.Result) = (true, Forbid());
    }

    [HttpGet("")]
    public async Task<IActionResult> Index(PeopleFilter filter, CancellationToken ct) => View(await db.PeoplePageAsync(filter, clock.GetUtcNow(), ct));

    [HttpGet("new")]
    public IActionResult New() => View(new NewPersonPage(new PersonForm(), Fault: null));

    /// <summary>No redirect: the code stands on this answer and nowhere else. Sent again, the name is taken.</summary>
    [HttpPost("new")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Make(PersonForm form, CancellationToken ct)
    {
        var (id, code, fault) = await store.MakeAsync(form.ToStated(), User.Id(), ct);
        if (fault is null)
            return View("Show", await PageAsync(id, ct) with { Code = code });
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("New", new NewPersonPage(form, fault));
    }

    [HttpGet("{id:guid}")]
    public async Task<IActionResult> Show(Guid id, CancellationToken ct) => await db.PersonPageAsync(id, clock.GetUtcNow(), ct) is { } page ? View(page) : NotFound();

    [HttpPost("{id:guid}")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Change(Guid id, PersonForm form, CancellationToken ct) => DoAsync(id, async () =>
        await store.ChangeAsync(id, form.ToStated(), User.Id(), ct) is { } fault ? await RefusedAsync(id, fault, form, ct) : Done(id), ct);

    [HttpPost("{id:guid}/scope")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Grant(Guid id, int? region, int? element, int? department, CancellationToken ct) => DoAsync(id, async () =>
    {
        var place = new StatedPlace(region, element, department);
        // What cannot be read must not pass for "everything".
        var fault = ModelState.IsValid ? await store.GrantAsync(id, place, User.Id(), ct) : PersonFault.PlaceUnknown;
        return fault is { } refused ? await RefusedAsync(id, refused, form: null, ct, place) : Done(id);
    }, ct);

    [HttpPost("{id:guid}/scope/{grant:int}/withdraw")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Withdraw(Guid id, int grant, CancellationToken ct) => DoAsync(id, async () =>
        await store.WithdrawAsync(id, grant, User.Id(), ct) ? Done(id) : NotFound(), ct);

    /// <summary>No redirect: the code stands on this answer and nowhere else.</summary>
    [HttpPost("{id:guid}/code")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Code(Guid id, CancellationToken ct) => DoAsync(id, async () =>
    {
        var code = await store.IssueCodeAsync(id, User.Id(), ct);
        return View("Show", await PageAsync(id, ct) with { Code = code });
    }, ct);

    [HttpPost("{id:guid}/disable")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Disable(Guid id, CancellationToken ct) => DoAsync(id, async () =>
        await store.DisableAsync(id, disabled: true, User.Id(), ct) is { } fault ? await RefusedAsync(id, fault, form: null, ct) : Done(id), ct);

    [HttpPost("{id:guid}/enable")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Enable(Guid id, CancellationToken ct) => DoneAsync(id, () => store.DisableAsync(id, disabled: false, User.Id(), ct), ct);

    [HttpPost("{id:guid}/sign-out")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> SignOutEverywhere(Guid id, CancellationToken ct) => DoneAsync(id, () => store.SignOutEverywhereAsync(id, User.Id(), ct), ct);

    [HttpPost("{id:guid}/unlock")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> Unlock(Guid id, CancellationToken ct) => DoneAsync(id, () => store.UnlockAsync(id, User.Id(), ct), ct);

    [HttpPost("{id:guid}/second-factor/remove")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> RemoveSecondFactor(Guid id, CancellationToken ct) => DoneAsync(id, () => store.RemoveSecondFactorAsync(id, User.Id(), ct), ct);

    [HttpPost("{id:guid}/passkeys/remove")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> RemovePasskeys(Guid id, CancellationToken ct) => DoneAsync(id, () => store.RemovePasskeysAsync(id, User.Id(), ct), ct);

    [HttpPost("{id:guid}/tokens/revoke")]
    [ValidateAntiForgeryToken]
    public Task<IActionResult> RevokeTokens(Guid id, CancellationToken ct) => DoneAsync(id, () => store.RevokeTokensAsync(id, User.Id(), ct), ct);

    private async Task<IActionResult> DoAsync(Guid id, Func<Task<IActionResult>> work, CancellationToken ct) =>
        await db.PersonPageAsync(id, clock.GetUtcNow(), ct) is null ? NotFound() : await work();

    private Task<IActionResult> DoneAsync(Guid id, Func<Task> work, CancellationToken ct) => DoAsync(id, async () =>
    {
        await work();
        return Done(id);
    }, ct);

    private RedirectResult Done(Guid id) => Redirect(To.Person(id));

    private async Task<IActionResult> RefusedAsync(Guid id, PersonFault fault, PersonForm? form, CancellationToken ct, StatedPlace? place = null)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        var page = await PageAsync(id, ct);
        // Told what stands now, the next try is based on it.
        return View("Show", page with { Fault = fault, Place = place, Form = form is null ? page.Form : form with { BasedOn = fault == PersonFault.Conflict ? page.Form.BasedOn : form.BasedOn } });
    }

    private async Task<PersonPage> PageAsync(Guid id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        return (await db.PersonPageAsync(id, clock.GetUtcNow(), ct))!;
    }
}
