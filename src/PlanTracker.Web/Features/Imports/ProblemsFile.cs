using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;
using PlanTracker.Platform.Languages;

namespace PlanTracker.Features.Imports;

/// <summary>
/// The file as it was brought, with one more column that says what is wrong with each row: corrected, it can be brought again as it is. A text file keeps
/// its encoding and separator; the cells of a workbook come as such a text.
/// </summary>
public static class ProblemsFile
{
    private static readonly Bilingual ColumnName = new("import_problem", "导入问题");

    public static string MediaType(Import import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return import.Separator == Separator.Tab ? "text/tab-separated-values" : "text/csv";
    }

    public static string NameOf(Import import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return $"{Path.GetFileNameWithoutExtension(import.FileName)}-problems.{(import.Separator == Separator.Tab ? "tsv" : "csv")}";
    }

    /// <summary>A temporary file that goes when it has been sent.</summary>
    public static async Task<Stream> WriteAsync(PlanDbContext db, Import import, Stream file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(import);
        var answer = TemporaryFile.Create();
        using var table = TableShape.Open(file, import.Encoding, import.Separator, import.Sheet);
        var header = TableShape.ReadHeader(table);
        await using var text = new StreamWriter(answer, import.Encoding is { } encoding ? Written(encoding) : new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16, leaveOpen: true);
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = (import.Separator ?? Separator.Comma).Text() };
        await using var csv = new CsvWriter(text, settings, leaveOpen: true);
        var known = header.Select((name, i) => (name, i)).Where(c => c.name == ColumnName.En || c.name == ColumnName.Zh).Select(c => c.i).ToHashSet();
        foreach (var name in header.Where((_, i) => !known.Contains(i)))
            csv.WriteField(name);
        csv.WriteField(ColumnName.In(RequestLanguage.Current));
        await csv.NextRecordAsync();

        await using var wrong = db.ImportRows.AsNoTracking().Where(r => r.ImportId == import.Id && r.Verdict == RowVerdict.Error).OrderBy(r => r.Position)
            .Select(r => new { r.Line, r.Column, r.Fault, r.Typed, r.Limit }).AsAsyncEnumerable().GetAsyncEnumerator(ct);
        var more = await wrong.MoveNextAsync();
        while (table.Read())
        {
            for (var i = 0; i < Math.Max(header.Count, table.Cells.Count); i++)
            {
                if (!known.Contains(i))
                    csv.WriteField(i < table.Cells.Count ? table.Cells[i].Text : "");
            }

            var said = new List<string>();
            for (; more && wrong.Current.Line == table.Line; more = await wrong.MoveNextAsync())
            {
                var reason = ImportFaultText.Of(wrong.Current.Fault!.Value, wrong.Current.Typed, wrong.Current.Limit).In(RequestLanguage.Current);
                said.Add(wrong.Current.Column > 0 && wrong.Current.Column <= header.Count ? $"{header[wrong.Current.Column - 1]}: {reason}" : reason);
            }

            csv.WriteField(SpreadsheetText.WithoutFormula(string.Join(" ", said)));
            await csv.NextRecordAsync();
        }

        await csv.FlushAsync();
        await text.FlushAsync(ct);
        answer.Position = 0;
        return answer;
    }

    private static Encoding Written(FileEncoding encoding) => encoding == FileEncoding.Utf8 ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : encoding.Strict();
}
