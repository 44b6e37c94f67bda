namespace PlanTracker.Domain;

/// <summary>How far something is that is not a number, in the order in which it goes there; stopped stands aside.</summary>
public enum Stage
{
    /// <summary>Nothing has been done yet.</summary>
    NotStarted,

    /// <summary>It is being designed, approved, funded or procured.</summary>
    Preparing,

    /// <summary>The work itself goes on.</summary>
    UnderWay,

    /// <summary>What was built is used; the work may go on.</summary>
    InOperation,

    /// <summary>All that was to be done is done.</summary>
    Completed,

    /// <summary>It was given up.</summary>
    Stopped,
}

/// <summary>
/// How likely it is that something will be delivered in time and as intended, from the best to the worst. The five steps are those of the Delivery
/// Confidence Assessment of the Infrastructure and Projects Authority of the United Kingdom (green, amber/green, amber, amber/red, red), named by
/// what they say instead of by a colour.
/// </summary>
public enum DeliveryConfidence
{
    /// <summary>Green: highly likely, and no major outstanding issue threatens it.</summary>
    HighlyLikely,

    /// <summary>Amber/green: probable; risks need constant attention, so that they do not become major issues.</summary>
    Probable,

    /// <summary>Amber: feasible; there are significant issues, which look resolvable if addressed promptly.</summary>
    Feasible,

    /// <summary>Amber/red: in doubt; major risks or issues in several key areas need urgent action.</summary>
    InDoubt,

    /// <summary>Red: appears unachievable; the issues do not look manageable, and the undertaking itself has to be reconsidered.</summary>
    Unachievable,
}

/// <summary>What a report of progress may say, and when the next one is due.</summary>
public static class ProgressRules
{
    /// <summary>An approved report is good for so many years.</summary>
    public const int YearsUntilDue = 1;

    /// <summary>Something is still to be delivered, so that confidence can be stated: neither completed nor stopped.</summary>
    public static bool IsOpen(this Stage stage) => stage is not (Stage.Completed or Stage.Stopped);

    /// <summary>Whether <paramref name="percent"/> complete can be said at this stage: completed is 100, not started is 0, anything else 0 to 100.</summary>
    public static bool Takes(this Stage stage, int percent) => stage switch
    {
        Stage.Completed => percent == 100,
        Stage.NotStarted => percent == 0,
        _ => percent is >= 0 and <= 100,
    };

    /// <summary>
    /// A report is due when none was approved yet, or when the approved one is older than a year. After one that says completed or stopped none is.
    /// </summary>
    /// <param name="approvedOn">The day the report that counts was approved; none where none was.</param>
    /// <param name="stage">Its stage; none where it states none.</param>
    /// <param name="today">The day that is asked about.</param>
    public static bool IsDue(DateOnly? approvedOn, Stage? stage, DateOnly today) =>
        approvedOn is not { } day || (stage?.IsOpen() != false && day.AddYears(YearsUntilDue) < today);
}

/// <summary>What one project item or goal puts into a roll-up: its last approved report, or nothing.</summary>
/// <param name="Reported">It has an approved report.</param>
/// <param name="Stage">Its stage; empty where the report states none.</param>
/// <param name="Confidence">Its delivery confidence; empty where it is completed or stopped.</param>
/// <param name="Percent">Per cent complete, 0 to 100; empty where it makes no sense.</param>
public readonly record struct ProgressPart(bool Reported, Stage? Stage = null, DeliveryConfidence? Confidence = null, int? Percent = null);

/// <summary>
/// Many reports as one: how many there are of how many, how many at each stage, the worst confidence, and the median of per cent complete with the
/// number it rests on. There is no average of stages or of confidence: one that is in doubt stays to be seen beside fifty that go well. What is not
/// reported counts as not reported, never as not started or 0 %.
/// </summary>
/// <param name="Reported">Parts with an approved report.</param>
/// <param name="Expected">All parts.</param>
/// <param name="Stages">How many are at each stage, for stages that occur.</param>
/// <param name="Worst">The worst confidence any of them states; empty where none does.</param>
/// <param name="AtWorst">How many state it.</param>
/// <param name="MedianPercent">Median of per cent complete, 0 to 100, over those that state it; empty where none does.</param>
/// <param name="WithPercent">How many state it.</param>
public sealed record ProgressRollup(
    int Reported, int Expected, IReadOnlyDictionary<Stage, int> Stages, DeliveryConfidence? Worst, int AtWorst, decimal? MedianPercent, int WithPercent)
{
    /// <param name="parts">One for every item or goal, reported or not.</param>
    public static ProgressRollup Of(IReadOnlyCollection<ProgressPart> parts)
    {
        var confidence = parts.Where(p => p.Confidence is not null).Select(p => p.Confidence!.Value).ToList();
        var percent = parts.Where(p => p.Percent is not null).Select(p => (decimal)p.Percent!.Value).ToList();
        var worst = confidence.Count == 0 ? (DeliveryConfidence?)null : confidence.Max();
        return new ProgressRollup(
            parts.Count(p => p.Reported),
            parts.Count,
            parts.Where(p => p.Stage is not null).GroupBy(p => p.Stage!.Value).ToDictionary(g => g.Key, g => g.Count()),
            worst,
            confidence.Count(c => c == worst),
            percent.Count == 0 ? null : Distribution.Of(percent).Median,
            percent.Count);
    }
}
