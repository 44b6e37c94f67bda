using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

/// <summary>Which series a program asks for. An empty field means all; a code that names nothing matches nothing.</summary>
public readonly record struct SeriesChoice(string? Indicator, string? Element, string? Region);

/// <summary>Figures as programs read them, each list in the order of its keys.</summary>
public static class FigureQueries
{
    public static IQueryable<Indicator> IndicatorsOf(this PlanDbContext db, CurrentPlan plan, string? element) => db.Indicators.Where(i => i.PlanId == plan.Id
        && (element == null || db.IndicatorElements.Any(s => s.IndicatorId == i.Id
            && db.Elements.Any(e => e.PlanId == plan.Id && e.Code == element && s.Element!.Path.StartsWith(e.Path)))));

    /// <summary>A region with all below it, or the members of a grouping.</summary>
    private static IQueryable<Region> RegionsOf(this PlanDbContext db, CurrentPlan plan, string? region) => db.Regions.Where(r => r.RegionSet == plan.RegionSet
        && (region == null || db.Regions.Any(g => g.RegionSet == plan.RegionSet && g.Code == region && r.Path.StartsWith(g.Path))
            || db.RegionMemberships.Any(m => m.RegionId == r.Id && m.Grouping!.RegionSet == plan.RegionSet && m.Grouping.Code == region)));

    private static IQueryable<Indicator> IndicatorsOf(this PlanDbContext db, CurrentPlan plan, SeriesChoice choice) =>
        db.IndicatorsOf(plan, choice.Element).Where(i => choice.Indicator == null || i.Code == choice.Indicator);

    public sealed class ReadingRow
    {
        public required KnownReading Known { get; init; }

        public required string Indicator { get; init; }

        public required string Region { get; init; }

        public Status? SeriesStatus { get; init; }

        public ReadingItem Item(Status status) => new()
        {
            Indicator = Indicator,
            Region = Region,
            Period = Known.Reading.Period,
            Value = Known.Value,
            Status = Known.Revision.Status,
            Quality = Known.Revision.Quality,
            Source = Known.Revision.Source,
            Note = Known.Revision.Note,
            Revision = Known.Revision.Number,
            KnownOn = Known.Revision.KnownOn!.Value,
            SeriesStatus = status,
        };
    }

    /// <summary>Approved readings as they are, or as they stood on the plan's day, as far as the reader sees them.</summary>
    public static IQueryable<KnownReading> ReadingsOf(this PlanDbContext db, CurrentPlan plan, Reader reader, SeriesChoice choice)
    {
        var readings = db.KnownReadings(plan.AsOf).ReadableBy(db, reader).Where(k => k.Reading.Indicator!.PlanId == plan.Id);
        if (choice.Indicator is not null || choice.Element is not null)
        {
            var indicators = db.IndicatorsOf(plan, choice);
            readings = readings.Where(k => indicators.Any(i => i.Id == k.Reading.IndicatorId));
        }

        if (choice.Region is not null)
        {
            var regions = db.RegionsOf(plan, choice.Region);
            readings = readings.Where(k => regions.Any(r => r.Id == k.Reading.RegionId));
        }

        return readings;
    }

    /// <summary>These readings with their codes and, today, where their series stand.</summary>
    public static IQueryable<ReadingRow> Rows(this PlanDbContext db, IQueryable<KnownReading> readings) => readings.AsNoTracking().Select(k => new ReadingRow
    {
        Known = k,
        Indicator = k.Reading.Indicator!.Code,
        Region = k.Reading.Region!.Code,
        SeriesStatus = db.Standings.Where(s => s.IndicatorId == k.Reading.IndicatorId && s.RegionId == k.Reading.RegionId).Select(s => (Status?)s.Status).FirstOrDefault(),
    });

    /// <summary>Where the series of these rows stand on the day of the plan.</summary>
    public static async Task<IReadOnlyList<ReadingItem>> ItemsAsync(this PlanDbContext db, CurrentPlan plan, IReadOnlyCollection<ReadingRow> rows, CancellationToken ct)
    {
        var past = plan.AsOf is null ? null : await db.FactsOfAsync([.. rows.Select(r => new Series(r.Known.Reading.IndicatorId, r.Known.Reading.RegionId)).Distinct()], plan, ct);
        return [.. rows.Select(r => r.Item(past is null
            ? r.SeriesStatus ?? Status.NoJudgement
            : past[new Series(r.Known.Reading.IndicatorId, r.Known.Reading.RegionId)].ToStanding().Status))];
    }

    /// <summary>What these series are judged from.</summary>
    private static async Task<Dictionary<Series, SeriesFacts>> FactsOfAsync(this PlanDbContext db, IReadOnlyCollection<Series> series, CurrentPlan plan, CancellationToken ct)
    {
        int[] indicators = [.. series.Select(s => s.IndicatorId).Distinct()], regions = [.. series.Select(s => s.RegionId).Distinct()];
        var part = await db.LedgerPartAsync(db.Indicators.Where(i => indicators.Contains(i.Id)), db.Regions.Where(r => regions.Contains(r.Id)), ct);
        return (await db.SeriesAsOfAsync(part, plan.AsOf, ct)).ToDictionary(f => f.Series);
    }

    public sealed class StandingRow
    {
        public required int IndicatorId { get; init; }

        public required string Indicator { get; init; }

        public required int RegionId { get; init; }

        public required string Region { get; init; }

        public Standing? Standing { get; init; }

        public Series Series => new(IndicatorId, RegionId);
    }

    /// <summary>
    /// Series that stand or once stood, as far as the reader sees them, in the order of their keys. Where nothing but today's verdicts of the default
    /// method is asked for, those come along and are filtered here.
    /// </summary>
    public static IQueryable<StandingRow> StandingRows(this PlanDbContext db, CurrentPlan plan, Reader reader, SeriesChoice choice)
    {
        var (indicators, regions) = (db.IndicatorsOf(plan, choice), db.RegionsOf(plan, choice.Region));
        var standing = db.Standings.ReadableBy(db, reader).Select(s => new { s.IndicatorId, s.RegionId });
        if (plan.AsOf is not null)
        {
            // A series of targets only is gone from the standings once they are taken away.
            var (readable, limited) = (db.ReadableCells(reader), reader.IsLimited);
            standing = standing.Union(db.TargetChanges
                .Where(c => !limited || readable.Any(x => x.Indicator.Id == c.IndicatorId && x.Region.Id == c.RegionId)).Select(c => new { c.IndicatorId, c.RegionId }));
        }

        return from key in standing
               join indicator in indicators on key.IndicatorId equals indicator.Id
               join region in regions on key.RegionId equals region.Id
               orderby key.IndicatorId, key.RegionId
               select new StandingRow
               {
                   IndicatorId = key.IndicatorId,
                   Indicator = indicator.Code,
                   RegionId = key.RegionId,
                   Region = region.Code,
                   Standing = db.Standings.FirstOrDefault(s => s.IndicatorId == key.IndicatorId && s.RegionId == key.RegionId),
               };
    }

    /// <summary>These series as they are judged on the day of the plan, by its method; what stood nowhere by then is left out.</summary>
    public static async Task<IReadOnlyList<StandingItem>> ItemsAsync(
        this PlanDbContext db, CurrentPlan plan, IReadOnlyCollection<StandingRow> rows, bool withMethods, CancellationToken ct)
    {
        var facts = plan.AsItStands && !withMethods ? null : await db.FactsOfAsync([.. rows.Select(r => r.Series)], plan, ct);
        return [.. from row in rows
            let known = facts?.GetValueOrDefault(row.Series)
            let standing = plan.AsOf is null ? row.Standing : known?.ToStandingIfAny()
            where standing is not null
            select StandingItem.Of(row.Indicator, row.Region, standing, plan.Method, known, withMethods)];
    }

    /// <summary>One series with the reasons for its status; nothing where the reader sees none.</summary>
    public static async Task<SeriesItem?> SeriesItemAsync(this PlanDbContext db, CurrentPlan plan, Reader reader, string indicator, string region, CancellationToken ct)
    {
        if (!await db.ReadableCells(reader).AnyAsync(c => c.Indicator.PlanId == plan.Id && c.Indicator.Code == indicator && c.Region.RegionSet == plan.RegionSet && c.Region.Code == region, ct))
            return null;
        if (await db.WhyPageAsync(plan, indicator, region, ct) is not { } why)
            return null;
        var readings = db.KnownReadings(plan.AsOf).Where(k => k.Reading.IndicatorId == why.Line.Id && k.Reading.RegionId == why.Region.Id);
        var status = why.Line.Standing?.Status ?? Status.NoJudgement;
        return new SeriesItem
        {
            Standing = why.Line.Standing is { } standing ? StandingItem.Of(indicator, region, standing, plan.Method, why.Line.Facts, withMethods: true) : null,
            Why = WhyDocument.Of(why),
            Readings = [.. (await db.Rows(readings).ToListAsync(ct)).Select(r => r.Item(status)).OrderBy(r => r.Period)],
        };
    }
}
