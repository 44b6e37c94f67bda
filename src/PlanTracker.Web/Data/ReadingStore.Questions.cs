using PlanTracker.Domain;

namespace PlanTracker.Data;

public sealed partial class ReadingStore
{
    /// <summary>What is questionable about these figures, seen together with what stands around them.</summary>
    private async Task<ILookup<CellKey, Warning>> QuestionsAsync(IReadOnlyCollection<StatedCell> cells, Desk desk, CancellationToken ct)
    {
        var asked = new List<(CellKey Key, Warning Warning)>();
        foreach (var group in cells.Where(c => c.Value is not null).GroupBy(c => c.Key.Period.Frequency))
        {
            asked.AddRange(await AboutSeriesAsync([.. group.OrderBy(c => c.Key.Period)], ct));
            // Whoever does not see the others' figures could find them out by asking often enough when the sum is right.
            if (desk.SeesAll)
                asked.AddRange(await AboutSumsAsync([.. group], ct));
        }

        return asked.ToLookup(a => a.Key, a => a.Warning);
    }

    private async Task<List<(CellKey, Warning)>> AboutSeriesAsync(IReadOnlyList<StatedCell> cells, CancellationToken ct)
    {
        var asked = new List<(CellKey, Warning)>();
        var histories = await db.SeriesHistoriesAsync(
            [.. cells.Select(c => c.Key.IndicatorId).Distinct()], [.. cells.Select(c => c.Key.RegionId).Distinct()], cells[0].Key.Period, cells[^1].Key.Period, ct);
        foreach (var series in cells.GroupBy(c => c.Key.Series))
        {
            var history = histories.GetValueOrDefault(series.Key, SeriesHistory.None);
            Observation? typedBefore = null;
            foreach (var cell in series)
            {
                // The figure before it may be on the same form.
                var stands = history.Before(cell.Key.Period);
                var before = typedBefore is { } typed && (stands is null || typed.Period >= stands.Value.Period) ? typedBefore : stands;
                asked.AddRange(cell.Indicator!.Rules.Ask(cell.Value!.Value, before?.Value, history.Usual).Select(w => (cell.Key, w)));
                typedBefore = new Observation(cell.Key.Period, cell.Value.Value);
            }
        }

        return asked;
    }

    /// <summary>
    /// Where the whole and all of its regions have a figure, by what is typed, what waits or what stands: asked of the whole if it is typed, else of
    /// the last region that is.
    /// </summary>
    private async Task<List<(CellKey, Warning)>> AboutSumsAsync(IReadOnlyCollection<StatedCell> cells, CancellationToken ct)
    {
        var asked = new List<(CellKey, Warning)>();
        foreach (var indicator in cells.Where(c => c.Indicator!.Rules.SumTolerance is not null).GroupBy(c => c.Key.IndicatorId))
        {
            var periods = indicator.ToLookup(c => c.Key.Period);
            var sums = await db.SumsOfRegionsAsync(indicator.Key, [.. periods.Select(p => p.Key)], ct);
            foreach (var (period, sum) in sums)
            {
                var typed = periods[period].Where(c => c.Value is not null).ToDictionary(c => c.Key.RegionId, c => c.Value!.Value);
                if (sum.AskedAbout(indicator.First().Indicator!.Rules, typed) is { } regionId)
                    asked.Add((new CellKey(indicator.Key, regionId, period), Warning.RegionsDoNotAddUp));
            }
        }

        return asked;
    }
}
