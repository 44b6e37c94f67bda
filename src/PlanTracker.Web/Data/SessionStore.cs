using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>Begins sessions, keeps them alive and ends them.</summary>
public sealed class SessionStore(PlanDbContext db, NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>Begins one. Where the person has <paramref name="most"/> already, the one that was not used for the longest time ends.</summary>
    /// <param name="personId">Whose.</param>
    /// <param name="stamp">Their security stamp now.</param>
    /// <param name="address">From where, as far as it is known.</param>
    /// <param name="browser">Browser and system by name.</param>
    /// <param name="most">How many a person may have at once, from 1.</param>
    public async Task<Guid> BeginAsync(Guid personId, string stamp, string? address, string? browser, int most)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // One after the other, so that many who sign in at the same moment do not become too many.
        await db.Database.ExecuteSqlAsync($"select from people where id = {personId} for no key update");
        var kept = db.Sessions.Where(PersonSession.IsOpen(now)).Where(s => s.PersonId == personId).OrderByDescending(s => s.SeenAt).Take(most - 1).Select(s => s.Id);
        var (begun, seen) = (now - PersonSession.Longest, now - PersonSession.Idle - PersonSession.SeenTo);
        await db.Sessions.Where(s => (s.PersonId == personId && !kept.Contains(s.Id)) || s.BegunAt < begun || s.SeenAt < seen).ExecuteDeleteAsync();
        var id = Guid.CreateVersion7();
        await db.Database.ExecuteSqlAsync(
            $"insert into sessions (id, person_id, begun_at, seen_at, address, browser, stamp) values ({id}, {personId}, {now}, {now}, {address}, {browser}, {stamp})");
        await transaction.CommitAsync();
        return id;
    }

    /// <summary>Whose session it is, with their roles, and notes that it is in use.</summary>
    /// <returns>Nothing where it was ended.</returns>
    public async Task<(Person Person, IReadOnlyList<string> Roles)?> PersonOfAsync(Guid id, Guid personId)
    {
        // One statement: each check of a session comes on top of those of a page.
        var found = await db.Users.Where(p => p.Id == personId)
            .Select(p => new
            {
                Person = p,
                Seen = db.Sessions.Where(s => s.Id == id && s.PersonId == p.Id).Select(s => (DateTimeOffset?)s.SeenAt).FirstOrDefault(),
                Roles = db.UserRoles.Where(m => m.UserId == p.Id).Join(db.Roles, m => m.RoleId, r => r.Id, (_, r) => r.Name!).ToList(),
            })
            .SingleOrDefaultAsync();
        if (found?.Seen is not { } seen)
            return null;
        var now = clock.GetUtcNow();
        if (now - seen > PersonSession.SeenTo)
            await NoteSeenAsync(id, now);
        return (found.Person, found.Roles);
    }

    /// <summary>On the primary, also where the page itself is read from a standby; and never the reason why somebody is in or out.</summary>
    private async Task NoteSeenAsync(Guid id, DateTimeOffset now)
    {
        try
        {
            await using var command = source.CreateCommand("update sessions set seen_at = $2 where id = $1");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (PlanDatabase.IsAway(error) || PlanDatabase.IsFull(error))
        {
            // The next check will do.
        }
    }

    /// <summary>After a change of the account by its owner, which ends every other session of theirs.</summary>
    public Task StampAsync(Guid id, string stamp) =>
        db.Sessions.Where(s => s.Id == id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Stamp, stamp));

    public Task EndAsync(Guid id) => db.Sessions.Where(s => s.Id == id).ExecuteDeleteAsync();

    /// <summary>Ends one at its owner's wish, if it is theirs and goes on.</summary>
    public async Task EndOwnAsync(Guid id, Person person, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(person);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var own = db.Sessions.Where(s => s.Id == id && s.PersonId == person.Id);
        var begun = await own.Select(s => (DateTimeOffset?)s.BegunAt).SingleOrDefaultAsync(ct);
        if (await own.ExecuteDeleteAsync(ct) == 0)
            return;
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = person.Id,
            Action = "person.session-ended",
            Subject = PersonStore.SubjectOf(person),
            Detail = JsonSerializer.Serialize(new { begun }),
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Those of a person that are not over, the last used first.</summary>
    public Task<List<PersonSession>> OpenAsync(Guid personId, CancellationToken ct) =>
        db.Sessions.AsNoTracking().Where(PersonSession.IsOpen(clock.GetUtcNow())).Where(s => s.PersonId == personId)
            .OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.BegunAt).ToListAsync(ct);
}
