using System.Text;

namespace PlanTracker.Data.Imports;

/// <summary>Encodings a file may have, decoded without mercy: a byte that is no text is a fault, never a question mark.</summary>
public static class FileEncodings
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf16LittleEndian = new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly Encoding StrictUtf16BigEndian = new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);

    private static readonly Encoding StrictGb18030 =
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The encoding; a reader skips its byte order mark.</summary>
    public static Encoding Strict(this FileEncoding encoding) => encoding switch
    {
        FileEncoding.Utf16LittleEndian => StrictUtf16LittleEndian,
        FileEncoding.Utf16BigEndian => StrictUtf16BigEndian,
        FileEncoding.Gb18030 => StrictGb18030,
        _ => StrictUtf8,
    };

    /// <summary>
    /// The encoding of a whole text: by its byte order mark, else UTF-16 where every other byte of its plain characters is zero, else UTF-8 where all of
    /// it is, else GB 18030. The last is the only one that can be mistaken, and the page that shows the first rows says so.
    /// </summary>
    /// <exception cref="FileRefusedException">It is text in none of them.</exception>
    public static FileEncoding Of(Stream stream)
    {
        var start = new byte[1 << 12];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        var found = ByMark(start.AsSpan(0, length)) ?? ByZeros(start.AsSpan(0, length));
        if (found is { } marked)
            return marked.FirstFault(stream) is { } line ? throw new FileRefusedException(FileFaultKind.WrongEncoding, line) : marked;

        if (FileEncoding.Utf8.FirstFault(stream) is not { } notUtf8)
            return FileEncoding.Utf8;
        stream.Position = 0;
        return FileEncoding.Gb18030.FirstFault(stream) is null ? FileEncoding.Gb18030 : throw new FileRefusedException(FileFaultKind.WrongEncoding, notUtf8);
    }

    /// <returns>The line of the first bytes that are no text in this encoding; nothing when all are.</returns>
    public static int? FirstFault(this FileEncoding encoding, Stream stream)
    {
        var decoder = encoding.Strict().GetDecoder();
        var bytes = new byte[1 << 16];
        var chars = new char[(1 << 16) + 16];
        var line = 1;
        for (int read; (read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)) > 0;)
        {
            var last = read < bytes.Length;
            try
            {
                line += chars.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), chars, flush: last)).Count('\n');
            }
            catch (DecoderFallbackException)
            {
                return line + LinesBeforeFault(encoding, bytes.AsSpan(0, read));
            }

            if (last)
                break;
        }

        stream.Position = 0;
        return null;
    }

    private static FileEncoding? ByMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => FileEncoding.Utf8Marked,
        [0xFF, 0xFE, ..] => FileEncoding.Utf16LittleEndian,
        [0xFE, 0xFF, ..] => FileEncoding.Utf16BigEndian,
        _ => null,
    };

    private static FileEncoding? ByZeros(ReadOnlySpan<byte> start)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < start.Length; i++)
        {
            if (start[i] == 0)
                _ = i % 2 == 0 ? even++ : odd++;
        }

        // Commas, digits and line ends make up more than a tenth of any table.
        return (even, odd) switch
        {
            (0, > 0) when odd * 20 >= start.Length => FileEncoding.Utf16LittleEndian,
            ( > 0, 0) when even * 20 >= start.Length => FileEncoding.Utf16BigEndian,
            _ => null,
        };
    }

    /// <summary>Lines that end before the fault, in a block that has one; a character that began in the block before it starts none.</summary>
    private static int LinesBeforeFault(FileEncoding encoding, ReadOnlySpan<byte> block)
    {
        var decoder = encoding.Strict().GetDecoder();
        Span<char> chars = stackalloc char[8];
        var lines = 0;
        for (var i = 0; i < block.Length; i++)
        {
            try
            {
                lines += chars[..decoder.GetChars(block.Slice(i, 1), chars, flush: false)].Count('\n');
            }
            catch (DecoderFallbackException)
            {
                // The rest of a character that was cut by the start of the block.
                if (i >= 4)
                    return lines;
                decoder.Reset();
            }
        }

        return lines;
    }
}
