using System.Globalization;
using CsvHelper;
using PlanTracker.Data;
using PlanTracker.Data.Files;

namespace PlanTracker.Features.Rounds;

/// <summary>The completeness of a round as a file: one row for each figure it asks for, in the words of the page.</summary>
public static class CompletenessFile
{
    private static readonly string[] Columns =
    [
        "round", "period", "deadline", "region", "region_en", "region_zh", "indicator", "indicator_en", "indicator_zh", "state", "reported_on", "days_late", "days_left",
        "words_en", "words_zh",
    ];

    public static async Task WriteAsync(
        CsvWriter csv, RoundHead round, IAsyncEnumerable<CompletenessLine> lines, DateOnly today, bool forSpreadsheet, CancellationToken ct)
    {
        foreach (var column in Columns)
            csv.WriteField(column);
        await csv.NextRecordAsync();

        await foreach (var line in lines.WithCancellation(ct))
        {
            var cell = CompletenessCell.Of(round, line.State, line.ReportedOn, today);
            var late = cell.State == RoundCellState.Late ? cell.Days : -cell.Days;
            Text(round.Code);
            csv.WriteField(round.Period.ToString());
            csv.WriteField(Day(round.Deadline));
            Text(line.RegionCode);
            Text(line.Region.En);
            Text(line.Region.Zh);
            Text(line.IndicatorCode);
            Text(line.Indicator.En);
            Text(line.Indicator.Zh);
            csv.WriteField(Kebab.Of(cell.State));
            csv.WriteField(cell.ReportedOn is { } day ? Day(day) : "");
            csv.WriteField(late > 0 ? Number(late) : "");
            csv.WriteField(cell.State is RoundCellState.Missing or RoundCellState.Returned && late <= 0 ? Number(-late) : "");
            Text(cell.Words.En);
            Text(cell.Words.Zh);
            await csv.NextRecordAsync();
        }

        void Text(string text) => csv.WriteField(forSpreadsheet ? SpreadsheetText.WithoutFormula(text) : text);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
