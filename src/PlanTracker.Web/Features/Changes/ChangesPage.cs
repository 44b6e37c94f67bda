using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Changes;

/// <summary>An import that was taken back: what it had brought counts no longer.</summary>
public sealed record ImportTakenBack(string FileName, DateTimeOffset At, string By, string Reason, int Figures);

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

    public required IReadOnlyList<ImportTakenBack> TakenBack { get; init; }

    public required IReadOnlyList<TargetLine> Targets { get; init; }

    public required IReadOnlyList<ProgressChange> Reports { get; init; }
}

public static class ChangesPageQueries
{
    public static async Task<ChangesPage> ChangesAsync(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var statements = db.RevisionsBetween(plan, from, to);
        return new ChangesPage
        {
            From = from,
            To = to,
            Verdicts = await db.VerdictChangesAsync(plan, db.Regions.Where(r => r.RegionSet == plan.RegionSet), from, to, ct),
            Readings = await db.ReadingChanges(statements).Take(ChangesPage.MostLines).ToListAsync(ct),
            ReadingCount = await statements.CountAsync(ct),
            TakenBack = await db.Imports
                .Where(i => i.PlanId == plan.Id && db.Revisions.Any(v => v.ImportId == i.Id && v.KnownUntil > from && v.KnownUntil <= to))
                .OrderByDescending(i => i.RevertedAt).Take(ChangesPage.MostLines)
                .Select(i => new ImportTakenBack(
                    i.FileName, i.RevertedAt!.Value, i.RevertedBy!.DisplayName, i.RevertReason!, db.Revisions.Count(v => v.ImportId == i.Id && v.KnownUntil != null)))
                .ToListAsync(ct),
            Targets = await db.TargetLines(db.TargetChangesBetween(plan, from, to)).Take(ChangesPage.MostLines).ToListAsync(ct),
            Reports = await db.ProgressChanges(db.ReportsBetween(plan, from, to)).Take(ChangesPage.MostLines).ToListAsync(ct),
        };
    }
}
