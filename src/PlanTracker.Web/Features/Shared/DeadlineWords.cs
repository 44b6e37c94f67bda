using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>Deadlines, and how far figures are, as people say it: the same on pages, in files and in mails.</summary>
public static class DeadlineWords
{
    /// <summary>Days until a deadline; negative after it.</summary>
    public static Bilingual Left(int days) => days switch
    {
        0 => new("due today", "今日截止"),
        1 => new("due tomorrow", "明日截止"),
        > 1 => new($"due in {Text(days)} days", $"还剩 {Text(days)} 天"),
        _ => Late(-days),
    };

    public static Bilingual Late(int days) => new(days == 1 ? "1 day late" : $"{Text(days)} days late", $"逾期 {Text(days)} 天");

    public static Bilingual Of(RoundCellState state) => state switch
    {
        RoundCellState.Reported => new("reported", "已报"),
        RoundCellState.Late => new("late", "迟报"),
        RoundCellState.Returned => new("returned", "被退回"),
        _ => new("missing", "缺"),
    };

    /// <summary>What is due from somebody, counted.</summary>
    public static Bilingual Due(int missing, int returned) => (missing, returned) switch
    {
        (_, 0) => new($"{Text(missing)} missing", $"缺 {Text(missing)} 个"),
        (0, _) => new($"{Text(returned)} returned", $"被退回 {Text(returned)} 个"),
        _ => new($"{Text(missing)} missing, {Text(returned)} returned", $"缺 {Text(missing)} 个，被退回 {Text(returned)} 个"),
    };

    private static string Text(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
