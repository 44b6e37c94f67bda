using System.Globalization;
using System.Text;
using System.Xml;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Reads one worksheet of an XLSX (ECMA-376): texts, numbers and dates as they stand, results of formulas, errors as errors. The sheet streams; the
/// texts its cells share are held. The stream stays open.
/// </summary>
/// <remarks>Own code, because the readers at hand take errors and formulas without a result for empty cells (decision 0022).</remarks>
public sealed class WorkbookTable : ITableReader
{
    /// <summary>In the year 9995, by either calendar.</summary>
    private const int LastDay = 2_957_000;

    private readonly WorkbookParts _parts;
    private readonly string _sheetPart;
    private XmlReader? _rows;
    private List<FileCell> _cells = [];

    /// <exception cref="FileRefusedException">It is no workbook, or has no such worksheet.</exception>
    public WorkbookTable(Stream stream, string? sheet)
    {
        _parts = Guarded(() => new WorkbookParts(stream));
        Sheets = [.. _parts.Sheets.Select(s => s.Name)];
        var chosen = sheet is null ? _parts.Sheets.FirstOrDefault() : _parts.Sheets.FirstOrDefault(s => string.Equals(s.Name, sheet, StringComparison.Ordinal));
        (Sheet, _sheetPart) = chosen.Name is null ? throw new FileRefusedException(FileFaultKind.NoSuchSheet, detail: sheet) : chosen;
    }

    public string Sheet { get; }

    public IReadOnlyList<string> Sheets { get; }

    public int Line { get; private set; }

    public IReadOnlyList<FileCell> Cells => _cells;

    /// <summary>Unpacks the worksheet once, so that its size is known, and refuses merged cells, which stand at its end.</summary>
    public void Guard() => Guarded(() =>
    {
        using var reader = _parts.OpenSheet(_sheetPart);
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "mergeCell" })
                throw Merged(reader.GetAttribute("ref") ?? "");
        }

        return true;
    });

    public bool Read() => Guarded(() =>
    {
        _rows ??= _parts.OpenSheet(_sheetPart);
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
        _parts.Dispose();
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FormatException or OverflowException or DecoderFallbackException)
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
                    value = WorkbookParts.Content(reader);
                    break;
                case "is":
                    text = new StringBuilder();
                    WorkbookParts.ReadText(reader, text);
                    more = reader.Read();
                    continue;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (text is not null)
            return new FileCell(WorkbookParts.Unescaped(text.ToString()));
        if (value is null or "")
            return formula ? new FileCell("", CellKind.Formula) : new FileCell("");
        return type switch
        {
            "s" => new FileCell(WorkbookParts.Integer(value) is var index && index < _parts.SharedTexts.Count ? _parts.SharedTexts[index] : throw new FormatException("A shared text that is not there.")),
            "str" or "inlineStr" => new FileCell(WorkbookParts.Unescaped(value)),
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
        var format = WorkbookParts.Integer(style);
        if (format < _parts.ShowsDate.Count && _parts.ShowsDate[format])
            return Date(number);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E', StringComparison.Ordinal) && Math.Abs(number) < 1e28)
            text = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        return new FileCell(text, CellKind.Number);
    }

    private FileCell Date(double serial)
    {
        if (serial is not (>= 0 and <= LastDay))
            return new FileCell(serial.ToString("R", CultureInfo.InvariantCulture), CellKind.Error);
        // Day 60 of the usual calendar is a 29 February 1900 that never was.
        var day = _parts.From1904 ? new DateTime(1904, 1, 1).AddDays(serial) : new DateTime(1899, 12, serial < 60 ? 31 : 30).AddDays(serial);
        return new FileCell(day.ToString(day.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), CellKind.Date);
    }

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
}
