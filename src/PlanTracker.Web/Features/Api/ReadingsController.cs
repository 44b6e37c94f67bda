using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Api;

/// <summary>Approved readings and how they came to be.</summary>
[Route(PlanRoute + "/readings")]
public sealed class ReadingsController(PlanDbContext db) : ApiEndpoint
{
    [ApiGet("")]
    [Says("Approved readings, as they are or as they stood on a day.", "审核通过的数据，当前或截至某日。")]
    [ProducesResponseType<ListOf<ReadingItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Readings(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string? indicator,
        [Asked, Says(Parameters.ElementEn, Parameters.ElementZh, "T05")] string? element,
        [Asked, Says(Parameters.RegionEn, Parameters.RegionZh, "CN-EAST")] string? region,
        [Asked, Says("First period, by its end.", "起始时期（按时期终了）。", "2020")] Period? from,
        [Asked, Says("Last period, by its end.", "截止时期（按时期终了）。", "2023")] Period? to,
        [Asked, Says("Only series with this status.", "仅该状态的序列。", "behind")] Status? status,
        [Asked, Says("Only readings with this SDMX observation status.", "仅该 SDMX 观测状态的数据。", "A")] ObservationStatus? observation,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader, paging) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct), new Paging(limit, after));
        var (first, last) = (from?.End, to?.End);
        var chosen = db.ReadingsOf(current, reader, new SeriesChoice(indicator, element, region))
            .Where(k => (first == null || k.Reading.PeriodEnd >= first) && (last == null || k.Reading.PeriodEnd <= last) && (observation == null || k.Revision.Status == observation));
        if (status is not null && current.AsOf is null)
            chosen = chosen.Where(k => db.Standings.Any(s => s.IndicatorId == k.Reading.IndicatorId && s.RegionId == k.Reading.RegionId && s.Status == status));
        var read = await db.Rows(Ordered(chosen, after)).Take(paging.Take).ToListAsync(ct);
        var page = read.Page(Request, paging, nameof(Readings), p => p, r => KeysOf(r.Known.Reading));
        var items = await db.ItemsAsync(current, page.Items, ct);
        return ApiAnswer.Of(new ListOf<ReadingItem> { Items = [.. items.Where(i => status is null || i.SeriesStatus == status)], Next = page.Next });
    }

    [ApiGet("{indicator}/{region}/{period}")]
    [Says("One cell with every revision that ever counted.", "单个数据及其曾计入的全部修订。")]
    [ProducesResponseType<CellItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Cell(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string indicator,
        [Says(Parameters.OneRegionEn, Parameters.OneRegionZh, Parameters.RegionExample)] string region,
        [Says(Parameters.PeriodEn, Parameters.PeriodZh, "2023")] string period,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf, CancellationToken ct)
    {
        if (!Period.TryParse(period, out var wanted))
            return NotFound();
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var found = await db.Rows(db.KnownReadings(current.AsOf).ReadableBy(db, reader)
            .Where(k => k.Reading.Indicator!.PlanId == current.Id && k.Reading.Indicator.Code == indicator && k.Reading.Region!.Code == region && k.Reading.Period == wanted)).ToListAsync(ct);
        if (found.Count == 0)
            return NotFound();
        var id = found[0].Known.Reading.Id;
        var revisions = await db.RevisionLinesAsync(db.Readings.Where(r => r.Id == id), current.AsOf, ct);
        return ApiAnswer.Of(new CellItem { Reading = (await db.ItemsAsync(current, found, ct))[0], Revisions = revisions.ConvertAll(RevisionItem.Of) });
    }

    private static IQueryable<KnownReading> Ordered(IQueryable<KnownReading> readings, Cursor? after)
    {
        if (after is not null)
        {
            var (indicator, region, end, id) = ((int)after.Number(0), (int)after.Number(1), after.Day(2), after.Number(3));
            readings = readings.Where(k => EF.Functions.GreaterThan(
                ValueTuple.Create(k.Reading.IndicatorId, k.Reading.RegionId, k.Reading.PeriodEnd, k.Reading.Id), ValueTuple.Create(indicator, region, end, id)));
        }

        return readings.OrderBy(k => k.Reading.IndicatorId).ThenBy(k => k.Reading.RegionId).ThenBy(k => k.Reading.PeriodEnd).ThenBy(k => k.Reading.Id);
    }

    private static object[] KeysOf(Reading r) => [r.IndicatorId, r.RegionId, r.PeriodEnd.DayNumber, r.Id];
}
