using System.Globalization;
using PlanTracker.Data.Exports;
using PlanTracker.Data.Files;
using PlanTracker.Domain;

namespace PlanTracker.Features.Exports;

/// <summary>What is wrong with a filter, where it stands.</summary>
public static class FilterWords
{
    private static readonly string MostRows = (XlsxFileWriter.MostRows - 1).ToString("#,0", CultureInfo.InvariantCulture);

    public static Bilingual Of(FilterFault fault) => fault switch
    {
        FilterFault.NoPeriod => new("Not a period: write 2023, 2023-S1, 2023-Q1 or 2023-01.", "不是时期：请写作 2023、2023-S1、2023-Q1 或 2023-01。"),
        FilterFault.EndsBeforeItBegins => new("It ends before it begins.", "截止时期早于起始时期。"),
        FilterFault.TooManyRows => new($"A sheet holds {MostRows} rows: choose fewer, or another format.", $"一张工作表最多 {MostRows} 行：请缩小范围，或改用其他格式。"),
        _ => new("Not known here.", "无此选项。"),
    };
}
