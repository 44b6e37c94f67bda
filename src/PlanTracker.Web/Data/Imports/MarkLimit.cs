namespace PlanTracker.Data.Imports;

/// <summary>
/// Ends an XML text that goes on too long without another <c>&lt;</c>. A parser holds a name or an attribute whole, and neither can contain one: packed, a
/// hundred million of the same character are small.
/// </summary>
internal sealed class MarkLimit(TextReader inner) : TextReader
{
    /// <summary>A cell has at most 32,767 characters, of which each may be written with up to eight.</summary>
    private const int Most = 1 << 20;

    private int _since;

    public override int Peek() => inner.Peek();

    public override int Read()
    {
        var read = inner.Read();
        if (read >= 0)
            Check([(char)read]);
        return read;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        var read = inner.Read(buffer);
        Check(buffer[..read]);
        return read;
    }

    private void Check(ReadOnlySpan<char> read)
    {
        var first = read.IndexOf('<');
        if (_since + (first < 0 ? read.Length : first) > Most)
            throw new FileRefusedException(FileFaultKind.UnpacksTooLarge);
        // What is read at once is a small piece: where in it the last one stands does not matter.
        _since = first < 0 ? _since + read.Length : read.Length - 1 - read.LastIndexOf('<');
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
