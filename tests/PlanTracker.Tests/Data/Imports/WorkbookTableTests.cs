using System.Globalization;
using System.IO.Compression;
using System.Text;
using PlanTracker.Data.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data.Imports;

/// <summary>Workbooks: every cell is read as it stands or the file is refused, nothing in between.</summary>
public sealed class WorkbookTableTests
{
    private const string Styles = """
        <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
        <numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.00&quot; days&quot;;[Red]-0.00"/></numFmts>
        <cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="31"/></cellXfs>
        </styleSheet>
        """;

    [Theory]
    [InlineData("<c><v>15.97</v></c>", "15.97", CellKind.Number)]
    [InlineData("<c><v>1.1000000000000001</v></c>", "1.1", CellKind.Number)]
    [InlineData("<c><v>0.28999999999999998</v></c>", "0.29", CellKind.Number)]
    [InlineData("<c><v>1.2E-5</v></c>", "0.000012", CellKind.Number)]
    [InlineData("<c><v>123456789012</v></c>", "123456789012", CellKind.Number)]
    [InlineData("<c><v>-0.5</v></c>", "-0.5", CellKind.Number)]
    [InlineData("<c t=\"str\"><f>A1&amp;B1</f><v>合计</v></c>", "合计", CellKind.Text)]
    [InlineData("<c><f>1+2</f><v>3</v></c>", "3", CellKind.Number)]
    [InlineData("<c><f>1+2</f></c>", "", CellKind.Formula)]
    [InlineData("<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!", CellKind.Error)]
    [InlineData("<c t=\"b\"><v>1</v></c>", "TRUE", CellKind.Text)]
    [InlineData("<c s=\"1\"><v>44927</v></c>", "2023-01-01", CellKind.Date)]
    [InlineData("<c s=\"2\"><v>44927</v></c>", "2023-01-01", CellKind.Date)]
    [InlineData("<c s=\"4\"><v>44927.5</v></c>", "2023-01-01 12:00:00", CellKind.Date)]
    [InlineData("<c s=\"1\"><v>NaN</v></c>", "NaN", CellKind.Error)]
    [InlineData("<c s=\"1\"><v>2958466</v></c>", "2958466", CellKind.Error)]
    [InlineData("<c s=\"1\"><v>-1</v></c>", "-1", CellKind.Error)]
    [InlineData("<c s=\"3\"><v>12.5</v></c>", "12.5", CellKind.Number)]
    [InlineData("<c t=\"s\"><v>1</v></c>", "浙江", CellKind.Text)]
    [InlineData("<c t=\"s\"><v>2</v></c>", "a\rb_x0041_", CellKind.Text)]
    [InlineData("<c t=\"inlineStr\"><is><t xml:space=\"preserve\"> =1+1 </t></is></c>", " =1+1 ", CellKind.Text)]
    [InlineData("<c/>", "", CellKind.Text)]
    public void A_cell_is_read_as_it_stands(string cell, string text, CellKind kind)
    {
        var file = new WorkbookFile().With("xl/styles.xml", Styles).With("xl/sharedStrings.xml", """
            <sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>zero</t></si>
            <si><r><t>浙</t></r><r><rPr><b/></rPr><t>江</t></r><rPh sb="0" eb="1"><t>ZheJiang</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>
            """).WithRows($"<row r=\"1\"><c t=\"inlineStr\"><is><t>h</t></is></c>{cell}<c><v>9</v></c></row>");

        Rows(file)[0].Cells[1].Should().Be(new FileCell(text, kind));
    }

    [Fact]
    public void Every_number_a_program_keeps_comes_back_as_it_was_typed()
    {
        var random = new Random(14);
        for (var i = 0; i < 2000; i++)
        {
            var typed = Math.Round((decimal)(random.NextDouble() * Math.Pow(10, random.Next(0, 10))), random.Next(0, 5));
            var kept = ((double)typed).ToString("G17", CultureInfo.InvariantCulture);

            var read = Rows(new WorkbookFile().WithRows($"<row r=\"1\"><c><v>{kept}</v></c></row>"))[0].Cells[0].Text;

            decimal.Parse(read, CultureInfo.InvariantCulture).Should().Be(typed, "a program keeps {0} as {1}", typed, kept);
        }
    }

    [Fact]
    public void Cells_stand_where_their_address_says_and_empty_rows_are_left_out()
    {
        var rows = Rows(new WorkbookFile().WithRows("<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"AA2\"><v>2</v></c></row><row r=\"3\"><c r=\"A3\" s=\"0\"/></row><row r=\"9\"><c r=\"A9\"><v>3</v></c></row>"));

        rows.Select(r => r.Line).Should().Equal(2, 9);
        rows[0].Cells.Should().HaveCount(27).And.Subject.Select(c => c.Text).Where(t => t.Length > 0).Should().Equal("1", "2");
    }

    [Fact]
    public void Dates_of_the_calendar_from_1904_are_theirs()
    {
        var file = new WorkbookFile().With("xl/styles.xml", Styles).WithRows("<row r=\"1\"><c s=\"1\"><v>43465</v></c></row>")
            .With("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>""");

        Rows(file)[0].Cells[0].Text.Should().Be("2023-01-01");
    }

    [Fact]
    public void Hidden_sheets_are_not_offered_and_a_named_one_is_read()
    {
        var file = new WorkbookFile().WithRows(WorkbookFile.Row(1, "hidden")).With("xl/worksheets/sheet2.xml", WorkbookFile.Sheet(WorkbookFile.Row(1, "shown")))
            .With("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" state="hidden" r:id="rId1"/><sheet name="b" sheetId="2" r:id="rId2"/></sheets></workbook>""");

        using var stream = new MemoryStream(file.ToArray());
        using var table = new WorkbookTable(stream, null);
        table.Sheets.Should().Equal("b");
        table.Read().Should().BeTrue();
        table.Cells[0].Text.Should().Be("shown");
        Refused(() => new WorkbookTable(stream, "a").Dispose()).Kind.Should().Be(FileFaultKind.NoSuchSheet);
    }

    [Fact]
    public void Merged_cells_are_refused_with_their_range_before_and_while_reading()
    {
        var bytes = new WorkbookFile().WithRows(WorkbookFile.Row(1, "a", "b") + WorkbookFile.Row(2, "1", "2"), "<mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells>").ToArray();

        Refused(() => Shape(bytes)).Should().BeEquivalentTo(new { Kind = FileFaultKind.MergedCells, Line = 1, Column = 1, Detail = "A1:B1" });
        Refused(() => Rows(bytes)).Kind.Should().Be(FileFaultKind.MergedCells);
    }

    [Theory]
    [InlineData("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\"><v>abc</v></c></row>")]
    [InlineData("<row r=\"1\"><c t=\"s\"><v>7</v></c></row>")]
    [InlineData("<row r=\"1\"><c><v>1</c></row>")]
    [InlineData("<row r=\"x\"><c><v>1</v></c></row>")]
    public void A_sheet_that_contradicts_itself_is_refused(string rows) =>
        Refused(() => Rows(new WorkbookFile().WithRows(rows))).Kind.Should().Be(FileFaultKind.BrokenWorkbook);

    [Fact]
    public void A_cut_file_and_one_without_its_parts_are_refused()
    {
        var bytes = new WorkbookFile().WithRows(WorkbookFile.Row(1, "a")).ToArray();

        Refused(() => Rows(bytes[..(bytes.Length / 2)])).Kind.Should().Be(FileFaultKind.BrokenWorkbook);
        Refused(() => Rows(Zip("other.xml", "<x/>"))).Kind.Should().Be(FileFaultKind.BrokenWorkbook);
    }

    [Fact]
    public void A_document_type_is_refused_so_that_nothing_outside_is_read_or_unfolded() =>
        Refused(() => Rows(new WorkbookFile().With("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><worksheet><sheetData/></worksheet>")))
            .Kind.Should().Be(FileFaultKind.BrokenWorkbook);

    [Fact]
    public void What_unpacks_to_far_more_than_a_table_is_refused_before_it_fills_the_memory()
    {
        var bomb = new WorkbookFile().WithRows(string.Concat(Enumerable.Repeat("<row><c><v>0</v></c></row>", 4_000_000))).ToArray();
        bomb.Length.Should().BeLessThan(2_000_000, "a hundred megabytes of the same pack well");

        Refused(() => Shape(bomb)).Kind.Should().Be(FileFaultKind.UnpacksTooLarge);
    }

    [Fact]
    public void An_attribute_without_end_is_refused_before_it_fills_the_memory()
    {
        var endless = string.Concat(Enumerable.Range(0, 400_000));

        Refused(() => Shape(new WorkbookFile().WithRows($"<row x=\"{endless}\"><c><v>0</v></c></row>").ToArray())).Kind.Should().Be(FileFaultKind.UnpacksTooLarge);
    }

    [Fact]
    public void A_sheet_in_another_encoding_than_a_workbook_may_have_is_refused_and_in_utf16_read()
    {
        var sheet = WorkbookFile.Sheet(WorkbookFile.Row(1, "caf\u00e9"));
        byte[] wide = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(sheet)];
        Rows(new WorkbookFile().With("xl/worksheets/sheet1.xml", wide)).Single().Cells[0].Text.Should().Be("caf\u00e9");
        var bytes = Encoding.Latin1.GetBytes(sheet);

        Refused(() => Rows(new WorkbookFile().With("xl/worksheets/sheet1.xml", bytes).ToArray())).Kind.Should().Be(FileFaultKind.BrokenWorkbook);
    }

    [Fact]
    public void A_text_longer_than_a_cell_holds_is_refused() =>
        Refused(() => Rows(new WorkbookFile().WithRows(WorkbookFile.Row(1, new string('长', 40_000))))).Kind.Should().Be(FileFaultKind.FieldTooLong);

    private sealed record Row(int Line, IReadOnlyList<FileCell> Cells);

    private static List<Row> Rows(WorkbookFile file) => Rows(file.ToArray());

    private static List<Row> Rows(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        using var table = new WorkbookTable(stream, null);
        var rows = new List<Row>();
        while (table.Read())
            rows.Add(new Row(table.Line, table.Cells));
        return rows;
    }

    private static TableShape Shape(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return TableShape.Of(stream);
    }

    private static byte[] Zip(string name, string content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(content);
        }

        return bytes.ToArray();
    }

    private static FileRefusedException Refused(Action read) => read.Should().Throw<FileRefusedException>().Which;
}
