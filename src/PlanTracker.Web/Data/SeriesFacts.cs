using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A line of the plan's ledger: an indicator in a region.</summary>
public readonly record struct Series(int IndicatorId, int RegionId);

/// <summary>What an indicator lends to a judgement.</summary>
public sealed record JudgedIndicator(int Id, Better Better, decimal? Min, decimal? Max, Measure Measure)
{
    public static JudgedIndicator Of(Indicator indicator) => new(indicator.Id, indicator.Better, indicator.Min, indicator.Max, indicator.Measure);
}

/// <summary>An approved value with its observation status.</summary>
public readonly record struct ApprovedValue(Period Period, decimal Value, ObservationStatus Status, string Source = "");

/// <summary>What one series is judged from: its own targets or, where it has none and measures a rate, the country's.</summary>
public sealed record SeriesFacts
{
    public required Series Series { get; init; }

    public required JudgedIndicator Indicator { get; init; }

    /// <summary>Baseline, interim and final targets as they are judged against, earliest first.</summary>
    public required IReadOnlyList<TargetPoint> Targets { get; init; }

    /// <summary>Earliest first.</summary>
    public required IReadOnlyList<ApprovedValue> Readings { get; init; }

    /// <summary>The targets are the country's.</summary>
    public bool National { get; init; }

    /// <summary>
    /// A share or an amount per head can be compared with the country's target, an amount cannot: half the country's base stations are no goal
    /// for a province. The way starts at the region's own reading for the period of the country's baseline; the country's value is not its own.
    /// </summary>
    public static SeriesFacts Of(
        Series series, JudgedIndicator indicator, IEnumerable<TargetPoint> own, IEnumerable<TargetPoint> national, IEnumerable<ApprovedValue> readings)
    {
        var values = readings.OrderBy(r => r.Period).ToList();
        var stated = own.Where(t => t.Role != TargetRole.Reference).OrderBy(t => t.Period).ToList();
        var facts = new SeriesFacts { Series = series, Indicator = indicator, Targets = stated, Readings = values };
        if (indicator.Measure != Measure.Rate || stated.Exists(t => t.Role != TargetRole.Baseline))
            return facts;

        var lent = national.Where(t => t.RegionId != series.RegionId && t.Role != TargetRole.Reference).ToList();
        var start = stated.Find(t => t.Role == TargetRole.Baseline) ?? OwnStart(series, lent.Find(t => t.Role == TargetRole.Baseline), values);
        var aims = lent.Where(t => t.Role != TargetRole.Baseline && !(t.Period.EndMonth <= start?.Period.EndMonth)).OrderBy(t => t.Period).ToList();
        if (aims.Count == 0)
            return facts;
        return facts with { Targets = start is null ? aims : [start, .. aims], National = true };
    }

    private static TargetPoint? OwnStart(Series series, TargetPoint? baseline, List<ApprovedValue> readings)
    {
        if (baseline is null || readings.FindIndex(r => r.Period.EndMonth == baseline.Period.EndMonth) is var at && at < 0)
            return null;
        return baseline with
        {
            RegionId = series.RegionId,
            Period = readings[at].Period,
            Value = readings[at].Value,
            Document = new Bilingual("the region's own reading", "本地区实际值"),
            Source = readings[at].Source,
            Verified = "yes",
            Note = null,
        };
    }

    /// <summary>What the methods are given. A baseline whose figure was not seen anywhere is not judged from.</summary>
    public AssessmentCase Case
    {
        get
        {
            var baseline = Targets.FirstOrDefault(t => t.Role == TargetRole.Baseline && t.CanBeJudgedFrom);
            var start = baseline is null ? (PathPoint?)null : new PathPoint(baseline.Period, baseline.Value);
            PathPoint[] aims = [.. Targets.Where(t => t.Role is TargetRole.Interim or TargetRole.Final).Select(t => new PathPoint(t.Period, t.Value))];
            var shape = Targets.FirstOrDefault(t => t.Role == TargetRole.Final)?.Shape ?? PathShape.Linear;
            return new AssessmentCase
            {
                Better = Indicator.Better,
                Baseline = start,
                Targets = aims,
                Readings = [.. Readings.Select(r => new Observation(r.Period, r.Value))],
                // A region's own start need not fit the shape of the country's path.
                Shape = PlannedPath.FaultOf(shape, start, aims) is null ? shape : PathShape.Linear,
                Min = Indicator.Min,
                Max = Indicator.Max,
            };
        }
    }

    /// <summary>Neither a reading nor a target of its own: nothing stands here.</summary>
    public bool IsEmpty => Readings.Count == 0 && (National || Targets.Count == 0);

    /// <summary>The standing; none where nothing stands.</summary>
    public Standing? ToStandingIfAny() => IsEmpty ? null : ToStanding();

    public Standing ToStanding()
    {
        var standing = new Standing { IndicatorId = Series.IndicatorId, RegionId = Series.RegionId };
        WriteTo(standing);
        return standing;
    }

    public void WriteTo(Standing standing)
    {
        var one = Case;
        var assessment = Assessment.Of(one);
        standing.Period = one.Latest?.Period;
        standing.Value = one.Latest?.Value;
        standing.ObservationStatus = Readings.Count > 0 ? Readings[^1].Status : null;
        standing.PreviousPeriod = one.Previous?.Period;
        standing.PreviousValue = one.Previous?.Value;
        standing.Status = assessment.Default.Status;
        standing.Reason = assessment.Default.Reason;
        standing.Agreement = assessment.Agreement;
        standing.Planned = one.Latest is { } latest && latest.Period > one.Baseline?.Period ? Kept(one.Path?.ValueAt(latest.Period)) : null;
        standing.Attainment = standing.Planned is null ? null : Kept(one.Attainment);
        standing.Elapsed = standing.Planned is null ? null : Kept(one.Elapsed);
        standing.PaceRatio = standing.Planned is null ? null : one.PaceRatio;
        standing.Receding = assessment.Default.Status != Status.NoJudgement && one.Receding;
        standing.AchievedAtBaseline = standing.Planned is not null && one.AchievedAtBaseline;
        standing.NationalTarget = National;
    }

    /// <summary>Quotients are kept to twelve decimals: far beyond what is shown, and the same whenever they are computed again.</summary>
    private static decimal? Kept(decimal? value) => value is { } v ? decimal.Round(v, 12, MidpointRounding.ToEven) : null;
}
