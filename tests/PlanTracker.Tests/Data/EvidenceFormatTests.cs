using System.IO.Compression;
using System.Text;
using PlanTracker.Data;

namespace PlanTracker.Tests.Data;

/// <summary>A file is taken for what its extension says only when its bytes say so too.</summary>
public sealed class EvidenceFormatTests
{
    public static TheoryData<string, byte[], bool> Files => new()
    {
        { "a.pdf", "%PDF-1.7\n"u8.ToArray(), true },
        { "a.pdf", "MZ\u0090"u8.ToArray(), false },
        { "a.png", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 1], true },
        { "a.png", "\u0089PNG"u8.ToArray(), false },
        { "a.JPG", [0xFF, 0xD8, 0xFF, 0xE0], true },
        { "a.jpeg", [0xFF, 0xD8], false },
        { "a.docx", Zip("word/document.xml"), true },
        { "a.docx", Zip("xl/workbook.xml"), false },
        { "a.xlsx", Zip("xl/workbook.xml"), true },
        { "a.xlsx", Zip("evil.exe"), false },
        { "a.xlsx", "PK\u0003\u0004 and nothing else"u8.ToArray(), false },
        { "a.csv", "region,value\r\n北京,1\t2\n"u8.ToArray(), true },
        { "a.csv", [0xB1, 0xB1, 0xBE, 0xA9, (byte)','], true },
        { "a.txt", [0xFF, 0xFE, (byte)'a', 0], true },
        { "a.txt", [(byte)'a', 0, (byte)'b'], false },
        { "a.txt", "MZ\u0001"u8.ToArray(), false },
    };

    [Theory]
    [MemberData(nameof(Files), DisableDiscoveryEnumeration = true)]
    public void The_bytes_decide_with_the_extension(string name, byte[] content, bool expected) => EvidenceFormat.Of(name)!.Holds(content).Should().Be(expected);

    [Theory]
    [InlineData("a.exe")]
    [InlineData("a.html")]
    [InlineData("a.svg")]
    [InlineData("a.docm")]
    [InlineData("a.pdf.exe")]
    [InlineData("a.zip")]
    [InlineData("pdf")]
    [InlineData("")]
    public void Other_kinds_are_not_taken(string name) => EvidenceFormat.Of(name).Should().BeNull();

    internal static byte[] Zip(string part)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry(part).Open();
            entry.Write(Encoding.UTF8.GetBytes("<x/>"));
        }

        return memory.ToArray();
    }
}
