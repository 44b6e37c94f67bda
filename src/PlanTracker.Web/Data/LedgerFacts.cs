namespace PlanTracker.Data;

/// <summary>Indicators and regions that are judged together, and the countries that lend them targets.</summary>
public sealed record LedgerPart(IReadOnlyDictionary<int, Indicator> Indicators, IReadOnlyDictionary<int, Region> Regions, IReadOnlySet<int> Countries);

/// <summary>Targets and approved values of many series.</summary>
internal sealed record LedgerFacts(LedgerAims Aims, HashSet<int> Regions, ILookup<Series, ApprovedValue> Readings)
{
    /// <summary>Series with a target or a reading.</summary>
    public IEnumerable<Series> Series => Aims.Targets.Select(t => t.Key).Where(s => Regions.Contains(s.RegionId)).Union(Readings.Select(r => r.Key));

    public SeriesFacts Of(Series series) => Aims.With(series, Readings[series]);
}

/// <summary>Indicators with their targets: all that judging many series takes besides the readings.</summary>
internal sealed record LedgerAims(
    Dictionary<int, JudgedIndicator> Indicators, ILookup<Series, TargetPoint> Targets, ILookup<int, TargetPoint> NationalTargets)
{
    public SeriesFacts With(Series series, IEnumerable<ApprovedValue> readings) =>
        SeriesFacts.Of(series, Indicators[series.IndicatorId], Targets[series], NationalTargets[series.IndicatorId], readings);
}
