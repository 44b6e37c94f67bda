using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PlanTracker.Data.Files;

namespace PlanTracker.Data.Exports;

/// <summary>
/// A Frictionless Data Package in a ZIP: the readings, what was measured and where as CSV, and a descriptor with the types of all columns, where it
/// comes from, how it is judged, and of each file its rows and digest.
/// </summary>
internal static class PackageExport
{
    // The earliest a ZIP can say.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Plain = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<ExportColumn> IndicatorColumns =
    [
        new("code", new("Code of the indicator", "指标编号"), 0),
        new("name_en", new("Name in English", "英文名称"), 0),
        new("name_zh", new("Name in Chinese", "中文名称"), 0),
        new("unit_en", new("Unit in English", "英文计量单位"), 0),
        new("unit_zh", new("Unit in Chinese", "中文计量单位"), 0),
        new("group_en", new("Group in English", "英文分组"), 0),
        new("group_zh", new("Group in Chinese", "中文分组"), 0),
        new("decimals", new("Decimals accepted", "小数位数"), 0, IsNumber: true),
        new("better", new("Which way is better", "向好方向"), 0),
        new("frequency", new("How often it is due", "频率"), 0),
        new("measure", new("What kind of amount it is", "数据类型"), 0),
        new("aggregation", new("How regions add up to a whole", "汇总方式"), 0),
        new("definition_en", new("Definition in English", "英文定义"), 0),
        new("definition_zh", new("Definition in Chinese", "中文定义"), 0),
        new("source", new("Where it is defined", "来源"), 0),
    ];

    private static readonly IReadOnlyList<ExportColumn> RegionColumns =
    [
        new("code", new("Code of the region", "地区编号"), 0),
        new("name_en", new("Name in English", "英文名称"), 0),
        new("name_zh", new("Name in Chinese", "中文名称"), 0),
        new("kind", new("The whole country, a unit or a grouping", "全国、行政单位或区域"), 0),
        new("parent", new("Code of the region above; empty at the top, and where that is not in this file", "上级地区编号；最高一级或上级不在本文件时为空"), 0),
        new("source", new("Where the list comes from", "来源"), 0),
    ];

    public static async Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var (indicators, regions) = (contents.Dimensions.Indicators, contents.Dimensions.Regions);
        var codes = regions.Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        List<PackagedFile> files =
        [
            await PackAsync(zip, "readings", ExportColumns.Long, csv => csv.WriteAsync(contents, wide: false, ct)),
            await PackAsync(zip, "indicators", IndicatorColumns, csv => Task.FromResult(Write(csv, indicators))),
            await PackAsync(zip, "regions", RegionColumns, csv => Task.FromResult(Write(csv, regions, codes))),
        ];
        await using var descriptor = Entry(zip, "datapackage.json");
        await JsonSerializer.SerializeAsync(descriptor, Descriptor(contents, files), Plain, ct);
        return files[0].Rows;
    }

    private sealed record PackagedFile(string Name, IReadOnlyList<ExportColumn> Columns, long Rows, long Bytes, string Sha256);

    private static async Task<PackagedFile> PackAsync(ZipArchive zip, string name, IReadOnlyList<ExportColumn> columns, Func<CsvFileWriter, Task<long>> write)
    {
        await using var entry = Entry(zip, name + ".csv");
        await using var digested = new DigestedStream(entry);
        long rows;
        using (var csv = new CsvFileWriter(digested))
            rows = await write(csv);
        return new PackagedFile(name, columns, rows, digested.Length, Convert.ToHexStringLower(digested.Sha256()));
    }

    private static Stream Entry(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = NoTime;
        return entry.Open();
    }

    private static long Write(CsvFileWriter csv, IReadOnlyList<ExportedIndicator> indicators)
    {
        csv.Heading([.. IndicatorColumns.Select(c => c.Name)]);
        foreach (var i in indicators)
        {
            foreach (var text in new[] { i.Code, i.Name.En, i.Name.Zh, i.Unit.En, i.Unit.Zh, i.Group.En, i.Group.Zh })
                csv.Text(text);
            csv.Number(i.Decimals);
            foreach (var text in new[] { Kebab.Of(i.Better), Kebab.Of(i.Frequency), Kebab.Of(i.Measure), Kebab.Of(i.Aggregation), i.Definition.En, i.Definition.Zh, i.Source })
                csv.Text(text);
            csv.EndRow();
        }

        return indicators.Count;
    }

    private static long Write(CsvFileWriter csv, IReadOnlyList<ExportedRegion> regions, HashSet<string> codes)
    {
        csv.Heading([.. RegionColumns.Select(c => c.Name)]);
        foreach (var r in regions)
        {
            foreach (var text in new[] { r.Code, r.Name.En, r.Name.Zh, Kebab.Of(r.Kind), codes.Contains(r.Parent) ? r.Parent : "", r.Source })
                csv.Text(text);
            csv.EndRow();
        }

        return regions.Count;
    }

    private static JsonObject Descriptor(ExportContents contents, List<PackagedFile> files)
    {
        var export = contents.Export;
        var package = new JsonObject
        {
            ["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json",
            ["name"] = export.Plan.Code.ToLowerInvariant() + "-readings",
            ["title"] = contents.T(export.Plan.Name),
            ["description"] = $"{ExportWords.Method(contents)}\n\n{ExportWords.Licence(contents)}",
        };
        if (export.AsOf is { } day)
            package["asOf"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var filter = new JsonObject();
        foreach (var (name, value) in export.Filter.Query().Where(q => !string.IsNullOrEmpty(q.Value) && q.Name is not ("profile" or "layout")))
            filter[name] = value;
        package["filter"] = filter;
        package["method"] = ExportWords.Method(contents);
        package["licenceNote"] = ExportWords.Licence(contents);
        package["sources"] = new JsonArray(new JsonObject { ["title"] = export.Plan.Source });
        package["resources"] = new JsonArray([.. files.Select(f => Resource(contents, f))]);
        return package;
    }

    private static JsonObject Resource(ExportContents contents, PackagedFile file) => new()
    {
        ["name"] = file.Name,
        ["path"] = file.Name + ".csv",
        ["type"] = "table",
        ["profile"] = "tabular-data-resource",
        ["format"] = "csv",
        ["mediatype"] = "text/csv",
        ["encoding"] = "utf-8",
        ["bytes"] = file.Bytes,
        ["hash"] = "sha256:" + file.Sha256,
        ["rows"] = file.Rows,
        ["schema"] = Schema(contents, file),
    };

    private static JsonObject Schema(ExportContents contents, PackagedFile file)
    {
        var schema = new JsonObject
        {
            ["fields"] = new JsonArray([.. file.Columns.Select(c => new JsonObject
            {
                ["name"] = c.Name,
                ["type"] = c.IsNumber ? "number" : "string",
                ["description"] = contents.T(c.Meaning),
            })]),
            ["missingValues"] = new JsonArray(""),
        };
        if (file.Columns != ExportColumns.Long)
        {
            schema["primaryKey"] = new JsonArray("code");
            return schema;
        }

        schema["primaryKey"] = new JsonArray("indicator", "region", "period");
        schema["foreignKeys"] = new JsonArray(ForeignKey("indicator", "indicators"), ForeignKey("region", "regions"));
        return schema;
    }

    private static JsonObject ForeignKey(string field, string resource) => new()
    {
        ["fields"] = new JsonArray(field),
        ["reference"] = new JsonObject { ["resource"] = resource, ["fields"] = new JsonArray("code") },
    };
}
