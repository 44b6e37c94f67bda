using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A target as an administrator states it.</summary>
public sealed record StatedTarget
{
    public required int IndicatorId { get; init; }

    public required int RegionId { get; init; }

    /// <summary>Code of the target to change; empty for a new one.</summary>
    public string? Code { get; init; }

    /// <summary>The change of that target the person saw last; empty for a new target.</summary>
    public int? BasedOn { get; init; }

    public required TargetRole Role { get; init; }

    public required Period Period { get; init; }

    /// <summary>How the planned values run; counts with a final target only.</summary>
    public PathShape Shape { get; init; }

    /// <summary>Date of the document, where it is known.</summary>
    public DateOnly? StatedOn { get; init; }

    /// <summary>What was typed, unparsed.</summary>
    public required string Text { get; init; }

    public required Bilingual Document { get; init; }

    public required string Source { get; init; }

    public required string Reason { get; init; }
}

public enum TargetFault
{
    NotANumber,
    TooManyDecimals,
    OutOfBounds,

    /// <summary>Document, source or reason is empty, too long, or holds what cannot be kept.</summary>
    TextMissing,
    SecondBaseline,
    SecondFinal,
    SecondForPeriod,
    NotAfterBaseline,
    InterimAfterFinal,
    GeometricNeedsPositive,
    ManualNeedsEveryYear,
    NotADate,

    /// <summary>Somebody else has changed it since it was shown.</summary>
    Conflict,

    /// <summary>Somebody took it away meanwhile.</summary>
    Gone,
}

/// <summary>Changes targets: the target, its history, the audit event and the standings it touches, in one transaction.</summary>
public sealed class TargetStore(PlanDbContext db, TimeProvider clock)
{
    /// <returns>Why nothing was changed; nothing when the target is set and everything it touches is judged anew.</returns>
    public async Task<TargetFault?> SetAsync(StatedTarget stated, Guid authorId, CancellationToken ct)
    {
        var indicator = await db.Indicators.AsNoTracking().SingleAsync(i => i.Id == stated.IndicatorId, ct);
        if (FaultOf(indicator, stated, out var value) is { } fault)
            return fault;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var series = await LockedAsync(indicator, stated.RegionId, ct);
        var targets = await SeriesTargetsAsync(stated.IndicatorId, stated.RegionId, ct);
        var target = string.IsNullOrEmpty(stated.Code) ? db.Targets.Add(NewTarget(stated)).Entity : targets.Find(t => t.Code == stated.Code);
        if (target is null)
            return TargetFault.Gone;
        if (await ChangedSinceAsync(indicator.Id, stated.Code, stated.BasedOn, ct))
            return TargetFault.Conflict;
        if (string.IsNullOrEmpty(stated.Code) && targets.Exists(t => IsReferenceOf(t, stated, value)))
        {
            // The same form once more, because the answer to the first was lost. Of other roles there is one for each period anyway.
            await transaction.ConfirmAsync(db, ct);
            return null;
        }

        (target.Role, target.Period, target.Value, target.Verified) = (stated.Role, stated.Period, value, "yes");
        (target.Shape, target.StatedOn) = (stated.Role == TargetRole.Final ? stated.Shape : PathShape.Linear, stated.StatedOn);
        (target.DocumentEn, target.DocumentZh, target.Source) = (stated.Document.En.Trim(), stated.Document.Zh.Trim(), stated.Source.Trim());
        if (PathFault([.. targets.Where(t => t != target), target]) is { } broken)
            return broken;
        await RecordAsync("target.set", TargetChange.Of(target, clock.GetUtcNow(), authorId, stated.Reason.Trim()), indicator, series, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Takes a target away; what it was stays in the history.</summary>
    public async Task<TargetFault?> RemoveAsync(int indicatorId, int regionId, string code, int? basedOn, string reason, Guid authorId, CancellationToken ct)
    {
        if (!Fits(reason, TargetChange.ReasonLength))
            return TargetFault.TextMissing;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var indicator = await db.Indicators.AsNoTracking().SingleAsync(i => i.Id == indicatorId, ct);
        var series = await LockedAsync(indicator, regionId, ct);
        var targets = await SeriesTargetsAsync(indicatorId, regionId, ct);
        if (targets.Find(t => t.Code == code) is not { } target)
            return TargetFault.Gone;
        if (await ChangedSinceAsync(indicatorId, code, basedOn, ct))
            return TargetFault.Conflict;
        if (PathFault([.. targets.Where(t => t != target)]) is { } broken)
            return broken;
        db.Targets.Remove(target);
        await RecordAsync("target.removed", TargetChange.Of(target, clock.GetUtcNow(), authorId, reason.Trim(), removed: true), indicator, series, ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    private static TargetFault? FaultOf(Indicator indicator, StatedTarget stated, out decimal value)
    {
        var number = StrictNumber.Parse(stated.Text, indicator.Decimals, out var parsed);
        value = parsed ?? 0;
        if (parsed is null && number is not NumberFault.TooManyDecimals)
            return TargetFault.NotANumber;
        if (number == NumberFault.TooManyDecimals)
            return TargetFault.TooManyDecimals;
        if (value < indicator.Min || value > indicator.Max)
            return TargetFault.OutOfBounds;
        return Fits(stated.Document.En, Plan.NameLength) && Fits(stated.Document.Zh, Plan.NameLength)
            && Fits(stated.Source, Plan.SourceLength) && Fits(stated.Reason, TargetChange.ReasonLength)
            ? null
            : TargetFault.TextMissing;
    }

    private static bool IsReferenceOf(Target target, StatedTarget stated, decimal value) =>
        (target.Role, target.Period, target.Value) == (TargetRole.Reference, stated.Period, value) && stated.Role == TargetRole.Reference
        && string.Equals(target.DocumentEn, stated.Document.En.Trim(), StringComparison.Ordinal) && string.Equals(target.Source, stated.Source.Trim(), StringComparison.Ordinal);

    /// <summary>What a path cannot be made of: the rules of the plan package.</summary>
    private static TargetFault? PathFault(List<Target> targets)
    {
        var path = targets.Where(t => t.Role != TargetRole.Reference).ToList();
        var baseline = path.Find(t => t.Role == TargetRole.Baseline);
        var final = path.Find(t => t.Role == TargetRole.Final);
        return path.Count(t => t.Role == TargetRole.Baseline) > 1 ? TargetFault.SecondBaseline
            : path.Count(t => t.Role == TargetRole.Final) > 1 ? TargetFault.SecondFinal
            : path.GroupBy(t => t.Period).Any(p => p.Count() > 1) ? TargetFault.SecondForPeriod
            : baseline is not null && path.Exists(t => t != baseline && t.Period.EndMonth <= baseline.Period.EndMonth) ? TargetFault.NotAfterBaseline
            : final is not null && path.Exists(t => t.Role == TargetRole.Interim && t.Period > final.Period) ? TargetFault.InterimAfterFinal
            : ShapeFaultOf(baseline, final, path);
    }

    private static TargetFault? ShapeFaultOf(Target? baseline, Target? final, List<Target> path) =>
        PlannedPath.FaultOf(
            final?.Shape ?? PathShape.Linear,
            baseline is null ? null : new PathPoint(baseline.Period, baseline.Value),
            [.. path.Where(t => t.Role != TargetRole.Baseline).Select(t => new PathPoint(t.Period, t.Value))]) switch
        {
            ShapeFault.GeometricNeedsPositive => TargetFault.GeometricNeedsPositive,
            ShapeFault.ManualNeedsEveryYear => TargetFault.ManualNeedsEveryYear,
            _ => null,
        };

    private static Target NewTarget(StatedTarget stated) => new()
    {
        IndicatorId = stated.IndicatorId,
        RegionId = stated.RegionId,
        // Unlike any code of a package, so that loading one again never meets it.
        Code = $"set-{Guid.NewGuid():N}",
        DocumentEn = "",
        DocumentZh = "",
        Source = "",
        Verified = "yes",
    };

    /// <summary>The series a target speaks of: its own and, for a rate of the whole country, those of the regions that may be judged against it.</summary>
    private async Task<List<Series>> LockedAsync(Indicator indicator, int regionId, CancellationToken ct)
    {
        var own = new Series(indicator.Id, regionId);
        if (indicator.Measure != Measure.Rate || !await db.Regions.AnyAsync(r => r.Id == regionId && r.Kind == RegionKind.Country, ct))
        {
            await db.LockAsync([own], ct);
            return [own];
        }

        // The whole plan, before the regions are listed: one whose first reading is approved meanwhile would be left out.
        await db.LockPlanAsync(indicator.PlanId, ct);
        var regions = await db.Readings.Where(r => r.IndicatorId == indicator.Id && r.RegionId != regionId && r.Value != null)
            .Select(r => r.RegionId).Distinct().ToListAsync(ct);
        return [own, .. regions.Select(r => new Series(indicator.Id, r))];
    }

    private async Task<bool> ChangedSinceAsync(int indicatorId, string? code, int? basedOn, CancellationToken ct) =>
        !string.IsNullOrEmpty(code)
        && await db.TargetChanges.Where(c => c.IndicatorId == indicatorId && c.Code == code).MaxAsync(c => (int?)c.Id, ct) != basedOn;

    private Task<List<Target>> SeriesTargetsAsync(int indicatorId, int regionId, CancellationToken ct) =>
        db.Targets.Where(t => t.IndicatorId == indicatorId && t.RegionId == regionId).ToListAsync(ct);

    private async Task RecordAsync(string action, TargetChange change, Indicator indicator, List<Series> series, CancellationToken ct)
    {
        var region = await db.Regions.Where(r => r.Id == change.RegionId).Select(r => r.Code).SingleAsync(ct);
        db.TargetChanges.Add(change);
        await db.SaveChangesAsync(ct);
        await db.RejudgeAsync(series, ct);
        // Last: everybody who writes waits for the chain of events from here to the commit.
        db.AuditEvents.Add(new AuditEvent
        {
            At = change.At,
            ActorId = change.AuthorId,
            Action = action,
            Subject = $"{indicator.Code}/{region}/{change.Period}",
            Detail = JsonSerializer.Serialize(new { change.Code, role = Kebab.Of(change.Role), change.Value, shape = Kebab.Of(change.Shape), change.Source, change.Reason }),
        });
        await db.SaveChangesAsync(ct);
    }

    private static bool Fits(string text, int length) => !string.IsNullOrWhiteSpace(text) && text.Length <= length && SafeText.IsSafe(text);
}
