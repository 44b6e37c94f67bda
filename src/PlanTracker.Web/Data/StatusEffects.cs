using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A figure that would stand in a cell.</summary>
public readonly record struct ProposedValue(CellKey Cell, decimal? Value, ObservationStatus Status);

/// <summary>The status of a series as it is, and as it would be.</summary>
public readonly record struct StatusEffect(Status Now, Status Then);

public static class StatusEffects
{
    /// <summary>What each figure, taken by itself, would do to the status of its series. Nothing is stored.</summary>
    public static async Task<IReadOnlyList<StatusEffect>> StatusEffectsAsync(this PlanDbContext db, IReadOnlyList<ProposedValue> values, CancellationToken ct)
    {
        if (values.Count == 0)
            return [];
        int[] indicatorIds = [.. values.Select(v => v.Cell.IndicatorId).Distinct()], regionIds = [.. values.Select(v => v.Cell.RegionId).Distinct()];
        var part = await db.LedgerPartAsync(db.Indicators.Where(i => indicatorIds.Contains(i.Id)), db.Regions.Where(r => regionIds.Contains(r.Id)), ct);
        var facts = await db.FactsAsync(part, asOf: null, ct);
        var now = values.Select(v => v.Cell.Series).Distinct().ToDictionary(s => s, s => StatusOf(facts.Of(s)));
        return [.. values.Select(v => new StatusEffect(now[v.Cell.Series], StatusOf(With(v))))];

        SeriesFacts With(ProposedValue value)
        {
            var others = facts.Readings[value.Cell.Series].Where(r => r.Period != value.Cell.Period);
            return facts.Aims.With(value.Cell.Series, value.Value is { } v ? others.Append(new ApprovedValue(value.Cell.Period, v, value.Status)) : others);
        }
    }

    private static Status StatusOf(SeriesFacts facts) => facts.IsEmpty ? Status.NoJudgement : Assessment.Of(facts.Case).Default.Status;
}
