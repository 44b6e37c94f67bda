using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Security;

namespace PlanTracker.Features.Api;

/// <summary>What a plan consists of.</summary>
[Route(PlanRoute)]
public sealed class ContentController(PlanDbContext db) : ApiEndpoint
{
    [ApiGet("elements")]
    [Says("The tree of the plan: directions, tasks, projects, actions and their parts, with who is responsible and where each stands.", "规划内容树：主攻方向、任务、工程、行动及其组成，含责任单位与总体状态。")]
    [ProducesResponseType<ListOf<ElementItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Elements(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says("Only elements of this kind.", "仅该类别。", "task")] ElementKind? kind,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var paging = new Paging(limit, after);
        var all = await db.ElementRowsAsync(current, ct);
        var read = all.Where(e => (kind is null || e.Element.Kind == kind) && e.Element.Id > (after?.Number(0) ?? 0)).Take(paging.Take).ToList();
        var page = read.Page(Request, paging, nameof(Elements), p => p, e => [e.Element.Id]);
        return ApiAnswer.Of(new ListOf<ElementItem> { Items = await db.ElementItemsAsync(current, reader, all, page.Items, ct), Next = page.Next });
    }

    [ApiGet("goals")]
    [Says("Goals in words, each with its latest approved report.", "定性目标及其最近审核通过的进展报告。")]
    [ProducesResponseType<ListOf<GoalItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Goals(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says("Code of an element: goals of it and of what lies below it.", "规划内容编码：其自身及下级的目标。", "A01")] string? element,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var (paging, last) = (new Paging(limit, after), (int)(after?.Number(0) ?? 0));
        var read = await db.Milestones.AsNoTracking().Include(m => m.Element)
            .Where(m => m.Element!.PlanId == current.Id && m.Id > last
                && (element == null || db.Elements.Any(e => e.PlanId == current.Id && e.Code == element && m.Element.Path.StartsWith(e.Path))))
            .OrderBy(m => m.Id).Take(paging.Take).ToListAsync(ct);
        var page = read.Page(Request, paging, nameof(Goals), p => p, m => [m.Id]);
        return ApiAnswer.Of(new ListOf<GoalItem> { Items = await db.GoalItemsAsync(current, reader, page.Items, ct), Next = page.Next });
    }

    [ApiGet("indicators")]
    [Says("Indicators with definition, unit, decimals, bounds, rules and targets.", "指标：定义、单位、小数位、上下限、核对规则与目标。")]
    [ProducesResponseType<ListOf<IndicatorItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Indicators(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.ElementEn, Parameters.ElementZh, "T05")] string? element,
        [Asked, Says("Targets as they were known at the end of this day (UTC).", "按该日终了（UTC）时所知的目标作答。", "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var (paging, last) = (new Paging(limit, after), (int)(after?.Number(0) ?? 0));
        var read = await db.IndicatorsOf(current, element).AsNoTracking().Where(i => i.Id > last).OrderBy(i => i.Id).Take(paging.Take).ToListAsync(ct);
        var page = read.Page(Request, paging, nameof(Indicators), p => p, i => [i.Id]);
        return ApiAnswer.Of(new ListOf<IndicatorItem> { Items = await db.IndicatorItemsAsync(current, reader, page.Items, ct), Next = page.Next });
    }

    [ApiGet("indicators/{indicator}")]
    [Says("One indicator.", "单个指标。")]
    [ProducesResponseType<IndicatorItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Indicator(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string indicator,
        [Asked, Says("Targets as they were known at the end of this day (UTC).", "按该日终了（UTC）时所知的目标作答。", "2024-12-31")] DateOnly? asOf, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var found = await db.Indicators.AsNoTracking().Where(i => i.PlanId == current.Id && i.Code == indicator).ToListAsync(ct);
        return found.Count == 0 ? NotFound() : ApiAnswer.Of((await db.IndicatorItemsAsync(current, reader, found, ct))[0]);
    }

    [ApiGet("targets")]
    [Says("Baselines, targets and what other documents state.", "基期值、目标及其他文件所列数值。")]
    [ProducesResponseType<ListOf<TargetItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Targets(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says(Parameters.IndicatorEn, Parameters.IndicatorZh, Parameters.IndicatorExample)] string? indicator,
        [Asked, Says(Parameters.OneRegionEn, Parameters.OneRegionZh, Parameters.RegionExample)] string? region,
        [Asked, Says("Only targets of this role.", "仅该类目标。", "final")] TargetRole? role,
        [Asked, Says(Parameters.AsOfEn, Parameters.AsOfZh, "2024-12-31")] DateOnly? asOf,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var (paging, lastIndicator, lastCode) = (new Paging(limit, after), (int)(after?.Number(0) ?? 0), after?.Text(1) ?? "");
        var read = await db.TargetRows(current, reader)
            .Where(t => (indicator == null || t.Indicator == indicator) && (region == null || t.Region == region) && (role == null || t.Target.Role == role)
                && (t.Target.IndicatorId > lastIndicator || (t.Target.IndicatorId == lastIndicator && string.Compare(t.Target.Code, lastCode) > 0)))
            .OrderBy(t => t.Target.IndicatorId).ThenBy(t => t.Target.Code).Take(paging.Take).ToListAsync(ct);
        return ApiAnswer.Of(read.Page(Request, paging, nameof(Targets), page => page.Select(t => t.Item), t => [t.Target.IndicatorId, t.Target.Code]));
    }

    [ApiGet("regions")]
    [Says("The country, its units and the groupings they belong to.", "国家、各地区及其分组。")]
    [ProducesResponseType<ListOf<RegionItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Regions(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Asked, Says("Only regions of this kind.", "仅该类地区。", "grouping")] RegionKind? kind,
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var (paging, last) = (new Paging(limit, after), (int)(after?.Number(0) ?? 0));
        var read = await db.Regions.AsNoTracking().ReadableBy(db, reader)
            .Where(r => r.RegionSet == current.RegionSet && r.Id > last && (kind == null || r.Kind == kind)).OrderBy(r => r.Id).Take(paging.Take).ToListAsync(ct);
        var page = read.Page(Request, paging, nameof(Regions), p => p, r => [r.Id]);
        return ApiAnswer.Of(new ListOf<RegionItem> { Items = await db.RegionItemsAsync(reader, page.Items, ct), Next = page.Next });
    }

    [ApiGet("regions/{region}")]
    [Says("One region or grouping.", "单个地区或分组。")]
    [ProducesResponseType<RegionItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Region(
        [Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan,
        [Says(Parameters.OneRegionEn, Parameters.OneRegionZh, Parameters.RegionExample)] string region, CancellationToken ct)
    {
        var (current, reader) = (HttpContext.Plan(), await db.ReaderAsync(User.Id(), ct));
        var found = await db.Regions.AsNoTracking().ReadableBy(db, reader).Where(r => r.RegionSet == current.RegionSet && r.Code == region).ToListAsync(ct);
        return found.Count == 0 ? NotFound() : ApiAnswer.Of((await db.RegionItemsAsync(reader, found, ct))[0]);
    }
}
