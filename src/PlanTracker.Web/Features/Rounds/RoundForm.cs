using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Rounds;

/// <summary>The form as it comes back; nothing is read before the store does.</summary>
public sealed record RoundForm
{
    public string? Code { get; init; }

    public string? NameEn { get; init; }

    public string? NameZh { get; init; }

    public string? Period { get; init; }

    public string? OpensOn { get; init; }

    public string? Deadline { get; init; }

    public bool Locks { get; init; }

    public List<string> Indicators { get; init; } = [];

    /// <summary>Codes of the regions that were ticked.</summary>
    public List<string> Regions { get; init; } = [];

    /// <summary>Codes of further regions, as they were typed.</summary>
    public string? OtherRegions { get; init; }

    public string? Reason { get; init; }

    public uint? BasedOn { get; init; }

    public IReadOnlyCollection<string> AllRegions =>
        [.. Regions.OfType<string>().Concat((OtherRegions ?? "").Split([' ', ',', ';', '，', '；', '、', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];

    public StatedRound Stated(int planId, string code) => new()
    {
        PlanId = planId,
        Code = code,
        NameEn = NameEn ?? "",
        NameZh = NameZh ?? "",
        Period = Period?.Trim() ?? "",
        OpensOn = OpensOn?.Trim() ?? "",
        Deadline = Deadline?.Trim() ?? "",
        Locks = Locks,
        Indicators = [.. Indicators.OfType<string>().Distinct(StringComparer.Ordinal)],
        Regions = AllRegions,
        Reason = Reason ?? "",
        BasedOn = BasedOn,
    };
}

public sealed record ExceptionForm
{
    /// <summary>Sign-in name.</summary>
    public string? Person { get; init; }

    public string? Region { get; init; }

    public string? Until { get; init; }

    public string? Reason { get; init; }

    public StatedException Stated() => new(
        string.IsNullOrWhiteSpace(Person) ? null : Person.Trim(), string.IsNullOrWhiteSpace(Region) ? null : Region.Trim(), Until?.Trim() ?? "", Reason ?? "");
}

/// <summary>What is wrong with a round, and what to do about it.</summary>
public static class FaultText
{
    public static Bilingual Of(RoundFault fault) => fault.Kind switch
    {
        RoundFaultKind.CodeWrong => new(
            $"“{fault.Text}” cannot be a code. Use up to {ReportingRound.CodeLength} letters, digits and hyphens, and not the word new.",
            $"“{fault.Text}”不能作为编号。请使用不超过 {ReportingRound.CodeLength} 个字母、数字和连字符，且不能为 new。"),
        RoundFaultKind.CodeTaken => new($"Another round has the code “{fault.Text}”. Choose another.", $"编号“{fault.Text}”已被使用，请另选。"),
        RoundFaultKind.NameMissing => new(
            $"Give the round a name in English or Chinese, up to {Plan.NameLength} characters.", $"请填写英文或中文名称，不超过 {Plan.NameLength} 个字符。"),
        RoundFaultKind.PeriodWrong => new(
            $"“{fault.Text}” is not a period. Write 2025, 2025-S1, 2025-Q1 or 2025-01.", $"“{fault.Text}”不是时期。请写作 2025、2025-S1、2025-Q1 或 2025-01。"),
        RoundFaultKind.OpensOnWrong => new($"“{fault.Text}” is not a day. Write the opening as 2026-01-31.", $"“{fault.Text}”不是日期。开始日期请写作 2026-01-31。"),
        RoundFaultKind.DeadlineWrong => new($"“{fault.Text}” is not a day. Write the deadline as 2026-01-31.", $"“{fault.Text}”不是日期。截止日期请写作 2026-01-31。"),
        RoundFaultKind.OpensBeforePeriodEnds => new(
            $"Figures can be entered once the period is over: the round cannot open before the day after {fault.Text}.", $"时期结束后方可填报：开始日期须晚于 {fault.Text}。"),
        RoundFaultKind.DeadlineBeforePeriodEnds => new(
            $"Figures can be entered once the period is over: the deadline must be later than {fault.Text}.", $"时期结束后方可填报：截止日期须晚于 {fault.Text}。"),
        RoundFaultKind.DeadlineBeforeOpening => new($"The deadline cannot be before the opening on {fault.Text}.", $"截止日期不能早于开始日期 {fault.Text}。"),
        RoundFaultKind.NoIndicator => new("Choose at least one indicator.", "请至少选择一项指标。"),
        RoundFaultKind.NoRegion => new("Choose at least one region.", "请至少选择一个地区。"),
        RoundFaultKind.UnknownIndicator => new($"No indicator of this plan has the code {fault.Text}.", $"本规划没有编号为 {fault.Text} 的指标。"),
        RoundFaultKind.UnknownRegion => new(
            $"No region has the code {fault.Text}, or it is a grouping. Choose the regions themselves.", $"没有代码为 {fault.Text} 的地区，或其为区域分组。请选择具体地区。"),
        RoundFaultKind.OtherFrequency => new(
            $"These indicators are reported for periods of another length: {fault.Text}. Take them out, or choose another period.", $"以下指标的填报周期与所选时期不符：{fault.Text}。请取消选择，或另选时期。"),
        RoundFaultKind.NobodyReports => new(
            $"None of the chosen regions reports these indicators: {fault.Text}. Take them out, or add the regions that do.", $"所选地区均不填报以下指标：{fault.Text}。请取消选择，或增加相应地区。"),
        RoundFaultKind.ReasonMissing => new($"State the reason, up to {ReportingRound.ReasonLength} characters.", $"请填写理由，不超过 {ReportingRound.ReasonLength} 个字符。"),
        RoundFaultKind.Conflict => new(
            "Somebody has changed this round since you opened it. Compare with the history of the round; sent again, yours replaces it.", "您打开后此填报安排已被他人修改。请对照变更记录；再次提交将替换现有内容。"),
        RoundFaultKind.Closed => new("The round is closed and can no longer be changed.", "此填报安排已关闭，不能再修改。"),
        RoundFaultKind.UntilWrong => new($"“{fault.Text}” is not a day. Write the last day of the exception as 2026-01-31.", $"“{fault.Text}”不是日期。例外的最后一日请写作 2026-01-31。"),
        RoundFaultKind.UntilPast => new($"The exception cannot end before today, {fault.Text}.", $"例外的最后一日不能早于今日 {fault.Text}。"),
        RoundFaultKind.ForNobody => new("Choose a person or the code of a region, not both.", "请选择人员或地区代码之一。"),
        _ => new("The round is not there.", "没有此填报安排。"),
    };

    /// <summary>The field a fault speaks of.</summary>
    public static string FieldOf(RoundFaultKind kind) => kind switch
    {
        RoundFaultKind.CodeWrong or RoundFaultKind.CodeTaken => "code",
        RoundFaultKind.NameMissing => "name-en",
        RoundFaultKind.PeriodWrong => "period",
        RoundFaultKind.OpensOnWrong or RoundFaultKind.OpensBeforePeriodEnds => "opens-on",
        RoundFaultKind.DeadlineWrong or RoundFaultKind.DeadlineBeforePeriodEnds or RoundFaultKind.DeadlineBeforeOpening => "deadline",
        RoundFaultKind.NoIndicator or RoundFaultKind.UnknownIndicator or RoundFaultKind.OtherFrequency or RoundFaultKind.NobodyReports => "indicators",
        RoundFaultKind.NoRegion or RoundFaultKind.UnknownRegion => "regions",
        RoundFaultKind.ReasonMissing => "reason",
        RoundFaultKind.UntilWrong or RoundFaultKind.UntilPast => "until",
        RoundFaultKind.ForNobody => "person",
        _ => "main",
    };
}
