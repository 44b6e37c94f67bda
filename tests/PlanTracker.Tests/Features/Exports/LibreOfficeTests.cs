using System.Diagnostics;
using System.Globalization;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Exports;

/// <summary>What LibreOffice shows of a workbook and of the CSV for spreadsheets is what the plain file says.</summary>
public sealed class LibreOfficeTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string HowToGetOne = "LibreOffice was not found, so no file was opened in it (Debian, Ubuntu: apt-get install libreoffice-calc-nogui).";

    // Commas, quotes, UTF-8; months are no dates, as in the dialogue where one opens a file.
    private const string CsvOnly = "--infilter=CSV:44,34,76,1,,0,false,false";

    private const string Query = "?task=T05&from=2020";

    [Theory]
    [InlineData("readings.xlsx", "workbook.xlsx")]
    [InlineData("readings.csv", "table.csv")]
    public async Task A_spreadsheet_shows_every_text_and_number_as_it_is(string address, string name)
    {
        var rows = ExportedRows.Csv(await DownloadAsync($"readings.csv{Query}"));
        var folder = Directory.CreateTempSubdirectory("plantracker-office-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, name), await DownloadAsync($"{address}{Query}&profile=spreadsheet"));

            var shown = ExportedRows.Csv(await ConvertAsync(folder, name));

            rows.Should().HaveCountGreaterThan(10).And.Contain(r => r["indicator_zh"].Contains('数'));
            shown.Select(Line).Should().Equal(rows.Select(Line));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A number in a CSV file brings no format: a spreadsheet leaves zeros at its end away.</summary>
    private static string Line(IReadOnlyDictionary<string, string> row) => string.Join('|', row.Select(c =>
        c.Key == "value" && decimal.TryParse(c.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value.ToString("G29", CultureInfo.InvariantCulture) : c.Value));

    /// <summary>The first sheet as LibreOffice shows it, in UTF-8 with commas and quotes.</summary>
    private static async Task<byte[]> ConvertAsync(string folder, string name)
    {
        var start = new ProcessStartInfo("soffice",
        [
            $"-env:UserInstallation=file://{folder}/profile", "--headless", CsvOnly, "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", "--outdir", Path.Combine(folder, "shown"), Path.Combine(folder, name),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!name.EndsWith(".csv", StringComparison.Ordinal))
            start.ArgumentList.Remove(CsvOnly);
        Process office;
        try
        {
            office = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip(HowToGetOne);
            throw;
        }

        using (office)
        {
            var said = await office.StandardOutput.ReadToEndAsync() + await office.StandardError.ReadToEndAsync();
            await office.WaitForExitAsync();
            var shown = Path.Combine(folder, "shown", Path.ChangeExtension(name, ".csv"));
            File.Exists(shown).Should().BeTrue("LibreOffice said {0}", said);
            return await File.ReadAllBytesAsync(shown);
        }
    }

    private async Task<byte[]> DownloadAsync(string address)
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, "analyst");
        return await analyst.Client.GetByteArrayAsync(new Uri($"/en/plans/{SeededPlan.PlanCode}/{address}", UriKind.Relative));
    }
}
