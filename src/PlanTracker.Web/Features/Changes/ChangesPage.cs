using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Changes;

public sealed record ChangesPage
{
    /// <summary>As many lines of a kind as a page shows.</summary>
    public const int MostLines = 50;

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required IReadOnlyList<VerdictChange> Verdicts { get; init; }

    /// <summary>The latest ones.</summary>
    public required IReadOnlyList<ReadingChange> Readings { get; init; }

    public required int ReadingCount { get; init; }

    public required IReadOnlyList<TargetLine> Targets { get; init; }

    public required IReadOnlyList<ProgressChange> Reports { get; init; }
}

public static class ChangesPageQueries
{
    public static async Task<ChangesPage> ChangesAsync(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var statements = db.ChangedRevisions(plan, from, to);
        var readings = await db.ReadingChanges(statements).Take(ChangesPage.MostLines).Select(r => new { Line = r, All = statements.Count() }).ToListAsync(ct);
        return new ChangesPage
        {
            From = from,
            To = to,
            Verdicts = await db.VerdictChangesAsync(plan, db.Regions.Where(r => r.RegionSet == plan.RegionSet), from, to, ct),
            Readings = [.. readings.Select(r => r.Line)],
            ReadingCount = readings.Count == 0 ? 0 : readings[0].All,
            Targets = await db.TargetLines(db.TargetChangesBetween(plan, from, to)).Take(ChangesPage.MostLines).ToListAsync(ct),
            Reports = await db.ProgressChanges(db.ReportsBetween(plan, from, to)).Take(ChangesPage.MostLines).ToListAsync(ct),
        };
    }
}
