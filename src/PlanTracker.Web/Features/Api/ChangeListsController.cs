using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Api;

/// <summary>What changed between two days: the lists of the page of changes, in full.</summary>
[Route(PlanRoute + "/changes")]
public sealed class ChangeListsController(PlanDbContext db) : ApiEndpoint
{
    [ApiGet("verdicts")]
    [Says("Series judged otherwise on the second day than on the first.", "两日之间状态发生变化的序列。")]
    [ProducesResponseType<ListOf<VerdictChangeItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> VerdictChanges(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.ChangedFromEn, Parameters.ChangedFromZh, "2024-01-01")] DateOnly? from, [Asked, Says(Parameters.ChangedToEn, Parameters.ChangedToZh, "2024-12-31")] DateOnly? to,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        if (!TryRead(from, to, out var first, out var last))
            return BadRequest();
        var (current, reader, paging) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct), new Paging(limit, after));
        var seen = after is null ? default : new Series((int)after.Number(0), (int)after.Number(1));
        var changes = await db.VerdictChangesAsync(current, db.Regions.ReadableBy(db, reader).Where(r => r.RegionSet == current.RegionSet), first, last, ct);
        var readable = await ReadableAsync(reader, changes, ct);
        var read = changes.Where(c => readable(c.Series)).OrderBy(c => c.Series.IndicatorId).ThenBy(c => c.Series.RegionId)
            .Where(c => (c.Series.IndicatorId, c.Series.RegionId).CompareTo((seen.IndicatorId, seen.RegionId)) > 0).Take(paging.Take).ToList();
        return ApiAnswer.Of(read.Page(Request, paging, nameof(VerdictChanges), page => page.Select(VerdictChangeItem.Of), c => [c.Series.IndicatorId, c.Series.RegionId]));
    }

    [ApiGet("readings")]
    [Says("Statements that came to count, the latest first.", "新计入的数据，最近者居首。")]
    [ProducesResponseType<ListOf<ReadingChangeItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ReadingChanges(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.ChangedFromEn, Parameters.ChangedFromZh, "2024-01-01")] DateOnly? from, [Asked, Says(Parameters.ChangedToEn, Parameters.ChangedToZh, "2024-12-31")] DateOnly? to,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        if (!TryRead(from, to, out var first, out var last))
            return BadRequest();
        var (reader, paging) = (await db.ReaderAsync(User.Id(), ct), new Paging(limit, after));
        var readable = db.ReadableCells(reader);
        var statements = db.RevisionsBetween(HttpContext.Plan(), first, last)
            .Where(v => !reader.IsLimited || readable.Any(c => c.Indicator.Id == v.Reading!.IndicatorId && c.Region.Id == v.Reading.RegionId));
        if (after is not null)
        {
            var (day, id) = (after.Day(0), after.Number(1));
            statements = statements.Where(v => v.KnownOn < day || (v.KnownOn == day && v.Id < id));
        }

        var read = await db.ReadingChanges(statements.OrderByDescending(v => v.KnownOn).ThenByDescending(v => v.Id)).Take(paging.Take).ToListAsync(ct);
        return ApiAnswer.Of(read.Page(Request, paging, nameof(ReadingChanges), page => page.Select(ReadingChangeItem.Of), c => [c.KnownOn.DayNumber, c.Id]));
    }

    [ApiGet("targets")]
    [Says("Targets that were set or taken away, the latest first.", "新设定或取消的目标，最近者居首。")]
    [ProducesResponseType<ListOf<TargetChangeItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> TargetChanges(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.ChangedFromEn, Parameters.ChangedFromZh, "2024-01-01")] DateOnly? from, [Asked, Says(Parameters.ChangedToEn, Parameters.ChangedToZh, "2024-12-31")] DateOnly? to,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        if (!TryRead(from, to, out var first, out var last))
            return BadRequest();
        var (reader, paging) = (await db.ReaderAsync(User.Id(), ct), new Paging(limit, after));
        var readable = db.ReadableCells(reader);
        var changes = db.TargetChangesBetween(HttpContext.Plan(), first, last)
            .Where(t => !reader.IsLimited || readable.Any(c => c.Indicator.Id == t.IndicatorId && c.Region.Id == t.RegionId));
        if (after is not null)
        {
            var (day, id) = (after.Day(0), after.Number(1));
            changes = changes.Where(t => t.KnownOn < day || (t.KnownOn == day && t.Id < id));
        }

        var read = await db.TargetLines(changes).Take(paging.Take).ToListAsync(ct);
        return ApiAnswer.Of(read.Page(Request, paging, nameof(TargetChanges), page => page.Select(TargetChangeItem.Of), c => [c.KnownOn.DayNumber, c.Id]));
    }

    [ApiGet("reports")]
    [Says("Reports about goals and project items that came to count, the latest first; none for readers of a part of the country.", "新计入的目标与工程进展报告，最近者居首；仅可查看部分地区者为空。")]
    [ProducesResponseType<ListOf<ReportChangeItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ReportChanges(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.ChangedFromEn, Parameters.ChangedFromZh, "2024-01-01")] DateOnly? from, [Asked, Says(Parameters.ChangedToEn, Parameters.ChangedToZh, "2024-12-31")] DateOnly? to,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        if (!TryRead(from, to, out var first, out var last))
            return BadRequest();
        var (current, paging) = (HttpContext.Plan(), new Paging(limit, after));
        var whole = await db.ReadsWholeAsync(current.RegionSet, await db.ReaderAsync(User.Id(), ct), ct);
        var read = await db.ProgressChanges(After(db.ReportsBetween(current, first, last).Where(_ => whole), after)).Take(paging.Take).ToListAsync(ct);
        return ApiAnswer.Of(read.Page(Request, paging, nameof(ReportChanges), page => page.Select(ReportChangeItem.Of), c => [c.KnownOn.DayNumber, c.ReviewedAt.UtcTicks, c.Id]));
    }

    private static IQueryable<ProgressReport> After(IQueryable<ProgressReport> reports, Cursor? after)
    {
        if (after is null)
            return reports;
        var (day, at, id) = (after.Day(0), new DateTimeOffset(Math.Clamp(after.Number(1), 0, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero), after.Number(2));
        return reports.Where(r => r.KnownOn < day || (r.KnownOn == day && (r.ReviewedAt < at || (r.ReviewedAt == at && r.Id < id))));
    }

    /// <summary>The days asked for: thirty of them up to today when not said, as on the page.</summary>
    private bool TryRead(DateOnly? from, DateOnly? to, out DateOnly first, out DateOnly last)
    {
        var plan = HttpContext.Plan();
        last = to is { } end && end < plan.Day ? end : plan.Day;
        first = from ?? ChangeDays.Before(plan, last);
        if (first <= last)
            return true;
        ParameterFaults.Of(HttpContext).Add(nameof(from), "out-of-order", new("It lies after to.", "晚于 to。"));
        return false;
    }

    private async Task<Func<Series, bool>> ReadableAsync(Reader reader, IReadOnlyCollection<VerdictChange> changes, CancellationToken ct)
    {
        if (!reader.IsLimited)
            return _ => true;
        int[] indicators = [.. changes.Select(c => c.Series.IndicatorId).Distinct()], regions = [.. changes.Select(c => c.Series.RegionId).Distinct()];
        var readable = await db.ReadableCells(reader).Where(c => indicators.Contains(c.Indicator.Id) && regions.Contains(c.Region.Id))
            .Select(c => new Series(c.Indicator.Id, c.Region.Id)).ToListAsync(ct);
        return readable.ToHashSet().Contains;
    }
}
