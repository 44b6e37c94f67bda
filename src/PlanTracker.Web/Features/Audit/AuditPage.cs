using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Audit;

namespace PlanTracker.Features.Audit;

public sealed record AuditPage
{
    /// <summary>As many events as a page shows.</summary>
    public const int Size = 50;

    public required AuditChoice Choice { get; init; }

    /// <summary>Sign-in names that the form offers, with who they are.</summary>
    public required IReadOnlyList<AuditPerson> People { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<AuditLine> Lines { get; init; }

    public bool HasNewer { get; init; }

    public bool HasOlder { get; init; }
}

public sealed record AuditPerson(string SignInName, string DisplayName);

public sealed record AuditLine(long Id, DateTimeOffset At, string? Actor, string? SignInName, string Action, string Subject, string Detail, byte[]? Hash)
{
    private const int ShortBytes = 6;

    /// <summary>Who the subject is, where it is a person.</summary>
    public AuditPerson? Person { get; init; }

    public string FullHash => Convert.ToHexStringLower(Hash ?? []);

    public string ShortHash => Convert.ToHexStringLower((Hash ?? []).AsSpan(0, Math.Min(ShortBytes, Hash?.Length ?? 0)));
}

/// <summary>The page that says whether the chain is whole.</summary>
public sealed record VerifyPage
{
    public AuditAnchor? Head { get; init; }

    /// <summary>What was put into the form.</summary>
    public string? Anchors { get; init; }

    /// <summary>The first line of it that is no anchor.</summary>
    public int? WrongLine { get; init; }

    /// <summary>None before it was asked for.</summary>
    public ChainVerdict? Verdict { get; init; }
}

public static class AuditPageQueries
{
    /// <summary>As many as the form offers; any other can be typed.</summary>
    private const int MostOffered = 200;

    /// <param name="db">The database.</param>
    /// <param name="choice">Which events.</param>
    /// <param name="before">Those older than this event.</param>
    /// <param name="after">Those newer than this event, the oldest of them.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>None when there is no such event to go on from.</returns>
    public static async Task<AuditPage?> AuditPageAsync(this PlanDbContext db, AuditChoice choice, long? before, long? after, CancellationToken ct)
    {
        var page = new AuditPage
        {
            Choice = choice,
            People = await db.Users.OrderBy(p => p.UserName).Take(MostOffered).Select(p => new AuditPerson(p.UserName!, p.DisplayName)).ToListAsync(ct),
            Lines = [],
        };
        if (choice.Faults.Count > 0)
            return page;
        var events = choice.Of(db.AuditEvents.AsNoTracking());
        if ((before ?? after) is not { } from)
            return await OlderAsync(db, page, events, hasNewer: false, ct);
        if (await db.AuditEvents.Where(e => e.Id == from).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(ct) is not { } at)
            return null;
        if (before is not null)
            return await OlderAsync(db, page, events.Where(e => EF.Functions.LessThan(ValueTuple.Create(e.At, e.Id), ValueTuple.Create(at, from))), hasNewer: true, ct);

        var newer = events.Where(e => EF.Functions.GreaterThan(ValueTuple.Create(e.At, e.Id), ValueTuple.Create(at, from))).OrderBy(e => e.At).ThenBy(e => e.Id);
        var lines = await LinesAsync(db, newer, ct);
        // The newest ones fill their page from the top.
        if (lines.Count <= AuditPage.Size)
            return await OlderAsync(db, page, events, hasNewer: false, ct);
        return page with { Lines = await NamedAsync(db, [.. lines.Take(AuditPage.Size).Reverse()], ct), HasNewer = true, HasOlder = true };
    }

    private static async Task<AuditPage> OlderAsync(PlanDbContext db, AuditPage page, IQueryable<AuditEvent> events, bool hasNewer, CancellationToken ct)
    {
        var lines = await LinesAsync(db, events.OrderByDescending(e => e.At).ThenByDescending(e => e.Id), ct);
        return page with { Lines = await NamedAsync(db, [.. lines.Take(AuditPage.Size)], ct), HasNewer = hasNewer, HasOlder = lines.Count > AuditPage.Size };
    }

    /// <summary>One more than a page shows, so that it is known whether there are others.</summary>
    private static Task<List<AuditLine>> LinesAsync(PlanDbContext db, IOrderedQueryable<AuditEvent> events, CancellationToken ct) =>
        events.Take(AuditPage.Size + 1).Select(e => new AuditLine(
            e.Id, e.At,
            db.Users.Where(p => p.Id == e.ActorId).Select(p => p.DisplayName).FirstOrDefault(),
            db.Users.Where(p => p.Id == e.ActorId).Select(p => p.UserName).FirstOrDefault(),
            e.Action, e.Subject, e.Detail, e.Hash)).ToListAsync(ct);

    private static async Task<IReadOnlyList<AuditLine>> NamedAsync(PlanDbContext db, List<AuditLine> lines, CancellationToken ct)
    {
        var ids = lines.Select(l => Guid.TryParse(l.Subject, out var id) ? id : (Guid?)null).OfType<Guid>().Distinct().ToArray();
        if (ids.Length == 0)
            return lines;
        var people = await db.Users.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => new AuditPerson(p.UserName!, p.DisplayName), ct);
        return [.. lines.Select(l => Guid.TryParse(l.Subject, out var id) && people.TryGetValue(id, out var person) ? l with { Person = person } : l)];
    }
}
