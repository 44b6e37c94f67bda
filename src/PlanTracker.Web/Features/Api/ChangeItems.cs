using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

public sealed record VerdictChangeItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Status on the first day.", "首日状态。", "behind")]
    public required Status Before { get; init; }

    [Says("Value on the first day.", "首日数值。", "2.88")]
    public required decimal? ValueBefore { get; init; }

    [Says("Status on the last day.", "末日状态。", "on-track")]
    public required Status After { get; init; }

    [Says("Value on the last day.", "末日数值。", "3.20")]
    public required decimal? ValueAfter { get; init; }

    public static VerdictChangeItem Of(VerdictChange change) => new()
    {
        Indicator = change.Cell.IndicatorCode,
        Region = change.Cell.RegionCode,
        Before = change.Before?.Status ?? Status.NoJudgement,
        ValueBefore = change.Before?.Value,
        After = change.After?.Status ?? Status.NoJudgement,
        ValueAfter = change.After?.Value,
    };
}

public sealed record ReadingChangeItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Period.", "时期。", "2023")]
    public required Period Period { get; init; }

    [Says("Number of the revision.", "修订号。", 2)]
    public required int Revision { get; init; }

    [Says("The value that counted before.", "此前计入的数值。", "3.11")]
    public required decimal? Before { get; init; }

    [Says("The value.", "数值。", "3.20")]
    public required decimal? Value { get; init; }

    [Says("SDMX observation status.", "SDMX 观测状态。", "A")]
    public required ObservationStatus Status { get; init; }

    [Says("The day from which it counts.", "计入日期。", "2024-03-01")]
    public required DateOnly KnownOn { get; init; }

    [Says("Who stated it.", "填报人。", "National reporter")]
    public required string? Author { get; init; }

    [Says("Who approved it.", "审核人。", "National reviewer")]
    public required string? Reviewer { get; init; }

    [Says("Where it stands.", "来源。", "Statistical communique 2023")]
    public required string Source { get; init; }

    [Says("Note.", "备注。")]
    public required string? Note { get; init; }

    public static ReadingChangeItem Of(ReadingChange change) => new()
    {
        Indicator = change.Cell.IndicatorCode,
        Region = change.Cell.RegionCode,
        Period = change.Period,
        Revision = change.Number,
        Before = change.Before,
        Value = change.Value,
        Status = change.Status,
        KnownOn = change.KnownOn,
        Author = change.Author,
        Reviewer = change.Reviewer,
        Source = change.Source,
        Note = change.Note,
    };
}

public sealed record TargetChangeItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Baseline, interim or final.", "基期、中期或最终。", "final")]
    public required TargetRole Role { get; init; }

    [Says("Period.", "时期。", "2025")]
    public required Period Period { get; init; }

    [Says("The value before.", "此前数值。", "3.0")]
    public required decimal? Before { get; init; }

    [Says("The value; empty where it was taken away.", "数值；取消时为空。", "3.3")]
    public required decimal? Value { get; init; }

    [Says("The day from which it counts.", "计入日期。", "2024-03-01")]
    public required DateOnly KnownOn { get; init; }

    [Says("Who set it; empty for what came with the plan.", "设定人；随规划载入者为空。", "Administrator")]
    public required string? Author { get; init; }

    [Says("Why.", "原因。", "Mid-term adjustment.")]
    public required string? Reason { get; init; }

    [Says("Where it stands.", "来源。", "Notice 2024/12")]
    public required string Source { get; init; }

    public static TargetChangeItem Of(TargetLine line) => new()
    {
        Indicator = line.Cell.IndicatorCode,
        Region = line.Cell.RegionCode,
        Role = line.Role,
        Period = line.Period,
        Before = line.Before,
        Value = line.Value,
        KnownOn = line.KnownOn,
        Author = line.Author,
        Reason = line.Reason,
        Source = line.Source,
    };
}

public sealed record ReportChangeItem
{
    [Says("Goal in words or project item.", "定性目标或工程内容。", "goal")]
    public required SubjectKind Kind { get; init; }

    [Says("Its code.", "编码。", "A01-2023")]
    public required string Code { get; init; }

    [Says("What it says.", "内容。")]
    public required Bilingual Title { get; init; }

    [Says("How far it was said to be before.", "此前进展。")]
    public required ProgressItem? Before { get; init; }

    [Says("How far it is said to be.", "当前进展。")]
    public required ProgressItem After { get; init; }

    [Says("The day from which it counts.", "计入日期。", "2024-03-01")]
    public required DateOnly KnownOn { get; init; }

    [Says("Who reported.", "报告人。", "National reporter")]
    public required string Author { get; init; }

    [Says("Who approved.", "审核人。", "National reviewer")]
    public required string? Reviewer { get; init; }

    [Says("What was done.", "进展陈述。", "Nine of ten sites are in operation.")]
    public required string Statement { get; init; }

    public static ReportChangeItem Of(ProgressChange change) => new()
    {
        Kind = change.Kind,
        Code = change.Code,
        Title = change.Title,
        Before = change.Before is { } before ? ProgressItem.Of(before) : null,
        After = ProgressItem.Of(change.After),
        KnownOn = change.KnownOn,
        Author = change.Author,
        Reviewer = change.Reviewer,
        Statement = change.Statement,
    };
}

public sealed record ProgressItem
{
    [Says("Status of a goal.", "目标状态。", "on-track")]
    public required Status? Status { get; init; }

    [Says("Stage.", "阶段。", "under-way")]
    public required Stage? Stage { get; init; }

    [Says("Per cent complete.", "完成百分比。", 60)]
    public required int? Percent { get; init; }

    [Says("Delivery confidence.", "完成把握。", "probable")]
    public required DeliveryConfidence? Confidence { get; init; }

    public static ProgressItem Of(ProgressState state) => new() { Status = state.Status, Stage = state.Stage, Percent = state.Percent, Confidence = state.Confidence };
}
