using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A reminder that nobody else sends: what it is about, and to whom.</summary>
public sealed record ClaimedReminder
{
    public required long Id { get; init; }

    public required int PlanId { get; init; }

    public required string PlanCode { get; init; }

    public required Bilingual Plan { get; init; }

    public required string RoundCode { get; init; }

    public required bool Locks { get; init; }

    public required ReminderKind Kind { get; init; }

    public required Guid PersonId { get; init; }

    public required string Name { get; init; }

    public required string? Address { get; init; }

    public required Language? Language { get; init; }

    /// <summary>The person can still sign in, and the round is not closed.</summary>
    public required bool Wanted { get; init; }
}

/// <summary>
/// The mails to be sent, in the database: each is entered once, and taken by one sender in a transaction of its own before it is sent. So it goes
/// out once at most, however many nodes send and whenever one of them dies.
/// </summary>
public sealed class ReminderQueue(PlanDbContext db, TimeProvider clock)
{
    /// <summary>Enters the reminders whose day has come, for everybody who owes something.</summary>
    public async Task PlanAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var today = ReportingCalendar.DayOf(now);
        var rounds = await db.ReportingRounds.Open(today).Where(r => r.Deadline >= today.AddDays(-ReportingCalendar.DaysAfter))
            .Select(r => new { r.Id, r.OpensOn, r.Deadline }).ToListAsync(ct);
        // A handful, each with a day of its own.
        foreach (var round in rounds)
        {
            if (ReportingCalendar.ReminderOn(round.OpensOn, round.Deadline, today) is { } day)
                await db.AddRemindersAsync(round.Id, day, now, ct);
        }
    }

    /// <summary>Takes one mail whose time has come; none when there is none.</summary>
    public async Task<ClaimedReminder?> ClaimAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var claimed = await db.Database.SqlQuery<long>($"""
            update reminders set state = 'sending', attempts = attempts + 1, tried_at = {now}, next_attempt_at = null, error = null
            where id = (select id from reminders where next_attempt_at <= {now} order by id limit 1 for update skip locked)
            returning id as "Value"
            """).ToListAsync(ct);
        return claimed is not [var id] ? null : await db.Reminders.Where(r => r.Id == id).Select(r => new ClaimedReminder
        {
            Id = r.Id,
            PlanId = r.Round!.PlanId,
            PlanCode = r.Round.Plan!.Code,
            Plan = new Bilingual(r.Round.Plan.NameEn, r.Round.Plan.NameZh),
            RoundCode = r.Round.Code,
            Locks = r.Round.Locks,
            Kind = r.Kind,
            PersonId = r.PersonId,
            Name = r.Person!.DisplayName,
            Address = r.Person.Email,
            Language = r.Person.Language,
            Wanted = !r.Person.Disabled && r.Round.ClosedAt == null,
        }).SingleAsync(ct);
    }

    /// <summary>Writes down what became of a mail that was taken; one that was not accepted is tried again later, a few times.</summary>
    public async Task SettleAsync(long id, ReminderState outcome, string? error, CancellationToken ct)
    {
        var reminder = await db.Reminders.SingleAsync(r => r.Id == id, ct);
        reminder.State = outcome;
        reminder.Error = error is null ? null : error[..Math.Min(error.Length, Reminder.ErrorLength)];
        reminder.NextAttemptAt = outcome == ReminderState.Failed ? clock.GetUtcNow() + ReportingCalendar.PauseAfter(reminder.Attempts) : null;
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }
}

public static class Reminders
{
    /// <summary>Enters a mail for each reporter with an address who owes something in the round and has none for that day yet.</summary>
    /// <returns>How many were entered.</returns>
    public static async Task<int> AddRemindersAsync(this PlanDbContext db, int roundId, ReminderDay day, DateTimeOffset now, CancellationToken ct)
    {
        var owing =
            from round in db.ReportingRounds
            from mine in db.CellsOfPeople()
            where round.Id == roundId
                && round.Indicators.Any(i => i.IndicatorId == mine.Indicator.Id)
                && round.Regions.Any(w => mine.Region.RegionSet == w.Region!.RegionSet && mine.Region.Path.StartsWith(w.Region.Path))
                && !db.Readings.Any(r => r.IndicatorId == mine.Indicator.Id && r.RegionId == mine.Region.Id && r.Period == round.Period
                    && (r.PendingRevisionId != null ? r.PendingRevision!.State != RevisionState.Returned : r.ApprovedRevisionId != null))
            select mine.Person.Id;
        var people = await db.Reporters()
            .Where(p => p.Email != null && p.Email != ""
                && !db.Reminders.Any(m => m.RoundId == roundId && m.PersonId == p.Id && m.Kind == day.Kind && m.DueOn == day.On)
                && owing.Contains(p.Id))
            .Select(p => p.Id).ToArrayAsync(ct);
        return people.Length == 0 ? 0 : await db.Database.ExecuteSqlAsync($"""
            insert into reminders (round_id, person_id, kind, due_on, state, attempts, next_attempt_at)
            select {roundId}, person, {Kebab.Of(day.Kind)}, {day.On}, 'waiting', 0, {now} from unnest({people}) as person
            on conflict (round_id, person_id, kind, due_on) do nothing
            """, ct);
    }

    /// <summary>Everybody who reports and can sign in.</summary>
    public static IQueryable<Person> Reporters(this PlanDbContext db) =>
        db.Users.Where(p => !p.Disabled && db.UserRoles.Any(u => u.UserId == p.Id && db.Roles.Any(r => r.Id == u.RoleId && r.Name == Roles.Reporter)));
}
