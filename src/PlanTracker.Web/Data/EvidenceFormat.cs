using System.IO.Compression;

namespace PlanTracker.Data;

/// <summary>A kind of file that is taken as evidence: told by its extension, and held against its first bytes.</summary>
public sealed class EvidenceFormat
{
    private readonly Func<byte[], bool> _holds;

    private EvidenceFormat(string mediaType, string[] extensions, Func<byte[], bool> holds) => (MediaType, Extensions, _holds) = (mediaType, extensions, holds);

    public static IReadOnlyList<EvidenceFormat> All { get; } =
    [
        new("application/pdf", [".pdf"], b => Begins(b, "%PDF-"u8)),
        new("image/png", [".png"], b => Begins(b, [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n'])),
        new("image/jpeg", [".jpg", ".jpeg"], b => Begins(b, [0xFF, 0xD8, 0xFF])),
        new("application/vnd.openxmlformats-officedocument.wordprocessingml.document", [".docx"], b => IsPackageWith(b, "word/document.xml")),
        new("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".xlsx"], b => IsPackageWith(b, "xl/workbook.xml")),
        new("text/csv", [".csv"], IsText),
        new("text/plain", [".txt"], IsText),
    ];

    public string MediaType { get; }

    /// <summary>In small letters, with the point.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>The format a name claims; none where files of that name are not taken.</summary>
    public static EvidenceFormat? Of(string name) => All.FirstOrDefault(f => f.Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether the file is what its name says.</summary>
    public bool Holds(byte[] content) => _holds(content);

    private static bool Begins(byte[] content, ReadOnlySpan<byte> start) => content.AsSpan().StartsWith(start);

    /// <summary>A ZIP with that part in its list of contents; nothing is unpacked.</summary>
    private static bool IsPackageWith(byte[] content, string part)
    {
        if (!Begins(content, "PK\x03\x04"u8))
            return false;
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            return zip.GetEntry(part) is not null;
        }
        catch (InvalidDataException)
        {
            // The only way it says that it is none.
            return false;
        }
    }

    /// <summary>No control character but tab, line ends and form feed; or UTF-16 that says so itself.</summary>
    private static bool IsText(byte[] content) =>
        Begins(content, [0xFF, 0xFE]) || Begins(content, [0xFE, 0xFF]) || !content.AsSpan().ContainsAnyExcept(TextBytes);

    private static readonly System.Buffers.SearchValues<byte> TextBytes =
        System.Buffers.SearchValues.Create([(byte)'\t', (byte)'\n', (byte)'\f', (byte)'\r', .. Enumerable.Range(0x20, 0xE0).Where(b => b != 0x7F).Select(b => (byte)b)]);
}
