using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
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

/// <summary>An indicator with a region, as a line names them.</summary>
public sealed record CellName(string IndicatorCode, Bilingual Indicator, string RegionCode, Bilingual Region);

/// <summary>What a series was judged to be on the first day and on the last.</summary>
public sealed record VerdictChange(CellName Cell, Standing? Before, Standing? After);

/// <summary>A statement that came to count, and what counted before it.</summary>
public sealed record ReadingChange(
    CellName Cell, Period Period, int Number, decimal? Before, decimal? Value, ObservationStatus Status, DateOnly KnownOn, string? Author, string? Reviewer,
    string Source, string? Note);

/// <summary>A target that was set or taken away (no value), and what it was before.</summary>
public sealed record TargetLine(
    CellName Cell, TargetRole Role, Period Period, decimal? Before, decimal? Value, DateOnly KnownOn, string? Author, string? Reason, string Source);

/// <summary>A report of progress that came to count, and what counted before it.</summary>
public sealed record ProgressChange(
    SubjectKind Kind, string Code, Bilingual Title, ProgressState? Before, ProgressState After, DateOnly KnownOn, string Author, string? Reviewer, string Statement);

public static class ChangeQueries
{
    public static async Task<ChangesPage> ChangesAsync(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var known = db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn > from && v.KnownOn <= to);
        var (readings, count) = await db.ReadingChangesAsync(known, from, ct);
        return new ChangesPage
        {
            From = from,
            To = to,
            Verdicts = await db.VerdictChangesAsync(plan, known, from, to, ct),
            Readings = readings,
            ReadingCount = count,
            Targets = await db.TargetLinesAsync(plan, from, to, ct),
            Reports = await db.ProgressChangesAsync(plan, from, to, ct),
        };
    }

    /// <summary>Only indicators with a new statement or a changed target can have another verdict.</summary>
    private static async Task<List<VerdictChange>> VerdictChangesAsync(
        this PlanDbContext db, CurrentPlan plan, IQueryable<ReadingRevision> known, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var touched = db.Indicators.Where(i => i.PlanId == plan.Id
            && (known.Any(v => v.Reading!.IndicatorId == i.Id) || db.TargetChanges.Any(c => c.IndicatorId == i.Id && c.KnownOn > from && c.KnownOn <= to)));
        var part = await db.LedgerPartAsync(touched, db.Regions.Where(r => r.RegionSet == plan.RegionSet), ct);
        var before = await db.StandingsAsOfAsync(part, from, ct);
        var after = await db.StandingsAsOfAsync(part, to, ct);
        return [.. before.Keys.Union(after.Keys)
            .Where(s => before.GetValueOrDefault(s)?.Status != after.GetValueOrDefault(s)?.Status && !(NotJudged(before, s) && NotJudged(after, s)))
            .Select(s => (Series: s, Indicator: part.Indicators[s.IndicatorId], Region: part.Regions[s.RegionId]))
            .OrderBy(c => c.Region.Position).ThenBy(c => c.Indicator.Position)
            .Select(c => new VerdictChange(
                new CellName(c.Indicator.Code, c.Indicator.Name, c.Region.Code, c.Region.Short),
                before.GetValueOrDefault(c.Series), after.GetValueOrDefault(c.Series)))];
    }

    private static bool NotJudged(Dictionary<Series, Standing> standings, Series series) =>
        (standings.GetValueOrDefault(series)?.Status ?? Status.NoJudgement) == Status.NoJudgement;

    /// <summary>The latest statements, and how many there are.</summary>
    private static async Task<(List<ReadingChange> Latest, int Count)> ReadingChangesAsync(
        this PlanDbContext db, IQueryable<ReadingRevision> known, DateOnly from, CancellationToken ct)
    {
        var before = db.KnownReadings(from);
        var lines = await known.OrderByDescending(v => v.KnownOn).ThenByDescending(v => v.Id).Take(ChangesPage.MostLines).Select(v => new
        {
            v.ReadingId,
            Count = known.Count(),
            Line = new ReadingChange(
                new CellName(
                    v.Reading!.Indicator!.Code, new Bilingual(v.Reading.Indicator.NameEn, v.Reading.Indicator.NameZh),
                    v.Reading.Region!.Code, new Bilingual(v.Reading.Region.ShortEn, v.Reading.Region.ShortZh)),
                v.Reading.Period, v.Number, before.Where(k => k.Reading.Id == v.ReadingId).Select(k => k.Value).FirstOrDefault(), v.Value, v.Status,
                v.KnownOn!.Value, v.Author!.DisplayName, v.Reviewer!.DisplayName, v.Source, v.Note),
        }).ToListAsync(ct);

        // Of several statements about one cell, each came after the one below it.
        return ([.. lines.Select((l, i) =>
            lines.Skip(i + 1).FirstOrDefault(e => e.ReadingId == l.ReadingId) is { } earlier ? l.Line with { Before = earlier.Line.Value } : l.Line)],
            lines.FirstOrDefault()?.Count ?? 0);
    }

    private static async Task<List<TargetLine>> TargetLinesAsync(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to, CancellationToken ct) =>
        await db.TargetChanges.Where(c => c.Indicator!.PlanId == plan.Id && c.KnownOn > from && c.KnownOn <= to)
            .OrderByDescending(c => c.KnownOn).ThenByDescending(c => c.Id).Take(ChangesPage.MostLines)
            .Select(c => new TargetLine(
                new CellName(
                    c.Indicator!.Code, new Bilingual(c.Indicator.NameEn, c.Indicator.NameZh), c.Region!.Code, new Bilingual(c.Region.ShortEn, c.Region.ShortZh)),
                c.Role, c.Period,
                db.TargetChanges.Where(e => e.IndicatorId == c.IndicatorId && e.Code == c.Code && e.Id < c.Id).OrderByDescending(e => e.Id).Select(e => e.Value).FirstOrDefault(),
                c.Value, c.KnownOn, c.Author!.DisplayName, c.Reason, c.Source))
            .ToListAsync(ct);

    private static Task<List<ProgressChange>> ProgressChangesAsync(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to, CancellationToken ct) =>
        db.ProgressReports.Where(r => (r.Milestone!.Element!.PlanId == plan.Id || r.Item!.PlanId == plan.Id) && r.KnownOn > from && r.KnownOn <= to)
            .OrderByDescending(r => r.KnownOn).ThenByDescending(r => r.ReviewedAt).ThenByDescending(r => r.Id).Take(ChangesPage.MostLines)
            .Select(r => new ProgressChange(
                r.MilestoneId != null ? SubjectKind.Goal : SubjectKind.Item,
                r.MilestoneId != null ? r.Milestone!.Code : r.Item!.Code,
                r.MilestoneId != null
                    ? new Bilingual($"{r.Milestone!.Year}: {r.Milestone.GoalEn}", $"{r.Milestone.Year}：{r.Milestone.GoalZh}")
                    : new Bilingual(r.Item!.TitleEn, r.Item.TitleZh),
                db.ProgressReports
                    .Where(e => ((e.MilestoneId != null && e.MilestoneId == r.MilestoneId) || (e.ItemId != null && e.ItemId == r.ItemId))
                        && e.KnownOn != null && e.Number < r.Number)
                    .OrderByDescending(e => e.Number).Select(e => new ProgressState(e.Status, e.Stage, e.PercentComplete, e.Confidence)).FirstOrDefault(),
                new ProgressState(r.Status, r.Stage, r.PercentComplete, r.Confidence),
                r.KnownOn!.Value, r.Author!.DisplayName, r.Reviewer!.DisplayName, r.Statement))
            .ToListAsync(ct);
}
