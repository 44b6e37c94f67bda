using ExcelDataReader;
using PlanTracker.Data.Files;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>A workbook is whole, in order and within what a sheet can hold.</summary>
public sealed class XlsxFileWriterTests
{
    // The reader asks for the code pages of old files.
    static XlsxFileWriterTests() => System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);

    [Fact]
    public void Sheets_follow_one_another_and_the_same_cells_make_the_same_bytes()
    {
        var (one, other) = (Write(), Write());

        other.Should().Equal(one);
        using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(one));
        (reader.Name, reader.ResultsCount).Should().Be(("figures & more", 2));
        reader.Read();
        reader.GetString(0).Should().Be("name");
        reader.Read();
        (reader.GetString(0), reader.IsDBNull(1), reader.GetDouble(2)).Should().Be(("2023-01", true, 4.081));
        reader.NextResult().Should().BeTrue();
        reader.Read();
        reader.GetString(0).Should().Be("about");

        static byte[] Write()
        {
            using var file = new MemoryStream();
            using (var workbook = new XlsxFileWriter(file, new XlsxSheet("figures & more", [10, 20]), new XlsxSheet("notes", [])))
            {
                workbook.BeginSheet();
                workbook.Heading(["name", "none", "number"]);
                workbook.Text("2023-01");
                workbook.Number(null);
                workbook.Number(4.0810m);
                workbook.EndRow();
                workbook.BeginSheet();
                workbook.Heading(["about"]);
                workbook.Complete();
            }

            return file.ToArray();
        }
    }

    [Fact]
    public void Text_that_comes_again_after_very_many_others_is_still_itself()
    {
        const int Many = 40_000;
        using var file = new MemoryStream();
        using (var workbook = new XlsxFileWriter(file, new XlsxSheet("texts", [])))
        {
            workbook.BeginSheet();
            workbook.Heading(["text"]);
            for (var i = 0; i < Many; i++)
            {
                workbook.Text($"text {i % (Many / 2)}");
                workbook.EndRow();
            }

            workbook.Complete();
        }

        ExportedRows.Sheet(file.ToArray()).Select(r => r["text"]).Should().Equal(Enumerable.Range(0, Many).Select(i => $"text {i % (Many / 2)}"));
    }

    [Fact]
    public void More_than_a_sheet_can_hold_is_refused_and_not_left_out()
    {
        using var workbook = new XlsxFileWriter(Stream.Null, new XlsxSheet("rows", []));
        workbook.BeginSheet();
        for (var i = 0; i < XlsxFileWriter.MostRows; i++)
            workbook.EndRow();
        workbook.Invoking(w => w.EndRow()).Should().Throw<InvalidOperationException>();
        workbook.Invoking(w => w.Text(new string('x', XlsxFileWriter.MostCharacters + 1))).Should().Throw<ArgumentException>();
    }
}
