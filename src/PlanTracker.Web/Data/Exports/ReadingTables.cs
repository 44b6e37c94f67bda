using PlanTracker.Data.Files;

namespace PlanTracker.Data.Exports;

/// <summary>Readings as rows of a table, long or wide.</summary>
internal static class ReadingTables
{
    /// <returns>Rows written, the heading apart.</returns>
    public static Task<long> WriteAsync(this ITableWriter table, ExportContents contents, bool wide, CancellationToken ct) =>
        wide ? table.WideAsync(contents, ct) : table.LongAsync(contents, ct);

    private static async Task<long> LongAsync(this ITableWriter table, ExportContents contents, CancellationToken ct)
    {
        table.Heading([.. ExportColumns.Long.Select(c => c.Name)]);
        long rows = 0;
        await foreach (var r in contents.Rows.WithCancellation(ct))
        {
            table.Names(r);
            table.Text(r.Period);
            table.Number(r.Value);
            table.Text(r.Indicator.Unit.En);
            table.Text(r.Indicator.Unit.Zh);
            table.Text(r.Observation);
            table.Text(r.Quality);
            table.Text(r.Source);
            table.Text(r.Note);
            table.Text(Kebab.Of(r.Status));
            table.EndRow();
            rows++;
        }

        return rows;
    }

    /// <summary>The readings of a series come one after the other; a row is held until the next series begins.</summary>
    private static async Task<long> WideAsync(this ITableWriter table, ExportContents contents, CancellationToken ct)
    {
        var periods = contents.Dimensions.Periods.Select((p, at) => (Text: p.ToString(), At: at)).ToDictionary(p => p.Text, p => p.At, StringComparer.Ordinal);
        table.Heading([.. ExportColumns.Wide.Select(c => c.Name), .. periods.Keys]);
        var values = new decimal?[periods.Count];
        ExportedReading? series = null;
        long rows = 0;
        await foreach (var r in contents.Rows.WithCancellation(ct))
        {
            if (series is { } last && (last.Indicator != r.Indicator || last.Region != r.Region))
                Finish(last);
            series = r;
            values[periods[r.Period]] = r.Value;
        }

        if (series is { } final)
            Finish(final);
        return rows;

        void Finish(ExportedReading r)
        {
            table.Names(r);
            table.Text(r.Indicator.Unit.En);
            table.Text(r.Indicator.Unit.Zh);
            table.Text(Kebab.Of(r.Status));
            foreach (var value in values)
                table.Number(value);
            table.EndRow();
            Array.Clear(values);
            rows++;
        }
    }

    private static void Names(this ITableWriter table, ExportedReading r)
    {
        table.Text(r.Indicator.Code);
        table.Text(r.Indicator.Name.En);
        table.Text(r.Indicator.Name.Zh);
        table.Text(r.Region.Code);
        table.Text(r.Region.Name.En);
        table.Text(r.Region.Name.Zh);
    }
}

/// <summary>CSV, for programs or for a spreadsheet.</summary>
internal static class CsvExport
{
    public static async Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct)
    {
        using var csv = new CsvFileWriter(stream, contents.Export.Filter.ForSpreadsheet);
        return await csv.WriteAsync(contents, contents.Export.Filter.IsWide, ct);
    }
}

/// <summary>A workbook: the readings under the same column names as in CSV, so that they can be read back by them, and a sheet that explains the columns.</summary>
internal static class XlsxExport
{
    private const int UsualWidth = 10;

    public static async Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct)
    {
        var wide = contents.Export.Filter.IsWide;
        var columns = wide ? ExportColumns.Wide : ExportColumns.Long;
        IReadOnlyList<int> widths = [.. columns.Select(c => c.Width), .. wide ? contents.Dimensions.Periods.Select(_ => UsualWidth) : []];
        using var workbook = new XlsxFileWriter(stream, new XlsxSheet("readings", widths), new XlsxSheet("columns", [22, 100]));
        workbook.BeginSheet();
        var rows = await workbook.WriteAsync(contents, wide, ct);

        workbook.BeginSheet();
        workbook.Heading([contents.T("column", "列名"), contents.T("meaning", "含义")]);
        foreach (var column in columns)
            Explain(column.Name, contents.T(column.Meaning));
        if (wide)
            Explain(contents.T("periods", "各时期"), contents.T("The value for that period, as its source stated it", "该时期数值，与来源所述一致"));
        workbook.EndRow();
        foreach (var (name, text) in ExportWords.About(contents))
            Explain(name, text);
        workbook.Complete();
        return rows;

        void Explain(string name, string text)
        {
            workbook.Text(name);
            workbook.Text(text);
            workbook.EndRow();
        }
    }
}
