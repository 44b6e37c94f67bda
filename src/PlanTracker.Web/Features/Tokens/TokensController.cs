using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Languages;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Tokens;

/// <summary>A person's own tokens.</summary>
[Route("{lang:language}/account/tokens")]
[OpenToLimitedReaders]
public sealed class TokensController(PlanDbContext db, ApiTokenStore store, ProofOfOwner proof, TimeProvider clock) : Controller
{
    [HttpGet("")]
    public async Task<IActionResult> Show(CancellationToken ct) => View(await PageAsync(ct));

    /// <summary>No redirect: the token stands on this answer and nowhere else. Sent again, its name is taken.</summary>
    [HttpPost("")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Make(TokenForm form, CancellationToken ct)
    {
        TokenAccess? access = Kebab.TryParse<TokenAccess>(form.Access ?? "", out var chosen) ? chosen : null;
        var person = await db.Users.SingleAsync(p => p.Id == User.Id(), ct);
        var made = await store.MakeAsync(form.Name, access, form.Days, person.Id, ct, () => proof.GivenAsync(person, form.Password, form.Code, HttpContext, ct));
        if (made.Text is null)
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return View("Show", await PageAsync(ct) with { Form = made.Text is null ? form with { Password = null, Code = null } : new TokenForm(), Faults = made.Faults, Made = made.Text });
    }

    [HttpPost("{id:int}/revoke")]
    [ValidateAntiForgeryToken]
    public async Task<IActionResult> Revoke(int id, CancellationToken ct) =>
        await store.RevokeAsync(id, User.Id(), ct) ? Redirect(new Links(RequestLanguage.Current, plan: null).Tokens) : NotFound();

    private Task<TokensPage> PageAsync(CancellationToken ct) => db.TokensPageAsync(User.Id(), clock.GetUtcNow(), ct);
}
