using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using PlanTracker.Domain;

namespace PlanTracker.Data.Packages;

/// <summary>One thing wrong with a plan package: where, and why.</summary>
public sealed record PackageFault(string File, int Line, string Reason)
{
    public override string ToString() => $"{File}:{Line.ToString(CultureInfo.InvariantCulture)}: {Reason}";
}

/// <summary>
/// A strict reader for one CSV file of a package. Every fault is noted with its line, and reading goes on, so that one run shows all of them.
/// </summary>
internal sealed class CsvTable(string file, List<PackageFault> faults)
{
    // Knows the byte order mark, so that the reader skips it; detection by the mark would put a lenient decoder, or UTF-16, in its place.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    public IReadOnlyList<CsvRow> Read(string path, IReadOnlyList<string> columns, IReadOnlyList<string> optional)
    {
        if (!File.Exists(path))
        {
            Fault(1, "the file is missing");
            return [];
        }

        try
        {
            using var reader = new StreamReader(path, StrictUtf8, detectEncodingFromByteOrderMarks: false);
            return Rows(reader, columns, optional);
        }
        catch (DecoderFallbackException)
        {
            Fault(1, "the file is not UTF-8; save it as \"CSV UTF-8\"");
            return [];
        }
    }

    public void Fault(int line, string reason) => faults.Add(new PackageFault(file, line, reason));

    private List<CsvRow> Rows(TextReader reader, IReadOnlyList<string> columns, IReadOnlyList<string> optional)
    {
        var bad = false;
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = _ => bad = true, IgnoreBlankLines = false };
        using var csv = new CsvParser(reader, settings);
        if (!csv.Read() || csv.Record is not { } header)
        {
            Fault(1, "the file is empty; not even the column names are there");
            return [];
        }

        if (!HeaderIsRight(header, columns, optional))
            return [];

        var index = header.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        var rows = new List<CsvRow>();
        for (var line = csv.RawRow + 1; csv.Read(); line = csv.RawRow + 1)
        {
            var fields = csv.Record ?? [];
            if (bad)
            {
                Fault(line, "a quote is out of place: a field that holds a quote, comma or line break is put in quotes, and quotes inside are doubled");
                return rows;
            }

            if (csv.RawRecord.AsSpan().Trim("\r\n").IsEmpty)
                continue;
            if (fields.Length != header.Length)
                Fault(line, $"{fields.Length} fields where the header names {header.Length}");
            else if (fields.Any(f => f.Contains('\0')))
                Fault(line, "a NUL character");
            else
                rows.Add(new CsvRow(this, line, index, fields));
        }

        return rows;
    }

    private bool HeaderIsRight(string[] header, IReadOnlyList<string> columns, IReadOnlyList<string> optional)
    {
        var before = faults.Count;
        foreach (var missing in columns.Except(header, StringComparer.Ordinal))
            Fault(1, $"column '{missing}' is missing");
        foreach (var unknown in header.Except(columns, StringComparer.Ordinal).Except(optional, StringComparer.Ordinal))
            Fault(1, $"column '{unknown}' is not known; known are {string.Join(", ", columns.Concat(optional))}");
        foreach (var twice in header.GroupBy(h => h, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Fault(1, $"column '{twice.Key}' stands twice");
        return faults.Count == before;
    }
}

/// <summary>A row with its line, and readers that note what is wrong with a field instead of throwing.</summary>
internal sealed class CsvRow(CsvTable table, int line, Dictionary<string, int> index, string[] fields)
{
    public int Line => line;

    /// <summary>The field; empty where the file lacks the column, which only an optional one may be.</summary>
    public string this[string column] => index.TryGetValue(column, out var at) ? fields[at] : "";

    public void Fault(string reason) => table.Fault(line, reason);

    public string? Optional(string column, int maxLength)
    {
        var text = this[column];
        if (text.Length > maxLength)
            Fault($"{column} is longer than {maxLength} characters");
        return text.Length == 0 ? null : text;
    }

    public string Required(string column, int maxLength)
    {
        if (Optional(column, maxLength) is { } text)
            return text;
        Fault($"{column} is empty");
        return "";
    }

    public IReadOnlyList<string> List(string column) =>
        this[column].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public T Choice<T>(string column)
        where T : struct, Enum
    {
        if (!Kebab.TryParse<T>(this[column], out var value))
            Fault($"{column} '{this[column]}' is not one of {Kebab.Choices<T>()}");
        return value;
    }

    public T? OptionalChoice<T>(string column)
        where T : struct, Enum =>
        this[column].Length == 0 ? null : Choice<T>(column);

    public bool YesNo(string column)
    {
        if (this[column] is not ("yes" or "no"))
            Fault($"{column} '{this[column]}' is neither yes nor no");
        return string.Equals(this[column], "yes", StringComparison.Ordinal);
    }

    public Period Period(string column)
    {
        if (!Domain.Period.TryParse(this[column], out var period))
            Fault($"{column} '{this[column]}' is not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01");
        return period;
    }

    public decimal? OptionalNumber(string column, int decimals = StrictNumber.MaxDecimals)
    {
        var fault = StrictNumber.Parse(this[column], decimals, out var value);
        if (fault != NumberFault.None)
        {
            Fault(fault switch
            {
                NumberFault.TooManyDecimals => $"{column} '{this[column]}' has more than {decimals} decimals",
                NumberFault.TooLong => $"{column} '{this[column]}' has more than {StrictNumber.MaxIntegerDigits} digits before the point",
                _ => $"{column} '{this[column]}' is not a number (optional minus, digits, optional point and decimals)",
            });
        }

        return value;
    }

    public int? OptionalInteger(string column, int min, int max)
    {
        var number = OptionalNumber(column, decimals: 0);
        if (number is { } n && (n < min || n > max))
        {
            Fault($"{column} '{this[column]}' is not between {min} and {max}");
            return min;
        }

        return (int?)number;
    }

    public DateOnly? OptionalDate(string column)
    {
        if (this[column].Length == 0)
            return null;
        if (!DateOnly.TryParseExact(this[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            Fault($"{column} '{this[column]}' is not a date such as 2021-12-27");
        return date;
    }
}
