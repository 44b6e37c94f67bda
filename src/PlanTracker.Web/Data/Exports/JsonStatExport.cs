using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PlanTracker.Data.Files;

namespace PlanTracker.Data.Exports;

/// <summary>
/// JSON-stat 2.0: a cube of indicator, region and period, with only the cells that are there. Values and statuses are two objects and come from one
/// stream, so the statuses wait in a temporary file.
/// </summary>
internal static class JsonStatExport
{
    // Chinese as it is: nothing of it stands in a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<long> WriteAsync(Stream stream, ExportContents contents, CancellationToken ct)
    {
        var dimensions = contents.Dimensions;
        var indicators = dimensions.Indicators.Select((i, at) => (i.Id, at)).ToDictionary(i => i.Id, i => (long)i.at);
        var regions = dimensions.Regions.Select((r, at) => (r.Id, at)).ToDictionary(r => r.Id, r => (long)r.at);
        var periods = dimensions.Periods.Select((p, at) => (Text: p.ToString(), at)).ToDictionary(p => p.Text, p => (long)p.at, StringComparer.Ordinal);

        await using var statuses = TemporaryFile.Create();
        long rows = 0;
        using (var json = new Utf8JsonWriter(stream, Plain))
        using (var status = new Utf8JsonWriter(statuses, Plain))
        {
            json.WriteStartObject();
            Describe(json, contents);
            json.WriteStartObject("value");
            status.WriteStartObject();
            await foreach (var r in contents.Rows.WithCancellation(ct))
            {
                var cell = (((indicators[r.Indicator.Id] * regions.Count) + regions[r.Region.Id]) * periods.Count) + periods[r.Period];
                var name = cell.ToString(CultureInfo.InvariantCulture);
                if (r.Value is { } value)
                    json.WriteNumber(name, value);
                status.WriteString(name, r.Observation);
                if (++rows % 1000 == 0)
                {
                    json.Flush();
                    status.Flush();
                }
            }

            status.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
            status.Flush();
            stream.Write(",\"status\":"u8);
            statuses.Position = 0;
            await statuses.CopyToAsync(stream, ct);
            stream.Write("}\n"u8);
        }

        return rows;
    }

    private static void Describe(Utf8JsonWriter json, ExportContents contents)
    {
        var (export, dimensions) = (contents.Export, contents.Dimensions);
        json.WriteString("version", "2.0");
        json.WriteString("class", "dataset");
        json.WriteString("label", contents.T(export.Plan.Name));
        json.WriteString("source", export.Plan.Source);
        if (export.AsOf is { } day)
            json.WriteString("updated", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Strings("note", [ExportWords.Method(contents), ExportWords.Licence(contents)]);
        Strings("id", ["indicator", "region", "period"]);
        json.WriteStartArray("size");
        json.WriteNumberValue(dimensions.Indicators.Count);
        json.WriteNumberValue(dimensions.Regions.Count);
        json.WriteNumberValue(dimensions.Periods.Count);
        json.WriteEndArray();
        json.WriteStartObject("role");
        Strings("metric", ["indicator"]);
        Strings("geo", ["region"]);
        Strings("time", ["period"]);
        json.WriteEndObject();

        json.WriteStartObject("dimension");
        Dimension("indicator", contents.T("Indicator", "指标"), [.. dimensions.Indicators.Select(i => (i.Code, contents.T(i.Name)))], () =>
        {
            json.WriteStartObject("unit");
            foreach (var indicator in dimensions.Indicators)
            {
                json.WriteStartObject(indicator.Code);
                json.WriteNumber("decimals", indicator.Decimals);
                json.WriteString("label", contents.T(indicator.Unit));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        Dimension("region", contents.T("Region", "地区"), [.. dimensions.Regions.Select(r => (r.Code, contents.T(r.Name)))]);
        Dimension("period", contents.T("Period", "时期"), [.. dimensions.Periods.Select(p => (p.ToString(), p.ToString()))]);
        json.WriteEndObject();

        void Dimension(string id, string label, IReadOnlyList<(string Code, string Label)> categories, Action? more = null)
        {
            json.WriteStartObject(id);
            json.WriteString("label", label);
            json.WriteStartObject("category");
            Strings("index", [.. categories.Select(c => c.Code)]);
            json.WriteStartObject("label");
            foreach (var (code, name) in categories)
                json.WriteString(code, name);
            json.WriteEndObject();
            more?.Invoke();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        void Strings(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }
    }
}
