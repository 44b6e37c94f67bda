using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PlanTracker.Data.Imports;

/// <summary>The parts of an XLSX that stand around its rows: worksheets, the texts cells share, and which cell formats show a date.</summary>
internal sealed partial class WorkbookParts : IDisposable
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
    private const int MostFormatLength = 255;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ZipArchive _archive;

    public WorkbookParts(Stream stream)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var targets = Relations();
        (From1904, Sheets) = Workbook(targets);
        SharedTexts = TextsOf(targets);
        ShowsDate = DateFormats(targets);
    }

    /// <summary>Days are counted from 1904 instead of 1900.</summary>
    public bool From1904 { get; }

    /// <summary>Those that are not hidden, with the part their rows stand in.</summary>
    public IReadOnlyList<(string Name, string Part)> Sheets { get; }

    public IReadOnlyList<string> SharedTexts { get; }

    /// <summary>For each cell format, whether it shows a date.</summary>
    public IReadOnlyList<bool> ShowsDate { get; }

    /// <summary>The rows of a worksheet, from their beginning.</summary>
    public XmlReader OpenSheet(string part) => Open(Entry(part), MostUnpackedBytes);

    public void Dispose() => _archive.Dispose();

    /// <summary>The text of an element: of all its runs, without the readings that stand above Chinese and Japanese characters.</summary>
    public static void ReadText(XmlReader reader, StringBuilder text)
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
    public static string Content(XmlReader reader)
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

    /// <summary>A whole number of the file; 0 where it is left out.</summary>
    public static int Integer(string? text) => text is null ? 0 : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Characters that XML cannot hold stand as <c>_x0007_</c>.</summary>
    public static string Unescaped(string text) =>
        text.Contains("_x", StringComparison.Ordinal)
            ? Escaped().Replace(text, m => ((char)int.Parse(m.ValueSpan[2..6], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
            : text;

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

    private (bool From1904, List<(string Name, string Part)> Sheets) Workbook(Dictionary<string, string> targets)
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

    private string[] TextsOf(Dictionary<string, string> targets)
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

    /// <summary>Built-in formats of dates and times, those of East Asian languages among them; of a file's own, those that spell a day, month or year.</summary>
    private static bool IsDate(int format, Dictionary<int, string> own) => own.TryGetValue(format, out var code)
        ? code.Length <= MostFormatLength && NotSpelled().Replace(code, "").AsSpan().IndexOfAny("ymdhsYMDHS") >= 0
        : format is >= 14 and <= 22 or >= 27 and <= 36 or >= 45 and <= 47 or >= 50 and <= 58;

    private ZipArchiveEntry Entry(string path) => _archive.GetEntry(path) ?? throw new InvalidDataException($"{path} is missing.");

    /// <summary>Parts of a workbook are in UTF-8, or in UTF-16 with a byte order mark (ECMA-376, part 2).</summary>
    private static XmlReader Open(ZipArchiveEntry entry, long mostBytes)
    {
        var bytes = new UnpackLimit(entry.Open(), Math.Min(mostBytes, (entry.CompressedLength * MostTimesPacked) + (1 << 20)));
        return XmlReader.Create(new MarkLimit(new StreamReader(bytes, s_strict)), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        });
    }

    [GeneratedRegex("_x[0-9A-Fa-f]{4}_", RegexOptions.None, 1000)]
    private static partial Regex Escaped();

    /// <summary>Quoted text, colours and conditions, escaped and filling characters of a number format.</summary>
    [GeneratedRegex("""\"[^\"]*\"|\[[^\]]*\]|\\.|_.|\*.|General""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotSpelled();
}
