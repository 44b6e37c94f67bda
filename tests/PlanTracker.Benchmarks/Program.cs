using System.Globalization;
using PlanTracker.Benchmarks;

const string Usage = """
    Benchmarks, each with a private PostgreSQL and synthetic data:
      standings [--regions N] [--indicators N] [--runs N]    judging a whole plan anew
    Build with -c Release.
    """;

if (args is not ["standings", .. var options] || Read(options) is not { } measure)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

await StandingsBenchmark.RunAsync(measure, Console.Out, CancellationToken.None);
return 0;

static StandingsMeasure? Read(string[] options)
{
    var measure = new StandingsMeasure();
    for (var at = 0; at < options.Length; at += 2)
    {
        if (at + 1 == options.Length || !int.TryParse(options[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return null;
        switch (options[at])
        {
            case "--regions": measure = measure with { Regions = number }; break;
            case "--indicators": measure = measure with { Indicators = number }; break;
            case "--runs": measure = measure with { Runs = number }; break;
            default: return null;
        }
    }

    return measure;
}
