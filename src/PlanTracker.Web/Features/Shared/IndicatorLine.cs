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

    public required Better Better { get; init; }

    public required ReportedBy ReportedBy { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    /// <summary>None where the indicator has neither reading nor target in the region.</summary>
    public Standing? Standing { get; init; }

    /// <summary>Baseline, interim and final targets; what other documents state is left out.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>Approved values, earliest first.</summary>
    public required IReadOnlyList<SeriesPoint> Series { get; init; }

    /// <summary>The plan, or a sibling plan, sets it a target here; otherwise it gives context and is not judged.</summary>
    public bool IsTargeted => Headline || Final is not null;

    public Status Status => Standing?.Status ?? Status.NoJudgement;

    public NoJudgementReason Reason => Standing?.Reason ?? NoJudgementReason.NoTarget;

    public TargetPoint? Baseline => Targets.FirstOrDefault(t => t.Role == TargetRole.Baseline);

    public TargetPoint? Final => Targets.FirstOrDefault(t => t.Role == TargetRole.Final);

    /// <summary>Where the plan expected the latest value, as a share of the way.</summary>
    public decimal? PlannedShare => Standing?.Planned is { } planned && Baseline is { } b && Final is { } f && f.Value != b.Value
        ? (planned - b.Value) / (f.Value - b.Value)
        : null;

    /// <summary>The path from a baseline whose figure is known to the targets.</summary>
    public PlannedPath? Path => PathThrough(Targets);

    public static PlannedPath? PathThrough(IReadOnlyList<TargetPoint> targets)
    {
        var baseline = targets.FirstOrDefault(t => t.Role == TargetRole.Baseline && t.Verified != Target.NotSeen);
        var points = targets.Where(t => t.Role is TargetRole.Interim or TargetRole.Final).Select(t => new PathPoint(t.Period, t.Value)).ToList();
        return baseline is null || points.Count == 0 ? null : new PlannedPath(new PathPoint(baseline.Period, baseline.Value), points);
    }
}

public sealed record TargetPoint(
    TargetRole Role, Period Period, decimal Value, Bilingual Document, string Source, string Verified, string? Note);

public sealed record SeriesPoint(
    Period Period, DateOnly End, decimal Value, ObservationStatus Status, Quality Quality, string Source, string? Note);

public static class IndicatorLineQueries
{
    /// <summary>These indicators in one region, in the order of the plan.</summary>
    public static async Task<List<IndicatorLine>> IndicatorLinesAsync(
        this PlanDbContext db, IQueryable<Indicator> indicators, int regionId, CancellationToken ct)
    {
        var lines = await (
            from indicator in indicators
            orderby indicator.Position
            select new IndicatorLine
            {
                Id = indicator.Id,
                Code = indicator.Code,
                Name = new Bilingual(indicator.NameEn, indicator.NameZh),
                Unit = new Bilingual(indicator.UnitEn ?? "", indicator.UnitZh ?? ""),
                Decimals = indicator.Decimals,
                Headline = indicator.Headline,
                Better = indicator.Better,
                ReportedBy = indicator.ReportedBy,
                Min = indicator.Min,
                Max = indicator.Max,
                Standing = db.Standings.FirstOrDefault(s => s.IndicatorId == indicator.Id && s.RegionId == regionId),
                Targets = db.Targets.Where(t => t.IndicatorId == indicator.Id && t.RegionId == regionId && t.Role != TargetRole.Reference)
                    .OrderBy(t => t.Period)
                    .Select(t => new TargetPoint(t.Role, t.Period, t.Value, new Bilingual(t.DocumentEn, t.DocumentZh), t.Source, t.Verified, t.Note))
                    .ToList(),
                Series = db.Readings.Where(r => r.IndicatorId == indicator.Id && r.RegionId == regionId && r.Value != null)
                    .OrderBy(r => r.PeriodEnd)
                    .Select(r => new SeriesPoint(r.Period, r.PeriodEnd, r.Value!.Value, r.Status!.Value, r.ApprovedRevision!.Quality, r.ApprovedRevision.Source, r.ApprovedRevision.Note))
                    .ToList(),
            }).AsNoTracking().AsSplitQuery().ToListAsync(ct);
        // Two readings that end on one day, the year and its December, stand in the order of Period.
        return [.. lines.Select(l => l with { Series = [.. l.Series.OrderBy(p => p.Period)] })];
    }

    /// <summary>Indicators that speak for one of these elements or for something below it.</summary>
    public static IQueryable<Indicator> IndicatorsFor(this PlanDbContext db, int planId, IReadOnlyCollection<string> elementPaths) =>
        db.Indicators.Where(i => i.PlanId == planId
            && db.IndicatorElements.Any(s => s.IndicatorId == i.Id && elementPaths.Any(p => s.Element!.Path.StartsWith(p))));
}
