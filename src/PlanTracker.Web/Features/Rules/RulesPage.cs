using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Rules;

public sealed record RulesPage
{
    public required Indicator Indicator { get; init; }

    /// <summary>Approved figures for which there is one of the period before.</summary>
    public required int Figures { get; init; }

    /// <summary>Of those, the ones the rules as they are would have questioned.</summary>
    public required int Questioned { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<RuleChange> History { get; init; }

    public required RulesForm Form { get; init; }

    public RuleRefusal? Refusal { get; init; }
}

public sealed record RuleChange(DateTimeOffset At, string? Author, string Reason);

/// <summary>The form as it comes back; figures stay text until they have been read strictly.</summary>
public sealed record RulesForm
{
    public string? Decimals { get; init; }

    public string? Min { get; init; }

    public string? Max { get; init; }

    public bool AskOutlier { get; init; }

    public bool AskUnitSlip { get; init; }

    public string? JumpPercent { get; init; }

    public bool Cumulative { get; init; }

    public string? TolerancePercent { get; init; }

    public string? Reason { get; init; }

    public string? BasedOn { get; init; }

    public static RulesForm Of(Indicator indicator) => new()
    {
        Decimals = Rounding.Exact(indicator.Decimals),
        Min = Text(indicator.Min),
        Max = Text(indicator.Max),
        AskOutlier = indicator.Rules.AskOutlier,
        AskUnitSlip = indicator.Rules.AskUnitSlip,
        JumpPercent = Text(indicator.Rules.AskJump * 100),
        Cumulative = indicator.Rules.Cumulative,
        TolerancePercent = Text(indicator.Rules.SumTolerance * 100),
        BasedOn = RuleStore.Fingerprint(indicator),
    };

    public StatedRules ToStated(int indicatorId) => new()
    {
        IndicatorId = indicatorId,
        Decimals = Decimals ?? "",
        Min = Min ?? "",
        Max = Max ?? "",
        AskOutlier = AskOutlier,
        AskUnitSlip = AskUnitSlip,
        JumpPercent = JumpPercent ?? "",
        Cumulative = Cumulative,
        TolerancePercent = TolerancePercent ?? "",
        Reason = Reason ?? "",
        BasedOn = BasedOn ?? "",
    };

    // Without the zeros a multiplication leaves behind.
    private static string? Text(decimal? value) => value is { } v ? Rounding.Exact(v / 1.0000000000m) : null;
}

public static class RulesQueries
{
    public static async Task<RulesPage?> RulesPageAsync(this PlanDbContext db, CurrentPlan plan, RuleStore store, string code, CancellationToken ct)
    {
        if (await db.Indicators.AsNoTracking().SingleOrDefaultAsync(i => i.PlanId == plan.Id && i.Code == code, ct) is not { } indicator)
            return null;
        var (figures, questioned) = await db.QuestionedAsync(indicator, ct);
        var subject = await store.SubjectAsync(indicator, ct);
        var changes = await (
            from change in db.AuditEvents
            where change.Subject == subject && change.Action == RuleStore.Action
            join person in db.Users on change.ActorId equals person.Id into authors
            from author in authors.DefaultIfEmpty()
            orderby change.Id descending
            select new { change.At, Author = author.DisplayName, change.Detail }).ToListAsync(ct);
        return new RulesPage
        {
            Indicator = indicator,
            Figures = figures,
            Questioned = questioned,
            History = [.. changes.Select(c => new RuleChange(c.At, c.Author, JsonDocument.Parse(c.Detail).RootElement.GetProperty("reason").GetString() ?? ""))],
            Form = RulesForm.Of(indicator),
        };
    }

    /// <summary>What the rules ask about figures that stand, each seen with the one of the period before.</summary>
    private static async Task<(int Figures, int Questioned)> QuestionedAsync(this PlanDbContext db, Indicator indicator, CancellationToken ct)
    {
        var readings = await db.Readings.Where(r => r.IndicatorId == indicator.Id && r.Value != null)
            .Select(r => new { r.RegionId, r.Period, r.Value }).ToListAsync(ct);
        var (figures, questioned) = (0, 0);
        foreach (var series in readings.Where(r => r.Period.Frequency == indicator.Frequency).GroupBy(r => r.RegionId))
        {
            Observation[] ordered = [.. series.OrderBy(r => r.Period).Select(r => new Observation(r.Period, r.Value!.Value))];
            var usual = UsualChange.Of(ordered);
            foreach (var (before, value) in ordered.Zip(ordered.Skip(1)).Where(p => p.First.Period.Next() == p.Second.Period))
            {
                figures++;
                questioned += indicator.Rules.Ask(value.Value, before.Value, usual).Any() ? 1 : 0;
            }
        }

        return (figures, questioned);
    }
}
