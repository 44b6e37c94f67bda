using System.Text;
using PlanTracker.Data.Imports;

namespace PlanTracker.Tests.Data.Imports;

/// <summary>Text files as people have them: what they are is found out, and what is no table is refused with its line.</summary>
public sealed class TextTableTests
{
    private const string Text = "指标,地区,数值\nI13,浙江,15.97\n\"a \"\"b\"\",\nc\",北京,\"1,5\"\n";

    [Theory]
    [InlineData(FileEncoding.Utf8)]
    [InlineData(FileEncoding.Utf8Marked)]
    [InlineData(FileEncoding.Utf16LittleEndian)]
    [InlineData(FileEncoding.Utf16BigEndian)]
    [InlineData(FileEncoding.Gb18030)]
    public void The_encoding_is_found_and_every_character_is_read(FileEncoding encoding)
    {
        var mark = encoding is FileEncoding.Utf8 or FileEncoding.Gb18030 ? [] : encoding.Strict().GetPreamble();

        var shape = Shape([.. mark, .. encoding.Strict().GetBytes(Text)]);

        shape.Encoding.Should().Be(encoding);
        shape.Separator.Should().Be(Separator.Comma);
        shape.Header.Should().Equal("指标", "地区", "数值");
        shape.FirstRows.Select(r => r.Select(c => c.Text)).Should().BeEquivalentTo(new[] { new[] { "I13", "浙江", "15.97" }, ["a \"b\",\nc", "北京", "1,5"] });
    }

    [Theory]
    [InlineData(FileEncoding.Utf16LittleEndian)]
    [InlineData(FileEncoding.Utf16BigEndian)]
    public void Utf16_is_found_without_its_mark(FileEncoding encoding) => Shape(encoding.Strict().GetBytes(Text)).Encoding.Should().Be(encoding);

    [Theory]
    [InlineData("a;b\n1,5;2\n", Separator.Semicolon)]
    [InlineData("a\tb\n1,5\t2\n", Separator.Tab)]
    [InlineData("\"a;;;;\",b\n1;2\n", Separator.Comma)]
    [InlineData("a\n1\n", Separator.Comma)]
    public void The_separator_is_the_one_between_the_names_of_the_columns(string text, Separator separator) =>
        Shape(Encoding.UTF8.GetBytes(text)).Separator.Should().Be(separator);

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        // Neither UTF-8 nor GB 18030, behind more than one block of good lines.
        byte[] bytes = [.. Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("数,值\n", 20_000))), 0x31, 0xFF, 0x0A];

        Refused(() => Shape(bytes)).Should().BeEquivalentTo(new { Kind = FileFaultKind.WrongEncoding, Line = 20_002 });
    }

    [Fact]
    public void Another_encoding_than_the_file_has_is_refused_with_the_line_and_never_read_as_question_marks()
    {
        var bytes = FileEncoding.Gb18030.Strict().GetBytes("a,b\n1,2\n指标,浙江\n");

        Refused(() => Shape(bytes, FileEncoding.Utf8)).Should().BeEquivalentTo(new { Kind = FileFaultKind.WrongEncoding, Line = 3 });
    }

    [Theory]
    [InlineData("a,b\n1,\"2\n3,4\n", FileFaultKind.QuoteOutOfPlace, 2)]
    [InlineData("a,b\n1,2\n1,x\"y\n", FileFaultKind.QuoteOutOfPlace, 3)]
    [InlineData("a,b\n1,\"x\"y\n", FileFaultKind.QuoteOutOfPlace, 2)]
    public void A_quote_out_of_place_is_refused_with_its_line(string text, FileFaultKind kind, int line) =>
        Refused(() => ReadAll(Encoding.UTF8.GetBytes(text))).Should().BeEquivalentTo(new { Kind = kind, Line = line });

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_the_rest_of_the_file() =>
        Refused(() => ReadAll(Encoding.UTF8.GetBytes("a,b\n1,2\n3,\"4\n" + string.Concat(Enumerable.Repeat("5,6\n", 10_000)))))
            .Should().BeEquivalentTo(new { Kind = FileFaultKind.FieldTooLong, Line = 3 });

    [Fact]
    public void A_row_that_never_ends_is_refused_before_it_fills_the_memory()
    {
        var commas = new string(',', 3_000_000);
        Refused(() => ReadAll(Encoding.UTF8.GetBytes("a,b\n1,2\n" + commas))).Should().BeEquivalentTo(new { Kind = FileFaultKind.RowTooLong, Line = 3 });
        Refused(() => ReadAll(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("\"\n\",", 1_000_000))))).Should().BeEquivalentTo(new { Kind = FileFaultKind.RowTooLong, Line = 2 });
    }

    [Theory]
    [InlineData("", FileFaultKind.Empty, null)]
    [InlineData("a,b\n", FileFaultKind.Empty, null)]
    [InlineData("a,,b\n1,2,3\n", FileFaultKind.ColumnWithoutName, 2)]
    [InlineData("a,b,A\n1,2,3\n", FileFaultKind.ColumnTwice, 3)]
    public void A_header_that_does_not_name_every_column_once_is_refused(string text, FileFaultKind kind, int? column) =>
        Refused(() => Shape(Encoding.UTF8.GetBytes(text))).Should().BeEquivalentTo(new { Kind = kind, Column = column });

    [Theory]
    [InlineData(new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 1, 2 })]
    [InlineData(new byte[] { 0x25, 0x50, 0x44, 0x46, 0x2D, 0x31 })]
    [InlineData(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A })]
    public void Old_workbooks_documents_and_pictures_are_refused(byte[] bytes) => Refused(() => Shape(bytes)).Kind.Should().Be(FileFaultKind.NotATable);

    [Fact]
    public void Lines_are_counted_as_an_editor_shows_them()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("a,b\r\n\"x\r\ny\",1\r\n\r\nz,2\r\n"));
        using var table = new TextTable(stream, FileEncoding.Utf8, Separator.Comma);

        Lines(table).Should().Equal(1, 2, 5);
    }

    private static IEnumerable<int> Lines(ITableReader table)
    {
        while (table.Read())
            yield return table.Line;
    }

    private static TableShape Shape(byte[] bytes, FileEncoding? encoding = null)
    {
        using var stream = new MemoryStream(bytes);
        return TableShape.Of(stream, encoding);
    }

    private static void ReadAll(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        using var table = new TextTable(stream, FileEncoding.Utf8, Separator.Comma);
        _ = Lines(table).Count();
    }

    private static FileRefusedException Refused(Action read) => read.Should().Throw<FileRefusedException>().Which;
}
