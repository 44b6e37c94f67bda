using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Platform.Start;

/// <summary>
/// <c>assess</c>: judges rows of a CSV file by every method, so that anybody can hold our arithmetic against theirs. Needs no database.
/// </summary>
public static class AssessCommand
{
    public const string Name = "assess";

    private static readonly string[] Needed = ["id", "baseline", "baseline_date", "value", "date", "target", "target_date"];

    /// <summary>Reads rows, writes each with its verdicts. A row that cannot be read is written too, with what is wrong with it.</summary>
    /// <returns>0 when every row was judged, 1 when some could not be read, 2 when the header is wrong.</returns>
    public static async Task<int> RunAsync(TextReader input, TextWriter output, TextWriter errors)
    {
        using var reader = new CsvParser(input, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = null });
        await using var writer = new CsvWriter(output, CultureInfo.InvariantCulture, leaveOpen: true);
        var header = await reader.ReadAsync() ? reader.Record ?? [] : [];
        if (Needed.Except(header, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
        {
            await errors.WriteLineAsync($"Line 1: column(s) missing: {string.Join(", ", missing)}. Expected: {string.Join(',', Needed)}[,direction]");
            return 2;
        }

        foreach (var column in new[] { "id" }.Concat(StatusMethods.All.SelectMany(m => new[] { $"{m.Code}_status", $"{m.Code}_ratio", $"{m.Code}_score", $"{m.Code}_reason" })).Append("agreement").Append("error"))
            writer.WriteField(column);
        await writer.NextRecordAsync();

        var faults = 0;
        for (var line = reader.RawRow + 1; await reader.ReadAsync(); line = reader.RawRow + 1)
        {
            var fields = header.Zip(reader.Record ?? []).ToDictionary(f => f.First, f => f.Second, StringComparer.Ordinal);
            var fault = Read(fields, out var one);
            if (fault is not null)
            {
                faults++;
                await errors.WriteLineAsync($"Line {line}: {fault}");
            }

            Write(writer, fields.GetValueOrDefault("id", ""), one, fault);
            await writer.NextRecordAsync();
        }

        return faults == 0 ? 0 : 1;
    }

    private static string? Read(Dictionary<string, string> fields, out AssessmentCase? one)
    {
        one = null;
        if (Needed.FirstOrDefault(n => !fields.ContainsKey(n)) is { } absent)
            return $"{absent} is missing: the row is shorter than the header";
        if (Point(fields, "baseline", "baseline_date", out var baseline) is { } wrongBaseline)
            return wrongBaseline;
        if (Point(fields, "value", "date", out var value) is { } wrongValue)
            return wrongValue;
        if (Point(fields, "target", "target_date", out var target) is { } wrongTarget)
            return wrongTarget;
        if (baseline is { } b && target is { } t && t.Period.EndMonth <= b.Period.EndMonth)
            return $"target_date {t.Period} is not later than baseline_date {b.Period}";

        var direction = fields.GetValueOrDefault("direction", "");
        var better = target?.Value < baseline?.Value ? Better.Decrease : Better.Increase;
        if (direction.Length > 0 && !Kebab.TryParse(direction, out better))
            return $"direction '{direction}' is not one of {Kebab.Choices<Better>()}";

        one = new AssessmentCase
        {
            Better = better,
            Baseline = baseline,
            Targets = target is { } aim ? [aim] : [],
            Readings = value is { } v ? [new Observation(v.Period, v.Value)] : [],
        };
        return null;
    }

    private static string? Point(Dictionary<string, string> fields, string value, string date, out PathPoint? point)
    {
        point = null;
        if (fields[value].Length == 0)
            return null;
        if (StrictNumber.Parse(fields[value], StrictNumber.MaxDecimals, out var number) != NumberFault.None)
            return $"{value} '{fields[value]}' is not a number (optional minus, digits, optional point and up to {StrictNumber.MaxDecimals} decimals)";
        if (!Period.TryParse(fields[date], out var period))
            return $"{date} '{fields[date]}' is not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01";
        point = new PathPoint(period, number!.Value);
        return null;
    }

    private static void Write(CsvWriter writer, string id, AssessmentCase? one, string? fault)
    {
        writer.WriteField(id);
        var assessment = one is null ? null : Assessment.Of(one);
        for (var i = 0; i < StatusMethods.All.Count; i++)
        {
            var verdict = assessment?.Verdicts[i];
            writer.WriteField(verdict is null ? "" : Kebab.Of(verdict.Status));
            writer.WriteField(verdict?.Ratio is { } ratio ? Rounding.Exact(ratio) : "");
            writer.WriteField(verdict?.Score is { } score ? Rounding.Exact(score) : "");
            writer.WriteField(verdict is null or { Reason: NoJudgementReason.None } ? "" : Kebab.Of(verdict.Reason));
        }

        writer.WriteField(assessment is null ? "" : Kebab.Of(assessment.Agreement));
        writer.WriteField(fault ?? "");
    }
}
