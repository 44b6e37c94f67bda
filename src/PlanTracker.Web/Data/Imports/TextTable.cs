using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Reads CSV and TSV by RFC 4180: fields in quotes may hold separators, line breaks, and doubled quotes; a quote anywhere else is a fault. The stream
/// stays open.
/// </summary>
public sealed class TextTable : ITableReader
{
    /// <summary>Longer than any field that can be kept; what a quote that is never closed swallows soon is.</summary>
    private const int MostFieldLength = 1 << 14;

    private readonly Stream _stream;
    private readonly FileEncoding _encoding;
    private readonly RowLimit _reader;
    private readonly CsvParser _parser;
    private bool _quoteOutOfPlace;

    public TextTable(Stream stream, FileEncoding encoding, Separator separator)
    {
        (_stream, _encoding) = (stream, encoding);
        _reader = new RowLimit(new StreamReader(stream, encoding.Strict(), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true));
        _parser = new CsvParser(_reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.Text(),
            BadDataFound = _ => _quoteOutOfPlace = true,
            IgnoreBlankLines = false,
            MaxFieldSize = MostFieldLength,
            BufferSize = 1 << 16,
            // Every field stands alone: the texts of a million rows would fill the cache and be looked up in it.
            CacheFields = false,
        });
    }

    public int Line { get; private set; }

    public IReadOnlyList<FileCell> Cells { get; private set; } = [];

    public bool Read()
    {
        try
        {
            do
            {
                Line = _parser.RawRow + 1;
                if (!_parser.Read())
                    return false;
                if (_parser.Count > TableShape.MostColumns)
                    throw new FileRefusedException(FileFaultKind.TooManyColumns, Line, TableShape.MostColumns + 1);
                Cells = CellsOfRow();
            }
            while (Cells is [] or [{ Text: "" }]);
            return true;
        }
        catch (FileRefusedException refused) when (refused.Kind == FileFaultKind.RowTooLong)
        {
            throw new FileRefusedException(FileFaultKind.RowTooLong, Line);
        }
        catch (MaxFieldSizeException)
        {
            throw new FileRefusedException(FileFaultKind.FieldTooLong, Line);
        }
        catch (DecoderFallbackException)
        {
            _stream.Position = 0;
            throw new FileRefusedException(FileFaultKind.WrongEncoding, _encoding.FirstFault(_stream) ?? Line);
        }
    }

    public void Dispose()
    {
        _parser.Dispose();
        _reader.Dispose();
    }

    private FileCell[] CellsOfRow()
    {
        var cells = new FileCell[_parser.Count];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = new FileCell(_parser[i]);
        // The parser looks at the quotes of a field when it is asked for it.
        return _quoteOutOfPlace ? throw new FileRefusedException(FileFaultKind.QuoteOutOfPlace, Line) : cells;
    }

    /// <summary>Ends a row that never ends before it is held: the parser keeps a whole row, however many fields it has.</summary>
    private sealed class RowLimit(StreamReader inner) : TextReader
    {
        /// <summary>Two thousand columns of a thousand characters.</summary>
        private const int MostCharacters = 1 << 21;

        private int _length;
        private bool _quoted;

        public override int Read(char[] buffer, int index, int count)
        {
            var read = inner.Read(buffer, index, count);
            var rest = buffer.AsSpan(index, read);
            for (int at; (at = rest.IndexOfAny('"', '\n', '\r')) >= 0; rest = rest[(at + 1)..])
            {
                if (rest[at] == '"')
                    _quoted = !_quoted;
                _length = rest[at] == '"' || _quoted ? _length + at + 1 : 0;
            }

            _length += rest.Length;
            return _length <= MostCharacters ? read : throw new FileRefusedException(FileFaultKind.RowTooLong);
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
