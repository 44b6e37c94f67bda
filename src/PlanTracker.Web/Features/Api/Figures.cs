using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

public sealed record ReadingItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Period.", "时期。", "2023")]
    public required Period Period { get; init; }

    [Says("The approved value with the digits it was stated with; empty where the status says why there is none.", "审核通过的数值，保留原有数位；状态表示无数据时为空。", "3.20")]
    public required decimal? Value { get; init; }

    [Says("SDMX observation status.", "SDMX 观测状态。", "A")]
    public required ObservationStatus Status { get; init; }

    [Says("How the figure came to be.", "数据性质。", "published")]
    public required Quality Quality { get; init; }

    [Says("Where it stands.", "来源。", "Statistical communique 2023")]
    public required string Source { get; init; }

    [Says("Note.", "备注。")]
    public required string? Note { get; init; }

    [Says("Number of the revision that counts; send it as basedOn to be told of changes in between.", "当前有效修订号；作为 basedOn 提交可发现其间的变动。", 1)]
    public required int Revision { get; init; }

    [Says("The day from which it counts.", "计入日期。", "2024-03-01")]
    public required DateOnly KnownOn { get; init; }

    [Says("Where the series stands, by the default method.", "该序列的状态（默认方法）。", "on-track")]
    public required Status SeriesStatus { get; init; }
}

public sealed record CellItem
{
    [Says("What counts.", "当前有效数据。")]
    public required ReadingItem Reading { get; init; }

    [Says("Every statement that ever counted, the one that counts first.", "曾计入的全部修订，当前有效者居首。")]
    public required IReadOnlyList<RevisionItem> Revisions { get; init; }
}

public sealed record RevisionItem
{
    [Says("Order within the cell, from 1.", "修订号，从 1 起。", 2)]
    public required int Number { get; init; }

    [Says("The value as stated.", "所报数值。", "3.20")]
    public required decimal? Value { get; init; }

    [Says("SDMX observation status.", "SDMX 观测状态。", "A")]
    public required ObservationStatus Status { get; init; }

    [Says("How the figure came to be.", "数据性质。", "reported")]
    public required Quality Quality { get; init; }

    [Says("Where it stands.", "来源。", "Statistical communique 2023")]
    public required string Source { get; init; }

    [Says("Note.", "备注。")]
    public required string? Note { get; init; }

    [Says("Approved, or superseded by a later one.", "已审核，或已被更新。", "approved")]
    public required RevisionState State { get; init; }

    [Says("Who stated it; empty for what came with the plan.", "填报人；随规划载入者为空。", "National reporter")]
    public required string? Author { get; init; }

    [Says("When.", "填报时间。", "2024-02-29T08:30:00+00:00")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Says("Who approved it.", "审核人。", "National reviewer")]
    public required string? Reviewer { get; init; }

    [Says("When.", "审核时间。", "2024-03-01T08:30:00+00:00")]
    public required DateTimeOffset? ReviewedAt { get; init; }

    [Says("The day from which it counts.", "计入日期。", "2024-03-01")]
    public required DateOnly KnownOn { get; init; }

    public static RevisionItem Of(RevisionLine line) => new()
    {
        Number = line.Number,
        Value = line.Value,
        Status = line.Status,
        Quality = line.Quality,
        Source = line.Source,
        Note = line.Note,
        State = line.State,
        Author = line.Author,
        CreatedAt = line.CreatedAt,
        Reviewer = line.Reviewer,
        ReviewedAt = line.ReviewedAt,
        KnownOn = line.KnownOn,
    };
}

public sealed record StandingItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("The method that judged.", "判断方法。", "path")]
    public required string Method { get; init; }

    [Says("Where it stands.", "状态。", "on-track")]
    public required Status Status { get; init; }

    [Says("Why there is no judgement; none where there is one.", "无法判断的原因；可判断时为 none。", "none")]
    public required NoJudgementReason Reason { get; init; }

    [Says("Whether the methods that can judge agree.", "各方法结论是否一致。", "agree")]
    public required Agreement Agreement { get; init; }

    [Says("Period of the latest reading.", "最近数据的时期。", "2023")]
    public required Period? Period { get; init; }

    [Says("The latest value.", "最近数值。", "3.20")]
    public required decimal? Value { get; init; }

    [Says("Its SDMX observation status.", "其 SDMX 观测状态。", "A")]
    public required ObservationStatus? ObservationStatus { get; init; }

    [Says("Period of the reading before.", "上一数据的时期。", "2022")]
    public required Period? PreviousPeriod { get; init; }

    [Says("The value before.", "上一数值。", "3.11")]
    public required decimal? PreviousValue { get; init; }

    [Says("The value the planned path has for that period.", "计划路径在该时期的值。", "3.12")]
    public required decimal? Planned { get; init; }

    [Says("Share of the way from baseline to target that is done.", "自基期至目标已完成的比例。", "0.75")]
    public required decimal? Attainment { get; init; }

    [Says("Share of the time from baseline to target that has passed.", "自基期至目标已过去的时间比例。", "0.6")]
    public required decimal? Elapsed { get; init; }

    [Says("Change so far over change planned; empty for other methods than path.", "实际变化与计划变化之比；非计划路径法时为空。", "1.25")]
    public required decimal? PaceRatio { get; init; }

    [Says("It is well placed, and its last change went the wrong way.", "状态尚好但最近变化方向相反。", false)]
    public required bool Receding { get; init; }

    [Says("The target was reached at the baseline already.", "基期时已达到目标。", false)]
    public required bool AchievedAtBaseline { get; init; }

    [Says("Judged against the country's target, for want of its own.", "无自身目标，按全国目标判断。", false)]
    public required bool NationalTarget { get; init; }

    [Says("With methods=all: every method's verdict.", "methods=all 时：各方法的判断。")]
    public required IReadOnlyList<VerdictItem>? Methods { get; init; }

    /// <param name="indicator">Code of the indicator.</param>
    /// <param name="region">Code of the region.</param>
    /// <param name="standing">As pages show it.</param>
    /// <param name="method">The method asked for.</param>
    /// <param name="facts">What it is judged from; needed for another method, or for all.</param>
    /// <param name="withMethods">Every method's verdict is wanted.</param>
    public static StandingItem Of(string indicator, string region, Standing standing, StatusMethod method, SeriesFacts? facts, bool withMethods)
    {
        var other = method == StatusMethods.Path ? null : method.Judge(facts!.Case);
        return new StandingItem
        {
            Indicator = indicator,
            Region = region,
            Method = method.Code,
            Status = other?.Status ?? standing.Status,
            Reason = other?.Reason ?? standing.Reason,
            Agreement = standing.Agreement,
            Period = standing.Period,
            Value = standing.Value,
            ObservationStatus = standing.ObservationStatus,
            PreviousPeriod = standing.PreviousPeriod,
            PreviousValue = standing.PreviousValue,
            Planned = standing.Planned,
            Attainment = standing.Attainment,
            Elapsed = standing.Elapsed,
            PaceRatio = other is null ? standing.PaceRatio : null,
            Receding = standing.Receding,
            AchievedAtBaseline = standing.AchievedAtBaseline,
            NationalTarget = standing.NationalTarget,
            Methods = withMethods ? [.. StatusMethods.All.Select(m => VerdictItem.Of(m, m.Judge(facts!.Case)))] : null,
        };
    }
}

public sealed record VerdictItem
{
    [Says("The method.", "方法。", "path")]
    public required string Method { get; init; }

    [Says("Its verdict.", "判断。", "on-track")]
    public required Status Status { get; init; }

    [Says("Why it gives none; none where it gives one.", "无法判断的原因；可判断时为 none。", "none")]
    public required NoJudgementReason Reason { get; init; }

    [Says("The figure it judges by, to twelve decimals.", "判断所依比值，十二位小数。", "1.25")]
    public required decimal? Ratio { get; init; }

    [Says("The score, where the method has one.", "得分（如该方法有）。")]
    public required decimal? Score { get; init; }

    [Says("The formula with the numbers in it.", "代入数值的公式。", "r = (3.2 − 2.88) / (3.12 − 2.88) = 1.3333")]
    public required string Working { get; init; }

    public static VerdictItem Of(StatusMethod method, Verdict verdict) => new()
    {
        Method = method.Code,
        Status = verdict.Status,
        Reason = verdict.Reason,
        Ratio = verdict.Ratio,
        Score = verdict.Score,
        Working = verdict.Working,
    };
}

public sealed record SeriesItem
{
    [Says("Where it stands; empty where it has neither reading nor target.", "状态；既无数据也无目标时为空。")]
    public required StandingItem? Standing { get; init; }

    [Says("Why: inputs, every method's working, pace and projection.", "依据：输入、各方法的计算、速度与外推。")]
    public required WhyDocument Why { get; init; }

    [Says("Its approved readings, earliest first.", "审核通过的数据，由早到晚。")]
    public required IReadOnlyList<ReadingItem> Readings { get; init; }
}

/// <summary>What programs may ask standings to carry.</summary>
public enum MethodsShown
{
    All,
}

/// <summary>The methods by their code in addresses.</summary>
public enum MethodCode
{
    Path,
    GrowthRatio,
    UnProjection,
    TrendProjection,
    CurrentStatus,
}
