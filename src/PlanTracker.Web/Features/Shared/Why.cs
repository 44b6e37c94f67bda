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
public sealed record WhyDocument(
    string Indicator, string Region, string Status, string Agreement, DateTimeOffset? Vintage, WhyPoint? Baseline, IReadOnlyList<WhyPoint> Targets,
    IReadOnlyList<WhyPoint> Readings, IReadOnlyList<WhyVerdict> Methods, WhyPace Pace)
{
    public static WhyDocument Of(WhyPage page) => new(
        page.Code, page.Region.Code, Kebab.Of(page.Assessment.Default.Status), Kebab.Of(page.Assessment.Agreement), page.Vintage,
        page.Targets.Where(t => t.Role == TargetRole.Baseline).Select(WhyPoint.Of).FirstOrDefault(),
        [.. page.Targets.Where(t => t.Role != TargetRole.Baseline).Select(WhyPoint.Of)],
        [.. page.Readings.Select(r => new WhyPoint(r.Period.ToString(), r.Value, r.Source))],
        [.. StatusMethods.All.Zip(page.Assessment.Verdicts, (m, v) => new WhyVerdict(
            m.Code, m.Name.En, m.Source.En, m.Rule.En, Kebab.Of(v.Status), v.Ratio, v.Score, v.Reason == NoJudgementReason.None ? null : Kebab.Of(v.Reason), v.Working))],
        new WhyPace(
            page.Pace.Required, page.Pace.SinceBaseline, page.Pace.Recent, page.Pace.Arrival,
            [.. page.Pace.Projections.Select(p => new WhyProjection(p.Period.ToString(), p.Value, p.Low, p.High))]));
}

public sealed record WhyPoint(string Period, decimal Value, string Source)
{
    public static WhyPoint Of(TargetPoint target) => new(target.Period.ToString(), target.Value, target.Source);
}

public sealed record WhyVerdict(
    string Method, string Name, string Source, string Rule, string Status, decimal? Ratio, decimal? Score, string? Reason, string Working);

public sealed record WhyPace(decimal? RequiredPerYear, decimal? PerYearSinceBaseline, decimal? RecentPerYear, decimal? ArrivalYear, IReadOnlyList<WhyProjection> Projections);

public sealed record WhyProjection(string Period, decimal Value, decimal? Low, decimal? High);
