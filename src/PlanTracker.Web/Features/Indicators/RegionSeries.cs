using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Indicators;

/// <summary>The course of every unit on one scale, and how their values lay in each period.</summary>
public sealed record RegionSeries
{
    /// <summary>As many units as can be told apart on a page.</summary>
    internal const int MostUnits = 60;

    public required IReadOnlyList<UnitSeries> Units { get; init; }

    /// <summary>Periods for which at least half as many units report as report the fullest, latest first.</summary>
    public required IReadOnlyList<PeriodDistribution> Periods { get; init; }

    public decimal Least => Units.Min(u => u.Points.Min(p => p.Value));

    public decimal Greatest => Units.Max(u => u.Points.Max(p => p.Value));

    /// <param name="values">By region and period in their order.</param>
    public static RegionSeries? Of(IEnumerable<RegionValue> values)
    {
        List<UnitSeries> units = [.. values.Where(v => v.Region.Kind == RegionKind.Unit).GroupBy(v => v.Region.Id).Select(g =>
            new UnitSeries(g.First().Region.Code, g.First().Region.Short, [.. g.Select(v => new UnitPoint(v.Period, v.Value))]))];
        if (units.Count is < 2 or > MostUnits || units.All(u => u.Points.Count < 2))
            return null;
        var periods = units.SelectMany(u => u.Points.Select(p => (Unit: u, p.Period, p.Value))).GroupBy(p => p.Period).ToList();
        var fullest = periods.Max(p => p.Count());
        return new RegionSeries
        {
            Units = units,
            Periods = [.. periods.Where(p => p.Count() * 2 >= fullest).OrderByDescending(p => p.Key).Select(p => new PeriodDistribution(
                p.Key, Distribution.Of(p.Select(v => v.Value)), p.MinBy(v => v.Value).Unit.Short, p.MaxBy(v => v.Value).Unit.Short))],
        };
    }
}

public sealed record UnitSeries(string Code, Bilingual Short, IReadOnlyList<UnitPoint> Points);

public readonly record struct UnitPoint(Period Period, decimal Value);

public sealed record PeriodDistribution(Period Period, Distribution Values, Bilingual LeastUnit, Bilingual GreatestUnit);
