using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

public enum StatusItemKind
{
    Indicator,
    Goal,
}

/// <summary>An indicator or a goal in words, with where it stands.</summary>
public sealed record StatusItem(StatusItemKind Kind, string Code, Bilingual Name, Status Status, decimal? PaceRatio = null);

/// <summary>
/// Where a part of the plan stands: the targeted national indicators and the goals in words that speak for it or for something below it. It is
/// said by counts, by the share of the judged that is achieved or on track, and by the worst one's name; never by an average.
/// </summary>
public sealed record ElementStatus(IReadOnlyList<StatusItem> Items)
{
    public int Judged => Items.Count(i => i.Status != Status.NoJudgement);

    /// <summary>Achieved or on track.</summary>
    public int Good => Items.Count(i => i.Status is Status.Achieved or Status.OnTrack);

    /// <summary>The worst judged one, where anything is behind.</summary>
    public StatusItem? Worst => Items.Where(i => i.Status is Status.Behind or Status.FarBehind or Status.MovingAway)
        .OrderByDescending(i => i.Status).ThenBy(i => i.PaceRatio ?? 1).FirstOrDefault();

    public Dictionary<Status, int> Counts => Findings.Counts(Items.Select(i => i.Status));

    public static ElementStatus Of(IEnumerable<IndicatorLine> lines, IEnumerable<GoalLine> goals) => new(
    [
        .. lines.Where(l => l.IsTargeted).Select(l => new StatusItem(StatusItemKind.Indicator, l.Code, l.Name, l.Status, l.PaceRatio)),
        .. goals.Select(g => new StatusItem(
            StatusItemKind.Goal, g.Code, new Bilingual($"goal for {g.Year}: {g.Text.En.TrimEnd('.')}", $"{g.Year} 年目标：{g.Text.Zh.TrimEnd('。')}"), g.Status ?? Status.NoJudgement)),
    ]);
}
