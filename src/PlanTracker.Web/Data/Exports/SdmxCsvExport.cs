using PlanTracker.Data.Files;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>
/// SDMX-CSV 2.0.0, as the field guide of SDMX 3.0 has it: structure, its id and the action, then dimensions, measure and attributes by their ids.
/// What stands in the cells are codes; source, note and unit are attributes that have none.
/// </summary>
internal static class SdmxCsvExport
{
    private static readonly string[] Columns =
    [
        "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT", "QUALITY", "SOURCE", "NOTE", "SERIES_STATUS",
    ];

    public static async Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct)
    {
        using var csv = new CsvFileWriter(stream);
        csv.Heading(Columns);
        var structure = $"PLANTRACKER:{contents.Export.Plan.Code}(1.0)";
        long rows = 0;
        await foreach (var r in contents.Rows.WithCancellation(ct))
        {
            csv.Text("dataflow");
            csv.Text(structure);
            csv.Text("I");
            csv.Text(FrequencyOf(r.Period));
            csv.Text(r.Indicator.Code);
            csv.Text(r.Region.Code);
            csv.Text(r.Period);
            csv.Number(r.Value);
            csv.Text(r.Observation);
            csv.Text(contents.T(r.Indicator.Unit));
            csv.Text(r.Quality);
            csv.Text(r.Source);
            csv.Text(r.Note);
            csv.Text(Kebab.Of(r.Status));
            csv.EndRow();
            rows++;
        }

        return rows;
    }

    /// <summary>The codes of SDMX CL_FREQ.</summary>
    private static string FrequencyOf(string period) => Period.Parse(period).Frequency switch
    {
        Frequency.Annual => "A",
        Frequency.Semester => "S",
        Frequency.Quarter => "Q",
        _ => "M",
    };
}
