using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Review;

public static class ReviewQueries
{
    /// <summary>One page of the queue in the reviewer's scope, with what each figure would do.</summary>
    public static async Task<ReviewPage> ReviewPageAsync(this PlanDbContext db, CurrentPlan plan, ReviewFilter filter, Guid reviewerId, CancellationToken ct)
    {
        var all = await db.WaitingAsync(plan, reviewerId, ct);
        var waiting = all.Where(w => Passes(w, filter)).ToList();
        var ordered = filter.GroupsByRegion
            ? waiting.OrderBy(w => w.RegionPosition).ThenBy(w => w.IndicatorPosition).ThenBy(w => w.Period)
            : waiting.OrderBy(w => w.IndicatorPosition).ThenBy(w => w.Period).ThenBy(w => w.RegionPosition);
        var page = Math.Clamp(filter.Page, 1, Math.Max(1, (waiting.Count + ReviewPage.MostLines - 1) / ReviewPage.MostLines));
        var shown = ordered.Skip((page - 1) * ReviewPage.MostLines).Take(ReviewPage.MostLines).Select(w => w.RevisionId).ToList();
        var lines = (await db.ReviewLines(shown, reviewerId).ToListAsync(ct)).ToDictionary(l => l.RevisionId);
        // One may have been decided in between.
        List<ReviewLine> found = [.. shown.Where(lines.ContainsKey).Select(id => lines[id])];
        var effects = await db.StatusEffectsAsync([.. found.Select(l => new ProposedValue(l.Key, l.Value, l.Status))], ct);
        return new ReviewPage([.. found.Zip(effects, (line, effect) => line with { Effect = effect })], await db.ReportReviewLinesAsync(plan, reviewerId, ct))
        {
            Filter = filter with { Page = page },
            Facets = new ReviewFacets(
                Facet(all, w => w.IndicatorPosition, w => w.IndicatorCode, w => w.Indicator), Facet(all, w => w.RegionPosition, w => w.RegionCode, w => w.Region),
                Facet(all, w => w.Period.EndMonth, w => w.Period.ToString(), w => new Bilingual(w.Period.ToString(), w.Period.ToString()))),
            Waiting = all.Count,
            Filtered = waiting.Count,
            Decidable = waiting.Count(w => !w.Own),
            LastSeen = waiting.Count == 0 ? 0 : waiting.Max(w => w.RevisionId),
        };
    }

    /// <summary>Everything a filter leaves that the reviewer may decide about.</summary>
    public static async Task<List<long>> DecidableAsync(this PlanDbContext db, CurrentPlan plan, ReviewFilter filter, Guid reviewerId, CancellationToken ct) =>
        [.. (await db.WaitingAsync(plan, reviewerId, ct)).Where(w => !w.Own && Passes(w, filter)).Select(w => w.RevisionId)];

    private static IReadOnlyList<ReviewFacet> Facet(List<WaitingRevision> all, Func<WaitingRevision, int> order, Func<WaitingRevision, string> code, Func<WaitingRevision, Bilingual> name) =>
        [.. all.GroupBy(code).OrderBy(g => order(g.First())).Select(g => new ReviewFacet(g.Key, name(g.First()), g.Count()))];

    private static bool Passes(WaitingRevision waiting, ReviewFilter filter) =>
        Is(filter.Indicator, waiting.IndicatorCode) && Is(filter.Region, waiting.RegionCode) && Is(filter.Period, waiting.Period.ToString());

    private static bool Is(string? wanted, string code) => string.IsNullOrEmpty(wanted) || string.Equals(wanted, code, StringComparison.Ordinal);

    private static Task<List<WaitingRevision>> WaitingAsync(this PlanDbContext db, CurrentPlan plan, Guid reviewerId, CancellationToken ct) => (
        from reading in db.ReadingsInScope(reviewerId)
        where reading.Indicator!.PlanId == plan.Id && reading.PendingRevision!.State == RevisionState.Submitted
        select new WaitingRevision
        {
            RevisionId = reading.PendingRevisionId!.Value,
            IndicatorCode = reading.Indicator!.Code,
            Indicator = new Bilingual(reading.Indicator!.NameEn, reading.Indicator!.NameZh),
            IndicatorPosition = reading.Indicator!.Position,
            RegionCode = reading.Region!.Code,
            Region = new Bilingual(reading.Region!.ShortEn, reading.Region!.ShortZh),
            RegionPosition = reading.Region!.Position,
            Period = reading.Period,
            Own = reading.PendingRevision!.AuthorId == reviewerId,
        }).ToListAsync(ct);

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

    private sealed record WaitingRevision
    {
        public required long RevisionId { get; init; }

        public required string IndicatorCode { get; init; }

        public required Bilingual Indicator { get; init; }

        public required int IndicatorPosition { get; init; }

        public required string RegionCode { get; init; }

        public required Bilingual Region { get; init; }

        public required int RegionPosition { get; init; }

        public required Period Period { get; init; }

        public required bool Own { get; init; }
    }
}
