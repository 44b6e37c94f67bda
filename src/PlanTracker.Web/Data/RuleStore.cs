using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>What is taken of an indicator's figures, and what is asked about them, as an administrator states it. Figures are unparsed.</summary>
public sealed record StatedRules
{
    public required int IndicatorId { get; init; }

    public required string Decimals { get; init; }

    public required string Min { get; init; }

    public required string Max { get; init; }

    public bool AskOutlier { get; init; }

    public bool AskUnitSlip { get; init; }

    /// <summary>In per cent of the figure before; empty: not asked.</summary>
    public required string JumpPercent { get; init; }

    public bool Cumulative { get; init; }

    /// <summary>In per cent of the reported figure of the whole; empty: not asked.</summary>
    public required string TolerancePercent { get; init; }

    public required string Reason { get; init; }

    /// <summary>The rules as they were shown, by <see cref="RuleStore.Fingerprint"/>.</summary>
    public required string BasedOn { get; init; }
}

public enum RuleFault
{
    DecimalsNotWhole,
    MinNotANumber,
    MaxNotANumber,
    MinNotBelowMax,
    JumpNotAPercentage,
    ToleranceNotAPercentage,

    /// <summary>Empty, too long, or holding what cannot be kept.</summary>
    ReasonMissing,

    /// <summary>Figures stand that the bounds call impossible.</summary>
    FiguresOutside,

    /// <summary>Somebody else has changed them since they were shown.</summary>
    Conflict,
}

/// <summary>Why rules were not taken, with a figure that stands outside the bounds as <c>region, period: value</c>.</summary>
public sealed record RuleRefusal(RuleFault Fault, string? Figure = null);

/// <summary>The one way in for the rules of an indicator: the rules, the standings that rest on its bounds, and the audit event in one transaction.</summary>
public sealed class RuleStore(PlanDbContext db, TimeProvider clock)
{
    public const int ReasonLength = 1000;
    public const string Action = "indicator.rules-changed";

    /// <summary>The rules of an indicator in one line: what a form was based on.</summary>
    public static string Fingerprint(Indicator indicator)
    {
        ArgumentNullException.ThrowIfNull(indicator);
        return FormattableString.Invariant($"{indicator.Decimals}|{indicator.Min}|{indicator.Max}|{indicator.Rules.AskOutlier}|{indicator.Rules.AskUnitSlip}|{indicator.Rules.AskJump}|{indicator.Rules.Cumulative}|{indicator.Rules.SumTolerance}");
    }

    /// <returns>Why nothing was changed; nothing when it was.</returns>
    public async Task<RuleRefusal?> SetAsync(StatedRules stated, Guid personId, CancellationToken ct)
    {
        if (Read(stated, out var rules) is { } fault)
            return new RuleRefusal(fault);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var indicator = await db.Indicators.SingleAsync(i => i.Id == stated.IndicatorId, ct);
        // Nobody submits by the old rules while the new ones come in.
        await db.LockPlanAsync(indicator.PlanId, ct);
        await db.Entry(indicator).ReloadAsync(ct);
        if (!string.Equals(Fingerprint(indicator), stated.BasedOn, StringComparison.Ordinal))
            return new RuleRefusal(RuleFault.Conflict);
        if (await OutsideAsync(indicator.Id, rules.Min, rules.Max, ct) is { } figure)
            return new RuleRefusal(RuleFault.FiguresOutside, figure);

        var judged = (indicator.Min, indicator.Max) != (rules.Min, rules.Max);
        var before = Fingerprint(indicator);
        (indicator.Decimals, indicator.Min, indicator.Max, indicator.Rules, indicator.RulesKept) = (rules.Decimals, rules.Min, rules.Max, rules.Rules, true);
        await db.SaveChangesAsync(ct);
        if (judged)
        {
            var series = await db.Standings.Where(s => s.IndicatorId == indicator.Id).Select(s => new Series(s.IndicatorId, s.RegionId)).ToListAsync(ct);
            await db.RejudgeAsync(series, ct);
        }

        // Last: everybody who writes waits for the chain of events from here to the commit.
        db.AuditEvents.Add(new AuditEvent
        {
            At = clock.GetUtcNow(),
            ActorId = personId,
            Action = Action,
            Subject = await SubjectAsync(indicator, ct),
            Detail = JsonSerializer.Serialize(new { before, after = Fingerprint(indicator), reason = stated.Reason.Trim() }),
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>How the audit names the rules of an indicator.</summary>
    public async Task<string> SubjectAsync(Indicator indicator, CancellationToken ct) =>
        $"rules/{await db.Plans.Where(p => p.Id == indicator.PlanId).Select(p => p.Code).SingleAsync(ct)}/{indicator.Code}";

    private sealed record ReadRules(int Decimals, decimal? Min, decimal? Max, ReadingRules Rules);

    private static RuleFault? Read(StatedRules stated, out ReadRules rules)
    {
        rules = new ReadRules(0, null, null, Indicator.UsualRules);
        if (StrictNumber.Parse(stated.Decimals.Trim(), 0, out var decimals) != NumberFault.None || decimals is not (>= 0 and <= StrictNumber.MaxDecimals))
            return RuleFault.DecimalsNotWhole;
        if (StrictNumber.Parse(stated.Min.Trim(), StrictNumber.MaxDecimals, out var min) != NumberFault.None)
            return RuleFault.MinNotANumber;
        if (StrictNumber.Parse(stated.Max.Trim(), StrictNumber.MaxDecimals, out var max) != NumberFault.None)
            return RuleFault.MaxNotANumber;
        if (min >= max)
            return RuleFault.MinNotBelowMax;
        if (!IsPercentage(stated.JumpPercent, out var jump))
            return RuleFault.JumpNotAPercentage;
        if (!IsPercentage(stated.TolerancePercent, out var tolerance))
            return RuleFault.ToleranceNotAPercentage;
        if (stated.Reason.Trim() is not { Length: > 0 and <= ReasonLength } reason || !SafeText.IsSafe(reason))
            return RuleFault.ReasonMissing;
        rules = new ReadRules((int)decimals, min, max, new ReadingRules
        {
            AskOutlier = stated.AskOutlier,
            AskUnitSlip = stated.AskUnitSlip,
            AskJump = jump / 100,
            Cumulative = stated.Cumulative,
            SumTolerance = tolerance / 100,
        });
        return null;
    }

    private static bool IsPercentage(string text, out decimal? value) =>
        StrictNumber.Parse(text.Trim(), 4, out value) == NumberFault.None && value is null or (>= 0 and <= 10_000);

    private async Task<string?> OutsideAsync(int indicatorId, decimal? min, decimal? max, CancellationToken ct)
    {
        var outside = await db.Readings.Where(r => r.IndicatorId == indicatorId && (r.Value < min || r.Value > max))
            .OrderBy(r => r.PeriodEnd).Select(r => new { r.Region!.Code, r.Period, r.Value }).FirstOrDefaultAsync(ct);
        return outside is null ? null : $"{outside.Code}, {outside.Period}: {Rounding.Exact(outside.Value!.Value)}";
    }
}
