using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>An indicator with a region, as a line names them.</summary>
public sealed record SeriesName(string IndicatorCode, Bilingual Indicator, string RegionCode, Bilingual Region);

/// <summary>What a series was judged to be on the first day and on the last.</summary>
public sealed record VerdictChange(SeriesName Cell, Series Series, Standing? Before, Standing? After);

/// <summary>A statement that came to count, and what counted before it.</summary>
public sealed record ReadingChange(
    long Id, SeriesName Cell, Period Period, int Number, decimal? Before, decimal? Value, ObservationStatus Status, DateOnly KnownOn, string? Author, string? Reviewer,
    string Source, string? Note)
{
    /// <summary>The day from which it no longer counts, because its import was taken back.</summary>
    public DateOnly? KnownUntil { get; init; }

    public string? TakenBackBy { get; init; }

    public string? TakenBackBecause { get; init; }
}

/// <summary>A target that was set or taken away (no value), and what it was before.</summary>
public sealed record TargetLine(
    int Id, SeriesName Cell, TargetRole Role, Period Period, decimal? Before, decimal? Value, DateOnly KnownOn, string? Author, string? Reason, string Source);

/// <summary>A report of progress that came to count, and what counted before it.</summary>
public sealed record ProgressChange(
    long Id, DateTimeOffset ReviewedAt, SubjectKind Kind, string Code, Bilingual Title, ProgressState? Before, ProgressState After, DateOnly KnownOn, string Author, string? Reviewer, string Statement);

/// <summary>Which days are compared when none is said.</summary>
public static class ChangeDays
{
    private const int Usual = 30;

    /// <summary>Thirty days before; up to today, not before the day the plan was loaded.</summary>
    public static DateOnly Before(CurrentPlan plan, DateOnly last) => last == plan.Day ? plan.NewsSince(Usual) : last.Earlier(Usual);

    /// <summary>So many days earlier, or the first day there is.</summary>
    public static DateOnly Earlier(this DateOnly day, int days) => DateOnly.FromDayNumber(Math.Max(0, day.DayNumber - days));
}

public static class ChangeQueries
{
    /// <summary>What was judged otherwise on the second day than on the first. Only indicators with a statement that came or went, or a changed target, can be.</summary>
    public static async Task<List<VerdictChange>> VerdictChangesAsync(
        this PlanDbContext db, CurrentPlan plan, IQueryable<Region> regions, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var touched = db.Indicators.Where(i => i.PlanId == plan.Id
            && (db.RevisionsBetween(plan, from, to).Any(v => v.Reading!.IndicatorId == i.Id)
                || db.Revisions.Any(v => v.Reading!.IndicatorId == i.Id && v.KnownUntil > from && v.KnownUntil <= to) || db.TargetChanges.Any(c => c.IndicatorId == i.Id && c.KnownOn > from && c.KnownOn <= to)));
        var part = await db.LedgerPartAsync(touched, regions, ct);
        var before = await db.StandingsAsOfAsync(part, from, ct);
        var after = await db.StandingsAsOfAsync(part, to, ct);
        return [.. before.Keys.Union(after.Keys)
            .Where(s => before.GetValueOrDefault(s)?.Status != after.GetValueOrDefault(s)?.Status && !(NotJudged(before, s) && NotJudged(after, s)))
            .Select(s => (Series: s, Indicator: part.Indicators[s.IndicatorId], Region: part.Regions[s.RegionId]))
            .OrderBy(c => c.Region.Position).ThenBy(c => c.Indicator.Position)
            .Select(c => new VerdictChange(
                new SeriesName(c.Indicator.Code, c.Indicator.Name, c.Region.Code, c.Region.Short), c.Series,
                before.GetValueOrDefault(c.Series), after.GetValueOrDefault(c.Series)))];
    }

    /// <summary>Indicators with a statement about a region that came or went after the first day and by the second, or with a changed target: no others can have been judged otherwise.</summary>
    public static IQueryable<int> MovedIndicators(this PlanDbContext db, CurrentPlan plan, int regionId, DateOnly from, DateOnly to) =>
        db.ChangedRevisions(plan, from, to).Where(v => v.Reading!.RegionId == regionId).Select(v => v.Reading!.IndicatorId)
            .Union(db.TargetChangesBetween(plan, from, to).Select(c => c.IndicatorId));

    private static bool NotJudged(Dictionary<Series, Standing> standings, Series series) =>
        (standings.GetValueOrDefault(series)?.Status ?? Status.NoJudgement) == Status.NoJudgement;

    /// <summary>Statements that came to count after the first day and by the second.</summary>
    public static IQueryable<ReadingRevision> RevisionsBetween(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to) =>
        db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && v.KnownOn > from && v.KnownOn <= to);

    /// <summary>The same with those that ceased to count because their import was taken back, by the day of the change.</summary>
    public static IOrderedQueryable<ReadingRevision> ChangedRevisions(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to) =>
        db.Revisions.Where(v => v.Reading!.Indicator!.PlanId == plan.Id && ((v.KnownOn > from && v.KnownOn <= to) || (v.KnownUntil > from && v.KnownUntil <= to)))
            .OrderByDescending(v => v.KnownUntil <= to ? v.KnownUntil : v.KnownOn).ThenByDescending(v => v.Id);

    /// <summary>These statements in their order, each with what counted before it.</summary>
    public static IQueryable<ReadingChange> ReadingChanges(this PlanDbContext db, IOrderedQueryable<ReadingRevision> statements) =>
        statements.Select(v => new ReadingChange(
            v.Id,
            new SeriesName(
                v.Reading!.Indicator!.Code, new Bilingual(v.Reading.Indicator.NameEn, v.Reading.Indicator.NameZh),
                v.Reading.Region!.Code, new Bilingual(v.Reading.Region.ShortEn, v.Reading.Region.ShortZh)),
            v.Reading.Period, v.Number,
            db.Revisions.Where(e => e.ReadingId == v.ReadingId && e.KnownOn != null && e.Number < v.Number && (e.KnownUntil == null || e.KnownUntil > v.KnownOn)).OrderByDescending(e => e.Number).Select(e => e.Value).FirstOrDefault(),
            v.Value, v.Status, v.KnownOn!.Value, v.Author!.DisplayName, v.Reviewer!.DisplayName, v.Source, v.Note)
        {
            KnownUntil = v.KnownUntil,
            TakenBackBy = v.Import!.RevertedBy!.DisplayName,
            TakenBackBecause = v.Import.RevertReason,
        });

    /// <summary>Targets set or taken away after the first day and by the second.</summary>
    public static IQueryable<TargetChange> TargetChangesBetween(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to) =>
        db.TargetChanges.Where(c => c.Indicator!.PlanId == plan.Id && c.KnownOn > from && c.KnownOn <= to);

    /// <summary>These changes, the latest first, each with the value before it.</summary>
    public static IQueryable<TargetLine> TargetLines(this PlanDbContext db, IQueryable<TargetChange> changes) =>
        changes.OrderByDescending(c => c.KnownOn).ThenByDescending(c => c.Id).Select(c => new TargetLine(
            c.Id,
            new SeriesName(
                c.Indicator!.Code, new Bilingual(c.Indicator.NameEn, c.Indicator.NameZh), c.Region!.Code, new Bilingual(c.Region.ShortEn, c.Region.ShortZh)),
            c.Role, c.Period,
            db.TargetChanges.Where(e => e.IndicatorId == c.IndicatorId && e.Code == c.Code && e.Id < c.Id).OrderByDescending(e => e.Id).Select(e => e.Value).FirstOrDefault(),
            c.Value, c.KnownOn, c.Author!.DisplayName, c.Reason, c.Source));

    /// <summary>Reports of progress that came to count after the first day and by the second.</summary>
    public static IQueryable<ProgressReport> ReportsBetween(this PlanDbContext db, CurrentPlan plan, DateOnly from, DateOnly to) =>
        db.ProgressReports.Where(r => (r.Milestone!.Element!.PlanId == plan.Id || r.Item!.PlanId == plan.Id) && r.KnownOn > from && r.KnownOn <= to);

    /// <summary>These reports, the latest first, each with what counted before it.</summary>
    public static IQueryable<ProgressChange> ProgressChanges(this PlanDbContext db, IQueryable<ProgressReport> reports) =>
        reports.OrderByDescending(r => r.KnownOn).ThenByDescending(r => r.ReviewedAt).ThenByDescending(r => r.Id).Select(r => new ProgressChange(
            r.Id,
            r.ReviewedAt!.Value,
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
            r.KnownOn!.Value, r.Author!.DisplayName, r.Reviewer!.DisplayName, r.Statement));
}
