using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Audit;

/// <summary>Which events are asked for, as it stands in the address.</summary>
public sealed record AuditFilter
{
    /// <summary>The first day, in UTC.</summary>
    public string? From { get; init; }

    /// <summary>The last day, in UTC.</summary>
    public string? To { get; init; }

    /// <summary>A sign-in name.</summary>
    public string? Person { get; init; }

    /// <summary>Only what commands did, not people.</summary>
    public bool Commands { get; init; }

    /// <summary>An action, or, with a dot at its end, a kind of them: <c>reading.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Part of the subject, in small or capital letters.</summary>
    public string? Subject { get; init; }

    public (string Name, string? Value)[] Query() =>
        [("from", From), ("to", To), ("person", Person), ("commands", Commands ? "true" : null), ("action", Action), ("subject", Subject)];
}

public enum AuditField
{
    From,
    To,
    Person,
    Action,
    Subject,
}

/// <summary>A filter that was understood, and what of it was not.</summary>
public sealed record AuditChoice
{
    public required AuditFilter Filter { get; init; }

    public required IReadOnlyDictionary<AuditField, Bilingual> Faults { get; init; }

    /// <summary>Everything that is recorded in this database, in words where the code has them.</summary>
    public required IReadOnlyList<string> Actions { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>The moment after the last day.</summary>
    public DateTimeOffset? Until { get; init; }

    public Guid? PersonId { get; init; }

    /// <summary>The events it chooses, in no order.</summary>
    public IQueryable<AuditEvent> Of(IQueryable<AuditEvent> events)
    {
        if (From is { } from)
            events = events.Where(e => e.At >= from);
        if (Until is { } until)
            events = events.Where(e => e.At < until);
        if (PersonId is { } person)
            events = events.Where(e => e.ActorId == person);
        if (Filter.Commands)
            events = events.Where(e => e.ActorId == null);
        if (Filter.Action is { Length: > 0 } action)
            events = action.EndsWith('.') ? OfKind(events, action) : events.Where(e => e.Action == action);
        if (Filter.Subject is { Length: > 0 } subject)
        {
            var pattern = $"%{subject.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
            events = events.Where(e => EF.Functions.ILike(e.Subject, pattern, @"\"));
        }

        return events;
    }

    private IQueryable<AuditEvent> OfKind(IQueryable<AuditEvent> events, string kind)
    {
        var actions = Actions.Where(a => a.StartsWith(kind, StringComparison.Ordinal)).ToArray();
        return events.Where(e => actions.Contains(e.Action));
    }
}

public static class AuditChoiceQueries
{
    private static readonly Bilingual NoDay = new("Not a day: write 2025-12-31.", "不是日期：请写作 2025-12-31。");

    public static async Task<AuditChoice> AuditChoiceAsync(this PlanDbContext db, AuditFilter filter, CancellationToken ct)
    {
        var faults = new Dictionary<AuditField, Bilingual>();
        if (!TryRead(filter.From, out var from))
            faults.Add(AuditField.From, NoDay);
        if (!TryRead(filter.To, out var to))
            faults.Add(AuditField.To, NoDay);
        if (from > to)
            faults.Add(AuditField.To, new("It ends before it begins.", "截止日期早于起始日期。"));

        var actions = await db.ActionsAsync(ct);
        if (filter.Action is { Length: > 0 } action && !actions.Any(a => string.Equals(a, action, StringComparison.Ordinal) || (action.EndsWith('.') && a.StartsWith(action, StringComparison.Ordinal))))
            faults.Add(AuditField.Action, new("No such action.", "无此操作。"));
        if (filter.Subject?.Length > AuditEvent.SubjectLength)
            faults.Add(AuditField.Subject, new($"Longer than {AuditEvent.SubjectLength} characters.", $"超过 {AuditEvent.SubjectLength} 个字符。"));

        Guid? person = null;
        if (filter.Person is { Length: > 0 } named)
        {
            person = await db.Users.Where(p => p.NormalizedUserName == named.Trim().ToUpperInvariant()).Select(p => (Guid?)p.Id).FirstOrDefaultAsync(ct);
            if (person is null)
                faults.Add(AuditField.Person, new("Nobody has this sign-in name.", "无此登录名。"));
            else if (filter.Commands)
                faults.Add(AuditField.Person, new("A person or commands, not both.", "人员与命令只能选其一。"));
        }

        return new AuditChoice
        {
            Filter = filter,
            Faults = faults,
            Actions = actions,
            From = Start(from),
            Until = to < DateOnly.MaxValue ? Start(to.Value.AddDays(1)) : null,
            PersonId = person,
        };
    }

    /// <summary>The actions the code knows and those that stand in the chain, by name. It jumps from one to the next by the index.</summary>
    private static async Task<IReadOnlyList<string>> ActionsAsync(this PlanDbContext db, CancellationToken ct)
    {
        var recorded = await db.Database.SqlQuery<string>($"""
            with recursive found (action) as (
                (select action from audit_events order by action limit 1)
                union all
                select (select action from audit_events where action > found.action order by action limit 1) from found where found.action is not null
            )
            select action as "Value" from found where action is not null
            """).ToListAsync(ct);
        return [.. AuditWords.Actions.Union(recorded, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static bool TryRead(string? text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return day is not null || string.IsNullOrWhiteSpace(text);
    }

    private static DateTimeOffset? Start(DateOnly? day) => day is { } d ? new DateTimeOffset(d, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
