using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>One-sentence findings, made from the data.</summary>
public static class Findings
{
    /// <summary>What a trend says, with its figures.</summary>
    public static Bilingual OfTrend(IndicatorLine line, Bilingual region)
    {
        if (line.Standing is not { Value: { } value, Period: { } period })
            return new($"{line.Name.En}, {region.En}: no reading yet.", $"{region.Zh}{line.Name.Zh}：尚无数据。");

        var (now, zhNow) = (WithUnit(value, line.SpokenUnit.En, " %"), WithUnit(value, line.SpokenUnit.Zh, "%"));
        var start = new Bilingual($"{line.Name.En}, {region.En}: {now} in {period}", $"{region.Zh}{line.Name.Zh}：{Figures.Spoken(period)}为 {zhNow}");
        if (line.Final is not { } target)
            return new($"{start.En}; the plan states no target here.", $"{start.Zh}，规划未设定该地区目标。");

        var (aim, zhAim) = (WithUnit(target.Value, line.SpokenUnit.En, " %"), WithUnit(target.Value, line.SpokenUnit.Zh, "%"));
        return line.Status switch
        {
            Status.Achieved => new($"{start.En}; the {target.Period} target of {aim} is reached.", $"{start.Zh}，已达到 {Figures.Spoken(target.Period)}目标（{zhAim}）。"),
            Status.NoJudgement => new($"{start.En}; target {aim} in {target.Period}, {line.ReasonWords.En}.",
                $"{start.Zh}，{Figures.Spoken(target.Period)}目标为 {zhAim}（{line.ReasonWords.Zh}）。"),
            _ => new($"{start.En}, planned {Planned(line)}; target {aim} in {target.Period}.", $"{start.Zh}，计划值 {Planned(line)}，{Figures.Spoken(target.Period)}目标 {zhAim}。"),
        };
    }

    /// <summary>How many are achieved or on track, and the worst one by name.</summary>
    public static Bilingual OfMany(IReadOnlyCollection<IndicatorLine> lines, Bilingual what)
    {
        var judged = lines.Where(l => l.Status != Status.NoJudgement).ToList();
        if (judged.Count == 0)
            return new($"None of {lines.Count} {what.En} can be judged yet.", $"{lines.Count} 项{what.Zh}目前均无法判断。");

        var good = judged.Count(l => l.Status is Status.Achieved or Status.OnTrack);
        var open = lines.Count - judged.Count;
        var worst = judged.Where(l => l.Status is not (Status.Achieved or Status.OnTrack))
            .OrderByDescending(l => l.Status).ThenBy(l => l.PaceRatio).FirstOrDefault();
        var (rest, zhRest) = open == 0 ? ("", "") : ($" {open} cannot be judged yet.", $"另有 {open} 项无法判断。");
        return worst is null
            ? new($"{good} of {judged.Count} judged {what.En} are achieved or on track.{rest}", $"可判断的 {judged.Count} 项{what.Zh}中，{good} 项已达成或进展正常。{zhRest}")
            : new($"{good} of {judged.Count} judged {what.En} are achieved or on track; furthest behind: {worst.Name.En}.{rest}",
                $"可判断的 {judged.Count} 项{what.Zh}中，{good} 项已达成或进展正常；差距最大的是{worst.Name.Zh}。{zhRest}");
    }

    /// <summary>Where a part of the plan stands: how many are good, the worst by name, how many are open.</summary>
    public static Bilingual OfElement(ElementStatus status)
    {
        var open = status.Items.Count - status.Judged;
        var what = status.Items.All(i => i.Kind == StatusItemKind.Indicator) ? new Bilingual("national indicators", "全国指标")
            : status.Items.All(i => i.Kind == StatusItemKind.Goal) ? new Bilingual("goals in words", "定性目标")
            : new Bilingual("national indicators and goals in words", "全国指标与定性目标");
        if (status.Judged == 0)
            return new($"None of {status.Items.Count} {what.En} can be judged yet.", $"{status.Items.Count} 项{what.Zh}目前均无法判断。");
        var (rest, zhRest) = open == 0 ? ("", "") : ($" {open} cannot be judged yet.", $"另有 {open} 项无法判断。");
        var (worst, zhWorst) = status.Worst is { } w ? ($"; furthest behind: {w.Name.En}", $"；差距最大的是{w.Name.Zh}") : ("", "");
        return new(
            $"{status.Good} of {status.Judged} judged {what.En} are achieved or on track{worst}.{rest}",
            $"可判断的 {status.Judged} 项{what.Zh}中，{status.Good} 项已达成或进展正常{zhWorst}。{zhRest}");
    }

    /// <summary>Who is highest, who is lowest, where the middle lies.</summary>
    public static Bilingual OfSpread(RegionSpread spread)
    {
        var (highest, lowest, unit) = (spread.Highest, spread.Lowest, spread.Indicator.Unit);
        var (most, least) = (WithUnit(Figures.Stated(highest.Value), unit), WithUnit(Figures.Stated(lowest.Value), unit));
        var middle = WithUnit(Figures.Computed(spread.Distribution.Median, spread.Indicator.Decimals), unit);
        return new(
            $"{spread.Indicator.Name.En}, {spread.Period}: from {least.En} in {lowest.Region.ShortEn} to {most.En} in {highest.Region.ShortEn}; half of {spread.Distribution.Count} regions have {middle.En} or more.",
            $"{spread.Indicator.Name.Zh}，{Figures.Spoken(spread.Period)}：最低为{lowest.Region.ShortZh}的 {least.Zh}，最高为{highest.Region.ShortZh}的 {most.Zh}；{spread.Distribution.Count} 个地区的中位数为 {middle.Zh}。");
    }

    /// <summary>Counts of status over lines.</summary>
    public static Dictionary<Status, int> Counts(IEnumerable<Status> statuses) => statuses.GroupBy(s => s).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>A figure that is already written, with its unit.</summary>
    public static Bilingual WithUnit(string figure, Bilingual unit) => new(WithUnit(figure, unit.En, " %"), WithUnit(figure, unit.Zh, "%"));

    private static string WithUnit(decimal value, string unit, string percent) => WithUnit(Figures.Stated(value), unit, percent);

    private static string WithUnit(string figure, string unit, string percent) => unit switch
    {
        "" => figure,
        "%" => figure + percent,
        _ when char.IsAsciiLetterOrDigit(unit[0]) => $"{figure} ({unit})",
        _ => $"{figure} {unit}",
    };

    private static string Planned(IndicatorLine line) => line.Standing?.Planned is { } planned ? Figures.Computed(planned, line.Decimals) : "–";
}
