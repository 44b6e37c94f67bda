using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Api;

/// <summary>Where series stand and why.</summary>
[Route(PlanRoute)]
public sealed class StandingsController(PlanDbContext db) : ApiEndpoint
{
    [ApiGet("standings")]
    [Says("Where each indicator stands in each region.", "各指标在各地区的状态。")]
    [ProducesResponseType<ListOf<StandingItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Standings(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string? indicator,
        [Asked, Says(Parameters.ElementEn, Parameters.ElementZh, "T05")] string? element,
        [Asked, Says(Parameters.RegionEn, Parameters.RegionZh, "CN-EAST")] string? region,
        [Asked, Says("Only series with this status.", "仅该状态的序列。", "behind")] Status? status,
        [Asked, Says("The method that judges; path when not said.", "判断方法；缺省为 path。", "path")] MethodCode? method,
        [Asked, Says("all: every method's verdict comes along.", "all：附各方法的判断。", "all")] MethodsShown? methods,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader, paging) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct), new Paging(limit, after));
        var (lastIndicator, lastRegion) = ((int)(after?.Number(0) ?? 0), (int)(after?.Number(1) ?? 0));
        var chosen = db.StandingRows(current, reader, new SeriesChoice(indicator, element, region))
            .Where(r => r.IndicatorId > lastIndicator || (r.IndicatorId == lastIndicator && r.RegionId > lastRegion));
        if (status is not null && current.AsItStands)
            chosen = chosen.Where(r => r.Standing!.Status == status);
        var read = await chosen.Take(paging.Take).AsNoTracking().ToListAsync(ct);
        var page = read.Page(Request, paging, nameof(Standings), p => p, r => [r.IndicatorId, r.RegionId]);
        var items = await db.ItemsAsync(current, page.Items, methods == MethodsShown.All, ct);
        return ApiAnswer.Of(new ListOf<StandingItem> { Items = [.. items.Where(i => status is null || i.Status == status)], Next = page.Next });
    }

    [ApiGet("series/{indicator}/{region}")]
    [Says("One series: where it stands, why, and its readings.", "单个序列：状态、依据与数据。")]
    [ProducesResponseType<SeriesItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Series(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string indicator,
        [Says(Parameters.OneRegionEn, Parameters.OneRegionZh, Parameters.RegionExample)] string region,
        [Asked, Says("The method that judges; path when not said.", "判断方法；缺省为 path。", "path")] MethodCode? method,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf, CancellationToken ct) =>
        await db.SeriesItemAsync(HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct), indicator, region, ct) is { } series ? ApiAnswer.Of(series) : NotFound();
}
