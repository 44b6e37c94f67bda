using System.Text;

namespace PlanTracker.Data.Imports;

/// <summary>What a file is: how it is to be read, the names of its columns, and its first rows.</summary>
public sealed record TableShape
{
    /// <summary>The most columns read: a year of days, or every indicator of a large plan.</summary>
    public const int MostColumns = 2000;

    /// <summary>The most rows read; the most a worksheet holds, doubled.</summary>
    public const int MostRows = 2 << 20;

    /// <summary>Rows shown before a file is read.</summary>
    public const int RowsShown = 8;

    public required FileFormat Format { get; init; }

    public FileEncoding? Encoding { get; init; }

    public Separator? Separator { get; init; }

    /// <summary>The worksheet that is read.</summary>
    public string? Sheet { get; init; }

    /// <summary>All worksheets that are not hidden.</summary>
    public IReadOnlyList<string> Sheets { get; init; } = [];

    public required IReadOnlyList<string> Header { get; init; }

    public required IReadOnlyList<IReadOnlyList<FileCell>> FirstRows { get; init; }

    /// <summary>Looks at a whole file once; encoding, separator and worksheet are found out where none is named.</summary>
    /// <exception cref="FileRefusedException">It is no table.</exception>
    public static TableShape Of(Stream stream, FileEncoding? encoding = null, Separator? separator = null, string? sheet = null)
    {
        Span<byte> magic = stackalloc byte[4];
        var length = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return magic[..length] switch
        {
            [] => throw new FileRefusedException(FileFaultKind.Empty),
            [0x50, 0x4B, 0x03, 0x04] => OfWorkbook(stream, sheet),
            // Containers of old Excel files and of workbooks behind a password, PDF, pictures, other archives.
            [0xD0, 0xCF, 0x11, 0xE0] or [0x25, 0x50, 0x44, 0x46] or [0x89, 0x50, 0x4E, 0x47] or [0x1F, 0x8B, ..] => throw new FileRefusedException(FileFaultKind.NotATable),
            _ => OfText(stream, encoding, separator),
        };
    }

    /// <summary>The same of a file that was looked at before, from its beginning alone if it is a text.</summary>
    public static TableShape FirstRowsOf(Stream stream, Import import)
    {
        ArgumentNullException.ThrowIfNull(import);
        using var table = Open(stream, import.Encoding, import.Separator, import.Sheet);
        return Looked(table) with { Format = import.Format, Encoding = import.Encoding, Separator = import.Separator, Sheet = import.Sheet, Sheets = (table as WorkbookTable)?.Sheets ?? [] };
    }

    /// <summary>Opens a file that was looked at before.</summary>
    public static ITableReader Open(Stream stream, FileEncoding? encoding, Separator? separator, string? sheet) =>
        encoding is { } text ? new TextTable(stream, text, separator ?? Imports.Separator.Comma) : new WorkbookTable(stream, sheet);

    /// <summary>The names of the columns: the first row, without the empty cells behind its last name.</summary>
    /// <exception cref="FileRefusedException">A column in between has no name, or two have one.</exception>
    public static IReadOnlyList<string> ReadHeader(ITableReader table)
    {
        if (!table.Read())
            throw new FileRefusedException(FileFaultKind.Empty);
        string[] names = [.. table.Cells.Select(c => c.Text.Trim()).Reverse().SkipWhile(n => n.Length == 0).Reverse()];
        if (Array.IndexOf(names, "") is >= 0 and var empty)
            throw new FileRefusedException(FileFaultKind.ColumnWithoutName, table.Line, empty + 1);
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            if (!SafeText.IsSafe(names[i]) || names[i].Length > Plan.NameLength)
                throw new FileRefusedException(FileFaultKind.ColumnWithoutName, table.Line, i + 1);
            if (!seen.TryAdd(names[i], i))
                throw new FileRefusedException(FileFaultKind.ColumnTwice, table.Line, i + 1, names[i]);
        }

        return names.Length == 0 ? throw new FileRefusedException(FileFaultKind.Empty) : names;
    }

    private static TableShape OfText(Stream stream, FileEncoding? named, Separator? separator)
    {
        var encoding = named ?? FileEncodings.Of(stream);
        stream.Position = 0;
        try
        {
            separator ??= SeparatorOf(stream, encoding);
        }
        catch (DecoderFallbackException)
        {
            stream.Position = 0;
            throw new FileRefusedException(FileFaultKind.WrongEncoding, encoding.FirstFault(stream));
        }

        stream.Position = 0;
        using var table = new TextTable(stream, encoding, separator.Value);
        return Looked(table) with { Encoding = encoding, Separator = separator };
    }

    private static TableShape OfWorkbook(Stream stream, string? sheet)
    {
        using var table = new WorkbookTable(stream, sheet);
        table.Guard();
        return Looked(table) with { Format = FileFormat.Workbook, Sheet = table.Sheet, Sheets = table.Sheets };
    }

    private static TableShape Looked(ITableReader table)
    {
        var header = ReadHeader(table);
        var rows = new List<IReadOnlyList<FileCell>>();
        while (rows.Count < RowsShown && table.Read())
            rows.Add(table.Cells);
        return rows.Count == 0
            ? throw new FileRefusedException(FileFaultKind.Empty)
            : new TableShape { Format = FileFormat.Text, Header = header, FirstRows = rows };
    }

    /// <summary>What stands most often between the names of the columns.</summary>
    private static Separator SeparatorOf(Stream stream, FileEncoding encoding)
    {
        using var reader = new StreamReader(stream, encoding.Strict(), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 12, leaveOpen: true);
        var (counts, quoted) = (new int[3], false);
        for (var at = 0; at < 1 << 16 && reader.Read() is >= 0 and var c; at++)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == '\n' && !quoted)
                break;
            else if (!quoted && ",;\t".IndexOf((char)c, StringComparison.Ordinal) is >= 0 and var which)
                counts[which]++;
        }

        return (Separator)Array.IndexOf(counts, counts.Max());
    }
}
