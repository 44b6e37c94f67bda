using System.Buffers;
using System.Globalization;
using System.Text;

namespace PlanTracker.Data.Files;

/// <summary>
/// CSV as RFC 4180 has it, in UTF-8: a field that holds a comma, a quote or a line break, or has blanks around it, stands in quotes. Text goes out
/// exactly as it is, except for a spreadsheet, which is given a byte order mark and no formulas.
/// </summary>
public sealed class CsvFileWriter(Stream stream, bool forSpreadsheet = false) : ITableWriter, IDisposable
{
    private const int BufferSize = 1 << 16;
    private const int LongestNumber = 64;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private byte[] _buffer = forSpreadsheet ? WithMark() : new byte[BufferSize];
    private int _at = forSpreadsheet ? Encoding.UTF8.Preamble.Length : 0;
    private bool _inRow;

    public void Heading(IReadOnlyList<string> columns)
    {
        foreach (var column in columns)
            Text(column);
        EndRow();
    }

    public void Text(string text)
    {
        var safe = forSpreadsheet ? SpreadsheetText.WithoutFormula(text) : text;
        // Three bytes a character at the most, two quotes around, a comma before; a quote inside becomes two bytes.
        MakeRoom((safe.Length * 3) + 3);
        Separate();
        if (safe.AsSpan().ContainsAny(Quoted) || safe is [' ', ..] or [.., ' '])
            Quote(safe);
        else
            _at += Encoding.UTF8.GetBytes(safe, _buffer.AsSpan(_at));
    }

    public void Number(decimal? number)
    {
        MakeRoom(LongestNumber);
        Separate();
        if (number is { } stated && stated.TryFormat(_buffer.AsSpan(_at), out var written, default, CultureInfo.InvariantCulture))
            _at += written;
    }

    public void EndRow()
    {
        MakeRoom(2);
        _buffer[_at++] = (byte)'\r';
        _buffer[_at++] = (byte)'\n';
        _inRow = false;
    }

    /// <summary>Hands on what is still here; the stream stays open.</summary>
    public void Dispose() => Flush();

    private void Separate()
    {
        if (_inRow)
            _buffer[_at++] = (byte)',';
        _inRow = true;
    }

    private void Quote(ReadOnlySpan<char> text)
    {
        _buffer[_at++] = (byte)'"';
        for (var quote = text.IndexOf('"'); quote >= 0; quote = text.IndexOf('"'))
        {
            _at += Encoding.UTF8.GetBytes(text[..(quote + 1)], _buffer.AsSpan(_at));
            _buffer[_at++] = (byte)'"';
            text = text[(quote + 1)..];
        }

        _at += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_at));
        _buffer[_at++] = (byte)'"';
    }

    private void MakeRoom(int bytes)
    {
        if (_buffer.Length - _at >= bytes)
            return;
        Flush();
        if (_buffer.Length < bytes)
            _buffer = new byte[bytes];
    }

    private void Flush()
    {
        stream.Write(_buffer, 0, _at);
        _at = 0;
    }

    private static byte[] WithMark()
    {
        var buffer = new byte[BufferSize];
        Encoding.UTF8.Preamble.CopyTo(buffer);
        return buffer;
    }
}
