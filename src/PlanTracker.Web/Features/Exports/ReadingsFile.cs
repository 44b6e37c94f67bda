using CsvHelper;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Exports;

/// <summary>The readings file: one row for each approved reading, both languages, exact values.</summary>
public static class ReadingsFile
{
    private static readonly string[] Columns =
    [
        "indicator", "indicator_en", "indicator_zh", "region", "region_en", "region_zh", "period", "value", "unit_en", "unit_zh",
        "observation_status", "quality", "source", "note", "series_status",
    ];

    public static async Task WriteAsync(CsvWriter csv, IAsyncEnumerable<ExportedReading> readings, bool forSpreadsheet, CancellationToken ct)
    {
        foreach (var column in Columns)
            csv.WriteField(column);
        await csv.NextRecordAsync();

        await foreach (var r in readings.WithCancellation(ct))
        {
            Text(r.IndicatorCode);
            Text(r.Indicator.En);
            Text(r.Indicator.Zh);
            Text(r.RegionCode);
            Text(r.Region.En);
            Text(r.Region.Zh);
            csv.WriteField(r.Period.ToString());
            csv.WriteField(r.Value is { } value ? Rounding.Exact(value) : "");
            Text(r.Unit.En);
            Text(r.Unit.Zh);
            csv.WriteField(Kebab.Of(r.Observation));
            csv.WriteField(Kebab.Of(r.Quality));
            Text(r.Source);
            Text(r.Note ?? "");
            csv.WriteField(Kebab.Of(r.Status));
            await csv.NextRecordAsync();
        }

        void Text(string text) => csv.WriteField(forSpreadsheet ? WithoutFormula(text) : text);
    }

    /// <summary>A text that a spreadsheet would run as a formula is given as text. Figures are never touched.</summary>
    public static string WithoutFormula(string text) => SpreadsheetText.WithoutFormula(text);
}
