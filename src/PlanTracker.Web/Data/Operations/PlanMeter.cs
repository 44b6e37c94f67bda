using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PlanTracker.Data.Operations;

/// <summary>What the application counts of its own work. Nobody is named, and nothing that anybody typed.</summary>
public static class PlanMeter
{
    /// <summary>Under which whoever collects metrics asks for them.</summary>
    public const string Name = "PlanTracker";

    private static readonly Meter Own = new(Name);

    private static readonly Counter<long> Rows = Own.CreateCounter<long>("plantracker.import.rows", "{row}", "Figures that steps of imports went through.");

    private static readonly Histogram<double> Duration = Own.CreateHistogram(
        "plantracker.import.duration", "s", "How long a step of an import took.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] });

    private static readonly Counter<long> SignIns = Own.CreateCounter<long>("plantracker.sign_ins", "{sign-in}", "People who signed in, and tries that were refused.");

    /// <param name="step"><c>reading</c>, <c>applying</c> or <c>reverting</c>.</param>
    /// <param name="outcome"><c>done</c>, <c>refused</c>, <c>overtaken</c>, <c>cancelled</c>, <c>broken-off</c>, <c>out-of-room</c> or <c>given-up</c>.</param>
    /// <param name="rows">Figures it went through.</param>
    /// <param name="took">From its beginning to its end.</param>
    public static void ImportStep(string step, string outcome, int rows, TimeSpan took)
    {
        var tags = new TagList { { "step", step }, { "outcome", outcome } };
        Rows.Add(rows, tags);
        Duration.Record(took.TotalSeconds, tags);
    }

    /// <param name="by">With what: <c>password</c>, <c>service</c> and the like.</param>
    public static void SignedIn(string by) => SignIns.Add(1, new TagList { { "by", by }, { "outcome", "taken" } });

    /// <inheritdoc cref="SignedIn"/>
    public static void SignInRefused(string by) => SignIns.Add(1, new TagList { { "by", by }, { "outcome", "refused" } });
}
