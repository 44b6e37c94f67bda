using PlanTracker.Domain;

namespace PlanTracker.Data;

/// <summary>A target as a judgement sees it.</summary>
public sealed record TargetPoint
{
    public required int IndicatorId { get; init; }

    public required int RegionId { get; init; }

    public required string Code { get; init; }

    public required TargetRole Role { get; init; }

    public required Period Period { get; init; }

    public required decimal Value { get; init; }

    public PathShape Shape { get; init; }

    public required Bilingual Document { get; init; }

    public required string Source { get; init; }

    public required string Verified { get; init; }

    public string? Note { get; init; }

    /// <summary>A baseline whose figure was not seen in any source is shown, and not judged from.</summary>
    public bool CanBeJudgedFrom => Role != TargetRole.Reference && (Role != TargetRole.Baseline || !string.Equals(Verified, Target.NotSeen, StringComparison.Ordinal));
}

/// <summary>An approved reading with the revision that states it.</summary>
public sealed class KnownReading
{
    public required Reading Reading { get; init; }

    public required ReadingRevision Revision { get; init; }

    public decimal? Value { get; init; }
}

/// <summary>
/// The ledger as it stood at the end of a day (UTC): what was approved by then and, from before a plan was first loaded, what had been published.
/// Without a day it is the ledger as it stands.
/// </summary>
public static class Vintages
{
    /// <summary>Approved readings.</summary>
    public static IQueryable<KnownReading> KnownReadings(this PlanDbContext db, DateOnly? asOf) => asOf is { } day
        // The last one as the one that none is later than: numbered by their order, all statements of the ledger would be sorted for every page.
        ? from reading in db.Readings
          join revision in db.Revisions on reading.Id equals revision.ReadingId
          where revision.KnownOn <= day && (revision.KnownUntil == null || revision.KnownUntil > day)
              && !db.Revisions.Any(later => later.ReadingId == revision.ReadingId && later.KnownOn <= day && (later.KnownUntil == null || later.KnownUntil > day)
                  && ((later.ReviewedAt ?? later.CreatedAt) > (revision.ReviewedAt ?? revision.CreatedAt)
                      || ((later.ReviewedAt ?? later.CreatedAt) == (revision.ReviewedAt ?? revision.CreatedAt) && later.Number > revision.Number)))
          select new KnownReading { Reading = reading, Revision = revision, Value = revision.Value }
        : db.Readings.Where(r => r.Status != null).Select(r => new KnownReading { Reading = r, Revision = r.ApprovedRevision!, Value = r.Value });

    /// <summary>Approved reports of progress, one for a goal or an item: the one that was approved last.</summary>
    public static IQueryable<ProgressReport> KnownReports(this PlanDbContext db, DateOnly? asOf) => asOf is { } day
        ? db.ProgressReports.Where(r => r.KnownOn <= day && !db.ProgressReports.Any(later =>
            ((later.MilestoneId != null && later.MilestoneId == r.MilestoneId) || (later.ItemId != null && later.ItemId == r.ItemId))
            && later.KnownOn <= day && later.Number > r.Number))
        : db.ProgressReports.Where(r => r.State == RevisionState.Approved);

    /// <summary>Baselines, targets and what other documents state.</summary>
    public static IQueryable<TargetPoint> KnownTargets(this PlanDbContext db, DateOnly? asOf) => asOf is { } day
        ? db.TargetChanges
            .Where(c => c.KnownOn <= day && c.Value != null
                && !db.TargetChanges.Any(later => later.IndicatorId == c.IndicatorId && later.Code == c.Code && later.KnownOn <= day && later.Id > c.Id))
            .Select(c => new TargetPoint
            {
                IndicatorId = c.IndicatorId,
                RegionId = c.RegionId,
                Code = c.Code,
                Role = c.Role,
                Period = c.Period,
                Value = c.Value!.Value,
                Shape = c.Shape,
                Document = new Bilingual(c.DocumentEn, c.DocumentZh),
                Source = c.Source,
                Verified = c.Verified,
            })
        : db.Targets.Select(t => new TargetPoint
        {
            IndicatorId = t.IndicatorId,
            RegionId = t.RegionId,
            Code = t.Code,
            Role = t.Role,
            Period = t.Period,
            Value = t.Value,
            Shape = t.Shape,
            Document = new Bilingual(t.DocumentEn, t.DocumentZh),
            Source = t.Source,
            Verified = t.Verified,
            Note = t.Note,
        });
}
