using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

public sealed record PlanItem
{
    [Says("Code of the plan; it stands in addresses.", "规划编码，用于地址。", "14fyp-informatization")]
    public required string Code { get; init; }

    [Says("Name.", "名称。")]
    public required Bilingual Name { get; init; }

    [Says("Who issued it.", "发布机构。")]
    public required Bilingual Issuer { get; init; }

    [Says("When it was issued.", "发布日期。", "2021-12-27")]
    public required DateOnly? IssuedOn { get; init; }

    [Says("The plan runs from the end of this period …", "规划自该时期终了起……", "2020")]
    public required Period BaselinePeriod { get; init; }

    [Says("… to the end of this one.", "……至该时期终了止。", "2025")]
    public required Period EndPeriod { get; init; }

    [Says("Years for which targets are set.", "设定目标的年份。", new[] { 2023, 2025 })]
    public required IReadOnlyList<int> MilestoneYears { get; init; }

    [Says("The region that stands for the whole.", "代表整体的地区。", "CN")]
    public required string RootRegion { get; init; }

    [Says("The day it was loaded here first.", "首次载入日期。", "2026-01-05")]
    public required DateOnly? LoadedOn { get; init; }

    [Says("Where its text stands.", "文本出处。", "State Council, 2021")]
    public required string Source { get; init; }
}

[Route(Route)]
public sealed class PlansController(PlanDbContext db) : ApiEndpoint
{
    [ApiGet("plans")]
    [Says("The plans.", "规划列表。")]
    [ProducesResponseType<ListOf<PlanItem>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Plans(
        [Asked, Says(Parameters.LimitEn, Parameters.LimitZh, 100)] int? limit, [Asked, Says(Parameters.AfterEn, Parameters.AfterZh)] Cursor? after, CancellationToken ct)
    {
        var paging = new Paging(limit, after);
        var last = (int)(after?.Number(0) ?? 0);
        var plans = await db.Plans.AsNoTracking().Where(p => p.Id > last).OrderBy(p => p.Id).Take(paging.Take)
            .Select(p => new { Plan = p, Root = db.Regions.Where(r => r.RegionSet == p.RegionSet && r.Kind == RegionKind.Country).Select(r => r.Code).FirstOrDefault() ?? "" })
            .ToListAsync(ct);
        return ApiAnswer.Of(plans.Page(Request, paging, nameof(Plans), page => page.Select(p => ItemOf(p.Plan, p.Root)), p => [p.Plan.Id]));
    }

    [ApiGet("plans/{plan}")]
    [Says("One plan.", "单个规划。")]
    [ProducesResponseType<PlanItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Plan([Says(Parameters.PlanEn, Parameters.PlanZh, Parameters.PlanExample)] string plan, CancellationToken ct) =>
        ApiAnswer.Of(ItemOf(await db.Plans.AsNoTracking().SingleAsync(p => p.Code == plan, ct), HttpContext.Plan().RootRegionCode));

    private static PlanItem ItemOf(Plan plan, string rootRegion) => new()
    {
        Code = plan.Code,
        Name = plan.Name,
        Issuer = new Bilingual(plan.IssuerEn ?? "", plan.IssuerZh ?? ""),
        IssuedOn = plan.IssuedOn,
        BaselinePeriod = plan.BaselinePeriod,
        EndPeriod = plan.EndPeriod,
        MilestoneYears = plan.MilestoneYears,
        RootRegion = rootRegion,
        LoadedOn = plan.LoadedOn,
        Source = plan.Source,
    };
}
