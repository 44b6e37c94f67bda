using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>An indicator in one region as a line of a table: where it stands, where it should be, how it got there.</summary>
public sealed record IndicatorLine
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required int Decimals { get; init; }

    public required bool Headline { get; init; }

    /// <summary>Readings are expected for every period of the plan.</summary>
    public required bool Due { get; init; }

    /// <summary>Neither its name nor its figures were found in any source.</summary>
    public required bool Unpublished { get; init; }

    public required Better Better { get; init; }

    public required ReportedBy ReportedBy { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    /// <summary>None where the indicator has neither reading nor target in the region.</summary>
    public Standing? Standing { get; init; }

    /// <summary>What the standing is judged from.</summary>
    public required SeriesFacts Facts { get; init; }

    /// <summary>Baseline, interim and final targets as they are judged against; what other documents state is left out.</summary>
    public IReadOnlyList<TargetPoint> Targets => Facts.Targets;

    /// <summary>Approved values, earliest first.</summary>
    public required IReadOnlyList<SeriesPoint> Series { get; init; }

    /// <summary>The plan, or a sibling plan, sets it a target here; otherwise it gives context and is not judged.</summary>
    public bool IsTargeted => Headline || Final is not null;

    public Status Status => Standing?.Status ?? Status.NoJudgement;

    public NoJudgementReason Reason => Standing?.Reason ?? NoJudgementReason.NoTarget;

    /// <summary>Why there is no judgement, in words.</summary>
    public Bilingual ReasonWords => Unpublished && Reason == NoJudgementReason.NoTarget
        ? new("not published: neither target nor figures were found", "未公布：未见目标与数据")
        : Words.Of(Reason);

    public TargetPoint? Baseline => Targets.FirstOrDefault(t => t.Role == TargetRole.Baseline);

    public TargetPoint? Final => Targets.FirstOrDefault(t => t.Role == TargetRole.Final);

    /// <summary>Where the plan expected the latest value, as a share of the way.</summary>
    public decimal? PlannedShare => Standing?.Planned is { } planned && Baseline is { } b && Final is { } f && f.Value != b.Value
        ? (planned - b.Value) / (f.Value - b.Value)
        : null;

    /// <summary>The planned path; none without a baseline that can be judged from and a target.</summary>
    public PlannedPath? Path => Facts.Case.Path;
}

public sealed record SeriesPoint(
    Period Period, DateOnly End, decimal Value, ObservationStatus Status, Quality Quality, string Source, string? Note);

public static class IndicatorLineQueries
{
    /// <summary>These indicators in one region, in the order of the plan, as they are or as they stood on the day the page asks for.</summary>
    public static async Task<List<IndicatorLine>> IndicatorLinesAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, CurrentPlan plan, int regionId, CancellationToken ct)
    {
        var listed = await indicators.OrderBy(i => i.Position).AsNoTracking().ToListAsync(ct);
        var targets = (await db.KnownTargets(plan.AsOf)
                .Where(t => indicators.Any(i => i.Id == t.IndicatorId) && (t.RegionId == regionId || t.RegionId == plan.RootRegionId)).ToListAsync(ct))
            .ToLookup(t => new Series(t.IndicatorId, t.RegionId));
        var readings = (await db.KnownReadings(plan.AsOf)
                .Where(k => indicators.Any(i => i.Id == k.Reading.IndicatorId) && k.Reading.RegionId == regionId && k.Value != null)
                .Select(k => new
                {
                    k.Reading.IndicatorId,
                    Point = new SeriesPoint(
                        k.Reading.Period, k.Reading.PeriodEnd, k.Value!.Value, k.Revision.Status, k.Revision.Quality, k.Revision.Source, k.Revision.Note),
                }).ToListAsync(ct))
            .ToLookup(k => k.IndicatorId, k => k.Point);
        var standings = plan.AsOf is not null
            ? []
            : await db.Standings.Where(s => s.RegionId == regionId && indicators.Any(i => i.Id == s.IndicatorId)).AsNoTracking().ToDictionaryAsync(s => s.IndicatorId, ct);

        return [.. listed.Select(i =>
        {
            // Two readings that end on one day, the year and its December, stand in the order of Period.
            List<SeriesPoint> series = [.. readings[i.Id].OrderBy(p => p.Period)];
            var facts = SeriesFacts.Of(
                new Series(i.Id, regionId), new JudgedIndicator(i.Id, i.Better, i.Min, i.Max, i.Measure), targets[new Series(i.Id, regionId)],
                targets[new Series(i.Id, plan.RootRegionId)], series.Select(p => new ApprovedValue(p.Period, p.Value, p.Status, p.Source)));
            return LineOf(i, series, facts, plan.AsOf is null ? standings.GetValueOrDefault(i.Id) : facts.ToStandingIfAny());
        })];
    }

    private static IndicatorLine LineOf(Indicator indicator, List<SeriesPoint> series, SeriesFacts facts, Standing? standing) => new()
    {
        Id = indicator.Id,
        Code = indicator.Code,
        Name = indicator.Name,
        Unit = indicator.Unit,
        Decimals = indicator.Decimals,
        Headline = indicator.Headline,
        Due = indicator.Due,
        Unpublished = string.Equals(indicator.Verified, Target.NotSeen, StringComparison.Ordinal),
        Better = indicator.Better,
        ReportedBy = indicator.ReportedBy,
        Min = indicator.Min,
        Max = indicator.Max,
        Series = series,
        Facts = facts,
        Standing = standing,
    };

    /// <summary>How many units have a value, by indicator.</summary>
    public static Task<Dictionary<int, int>> ReportingRegionsAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, CurrentPlan plan, CancellationToken ct)
    {
        var reporting = plan.AsOf is null
            ? db.Standings.Where(s => s.Value != null && s.Region!.Kind == RegionKind.Unit).Select(s => new { s.IndicatorId, s.RegionId })
            : db.KnownReadings(plan.AsOf).Where(k => k.Value != null && k.Reading.Region!.Kind == RegionKind.Unit)
                .Select(k => new { k.Reading.IndicatorId, k.Reading.RegionId }).Distinct();
        return reporting.Where(r => indicators.Any(i => i.Id == r.IndicatorId)).GroupBy(r => r.IndicatorId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
    }

    /// <summary>Indicators that speak for one of these elements or for something below it.</summary>
    public static IQueryable<Indicator> IndicatorsFor(this PlanDbContext db, int planId, IReadOnlyCollection<string> elementPaths) =>
        db.Indicators.Where(i => i.PlanId == planId
            && db.IndicatorElements.Any(s => s.IndicatorId == i.Id && elementPaths.Any(p => s.Element!.Path.StartsWith(p))));
}
