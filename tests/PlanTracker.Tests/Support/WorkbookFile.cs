using System.IO.Compression;
using System.Text;

namespace PlanTracker.Tests.Support;

/// <summary>A workbook put together from its parts as a program would write them, or as one should not.</summary>
internal sealed class WorkbookFile
{
    private readonly Dictionary<string, byte[]> _parts = new(StringComparer.Ordinal)
    {
        ["[Content_Types].xml"] = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""u8.ToArray(),
        ["xl/workbook.xml"] = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="数据" sheetId="1" r:id="rId1"/></sheets></workbook>"""u8.ToArray(),
        ["xl/_rels/workbook.xml.rels"] = """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>
            <Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>
            </Relationships>
            """u8.ToArray(),
    };

    /// <summary>The rows of the first worksheet, and what stands behind them.</summary>
    public WorkbookFile WithRows(string rows, string behind = "") => With("xl/worksheets/sheet1.xml", Sheet(rows, behind));

    public WorkbookFile With(string part, string content) => With(part, Encoding.UTF8.GetBytes(content));

    public WorkbookFile With(string part, byte[] content)
    {
        _parts[part] = content;
        return this;
    }

    public static string Sheet(string rows, string behind = "") =>
        $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{behind}</worksheet>""";

    /// <summary>A row of cells that hold text.</summary>
    public static string Row(int number, params string[] texts) =>
        $"<row r=\"{number}\">{string.Concat(texts.Select(t => $"<c t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(t)}</t></is></c>"))}</row>";

    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in _parts)
            {
                using var part = zip.CreateEntry(name).Open();
                part.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
