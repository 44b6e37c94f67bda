using System.Data;
using Microsoft.EntityFrameworkCore;

namespace PlanTracker.Data.Audit;

/// <summary>What the chain of events says of itself, and whether it still holds the anchors that were kept of it.</summary>
public sealed record ChainVerdict
{
    public required long Events { get; init; }

    /// <summary>The last event; none in an empty chain.</summary>
    public required AuditAnchor? Head { get; init; }

    /// <summary>Where the chain first breaks.</summary>
    public required ChainBreak? Break { get; init; }

    /// <summary>One for each anchor, in the order they were given.</summary>
    public required IReadOnlyList<AnchorCheck> Anchors { get; init; }

    public bool IsSound => Break is null && Anchors.All(a => a.Fault is null);
}

/// <summary>
/// The first event whose hash does not follow from what it says and from the hash before it: it was altered, or something between the two was
/// removed, put in or put in another order.
/// </summary>
/// <param name="EventId">That event.</param>
/// <param name="After">The event before it, to which all is well; none when it is the first.</param>
public sealed record ChainBreak(long EventId, long? After);

/// <param name="Anchor">What was kept.</param>
/// <param name="Fault">What the chain has lost since; nothing when it holds the anchor.</param>
public sealed record AnchorCheck(AuditAnchor Anchor, AnchorFault? Fault);

public enum AnchorFault
{
    /// <summary>The chain ends before the anchored event: its tail was cut off.</summary>
    CutOff,

    /// <summary>The chain goes on, but the anchored event is not in it.</summary>
    Missing,

    /// <summary>The anchored event has another hash: it, or something before it, was written anew.</summary>
    Differs,
}

/// <summary>Walks the chain in the database, by the function that writes it. Nothing of it is held in memory.</summary>
public static class AuditChain
{
    /// <summary>The head of the chain as it is now; none in an empty chain.</summary>
    /// <param name="db">The database.</param>
    /// <param name="now">The time of the anchor.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<AuditAnchor?> AnchorAsync(this PlanDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var head = await db.AuditEvents.OrderByDescending(e => e.Id).Select(e => new { e.Id, e.Hash }).FirstOrDefaultAsync(ct);
        return head is null ? null : new AuditAnchor(head.Id, Hex(head.Hash), now);
    }

    /// <summary>Computes every hash anew, in the order of the chain, and looks for each anchor, all in one picture of the database.</summary>
    public static async Task<ChainVerdict> VerifyAsync(this PlanDbContext db, IReadOnlyList<AuditAnchor> anchors, DateTimeOffset now, CancellationToken ct)
    {
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await using var picture = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var walk = (await db.Database.SqlQuery<Walk>($"""
            select count(*) as events, min(id) filter (where broken) as broken_at, min(previous) filter (where broken) as after
            from (
                select id, lag(id) over chain as previous,
                    hash is distinct from audit_hash(lag(hash) over chain, id, at, actor_id, action, subject, detail) as broken
                from audit_events
                window chain as (order by id)
            ) events
            """).ToListAsync(ct))[0];
        var head = await db.AnchorAsync(now, ct);
        var asked = anchors.Select(a => a.EventId).Distinct().ToArray();
        var held = await db.AuditEvents.Where(e => asked.Contains(e.Id)).Select(e => new { e.Id, e.Hash }).ToDictionaryAsync(e => e.Id, e => Hex(e.Hash), ct);
        return new ChainVerdict
        {
            Events = walk.Events,
            Head = head,
            Break = walk.BrokenAt is { } at ? new ChainBreak(at, walk.After < at ? walk.After : null) : null,
            Anchors = [.. anchors.Select(a => new AnchorCheck(a, Fault(a, held.GetValueOrDefault(a.EventId), head)))],
        };
    }

    private static AnchorFault? Fault(AuditAnchor anchor, string? held, AuditAnchor? head) =>
        held is not null ? string.Equals(held, anchor.Hash, StringComparison.Ordinal) ? null : AnchorFault.Differs
        : head is null || head.EventId < anchor.EventId ? AnchorFault.CutOff : AnchorFault.Missing;

    private static string Hex(byte[]? hash) => Convert.ToHexStringLower(hash ?? []);

    private sealed record Walk(long Events, long? BrokenAt, long? After);
}
