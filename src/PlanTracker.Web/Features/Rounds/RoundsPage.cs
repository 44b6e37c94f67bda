using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Rounds;

/// <summary>The reporting calendar.</summary>
/// <param name="Today">In UTC, as every day here.</param>
/// <param name="Rounds">The next deadline first; closed ones last.</param>
public sealed record RoundsPage(DateOnly Today, IReadOnlyList<RoundLine> Rounds)
{
    public IEnumerable<RoundLine> Open => Rounds.Where(r => r.ClosedAt is null && r.OpensOn <= Today);

    public IEnumerable<RoundLine> ToCome => Rounds.Where(r => r.ClosedAt is null && r.OpensOn > Today);

    public IEnumerable<RoundLine> Closed => Rounds.Where(r => r.ClosedAt is not null);
}

public sealed record RoundLine
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Period Period { get; init; }

    public required DateOnly OpensOn { get; init; }

    public required DateOnly Deadline { get; init; }

    public required bool Locks { get; init; }

    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Figures an open round expects where the person looks; submitted or approved are so many.</summary>
    public int Expected { get; init; }

    public int Reported { get; init; }
}

public static class RoundsQueries
{
    /// <summary>The calendar; figures are counted where <paramref name="cells"/> says.</summary>
    public static async Task<RoundsPage> RoundsPageAsync(this PlanDbContext db, CurrentPlan plan, IQueryable<Cell> cells, DateOnly today, CancellationToken ct)
    {
        var rounds = db.ReportingRounds.Where(r => r.PlanId == plan.Id);
        var lines = await rounds.OrderBy(r => r.ClosedAt != null).ThenBy(r => r.Deadline).ThenBy(r => r.Code).Select(r => new RoundLine
        {
            Id = r.Id,
            Code = r.Code,
            Name = new Bilingual(r.NameEn, r.NameZh),
            Period = r.Period,
            OpensOn = r.OpensOn,
            Deadline = r.Deadline,
            Locks = r.Locks,
            ClosedAt = r.ClosedAt,
        }).ToListAsync(ct);
        var counts = await rounds.Open(today).CellsFrom(cells).Owed(db).GroupBy(c => c.Round.Id)
            .Select(g => new { g.Key, Expected = g.Count(), Reported = g.Count(c => !c.Missing && !c.Returned) }).ToDictionaryAsync(c => c.Key, ct);
        return new RoundsPage(today, [.. lines.Select(l => counts.GetValueOrDefault(l.Id) is { } count ? l with { Expected = count.Expected, Reported = count.Reported } : l)]);
    }
}
