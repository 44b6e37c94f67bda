using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Operations;

namespace PlanTracker.Features.Account;

/// <summary>
/// Who came in and who was refused, in the audit. A name that nobody has goes there not: it may be a password in the wrong field, and anybody could fill
/// the audit with it.
/// </summary>
public sealed class SignInLedger(PlanDbContext db, TimeProvider clock)
{
    public async Task SignedInAsync(Person person, string by)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Users.Where(p => p.Id == person.Id).ExecuteUpdateAsync(p => p.SetProperty(x => x.LastSignInAt, now));
        await TellAsync(person, "person.signed-in", new { by });
        await transaction.CommitAsync();
        PlanMeter.SignedIn(by);
    }

    /// <param name="person">Who they said they are.</param>
    /// <param name="by">What was wrong.</param>
    /// <param name="locked">Whether the account rests now.</param>
    public Task RefusedAsync(Person person, string by, bool locked)
    {
        PlanMeter.SignInRefused(by);
        return TellAsync(person, locked ? "person.locked" : "person.refused", new { by });
    }

    private async Task TellAsync(Person person, string action, object detail)
    {
        db.AuditEvents.Add(new AuditEvent { At = clock.GetUtcNow(), ActorId = person.Id, Action = action, Subject = PersonStore.SubjectOf(person), Detail = JsonSerializer.Serialize(detail) });
        await db.SaveChangesAsync();
    }
}
