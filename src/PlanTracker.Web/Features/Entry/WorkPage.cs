using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Entry;

public sealed record WorkPage(IReadOnlyList<WorkLine> Lines, IReadOnlyList<ReportDue> Reports, WorkNotice Notice)
{
    /// <summary>Regions the person reports for.</summary>
    public IReadOnlyList<GridRegion> Regions { get; init; } = [];

    /// <summary>What reporting rounds ask for, the next deadline first.</summary>
    public IReadOnlyList<RoundDue> Rounds { get; init; } = [];
}

/// <summary>What was just submitted, kept in the address after the form.</summary>
public sealed record WorkNotice
{
    public string? Indicator { get; init; }

    public string? Region { get; init; }

    public string? Period { get; init; }

    public int? Submitted { get; init; }

    public int? Unchanged { get; init; }
}

/// <summary>One period of one indicator, as far as it lies in the person's scope.</summary>
public sealed record WorkLine
{
    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required bool Headline { get; init; }

    public required Period Period { get; init; }

    /// <summary>Cells for which a reading is expected.</summary>
    public required int Expected { get; init; }

    public required int Approved { get; init; }

    public required int Submitted { get; init; }

    public required int Returned { get; init; }

    /// <summary>Of the person or a colleague, not submitted yet.</summary>
    public required int Drafts { get; init; }

    public int Missing => Math.Max(0, Expected - Approved - Submitted - Returned);

    public bool IsDue => Missing > 0 || Returned > 0 || Drafts > 0;
}

public static class WorkQueries
{
    /// <summary>Regions the person reports at least one indicator for, in the order of the plan.</summary>
    public static Task<List<GridRegion>> RegionsInScopeAsync(this PlanDbContext db, CurrentPlan plan, Guid personId, CancellationToken ct)
    {
        var cells = db.CellsInScope(personId).Where(c => c.Indicator.PlanId == plan.Id);
        return db.Regions.Where(r => cells.Any(c => c.Region.Id == r.Id)).OrderBy(r => r.Position)
            .Select(r => new GridRegion(r.Id, r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);
    }

    public static async Task<List<WorkLine>> WorkAsync(this PlanDbContext db, CurrentPlan plan, Guid personId, DateOnly today, CancellationToken ct)
    {
        var cells = db.CellsInScope(personId).Where(c => c.Indicator.PlanId == plan.Id && c.Indicator.Due && c.Region.Reports);
        var indicators = await cells
            .GroupBy(c => new { c.Indicator.Id, c.Indicator.Code, c.Indicator.NameEn, c.Indicator.NameZh, c.Indicator.Headline, c.Indicator.Frequency, c.Indicator.Position })
            .Select(g => new { g.Key, Expected = g.Count() })
            .OrderBy(i => i.Key.Position).ToListAsync(ct);
        var readings = (await (
                from reading in db.Readings
                join cell in cells on new { reading.IndicatorId, reading.RegionId } equals new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id }
                group reading by new { reading.IndicatorId, reading.Period } into g
                select new
                {
                    g.Key.IndicatorId,
                    g.Key.Period,
                    Returned = g.Count(r => r.PendingRevision!.State == RevisionState.Returned),
                    Submitted = g.Count(r => r.PendingRevision!.State == RevisionState.Submitted),
                    Approved = g.Count(r => r.PendingRevisionId == null && r.Status != null),
                }).ToListAsync(ct))
            .ToDictionary(r => (r.IndicatorId, r.Period));

        var drafts = (await (
                from draft in db.Drafts
                join cell in cells on new { draft.IndicatorId, draft.RegionId } equals new { IndicatorId = cell.Indicator.Id, RegionId = cell.Region.Id }
                group draft by new { draft.IndicatorId, draft.Period } into g
                select new { g.Key, Count = g.Count() }).ToListAsync(ct))
            .ToDictionary(d => (d.Key.IndicatorId, d.Key.Period), d => d.Count);

        return [.. from indicator in indicators
            from period in plan.PeriodsOver(indicator.Key.Frequency, today)
            let counts = readings.GetValueOrDefault((indicator.Key.Id, period))
            select new WorkLine
            {
                Code = indicator.Key.Code,
                Name = new Bilingual(indicator.Key.NameEn, indicator.Key.NameZh),
                Headline = indicator.Key.Headline,
                Period = period,
                Expected = indicator.Expected,
                Approved = counts?.Approved ?? 0,
                Submitted = counts?.Submitted ?? 0,
                Returned = counts?.Returned ?? 0,
                Drafts = drafts.GetValueOrDefault((indicator.Key.Id, period)),
            }];
    }
}
