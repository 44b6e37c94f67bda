namespace PlanTracker.Data.Imports;

public enum FileFormat
{
    /// <summary>Fields in lines: CSV or TSV.</summary>
    Text,

    /// <summary>A workbook of Excel, WPS or LibreOffice: XLSX.</summary>
    Workbook,
}

public enum FileEncoding
{
    Utf8,

    /// <summary>UTF-8 that begins with the byte order mark.</summary>
    Utf8Marked,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>GB 18030, of which GBK and GB 2312 are parts.</summary>
    Gb18030,
}

/// <summary>What stands between two fields.</summary>
public enum Separator
{
    Comma,
    Semicolon,
    Tab,
}

public static class Separators
{
    public static string Text(this Separator separator) => separator switch
    {
        Separator.Comma => ",",
        Separator.Semicolon => ";",
        _ => "\t",
    };
}

/// <summary>Why a file cannot be read as a table.</summary>
public enum FileFaultKind
{
    /// <summary>There is nothing in it, or nothing below the names of its columns.</summary>
    Empty,

    /// <summary>Larger than <see cref="Import.MostBytes"/>.</summary>
    TooLarge,

    /// <summary>A workbook that unpacks to more than can be read.</summary>
    UnpacksTooLarge,

    /// <summary>Neither text nor XLSX: an old XLS, a picture, a PDF, a workbook behind a password.</summary>
    NotATable,

    /// <summary>A workbook whose inside is broken.</summary>
    BrokenWorkbook,

    /// <summary>Bytes that are no text in the encoding.</summary>
    WrongEncoding,

    /// <summary>A quote is out of place, or is never closed.</summary>
    QuoteOutOfPlace,

    /// <summary>A field longer than any that can be kept.</summary>
    FieldTooLong,

    /// <summary>A row longer than any table has.</summary>
    RowTooLong,
    TooManyColumns,

    /// <summary>A column without a name that holds something.</summary>
    ColumnWithoutName,

    /// <summary>Two columns of one name.</summary>
    ColumnTwice,

    /// <summary>Cells are merged: which column or row they speak for cannot be told.</summary>
    MergedCells,

    /// <summary>No worksheet of that name.</summary>
    NoSuchSheet,

    /// <summary>More rows than can be read.</summary>
    TooManyRows,

    /// <summary>Reading it was broken off again and again.</summary>
    GivenUp,
}

/// <summary>The file cannot be read as a table.</summary>
public sealed class FileRefusedException(FileFaultKind kind, int? line = null, int? column = null, string? detail = null)
    : Exception($"{kind} in line {line}, column {column}: {detail}")
{
    public FileFaultKind Kind => kind;

    public int? Line => line;

    public int? Column => column;

    public string? Detail => detail;
}
