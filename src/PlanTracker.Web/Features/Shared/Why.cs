using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>Why an indicator has the status it has in a region: inputs with their sources, every method's working, and the data's age.</summary>
public sealed record WhyPage
{
    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required int Decimals { get; init; }

    public required RegionName Region { get; init; }

    /// <summary>The series with what it is judged from.</summary>
    public required IndicatorLine Line { get; init; }

    public required Assessment Assessment { get; init; }

    /// <summary>Why the default method gives no judgement, in words.</summary>
    public required Bilingual Reason { get; init; }

    public required Pace Pace { get; init; }

    /// <summary>Baseline and targets as they are judged from; a baseline that was not seen in a source is left out.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>The region has no target of its own: it is judged against the country's.</summary>
    public bool NationalTarget { get; init; }

    /// <summary>The readings judged from, latest first.</summary>
    public required IReadOnlyList<SeriesPoint> Readings { get; init; }

    /// <summary>When the last of these readings was approved.</summary>
    public DateTimeOffset? Vintage { get; init; }
}

public sealed record RegionName(int Id, string Code, RegionKind Kind, Bilingual Short);

public static class WhyQueries
{
    public static async Task<WhyPage?> WhyPageAsync(this PlanDbContext db, CurrentPlan plan, string code, string? regionCode, CancellationToken ct)
    {
        var indicator = await db.Indicators.AsNoTracking().SingleOrDefaultAsync(i => i.PlanId == plan.Id && i.Code == code, ct);
        var region = await db.Regions.Where(r => r.RegionSet == plan.RegionSet && r.Code == (regionCode ?? plan.RootRegionCode))
            .Select(r => new RegionName(r.Id, r.Code, r.Kind, new Bilingual(r.ShortEn, r.ShortZh))).SingleOrDefaultAsync(ct);
        if (indicator is null || region is null)
            return null;

        var line = (await db.IndicatorLinesAsync(db.Indicators.Where(i => i.Id == indicator.Id), plan, region.Id, ct))[0];
        var one = line.Facts.Case;
        return new WhyPage
        {
            Code = indicator.Code,
            Name = indicator.Name,
            Unit = indicator.Unit,
            Decimals = indicator.Decimals,
            Region = region,
            Line = line,
            Assessment = Assessment.Of(one),
            Reason = line.ReasonWords,
            Pace = Pace.Of(one),
            Targets = [.. line.Targets.Where(t => t.CanBeJudgedFrom)],
            NationalTarget = line.Facts.National,
            Readings = [.. line.Series.Reverse()],
            Vintage = await db.KnownReadings(plan.AsOf).Where(k => k.Reading.IndicatorId == indicator.Id && k.Reading.RegionId == region.Id)
                .MaxAsync(k => k.Revision.ReviewedAt ?? (DateTimeOffset?)k.Revision.CreatedAt, ct),
        };
    }
}

/// <summary>The same for programs. Figures are exact; ratios have twelve decimals.</summary>
public sealed record WhyDocument
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("The default method's verdict.", "默认方法的判断。", "on-track")]
    public required string Status { get; init; }

    [Says("Whether the methods that can judge agree.", "各方法结论是否一致。", "agree")]
    public required string Agreement { get; init; }

    [Says("When the last reading was approved.", "最近一次审核通过的时间。", "2024-03-01T08:30:00+00:00")]
    public required DateTimeOffset? Vintage { get; init; }

    [Says("Where the way begins.", "基期值。")]
    public required WhyPoint? Baseline { get; init; }

    [Says("Where it should lead.", "各目标。")]
    public required IReadOnlyList<WhyPoint> Targets { get; init; }

    [Says("The readings judged from, latest first.", "判断所依数据，由近到远。")]
    public required IReadOnlyList<WhyPoint> Readings { get; init; }

    [Says("Every method's verdict.", "各方法的判断。")]
    public required IReadOnlyList<WhyVerdict> Methods { get; init; }

    [Says("How fast it goes and would have to go.", "实际速度与所需速度。")]
    public required WhyPace Pace { get; init; }

    public static WhyDocument Of(WhyPage page) => new()
    {
        Indicator = page.Code,
        Region = page.Region.Code,
        Status = Kebab.Of(page.Assessment.Default.Status),
        Agreement = Kebab.Of(page.Assessment.Agreement),
        Vintage = page.Vintage,
        Baseline = page.Targets.Where(t => t.Role == TargetRole.Baseline).Select(WhyPoint.Of).FirstOrDefault(),
        Targets = [.. page.Targets.Where(t => t.Role != TargetRole.Baseline).Select(WhyPoint.Of)],
        Readings = [.. page.Readings.Select(r => new WhyPoint { Period = r.Period.ToString(), Value = r.Value, Source = r.Source })],
        Methods = [.. StatusMethods.All.Zip(page.Assessment.Verdicts, WhyVerdict.Of)],
        Pace = WhyPace.Of(page.Pace),
    };
}

public sealed record WhyPoint
{
    [Says("Period.", "时期。", "2023")]
    public required string Period { get; init; }

    [Says("The value, exactly.", "数值，与原文一致。", "3.20")]
    public required decimal Value { get; init; }

    [Says("Where it stands.", "来源。", "Statistical communique 2023")]
    public required string Source { get; init; }

    public static WhyPoint Of(TargetPoint target) => new() { Period = target.Period.ToString(), Value = target.Value, Source = target.Source };
}

public sealed record WhyVerdict
{
    [Says("The method.", "方法。", "path")]
    public required string Method { get; init; }

    [Says("Its name.", "名称。", "Planned path")]
    public required string Name { get; init; }

    [Says("Who published it.", "方法来源。", "plan practice: progress against schedule")]
    public required string Source { get; init; }

    [Says("Its rule.", "规则。", "r = (v − b) / (p(t) − b)")]
    public required string Rule { get; init; }

    [Says("Its verdict.", "判断。", "on-track")]
    public required string Status { get; init; }

    [Says("The figure it judges by.", "判断所依比值。", "1.25")]
    public required decimal? Ratio { get; init; }

    [Says("The score, where the method has one.", "得分（如该方法有）。")]
    public required decimal? Score { get; init; }

    [Says("Why it gives no verdict.", "无法判断的原因。")]
    public required string? Reason { get; init; }

    [Says("The formula with the numbers in it.", "代入数值的公式。", "r = (3.2 − 2.88) / (3.12 − 2.88) = 1.3333")]
    public required string Working { get; init; }

    public static WhyVerdict Of(StatusMethod method, Verdict verdict) => new()
    {
        Method = method.Code,
        Name = method.Name.En,
        Source = method.Source.En,
        Rule = method.Rule.En,
        Status = Kebab.Of(verdict.Status),
        Ratio = verdict.Ratio,
        Score = verdict.Score,
        Reason = verdict.Reason == NoJudgementReason.None ? null : Kebab.Of(verdict.Reason),
        Working = verdict.Working,
    };
}

public sealed record WhyPace
{
    [Says("Change a year that would still reach the target.", "仍可达标所需的年均变化。", "0.05")]
    public required decimal? RequiredPerYear { get; init; }

    [Says("Change a year since the baseline.", "基期以来的年均变化。", "0.107")]
    public required decimal? PerYearSinceBaseline { get; init; }

    [Says("Change a year lately.", "近期的年均变化。", "0.09")]
    public required decimal? RecentPerYear { get; init; }

    [Says("When the target is reached at that pace; 2028.0 is the end of 2028.", "按近期速度达标的时间；2028.0 为 2028 年终了。", "2024.2")]
    public required decimal? ArrivalYear { get; init; }

    [Says("Where the recent pace leads.", "按近期速度外推的结果。")]
    public required IReadOnlyList<WhyProjection> Projections { get; init; }

    public static WhyPace Of(Pace pace) => new()
    {
        RequiredPerYear = pace.Required,
        PerYearSinceBaseline = pace.SinceBaseline,
        RecentPerYear = pace.Recent,
        ArrivalYear = pace.Arrival,
        Projections = [.. pace.Projections.Select(p => new WhyProjection { Period = p.Period.ToString(), Value = p.Value, Low = p.Low, High = p.High })],
    };
}

public sealed record WhyProjection
{
    [Says("Period.", "时期。", "2025")]
    public required string Period { get; init; }

    [Says("The value it leads to.", "外推值。", "3.38")]
    public required decimal Value { get; init; }

    [Says("Lower end of the 80 % interval.", "80% 区间下限。", "3.30")]
    public required decimal? Low { get; init; }

    [Says("Upper end.", "上限。", "3.46")]
    public required decimal? High { get; init; }
}
