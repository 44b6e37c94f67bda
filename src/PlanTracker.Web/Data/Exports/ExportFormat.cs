using PlanTracker.Data.Files;

namespace PlanTracker.Data.Exports;

/// <summary>A format readings leave the house in.</summary>
public sealed class ExportFormat
{
    private readonly Func<Stream, ExportContents, CancellationToken, Task<long>> _write;

    private ExportFormat(string code, string extension, string mediaType, Func<Stream, ExportContents, CancellationToken, Task<long>> write) =>
        (Code, Extension, MediaType, _write) = (code, extension, mediaType, write);

    public static readonly ExportFormat Csv = new("csv", "csv", "text/csv; charset=utf-8", CsvExport.WriteAsync) { HasLayouts = true, HasProfiles = true };

    public static readonly ExportFormat Xlsx =
        new("xlsx", "xlsx", XlsxFileWriter.MediaType, XlsxExport.WriteAsync) { HasLayouts = true };

    public static readonly ExportFormat SdmxCsv =
        new("sdmx-csv", "sdmx.csv", "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8", SdmxCsvExport.WriteAsync);

    public static readonly ExportFormat JsonStat = new("json-stat", "json", "application/json", JsonStatExport.WriteAsync);

    public static readonly ExportFormat Package = new("package", "zip", "application/zip", PackageExport.WriteAsync);

    public static readonly IReadOnlyList<ExportFormat> All = [Csv, Xlsx, SdmxCsv, JsonStat, Package];

    /// <summary>Its name on a command line.</summary>
    public string Code { get; }

    /// <summary>Its name at the end of an address and of a file.</summary>
    public string Extension { get; }

    public string MediaType { get; }

    /// <summary>Whether it exists long and wide; the others are long by nature.</summary>
    public bool HasLayouts { get; private init; }

    /// <summary>Whether it can be made for a spreadsheet.</summary>
    public bool HasProfiles { get; private init; }

    /// <summary>Whether it can hold so many rows.</summary>
    public bool Takes(int rows) => this != Xlsx || rows < XlsxFileWriter.MostRows;

    public bool IsWide(ReadingFilter filter) => HasLayouts && filter.IsWide;

    /// <summary>Name of the file, without a folder.</summary>
    public string FileName(ReadingExport export) => string.Concat(
        export.Plan.Code, "-readings", IsWide(export.Filter) ? "-wide" : "", export.AsOf is { } day ? $"-as-of-{day:yyyy-MM-dd}" : "",
        HasProfiles && export.Filter.ForSpreadsheet ? "-spreadsheet" : "", ".", Extension);

    /// <summary>Whether what stands in the rows has to be known before the first of them is written.</summary>
    internal bool NeedsDimensions(ReadingFilter filter) => IsWide(filter) || this == JsonStat || this == Package;

    /// <returns>Rows written, headings apart.</returns>
    internal Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct) => _write(stream, contents, ct);
}
