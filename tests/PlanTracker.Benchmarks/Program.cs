using System.Globalization;
using PlanTracker.Benchmarks;

const string Usage = """
    Benchmarks, each with a private PostgreSQL:
      standings [--regions N] [--indicators N] [--runs N]    judging a whole plan anew, synthetic data
      entry [--cells N] [--runs N]                           keeping, submitting and approving figures
      imports [--rows N] [--runs N]                          a file of figures, read, judged and applied
      pages [--requests N]                                   what the server takes for a page of the shipped plan
      exports [--rows N] [--runs N]                          a whole plan in every format, beside psql \copy; synthetic data
      load [--regions N] [--indicators N] [--periods N] [--seconds N] [--mix PABCDE] [--folder F]
                                                             many people and a large plan, beside the shipped one; synthetic data,
                                                             filled into the folder once and found there by the next run
    Build with -c Release.
    """;

switch (args)
{
    case ["standings", .. var options] when Read(options, new StandingsMeasure(), With) is { } measure:
        await StandingsBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    case ["pages", .. var options] when Read(options, new PagesMeasure(), WithRequests) is { } measure:
        await PagesBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    case ["entry", .. var options] when Read(options, new EntryMeasure(), WithCells) is { } measure:
        await EntryBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    case ["imports", .. var options] when Read(options, new ImportsMeasure(), WithImportRows) is { } measure:
        await ImportsBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    case ["exports", .. var options] when Read(options, new ExportsMeasure(), WithRows) is { } measure:
        await ExportsBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    case ["load", .. var options] when Mixed(options) is { } measure:
        await LoadBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}

static T? Read<T>(string[] options, T measure, Func<T, string, int, T?> with)
    where T : class
{
    var read = measure;
    for (var at = 0; at < options.Length && read is not null; at += 2)
    {
        read = at + 1 < options.Length && int.TryParse(options[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? with(read, options[at], number)
            : null;
    }

    return read;
}

static LoadMeasure? Mixed(string[] options)
{
    var measure = new LoadMeasure();
    var numbers = new List<string>();
    foreach (var option in options.Chunk(2))
    {
        switch (option)
        {
            case ["--mix", var mix] when mix.All("PABCDE".Contains):
                measure = measure with { Mix = mix };
                break;
            case ["--folder", var folder]:
                measure = measure with { Folder = Path.GetFullPath(folder) };
                break;
            default:
                numbers.AddRange(option);
                break;
        }
    }

    return Read([.. numbers], measure, WithSize);
}

static LoadMeasure? WithSize(LoadMeasure measure, string option, int number) => option switch
{
    "--regions" => measure with { Regions = number },
    "--indicators" => measure with { Indicators = number },
    "--periods" => measure with { Periods = number },
    "--seconds" => measure with { Seconds = number },
    _ => null,
};

static StandingsMeasure? With(StandingsMeasure measure, string option, int number) => option switch
{
    "--regions" => measure with { Regions = number },
    "--indicators" => measure with { Indicators = number },
    "--runs" => measure with { Runs = number },
    _ => null,
};

static PagesMeasure? WithRequests(PagesMeasure measure, string option, int number) =>
    option == "--requests" ? measure with { Requests = number } : null;

static ExportsMeasure? WithRows(ExportsMeasure measure, string option, int number) => option switch
{
    "--rows" => measure with { Rows = number },
    "--runs" => measure with { Runs = number },
    _ => null,
};

static EntryMeasure? WithCells(EntryMeasure measure, string option, int number) => option switch
{
    "--cells" => measure with { Cells = number },
    "--runs" => measure with { Runs = number },
    _ => null,
};

static ImportsMeasure? WithImportRows(ImportsMeasure measure, string option, int number) => option switch
{
    "--rows" => measure with { Rows = number },
    "--runs" => measure with { Runs = number },
    _ => null,
};
