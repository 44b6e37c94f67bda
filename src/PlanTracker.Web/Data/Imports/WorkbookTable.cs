using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Reads one worksheet of an XLSX (ECMA-376): texts, numbers and dates as they stand, results of formulas, errors as errors. The sheet streams; the
/// texts its cells share are held. The stream stays open.
/// </summary>
/// <remarks>Own code, because the readers at hand take errors and formulas without a result for empty cells (decision 0022).</remarks>
public sealed partial class WorkbookTable : ITableReader
{
    /// <summary>A worksheet of a million rows takes about a third of it.</summary>
    private const long MostUnpackedBytes = 1L << 30;

    /// <summary>Tables pack to a tenth or twentieth; what packs much better was made to fill a memory.</summary>
    private const int MostTimesPacked = 100;

    /// <summary>Texts that cells share; held in memory.</summary>
    private const long MostSharedBytes = 64L << 20;

    /// <summary>The most text a cell holds.</summary>
    private const int MostTextLength = 1 << 15;

    private const int MostFormats = 1 << 16;

    private readonly ZipArchive _archive;
    private readonly ZipArchiveEntry _sheet;
    private readonly string[] _shared;
    private readonly bool[] _dates;
    private readonly bool _from1904;
    private XmlReader? _rows;
    private List<FileCell> _cells = [];

    /// <exception cref="FileRefusedException">It is no workbook, or has no such worksheet.</exception>
    public WorkbookTable(Stream stream, string? sheet)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var targets = Relations();
            var sheets = new List<(string Name, string Target)>();
            (_from1904, sheets) = Workbook(targets);
            Sheets = [.. sheets.Select(s => s.Name)];
            var chosen = sheet is null ? sheets.FirstOrDefault() : sheets.Find(s => string.Equals(s.Name, sheet, StringComparison.Ordinal));
            Sheet = chosen.Name ?? throw new FileRefusedException(FileFaultKind.NoSuchSheet, detail: sheet);
            _sheet = Entry(chosen.Target);
            _shared = SharedTexts(targets);
            _dates = DateFormats(targets);
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FormatException or OverflowException)
        {
            throw new FileRefusedException(FileFaultKind.BrokenWorkbook);
        }
    }

    public string Sheet { get; }

    public IReadOnlyList<string> Sheets { get; }

    public int Line { get; private set; }

    public IReadOnlyList<FileCell> Cells => _cells;

    /// <summary>Unpacks the worksheet once, so that its size is known, and refuses merged cells, which stand at its end.</summary>
    public void Guard() => Guarded(() =>
    {
        using var reader = Open(_sheet, MostUnpackedBytes);
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "mergeCell" })
                throw Merged(reader.GetAttribute("ref") ?? "");
        }

        return true;
    });

    public bool Read() => Guarded(() =>
    {
        _rows ??= Open(_sheet, MostUnpackedBytes);
        while (_rows.Read())
        {
            if (_rows.NodeType != XmlNodeType.Element)
                continue;
            if (_rows.LocalName == "row")
            {
                if (ReadRow(_rows))
                    return true;
            }
            else if (_rows.LocalName == "mergeCell")
            {
                throw Merged(_rows.GetAttribute("ref") ?? "");
            }
        }

        return false;
    });

    public void Dispose()
    {
        _rows?.Dispose();
        _archive.Dispose();
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FormatException or OverflowException)
        {
            throw new FileRefusedException(FileFaultKind.BrokenWorkbook);
        }
    }

    private static FileRefusedException Merged(string range)
    {
        var (row, column) = Place(range.Split(':')[0]);
        return new FileRefusedException(FileFaultKind.MergedCells, row, column, range);
    }

    /// <returns>Whether there is anything in the row.</returns>
    private bool ReadRow(XmlReader reader)
    {
        Line = reader.GetAttribute("r") is { } number ? int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) : Line + 1;
        // The row before may still be looked at.
        _cells = new List<FileCell>(_cells.Count);
        if (reader.IsEmptyElement)
            return false;
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "c" })
                ReadCell(reader);
        }

        return _cells.Exists(c => c.Text.Length > 0 || c.Kind == CellKind.Formula);
    }

    private void ReadCell(XmlReader reader)
    {
        var column = reader.GetAttribute("r") is { } at ? Place(at).Column : _cells.Count + 1;
        if (column > TableShape.MostColumns)
        {
            if (!reader.IsEmptyElement && HoldsSomething(reader))
                throw new FileRefusedException(FileFaultKind.TooManyColumns, Line, column);
            return;
        }

        if (column <= _cells.Count)
            throw new FormatException("Cells out of order.");
        while (_cells.Count < column - 1)
            _cells.Add(new FileCell(""));
        var (type, style) = (reader.GetAttribute("t"), reader.GetAttribute("s"));
        _cells.Add(reader.IsEmptyElement ? new FileCell("") : CellOf(reader, type, style));
    }

    private static bool HoldsSomething(XmlReader reader)
    {
        var depth = reader.Depth;
        var found = false;
        while (reader.Read() && reader.Depth > depth)
            found |= reader.NodeType == XmlNodeType.Element;
        return found;
    }

    private FileCell CellOf(XmlReader reader, string? type, string? style)
    {
        var depth = reader.Depth;
        var (formula, value, text) = (false, (string?)null, (StringBuilder?)null);
        var more = reader.Read();
        while (more && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                more = reader.Read();
                continue;
            }

            switch (reader.LocalName)
            {
                case "f":
                    formula = true;
                    reader.Skip();
                    break;
                case "v":
                    value = Content(reader);
                    break;
                case "is":
                    text = new StringBuilder();
                    ReadText(reader, text);
                    more = reader.Read();
                    continue;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (text is not null)
            return new FileCell(Unescaped(text.ToString()));
        if (value is null or "")
            return formula ? new FileCell("", CellKind.Formula) : new FileCell("");
        return type switch
        {
            "s" => new FileCell(Integer(value) is var index && index < _shared.Length ? _shared[index] : throw new FormatException("A shared text that is not there.")),
            "str" or "inlineStr" => new FileCell(Unescaped(value)),
            "e" => new FileCell(value, CellKind.Error),
            "b" => new FileCell(value == "1" ? "TRUE" : "FALSE"),
            "d" => new FileCell(value, CellKind.Date),
            _ => Number(value, style),
        };
    }

    /// <summary>
    /// A program keeps a number as the double it computes with and writes up to 17 digits of it; the shortest text that is the same double is what was
    /// typed.
    /// </summary>
    private FileCell Number(string value, string? style)
    {
        var number = double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        var format = style is null ? 0 : int.Parse(style, NumberStyles.None, CultureInfo.InvariantCulture);
        if (format < _dates.Length && _dates[format])
            return Date(number);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal) && Math.Abs(number) < 1e28)
            text = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        return new FileCell(text, CellKind.Number);
    }

    private FileCell Date(double serial)
    {
        // Day 60 of the usual calendar is a 29 February 1900 that never was.
        if (serial is < 0 or > 2_958_465)
            return new FileCell(serial.ToString("R", CultureInfo.InvariantCulture), CellKind.Error);
        var day = _from1904 ? new DateTime(1904, 1, 1).AddDays(serial) : new DateTime(1899, 12, serial < 60 ? 31 : 30).AddDays(serial);
        return new FileCell(day.ToString(day.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), CellKind.Date);
    }

    /// <summary>The text of an element: of all its runs, without the readings that stand above Chinese and Japanese characters.</summary>
    private static void ReadText(XmlReader reader, StringBuilder text)
    {
        if (reader.IsEmptyElement)
            return;
        var depth = reader.Depth;
        var more = reader.Read();
        while (more && reader.Depth > depth)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "t" })
            {
                text.Append(Content(reader));
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "rPh" })
            {
                reader.Skip();
            }
            else
            {
                more = reader.Read();
            }
        }
    }

    /// <summary>The text of an element that holds nothing else, piece by piece, so that a long one is refused before it is held; the reader stands behind it.</summary>
    private static string Content(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return "";
        }

        var (depth, text, piece) = (reader.Depth, new StringBuilder(), new char[1024]);
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace))
                continue;
            for (int read; (read = reader.ReadValueChunk(piece, 0, piece.Length)) > 0;)
            {
                if (text.Length + read > MostTextLength)
                    throw new FileRefusedException(FileFaultKind.FieldTooLong);
                text.Append(piece, 0, read);
            }
        }

        reader.Read();
        return text.ToString();
    }

    private Dictionary<string, string> Relations()
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = Open(Entry("xl/_rels/workbook.xml.rels"), MostSharedBytes);
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "Relationship" })
                continue;
            var target = reader.GetAttribute("Target") ?? "";
            var path = target.StartsWith('/') ? target[1..] : $"xl/{target}";
            targets[reader.GetAttribute("Id") ?? ""] = path;
            targets[(reader.GetAttribute("Type") ?? "").Split('/')[^1]] = path;
        }

        return targets;
    }

    private (bool From1904, List<(string Name, string Target)> Sheets) Workbook(Dictionary<string, string> targets)
    {
        var (from1904, sheets) = (false, new List<(string, string)>());
        using var reader = Open(Entry("xl/workbook.xml"), MostSharedBytes);
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.LocalName == "workbookPr")
                from1904 = reader.GetAttribute("date1904") is "1" or "true";
            if (reader.LocalName != "sheet" || reader.GetAttribute("state") is "hidden" or "veryHidden")
                continue;
            var id = reader.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
                ?? reader.GetAttribute("id", "http://purl.oclc.org/ooxml/officeDocument/relationships") ?? "";
            if (targets.TryGetValue(id, out var target) && target.Contains("worksheets/", StringComparison.Ordinal))
                sheets.Add((reader.GetAttribute("name") is { Length: <= Import.SheetLength } name ? name : throw new InvalidDataException("A name longer than a worksheet can have."), target));
        }

        return (from1904, sheets);
    }

    private string[] SharedTexts(Dictionary<string, string> targets)
    {
        var texts = new List<string>();
        if (!targets.TryGetValue("sharedStrings", out var path) || _archive.GetEntry(path) is null)
            return [];
        using var reader = Open(Entry(path), MostSharedBytes);
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "si" })
                continue;
            var text = new StringBuilder();
            ReadText(reader, text);
            texts.Add(Unescaped(text.ToString()));
        }

        return [.. texts];
    }

    /// <summary>For each cell format, whether it shows a date.</summary>
    private bool[] DateFormats(Dictionary<string, string> targets)
    {
        if (!targets.TryGetValue("styles", out var path) || _archive.GetEntry(path) is null)
            return [];
        var (own, dates, inCells) = (new Dictionary<int, string>(), new List<bool>(), false);
        using var reader = Open(Entry(path), MostSharedBytes);
        while (reader.Read())
        {
            if (reader is { LocalName: "cellXfs" })
                inCells = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.LocalName == "numFmt")
                own[Integer(reader.GetAttribute("numFmtId"))] = reader.GetAttribute("formatCode") ?? "";
            if (inCells && reader.LocalName == "xf" && dates.Count < MostFormats)
                dates.Add(IsDate(Integer(reader.GetAttribute("numFmtId")), own));
        }

        return [.. dates];
    }

    private static int Integer(string? text) => text is null ? 0 : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Built-in formats of dates and times, those of East Asian languages among them; of a file's own, those that spell a day, month or year.</summary>
    private static bool IsDate(int format, Dictionary<int, string> own) => own.TryGetValue(format, out var code)
        ? NotSpelled().Replace(code, "").AsSpan().IndexOfAny("ymdhsYMDHS") >= 0
        : format is >= 14 and <= 22 or >= 27 and <= 36 or >= 45 and <= 47 or >= 50 and <= 58;

    private ZipArchiveEntry Entry(string path) => _archive.GetEntry(path) ?? throw new InvalidDataException($"{path} is missing.");

    private static XmlReader Open(ZipArchiveEntry entry, long mostBytes) =>
        XmlReader.Create(new Counted(entry.Open(), Math.Min(mostBytes, (entry.CompressedLength * MostTimesPacked) + (1 << 20))), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        });

    /// <summary>Row and column of an address such as <c>AB12</c>.</summary>
    private static (int Row, int Column) Place(string address)
    {
        var (column, at) = (0, 0);
        for (; at < address.Length && address[at] is >= 'A' and <= 'Z' && column < TableShape.MostColumns * 26; at++)
            column = (column * 26) + address[at] - 'A' + 1;
        return int.TryParse(address.AsSpan(at), NumberStyles.None, CultureInfo.InvariantCulture, out var row) && column > 0
            ? (row, column)
            : throw new FormatException($"'{address}' is no cell.");
    }

    /// <summary>The letters of a column, from 1: 28 is <c>AB</c>.</summary>
    public static string Letters(int column)
    {
        var letters = "";
        for (; column > 0; column = (column - 1) / 26)
            letters = (char)('A' + ((column - 1) % 26)) + letters;
        return letters;
    }

    /// <summary>Characters that XML cannot hold stand as <c>_x0007_</c>.</summary>
    private static string Unescaped(string text) =>
        text.Contains("_x", StringComparison.Ordinal)
            ? Escaped().Replace(text, m => ((char)int.Parse(m.ValueSpan[2..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
            : text;

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_", RegexOptions.None, 1000)]
    private static partial Regex Escaped();

    /// <summary>Quoted text, colours and conditions, escaped and filling characters of a number format.</summary>
    [GeneratedRegex("""\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.|General""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotSpelled();

    /// <summary>Ends what unpacks to more than can be read, whatever the archive says of its size.</summary>
    private sealed class Counted(Stream inner, long most) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _read += read;
            return _read <= most ? read : throw new FileRefusedException(FileFaultKind.UnpacksTooLarge);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
