using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>A trend with its planned path and targets: the rows of a table, from which the page draws the chart.</summary>
public sealed record TrendChart
{
    public required string IndicatorCode { get; init; }

    public required Bilingual Unit { get; init; }

    public required int Decimals { get; init; }

    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public required Bilingual Finding { get; init; }

    public required IReadOnlyList<TrendRow> Rows { get; init; }

    public string? DownloadHref { get; init; }

    /// <summary>What a downloaded image or table of the chart is called, without its ending.</summary>
    public required string File { get; init; }

    public bool Projects => Rows.Any(r => r.Projected is not null);

    public bool ProjectsInterval => Rows.Any(r => r.Projected?.Low is not null);

    /// <summary>Where the finding links to; none on the indicator's own page.</summary>
    public string? Href { get; init; }

    public static TrendChart Of(IndicatorLine line, CurrentPlan plan, string regionCode, Bilingual region) => new()
    {
        IndicatorCode = line.Code,
        File = $"{line.Code}-{regionCode}",
        Unit = line.SpokenUnit,
        Decimals = line.Decimals,
        Min = line.Min,
        Max = line.Max,
        Finding = Findings.OfTrend(line, region),
        Rows = RowsOf(line, plan),
    };

    private static List<TrendRow> RowsOf(IndicatorLine line, CurrentPlan plan)
    {
        var path = line.Path;
        var targets = line.Targets.Where(t => t.Role != TargetRole.Baseline).ToDictionary(t => t.Period);
        var readings = line.Series.ToDictionary(p => p.Period);
        // The path is shown for each year of the plan, so that it can be read where no reading stands.
        var years = path is null
            ? []
            : Enumerable.Range(plan.BaselinePeriod.Year, Math.Max(0, plan.EndPeriod.Year - plan.BaselinePeriod.Year + 1)).Select(Period.Annual)
                .Where(y => y.EndMonth >= path.Baseline.Period.EndMonth && y.EndMonth <= path.Final.Period.EndMonth);
        var projected = Pace.Ahead(line.Facts.Case).ToDictionary(p => p.Period);
        return [.. readings.Keys.Concat(targets.Keys).Concat(years).Concat(projected.Keys).Distinct().Order().Select(period =>
        {
            var reading = readings.GetValueOrDefault(period);
            decimal? planned = path is not null && period >= path.Baseline.Period && period <= path.Final.Period ? path.ValueAt(period) : null;
            return new TrendRow(period, reading, planned, targets.GetValueOrDefault(period)?.Value, projected.GetValueOrDefault(period));
        })];
    }
}

public sealed record TrendRow(Period Period, SeriesPoint? Reading, decimal? Planned, decimal? Target, Projection? Projected);
