using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Review;

public static class ReviewQueries
{
    /// <summary>One page of the queue in the reviewer's scope, with what each figure would do. What is counted over all that waits is counted by the database.</summary>
    public static async Task<ReviewPage> ReviewPageAsync(this PlanDbContext db, CurrentPlan plan, ReviewFilter filter, Guid reviewerId, CancellationToken ct)
    {
        var all = db.Waiting(plan, reviewerId);
        var facets = await FacetsAsync(all, ct);
        var waiting = Left(all, filter);
        var totals = await waiting.GroupBy(_ => 1)
            .Select(g => new { Count = g.Count(), Decidable = g.Count(r => r.PendingRevision!.AuthorId != reviewerId), LastSeen = g.Max(r => r.PendingRevisionId!.Value) })
            .FirstOrDefaultAsync(ct);
        var ordered = filter.GroupsByRegion
            ? waiting.OrderBy(r => r.Region!.Position).ThenBy(r => r.Indicator!.Position).ThenBy(r => r.PeriodEnd).ThenBy(r => r.Period)
            : waiting.OrderBy(r => r.Indicator!.Position).ThenBy(r => r.PeriodEnd).ThenBy(r => r.Period).ThenBy(r => r.Region!.Position);
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, ((totals?.Count ?? 0) + ReviewPage.MostLines - 1) / ReviewPage.MostLines));
        var shown = await ordered.Skip((page - 1) * ReviewPage.MostLines).Take(ReviewPage.MostLines).Select(r => r.PendingRevisionId!.Value).ToListAsync(ct);
        var lines = (await db.ReviewLines(shown, reviewerId).ToListAsync(ct)).ToDictionary(l => l.RevisionId);
        // One may have been decided in between.
        List<ReviewLine> found = [.. shown.Where(lines.ContainsKey).Select(id => lines[id])];
        var effects = await db.StatusEffectsAsync([.. found.Select(l => new ProposedValue(l.Key, l.Value, l.Status))], ct);
        return new ReviewPage([.. found.Zip(effects, (line, effect) => line with { Effect = effect })], await db.ReportReviewLinesAsync(plan, reviewerId, ct))
        {
            Filter = filter with { Page = page },
            Facets = facets,
            Waiting = facets.Indicators.Sum(i => i.Count),
            Filtered = totals?.Count ?? 0,
            Decidable = totals?.Decidable ?? 0,
            LastSeen = totals?.LastSeen ?? 0,
        };
    }

    /// <summary>Everything a filter leaves that the reviewer may decide about; of more than can be decided at once, one more than that.</summary>
    public static Task<List<long>> DecidableAsync(this PlanDbContext db, CurrentPlan plan, ReviewFilter filter, Guid reviewerId, CancellationToken ct) =>
        Left(db.Waiting(plan, reviewerId), filter).Where(r => r.PendingRevision!.AuthorId != reviewerId)
            .Select(r => r.PendingRevisionId!.Value).Take(ReviewPage.MostAtOnce + 1).ToListAsync(ct);

    private static async Task<ReviewFacets> FacetsAsync(IQueryable<Reading> all, CancellationToken ct)
    {
        var indicators = await all.GroupBy(r => new { r.Indicator!.Position, r.Indicator.Code, r.Indicator.NameEn, r.Indicator.NameZh })
            .OrderBy(g => g.Key.Position).Select(g => new { g.Key.Code, g.Key.NameEn, g.Key.NameZh, Count = g.Count() }).ToListAsync(ct);
        if (indicators.Count == 0)
            return new ReviewFacets([], [], []);
        var regions = await all.GroupBy(r => new { r.Region!.Position, r.Region.Code, r.Region.ShortEn, r.Region.ShortZh })
            .OrderBy(g => g.Key.Position).Select(g => new { g.Key.Code, g.Key.ShortEn, g.Key.ShortZh, Count = g.Count() }).ToListAsync(ct);
        var periods = await all.GroupBy(r => r.Period).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        return new ReviewFacets(
            indicators.ConvertAll(i => new ReviewFacet(i.Code, new Bilingual(i.NameEn, i.NameZh), i.Count)),
            regions.ConvertAll(r => new ReviewFacet(r.Code, new Bilingual(r.ShortEn, r.ShortZh), r.Count)),
            [.. periods.OrderBy(p => p.Key).Select(p => new ReviewFacet(p.Key.ToString(), new Bilingual(p.Key.ToString(), p.Key.ToString()), p.Count))]);
    }

    private static IQueryable<Reading> Left(IQueryable<Reading> waiting, ReviewFilter filter)
    {
        if (!string.IsNullOrEmpty(filter.Indicator))
            waiting = waiting.Where(r => r.Indicator!.Code == filter.Indicator);
        if (!string.IsNullOrEmpty(filter.Region))
            waiting = waiting.Where(r => r.Region!.Code == filter.Region);
        if (string.IsNullOrEmpty(filter.Period))
            return waiting;
        return Period.TryParse(filter.Period, out var period) ? waiting.Where(r => r.Period == period) : waiting.Where(_ => false);
    }

    private static IQueryable<Reading> Waiting(this PlanDbContext db, CurrentPlan plan, Guid reviewerId) =>
        db.ReadingsInScope(reviewerId).Where(r => r.Indicator!.PlanId == plan.Id && r.PendingRevision!.State == RevisionState.Submitted);

    private static IQueryable<ReviewLine> ReviewLines(this PlanDbContext db, IReadOnlyCollection<long> revisionIds, Guid reviewerId) =>
        from reading in db.Readings
        where revisionIds.Contains(reading.PendingRevisionId!.Value)
        select new ReviewLine
        {
            RevisionId = reading.PendingRevisionId!.Value,
            Key = new CellKey(reading.IndicatorId, reading.RegionId, reading.Period),
            IndicatorCode = reading.Indicator!.Code,
            Indicator = new Bilingual(reading.Indicator!.NameEn, reading.Indicator!.NameZh),
            Unit = new Bilingual(reading.Indicator!.UnitEn ?? "", reading.Indicator!.UnitZh ?? ""),
            RegionCode = reading.Region!.Code,
            Region = new Bilingual(reading.Region!.ShortEn, reading.Region!.ShortZh),
            Period = reading.Period,
            Value = reading.PendingRevision!.Value,
            Status = reading.PendingRevision!.Status,
            ApprovedValue = reading.Value,
            Previous = db.Readings
                .Where(r => r.IndicatorId == reading.IndicatorId && r.RegionId == reading.RegionId && r.Value != null && r.PeriodEnd < reading.PeriodEnd)
                .OrderByDescending(r => r.PeriodEnd).Select(r => new PreviousReading(r.Value!.Value, r.Period)).FirstOrDefault(),
            Earlier = db.Revisions
                .Where(r => r.ReadingId == reading.Id && r.Number == reading.PendingRevision!.Number - 1 && r.Id != reading.ApprovedRevisionId)
                .Select(r => new EarlierTry(r.Value, r.Status, r.State, r.Reason)).FirstOrDefault(),
            Source = reading.PendingRevision!.Source,
            Note = reading.PendingRevision!.Note,
            Questions = reading.PendingRevision!.Questions,
            Explanation = reading.PendingRevision!.Explanation,
            Author = reading.PendingRevision!.Author!.DisplayName,
            CreatedAt = reading.PendingRevision!.CreatedAt,
            Comments = db.Comments.Count(c => c.ReadingId == reading.Id),
            Own = reading.PendingRevision!.AuthorId == reviewerId,
        };
}
