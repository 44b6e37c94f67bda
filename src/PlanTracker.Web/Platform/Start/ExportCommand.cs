using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Exports;
using PlanTracker.Domain;

namespace PlanTracker.Platform.Start;

/// <summary>
/// <c>export</c>: the file that the data page would give to the person who is named, byte for byte. It goes out only when it is whole.
/// </summary>
public static class ExportCommand
{
    public const string Name = "export";

    /// <param name="services">Of one scope.</param>
    /// <param name="args">What follows the name of the command.</param>
    /// <param name="output">Where the file goes when no other is named.</param>
    /// <param name="errors">Refusals and progress.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>0 when it is written, 1 when it is refused, 2 when it was called wrongly.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, Stream output, TextWriter errors, CancellationToken ct)
    {
        if (Options.Of(args) is not { } options)
        {
            await errors.WriteLineAsync(Commands.Usage);
            return 2;
        }

        var db = services.GetRequiredService<PlanDbContext>();
        var (query, refusal) = await QueryAsync(db, services.GetRequiredService<TimeProvider>(), options, ct);
        if (query is null)
            return await RefuseAsync(errors, refusal!);
        var result = await ReadingExport.WriteAsync(
            db, query, options.Format, options.Language, rows => errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} readings")), ct);
        if (result.File is not { } file)
            return await RefuseAsync(errors, string.Join(Environment.NewLine, result.Export.Faults.Select(f => $"--{Kebab.Of(f.Key)}: {Words(f.Value)}")));

        await using (file)
        {
            if (options.Output is null)
                await file.Content.CopyToAsync(output, ct);
            else if (await KeepAsync(file, Commands.Typed(options.Output), ct) is { } reason)
                return await RefuseAsync(errors, reason);
        }

        return 0;
    }

    /// <summary>The file takes its name once all of it is there.</summary>
    /// <returns>Why it could not be written.</returns>
    private static async Task<string?> KeepAsync(ExportedFile file, string path, CancellationToken ct)
    {
        var part = path + ".part";
        try
        {
            await using (var target = File.Create(part))
                await file.Content.CopyToAsync(target, ct);
            File.Move(part, path, overwrite: true);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"{path} could not be written. {refused.Message}";
        }
        finally
        {
            if (File.Exists(part))
                File.Delete(part);
        }
    }

    private static async Task<int> RefuseAsync(TextWriter errors, string reason)
    {
        await errors.WriteLineAsync(reason);
        return 1;
    }

    private static async Task<(ExportQuery? Query, string? Refusal)> QueryAsync(PlanDbContext db, TimeProvider clock, Options options, CancellationToken ct)
    {
        var plan = await db.Plans.Where(p => p.Code == options.Plan)
            .Select(p => new ExportedPlan(p.Id, p.Code, new Bilingual(p.NameEn, p.NameZh), p.RegionSet, p.Source)).SingleOrDefaultAsync(ct);
        if (plan is null)
            return (null, $"There is no plan {options.Plan}.");
        var person = await db.Users.Where(p => p.NormalizedUserName == options.Person.ToUpperInvariant()).Select(p => new { p.Id, p.Disabled }).SingleOrDefaultAsync(ct);
        if (person is null or { Disabled: true })
            return (null, $"Nobody may sign in as {options.Person}.");
        // The day that is not over is taken as it is, as on the page.
        var past = options.AsOf < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) ? options.AsOf : null;
        return (new ExportQuery(plan, past, await db.ReaderAsync(person.Id, ct), options.Filter), null);
    }

    private static string Words(FilterFault fault) => fault switch
    {
        FilterFault.NoPeriod => "not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01",
        FilterFault.EndsBeforeItBegins => "ends before --from",
        FilterFault.TooManyRows => "more rows than a sheet can hold; choose fewer, or another format",
        _ => "not known",
    };

    /// <summary>What a shell says.</summary>
    private sealed record Options
    {
        public required string Plan { get; init; }

        public string Person { get; init; } = "";

        public ExportFormat Format { get; init; } = ExportFormat.Csv;

        public Language Language { get; init; }

        public DateOnly? AsOf { get; init; }

        public string? Output { get; init; }

        public ReadingFilter Filter { get; init; } = new();

        /// <summary>None when something is unknown, is missing its value, or is not what it has to be.</summary>
        public static Options? Of(string[] args)
        {
            if (args.Length % 2 == 0 || args[0].StartsWith('-'))
                return null;
            var options = new Options { Plan = args[0] };
            for (var at = 1; at < args.Length && options is not null; at += 2)
                options = options.With(args[at], args[at + 1]);
            return options?.Person.Length > 0 ? options : null;
        }

        private Options? With(string option, string value) => option switch
        {
            "--format" => ExportFormat.All.FirstOrDefault(f => string.Equals(f.Code, value, StringComparison.Ordinal)) is { } format ? this with { Format = format } : null,
            "--lang" => value switch { "en" => this with { Language = Language.English }, "zh-Hans" => this with { Language = Language.Chinese }, _ => null },
            "--as-of" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? this with { AsOf = day } : null,
            "--as" => this with { Person = value },
            "--output" => this with { Output = value },
            _ => FilterWith(option, value) is { } filter ? this with { Filter = filter } : null,
        };

        private ReadingFilter? FilterWith(string option, string value) => option switch
        {
            "--layout" => Filter with { Layout = value },
            "--profile" => Filter with { Profile = value },
            "--indicator" => Filter with { Indicator = value },
            "--task" => Filter with { Task = value },
            "--region" => Filter with { Region = value },
            "--from" => Filter with { From = value },
            "--to" => Filter with { To = value },
            "--status" => Filter with { Status = value },
            "--observation" => Filter with { Observation = value },
            _ => null,
        };
    }
}
