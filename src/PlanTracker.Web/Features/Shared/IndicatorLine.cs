using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>An indicator in one region as a line of a table: where it stands, where it should be, how it got there.</summary>
public sealed record IndicatorLine
{
    public required Indicator Indicator { get; init; }

    public int Id => Indicator.Id;

    public string Code => Indicator.Code;

    public Bilingual Name => Indicator.Name;

    public Bilingual Unit => Indicator.Unit;

    /// <summary>The unit as it is said after a figure; nothing for scores and ranks.</summary>
    public Bilingual SpokenUnit => Indicator.Measure == Measure.Index ? new("", "") : Unit;

    public int Decimals => Indicator.Decimals;

    public bool Headline => Indicator.Headline;

    /// <summary>Readings are expected for every period of the plan.</summary>
    public bool Due => Indicator.Due;

    /// <summary>Neither its name nor its figures were found in any source.</summary>
    public bool Unpublished => string.Equals(Indicator.Verified, Target.NotSeen, StringComparison.Ordinal);

    public Better Better => Indicator.Better;

    public ReportedBy ReportedBy => Indicator.ReportedBy;

    public decimal? Min => Indicator.Min;

    public decimal? Max => Indicator.Max;

    /// <summary>None where the indicator has neither reading nor target in the region.</summary>
    public Standing? Standing { get; init; }

    /// <summary>What the standing is judged from.</summary>
    public required SeriesFacts Facts { get; init; }

    /// <summary>Baseline, interim and final targets as they are judged against; what other documents state is left out.</summary>
    public IReadOnlyList<TargetPoint> Targets => Facts.Targets;

    /// <summary>What every document states for it in this region.</summary>
    public required IReadOnlyList<TargetPoint> Stated { get; init; }

    /// <summary>Approved values, earliest first.</summary>
    public required IReadOnlyList<SeriesPoint> Series { get; init; }

    /// <summary>The plan, or a sibling plan, sets it a target here; otherwise it gives context and is not judged.</summary>
    public bool IsTargeted => Headline || Final is not null;

    /// <summary>What the method of the page says, where it is not that of the standing.</summary>
    public Verdict? Other { get; init; }

    public Status Status => Other?.Status ?? Standing?.Status ?? Status.NoJudgement;

    public NoJudgementReason Reason => Other?.Reason ?? Standing?.Reason ?? NoJudgementReason.NoTarget;

    /// <summary>Change so far over change planned, where it is what the status rests on.</summary>
    public decimal? PaceRatio => Other is null ? Standing?.PaceRatio : null;

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

/// <summary>An approved value.</summary>
/// <param name="Period">When.</param>
/// <param name="End">The period's last day.</param>
/// <param name="Value">In the indicator's unit.</param>
/// <param name="Status">Kind of figure.</param>
/// <param name="Statement">Who said so; lists do without.</param>
public sealed record SeriesPoint(Period Period, DateOnly End, decimal Value, ObservationStatus Status, PointStatement? Statement)
{
    public Quality Quality => Statement?.Quality ?? default;

    public string Source => Statement?.Source ?? "";

    public string? Note => Statement?.Note;
}

public sealed record PointStatement(Quality Quality, string Source, string? Note);

/// <summary>What a page needs of the readings of its lines.</summary>
/// <param name="Of">Of which indicators; all when not said. The others have their standing only, as it is now and by the plan's own method.</param>
/// <param name="StatedOf">Of which of them also who said so; all when not said.</param>
public sealed record LineReadings(IReadOnlyCollection<int>? Of = null, IReadOnlyList<int>? StatedOf = null)
{
    public static readonly LineReadings Whole = new();

    /// <summary>Values alone, as a list shows them.</summary>
    public static readonly LineReadings Values = new(StatedOf: []);
}

/// <summary>An indicator with its standing in one region as it is now.</summary>
public sealed class PlacedIndicator
{
    public required Indicator Indicator { get; init; }

    public Standing? Standing { get; init; }
}

/// <summary>A unit that has a value for an indicator.</summary>
public sealed class ReportingUnit
{
    public int IndicatorId { get; init; }

    public int RegionId { get; init; }
}

public static class IndicatorLineQueries
{
    /// <summary>These indicators in one region, in the order of the plan, as they are or as they stood on the day the page asks for.</summary>
    public static async Task<List<IndicatorLine>> IndicatorLinesAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, CurrentPlan plan, int regionId, CancellationToken ct) =>
        await db.IndicatorLinesAsync(await db.PlacedIndicators(indicators, regionId).ToListAsync(ct), plan, regionId, LineReadings.Whole, ct);

    /// <summary>The same for indicators that were looked up before.</summary>
    public static async Task<List<IndicatorLine>> IndicatorLinesAsync(
        this PlanDbContext db, IReadOnlyCollection<PlacedIndicator> indicators, CurrentPlan plan, int regionId, LineReadings needed, CancellationToken ct)
    {
        var ids = indicators.Select(i => i.Indicator.Id).ToArray();
        int[] here = [regionId, plan.RootRegionId];
        var targets = (await db.KnownTargets(plan.AsOf)
                .Where(t => ids.Contains(t.IndicatorId) && here.Contains(t.RegionId)).ToListAsync(ct))
            .ToLookup(t => new Series(t.IndicatorId, t.RegionId));
        var points = await db.PointsAsync(plan, regionId, needed.Of ?? ids, needed.StatedOf, ct);

        return [.. indicators.Select(i =>
        {
            var series = new Series(i.Indicator.Id, regionId);
            // Two readings that end on one day, the year and its December, stand in the order of Period.
            List<SeriesPoint> own = [.. points[series.IndicatorId].OrderBy(p => p.Period)];
            var facts = SeriesFacts.Of(
                series, JudgedIndicator.Of(i.Indicator), targets[series], targets[series with { RegionId = plan.RootRegionId }],
                own.Select(p => new ApprovedValue(p.Period, p.Value, p.Status, p.Source)));
            var standing = plan.AsOf is null ? i.Standing : facts.ToStandingIfAny();
            return new IndicatorLine
            {
                Indicator = i.Indicator,
                Standing = standing,
                Other = standing is null || plan.Method == StatusMethods.Path ? null : plan.Method.Judge(facts.Case),
                Facts = facts,
                Stated = [.. targets[series]],
                Series = own,
            };
        })];
    }

    private static async Task<ILookup<int, SeriesPoint>> PointsAsync(
        this PlanDbContext db, CurrentPlan plan, int regionId, IReadOnlyCollection<int> indicatorIds, IReadOnlyList<int>? statedOf, CancellationToken ct)
    {
        var known = db.KnownReadings(plan.AsOf).Where(k => indicatorIds.Contains(k.Reading.IndicatorId) && k.Reading.RegionId == regionId && k.Value != null);
        // On a past day it is the statements that are read.
        if (plan.AsOf is not null && statedOf is [])
        {
            return (await known.Select(k => new { k.Reading.IndicatorId, k.Reading.Period, k.Reading.PeriodEnd, Value = k.Value!.Value, k.Revision.Status }).ToListAsync(ct))
                .ToLookup(k => k.IndicatorId, k => new SeriesPoint(k.Period, k.PeriodEnd, k.Value, k.Status, Statement: null));
        }

        if (statedOf is null || plan.AsOf is not null)
        {
            return (await known.Select(k => new
            {
                k.Reading.IndicatorId,
                Point = new SeriesPoint(
                    k.Reading.Period, k.Reading.PeriodEnd, k.Value!.Value, k.Revision.Status, new PointStatement(k.Revision.Quality, k.Revision.Source, k.Revision.Note)),
            }).ToListAsync(ct)).ToLookup(k => k.IndicatorId, k => k.Point);
        }

        // From the index alone.
        var values = await known.Select(k => new { k.Reading.IndicatorId, k.Reading.Period, Value = k.Value!.Value, Status = k.Reading.Status!.Value }).ToListAsync(ct);
        var statements = statedOf.Count == 0 ? [] : await known.Where(k => statedOf.Contains(k.Reading.IndicatorId))
            .Select(k => new { k.Reading.IndicatorId, k.Reading.Period, Statement = new PointStatement(k.Revision.Quality, k.Revision.Source, k.Revision.Note) })
            .ToDictionaryAsync(k => (k.IndicatorId, k.Period), k => k.Statement, ct);
        return values.ToLookup(v => v.IndicatorId, v => new SeriesPoint(v.Period, v.Period.End, v.Value, v.Status, statements.GetValueOrDefault((v.IndicatorId, v.Period))));
    }

    /// <summary>These indicators in the order of the plan, with their standings in a region.</summary>
    public static IQueryable<PlacedIndicator> PlacedIndicators(this PlanDbContext db, IQueryable<Indicator> indicators, int regionId) =>
        from indicator in indicators.AsNoTracking()
        join judged in db.Standings.Where(s => s.RegionId == regionId) on indicator.Id equals judged.IndicatorId into own
        from standing in own.DefaultIfEmpty()
        orderby indicator.Position
        select new PlacedIndicator { Indicator = indicator, Standing = standing };

    /// <summary>Each unit that has a value for an indicator, once.</summary>
    public static IQueryable<ReportingUnit> ReportingUnits(this PlanDbContext db, CurrentPlan plan, PlanRegions regions) => plan.AsOf is null
        ? db.Standings.Where(s => s.Value != null && !regions.WholeIds.Contains(s.RegionId))
            .Select(s => new ReportingUnit { IndicatorId = s.IndicatorId, RegionId = s.RegionId })
        : db.KnownReadings(plan.AsOf).Where(k => k.Value != null && !regions.WholeIds.Contains(k.Reading.RegionId))
            .Select(k => new ReportingUnit { IndicatorId = k.Reading.IndicatorId, RegionId = k.Reading.RegionId }).Distinct();

    /// <summary>Indicators that speak for one of these elements or for something below it.</summary>
    public static IQueryable<Indicator> IndicatorsFor(this PlanDbContext db, int planId, IReadOnlyCollection<string> elementPaths) =>
        db.Indicators.Where(i => i.PlanId == planId
            && db.IndicatorElements.Any(s => s.IndicatorId == i.Id && elementPaths.Any(p => s.Element!.Path.StartsWith(p))));
}
