using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using ExcelDataReader;

namespace PlanTracker.Tests.Support;

/// <summary>Reads files of readings back with readers that are not ours. Numbers come as they are written, or as a spreadsheet would hold them.</summary>
public static class ExportedRows
{
    static ExportedRows() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Every row under the names of the long CSV, as far as the format has them.</summary>
    public static List<Dictionary<string, string>> Read(string extension, byte[] file) => extension switch
    {
        "csv" => Csv(file),
        "sdmx.csv" => [.. Csv(file).Select(Renamed)],
        "xlsx" => Sheet(file),
        "json" => Cells(file),
        "zip" => Csv(Entry(file, "readings.csv")),
        _ => throw new ArgumentException(extension, nameof(extension)),
    };

    public static List<Dictionary<string, string>> Csv(byte[] file)
    {
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = bad => throw new FormatException(bad.RawRecord), DetectColumnCountChanges = true };
        using var csv = new CsvParser(new StreamReader(new MemoryStream(file), new UTF8Encoding(false, throwOnInvalidBytes: true)), settings);
        csv.Read().Should().BeTrue();
        var header = csv.Record!;
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
            rows.Add(header.Zip(csv.Record!).ToDictionary(f => f.First, f => f.Second, StringComparer.Ordinal));
        return rows;
    }

    public static List<Dictionary<string, string>> Sheet(byte[] file)
    {
        using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(file));
        reader.Read().Should().BeTrue();
        var header = Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToList();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
            rows.Add(header.Select((name, at) => (name, at)).ToDictionary(c => c.name, c => Written(reader.GetValue(c.at)), StringComparer.Ordinal));
        return rows;
    }

    public static byte[] Entry(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        using var entry = archive.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    private static string Written(object? cell) => cell switch
    {
        null => "",
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new FormatException($"A cell is a {cell.GetType().Name}."),
    };

    private static Dictionary<string, string> Renamed(Dictionary<string, string> row) => new(StringComparer.Ordinal)
    {
        ["indicator"] = row["INDICATOR"],
        ["region"] = row["REF_AREA"],
        ["period"] = row["TIME_PERIOD"],
        ["value"] = row["OBS_VALUE"],
        ["observation_status"] = row["OBS_STATUS"],
        ["quality"] = row["QUALITY"],
        ["source"] = row["SOURCE"],
        ["note"] = row["NOTE"],
        ["series_status"] = row["SERIES_STATUS"],
    };

    private static List<Dictionary<string, string>> Cells(byte[] file)
    {
        using var json = JsonDocument.Parse(file);
        var root = json.RootElement;
        var codes = root.GetProperty("id").EnumerateArray().Select(id => root.GetProperty("dimension").GetProperty(id.GetString()!).GetProperty("category").GetProperty("index")
            .EnumerateArray().Select(c => c.GetString()!).ToList()).ToList();
        root.GetProperty("size").EnumerateArray().Select(s => s.GetInt32()).Should().Equal(codes.Select(c => c.Count));
        var values = root.GetProperty("value");
        return [.. root.GetProperty("status").EnumerateObject().Select(cell =>
        {
            var at = int.Parse(cell.Name, CultureInfo.InvariantCulture);
            return new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["indicator"] = codes[0][at / codes[2].Count / codes[1].Count],
                ["region"] = codes[1][at / codes[2].Count % codes[1].Count],
                ["period"] = codes[2][at % codes[2].Count],
                ["value"] = values.TryGetProperty(cell.Name, out var value) ? value.GetRawText() : "",
                ["observation_status"] = cell.Value.GetString()!,
            };
        })];
    }
}
