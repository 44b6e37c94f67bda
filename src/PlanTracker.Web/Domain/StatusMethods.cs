namespace PlanTracker.Domain;

/// <summary>A published way of judging whether a target will be reached: a pure function with its name, its rule and its source.</summary>
/// <param name="Code">Short name in files and addresses.</param>
/// <param name="Name">Name of the method.</param>
/// <param name="Rule">Formula and limits in words.</param>
/// <param name="Source">Who published it.</param>
/// <param name="Judge">The method itself.</param>
public sealed record StatusMethod(string Code, Bilingual Name, Bilingual Rule, Bilingual Source, Func<AssessmentCase, Verdict> Judge);

/// <summary>The methods shown side by side, the default first.</summary>
public static class StatusMethods
{
    public static readonly StatusMethod Path = new(
        "path",
        new("Planned path", "计划路径法"),
        new("r = (v − b) / (p(t) − b): change so far over the change planned for that time. From 0.95 on track, from 0.60 behind, from 0 far behind, below 0 moving away.",
            "r = (v − b) / (p(t) − b)：实际变化与该时点计划变化之比。0.95 及以上进展正常，0.60 及以上落后，0 及以上严重落后，小于 0 背离目标。"),
        new("plan practice: progress against schedule", "规划实践：对照进度"),
        PathMethod.Judge);

    public static readonly StatusMethod GrowthRatio = new(
        "growth-ratio",
        new("Growth ratio", "增长率比法"),
        new("R = growth a year since the baseline over the growth a year that leads from baseline to target. Limits 0.95, 0.60 and 0.",
            "R = 基期以来年均增长率与由基期达到目标所需年均增长率之比。界限 0.95、0.60、0。"),
        new("Eurostat, EU SDG monitoring; Statistics Canada; Open SDG since 2.4", "欧盟统计局可持续发展目标监测；加拿大统计局；Open SDG 2.4 起"),
        GrowthRatioMethod.Judge);

    public static readonly StatusMethod UnProjection = new(
        "un-projection",
        new("UN projection", "联合国外推法"),
        new("q = the share of the way that growth at the pace since the baseline will have covered by the target date. From 0.95 on track, from 0.10 behind, below moving away or stagnant.",
            "q = 按基期以来增长率外推至目标时点的完成比例。0.95 及以上进展正常，0.10 及以上落后，以下为停滞或背离。"),
        new("UN SDG progress chart, as published by EUSTAT", "联合国可持续发展目标进展图（EUSTAT 公布）"),
        UnProjectionMethod.Judge);

    public static readonly StatusMethod TrendProjection = new(
        "trend-projection",
        new("Trend projection", "趋势外推法"),
        new("m = the part of the remaining way that the mean of the last up to five yearly changes, carried on to the target date, will leave open. Below 5 % on track, up to 20 % behind, above far behind, wrong direction moving away.",
            "m = 以最近最多五次年度变化的均值外推至目标时点后，剩余路程中仍未完成的比例。低于 5% 进展正常，至 20% 落后，以上严重落后，方向相反为背离。"),
        new("German Federal Statistical Office, sustainability indicator report", "德国联邦统计局可持续发展指标报告"),
        TrendProjectionMethod.Judge);

    public static readonly StatusMethod CurrentStatus = new(
        "current-status",
        new("Current status", "现状指数法"),
        new("Score 10 (v − b) / (T − b) against the 10 e that an even pace would have reached. Their ratio is cut at 0.95, 0.60 and 0; the cuts are ours.",
            "得分 10 (v − b) / (T − b)，与匀速进展应得的 10 e 相比；二者之比以 0.95、0.60、0 为界（界限由本系统设定）。"),
        new("UN ESCAP, current status index", "联合国亚太经社会现状指数"),
        CurrentStatusMethod.Judge);

    public static readonly IReadOnlyList<StatusMethod> All = [Path, GrowthRatio, UnProjection, TrendProjection, CurrentStatus];
}

/// <summary>
/// Progress against the schedule of the plan: r = (v - b) / (p(t) - b). Signed distances make a flag for "lower is better" unnecessary
/// once a path exists.
/// </summary>
public static class PathMethod
{
    public static Verdict Judge(AssessmentCase one)
    {
        if (one.Settled(needsBaseline: true) is { } settled)
            return settled;

        var (b, v) = (one.Baseline!.Value.Value, one.Latest!.Value);
        var planned = one.Path!.ValueAt(v.Period);
        if (one.PaceRatio is not { } r)
        {
            // No gain is due yet: being no worse than planned is on track.
            return new Verdict(one.Better.Worse(v.Value, planned) ? Status.MovingAway : Status.OnTrack)
            {
                Working = $"v = {Verdict.Number(v.Value)}, p(t) = {Verdict.Number(planned)}",
            };
        }

        return new Verdict(Verdict.ByCommonCuts(r))
        {
            Ratio = r,
            Working = $"r = ({Verdict.Number(v.Value)} − {Verdict.Number(b)}) / ({Verdict.Number(planned)} − {Verdict.Number(b)}) = {Rounding.Text(r, 4)}",
        };
    }
}

/// <summary>
/// Growth a year so far over growth a year needed: R = CAGR(b to v) / CAGR(b to T). Where there is no target, growth alone is judged:
/// in the desired direction from 1.5 % a year on track, from 0.5 % behind, from 0 far behind.
/// </summary>
public static class GrowthRatioMethod
{
    public static Verdict Judge(AssessmentCase one)
    {
        if (one.Target is null && one.Baseline is not null)
            return WithoutTarget(one);
        if (one.Settled(needsBaseline: true) is { } settled)
            return settled;

        var (b, t, v) = (one.Baseline!.Value, one.Target!.Value, one.Latest!.Value);
        if (Growth.Undefined(b.Value, v.Value, t.Value) is { } reason)
            return Verdict.None(reason);

        var (done, needed) = (Growth.Rate(b.Value, v.Value, v.Period.YearsSince(b.Period)), Growth.Rate(b.Value, t.Value, t.Period.YearsSince(b.Period)));
        var ratio = Verdict.Kept(Growth.Held(done / needed));
        return new Verdict(Verdict.ByCommonCuts(ratio))
        {
            Ratio = ratio,
            Working = $"R = {Percent(done)} / {Percent(needed)} = {Rounding.Text(ratio, 4)}",
        };
    }

    private static Verdict WithoutTarget(AssessmentCase one)
    {
        var b = one.Baseline!.Value;
        if (one.Latest is not { } v)
            return Verdict.None(NoJudgementReason.NoReading);
        if (v.Period.EndMonth <= b.Period.EndMonth)
            return Verdict.None(NoJudgementReason.NoReadingSinceBaseline);
        if (Growth.Undefined(b.Value, v.Value, target: b.Value) is { } reason)
            return Verdict.None(reason);

        var x = Verdict.Kept(Growth.Held(one.Better.Sign() * Growth.Rate(b.Value, v.Value, v.Period.YearsSince(b.Period))));
        return new Verdict(x switch { >= 0.015m => Status.OnTrack, >= 0.005m => Status.Behind, >= 0m => Status.FarBehind, _ => Status.MovingAway })
        {
            Ratio = x,
            Working = $"x = {Percent((double)x)}",
        };
    }

    private static string Percent(double rate) => Rounding.Text(Growth.Held(rate * 100), 2) + " %";
}

/// <summary>Growth at the pace since the baseline, carried on to the target date: q = (v(1+g)^(tT-t) - b) / (T - b).</summary>
public static class UnProjectionMethod
{
    public static Verdict Judge(AssessmentCase one)
    {
        if (one.Settled(needsBaseline: true) is { } settled)
            return settled;

        var (b, t, v) = (one.Baseline!.Value, one.Target!.Value, one.Latest!.Value);
        if (Growth.Undefined(b.Value, v.Value, t.Value) is { } reason)
            return Verdict.None(reason);

        var rate = Growth.Rate(b.Value, v.Value, v.Period.YearsSince(b.Period));
        var left = Math.Max(0m, t.Period.YearsSince(v.Period));
        var projected = one.Bounded(Growth.Held(Growth.Carried(v.Value, rate, left)));
        var q = Verdict.Kept(Growth.Held((double)(projected - b.Value) / (double)(t.Value - b.Value)));
        return new Verdict(q switch { >= 0.95m => Status.OnTrack, >= 0.10m => Status.Behind, _ => Status.MovingAway })
        {
            Ratio = q,
            Working = $"q = ({Rounding.Text(projected, 4)} − {Verdict.Number(b.Value)}) / ({Verdict.Number(t.Value)} − {Verdict.Number(b.Value)}) = {Rounding.Text(q, 4)}",
        };
    }
}

/// <summary>
/// The mean of the last up to five yearly changes, carried on to the target date; m = (T - vProj) / (T - v). Needs at least four yearly readings.
/// </summary>
public static class TrendProjectionMethod
{
    public const int MostReadings = 6;
    public const int LeastReadings = 4;

    public static Verdict Judge(AssessmentCase one)
    {
        if (one.Settled(needsBaseline: false) is { } settled)
            return settled;

        var (t, v) = (one.Target!.Value, one.Latest!.Value);
        var left = t.Period.YearsSince(v.Period);
        if (left <= 0)
            return Verdict.None(NoJudgementReason.TargetDatePassed);
        var series = one.YearlySeries(MostReadings);
        if (series.Length < LeastReadings)
            return Verdict.None(NoJudgementReason.TooFewReadings);

        // Over years without a reading the change is taken as even, so the mean of the changes is the change over the whole time.
        var change = (v.Value - series[0].Value) / v.Period.YearsSince(series[0].Period);
        var projected = one.Bounded(v.Value + (change * left));
        var m = Verdict.Kept((t.Value - projected) / (t.Value - v.Value));
        return new Verdict(ByMiss(one, change, m))
        {
            Ratio = m,
            Working = $"m = ({Verdict.Number(t.Value)} − {Verdict.Number(projected)}) / ({Verdict.Number(t.Value)} − {Verdict.Number(v.Value)}) = {Rounding.Text(m, 4)}",
        };
    }

    private static Status ByMiss(AssessmentCase one, decimal change, decimal miss)
    {
        if (one.Better.Sign() * change < 0)
            return Status.MovingAway;
        return miss switch
        {
            < 0.05m => Status.OnTrack,
            <= 0.20m => Status.Behind,
            _ => Status.FarBehind,
        };
    }
}

/// <summary>Where a series stands on the way from baseline to target, from 0 to 10, against where an even pace would have it.</summary>
public static class CurrentStatusMethod
{
    public static Verdict Judge(AssessmentCase one)
    {
        if (one.Settled(needsBaseline: true) is { } settled)
            return settled with { Score = one.Attainment is { } done ? Verdict.Kept(10 * done) : null };

        var (score, expected) = (Verdict.Kept(10 * one.Attainment!.Value), Verdict.Kept(10 * one.Elapsed!.Value));
        var ratio = Verdict.Kept(score / expected);
        return new Verdict(Verdict.ByCommonCuts(ratio))
        {
            Ratio = ratio,
            Score = score,
            Working = $"{Rounding.Text(score, 2)} / {Rounding.Text(expected, 2)} = {Rounding.Text(ratio, 4)}",
        };
    }
}

/// <summary>
/// Compound growth. The rates are irrational, so they are doubles; what is judged is rounded to twelve decimals. A slip of the pen can make a
/// rate of any size: figures beyond a thousand million million are held there, far outside every limit.
/// </summary>
internal static class Growth
{
    private const double Furthest = 1e15;

    /// <summary>Why growth between these values has no comparable rate.</summary>
    public static NoJudgementReason? Undefined(decimal baseline, decimal value, decimal target) =>
        baseline == 0 ? NoJudgementReason.ZeroBaseline
        : baseline < 0 || value < 0 || target < 0 ? NoJudgementReason.NegativeValues
        : target == 0 ? NoJudgementReason.ZeroTarget
        : null;

    /// <summary>Compound annual growth rate; 0.1 is 10 % a year.</summary>
    public static double Rate(decimal from, decimal to, decimal years) => Math.Pow((double)to / (double)from, 1 / (double)years) - 1;

    /// <summary>A value carried on at a rate.</summary>
    public static double Carried(decimal value, double rate, decimal years) => (double)value * Math.Pow(1 + rate, (double)years);

    /// <summary>A figure that can be kept as a decimal.</summary>
    public static decimal Held(double value) => (decimal)Math.Clamp(double.IsNaN(value) ? 0 : value, -Furthest, Furthest);
}
