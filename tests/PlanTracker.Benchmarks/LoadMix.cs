using System.Collections.Concurrent;
using System.Diagnostics;

namespace PlanTracker.Benchmarks;

/// <summary>What is asked for, how often beside each other.</summary>
/// <param name="Name">Its letter in the documentation.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Shares">How many of each in a round.</param>
internal sealed record LoadMix(string Name, double Rate, IReadOnlyList<(Visit Visit, int Share)> Shares)
{
    private static readonly (Visit, int)[] s_viewing = [(Visit.Overview, 24), (Visit.Region, 16), (Visit.Indicator, 10), (Visit.Task, 10), (Visit.Changes, 4)];
    private static readonly (Visit, int)[] s_entering = [(Visit.DraftSave, 44), (Visit.Submission, 2)];
    private static readonly (Visit, int)[] s_rest = [(Visit.SignIn, 3), (Visit.Export, 2)];

    public const double UsualRate = 23;

    /// <summary>200 people entering and 400 viewing.</summary>
    public static LoadMix A => new("A", UsualRate, [.. s_viewing, .. s_entering, .. s_rest]);

    /// <summary>The viewing of A by itself.</summary>
    public static LoadMix B => new("B", UsualRate * 64 / 115, s_viewing);

    /// <summary>The entering of A by itself.</summary>
    public static LoadMix C => new("C", UsualRate * 46 / 115, s_entering);

    /// <summary>Three times A.</summary>
    public static LoadMix D => A with { Name = "D", Rate = 3 * UsualRate };

    /// <summary>Starts each request at its time, whether or not earlier ones have been answered; how long one took counts from that time.</summary>
    public async Task<LoadResult> RunAsync(LoadVisitor visitor, TimeSpan length, int firstTurn, CancellationToken ct)
    {
        var results = new ConcurrentBag<(Visit, double, Outcome)>();
        var round = Round();
        var count = (int)(Rate * length.TotalSeconds);
        var running = new List<Task>(count);
        var start = Stopwatch.GetTimestamp();
        for (var number = 0; number < count; number++)
        {
            var due = TimeSpan.FromSeconds(number / Rate);
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                await Task.Delay(early, ct);
            running.Add(MakeAsync(round[number % round.Length], firstTurn + number, due));
        }

        await Task.WhenAll(running);
        return new LoadResult([.. results], Stopwatch.GetElapsedTime(start));

        async Task MakeAsync(Visit visit, int turn, TimeSpan due)
        {
            await Task.Yield();
            var outcome = await visitor.MakeAsync(visit, turn, ct);
            results.Add((visit, (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds, outcome));
        }
    }

    /// <summary>One round in an order in which those of a kind lie as far apart as they can.</summary>
    private Visit[] Round() =>
        [.. Shares.SelectMany(s => Enumerable.Range(0, s.Share).Select(i => (s.Visit, At: (i + 0.5) / s.Share))).OrderBy(v => v.At).ThenBy(v => v.Visit).Select(v => v.Visit)];
}

/// <summary>Every request of a run, with how long it took and what came of it.</summary>
internal sealed record LoadResult(IReadOnlyList<(Visit Visit, double Milliseconds, Outcome Outcome)> Requests, TimeSpan Took)
{
    /// <summary>How long 95 of 100 may take at most, in milliseconds.</summary>
    public static double LimitOf(Visit visit) => visit switch
    {
        Visit.DraftSave or Visit.Submission => 200,
        Visit.SignIn => 800,
        Visit.Export => 500,
        _ => 300,
    };

    public IEnumerable<(Visit Visit, List<double> Times, int TurnedAway, int Failed)> ByVisit =>
        Requests.GroupBy(r => r.Visit).OrderBy(g => g.Key).Select(g => (
            g.Key, g.Where(r => r.Outcome == Outcome.Done).Select(r => r.Milliseconds).ToList(),
            g.Count(r => r.Outcome == Outcome.TurnedAway), g.Count(r => r.Outcome == Outcome.Failed)));

    /// <summary>Whether nothing failed or was turned away, and the dashboards taken together and each other kind kept its limit.</summary>
    public bool WithinLimits => Requests.All(r => r.Outcome == Outcome.Done)
        && Requests.GroupBy(r => r.Visit <= Visit.Changes ? Visit.Overview : r.Visit).All(g => LoadBenchmark.Percentile([.. g.Select(r => r.Milliseconds)], 95) <= LimitOf(g.Key));
}
