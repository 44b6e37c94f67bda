using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Exports;

/// <summary>Which readings, as it stands in the address. An empty field means all.</summary>
public sealed record ReadingFilter
{
    /// <summary>Code of an element: what speaks for it or for something below it.</summary>
    public string? Task { get; init; }

    public string? Indicator { get; init; }

    /// <summary>Code of a region: itself, what lies below it, and the members of a grouping.</summary>
    public string? Region { get; init; }

    /// <summary>First period, by its end.</summary>
    public string? From { get; init; }

    /// <summary>Last period, by its end.</summary>
    public string? To { get; init; }

    /// <summary>Status of the indicator in the region, e.g. <c>behind</c>.</summary>
    public string? Status { get; init; }

    /// <summary>SDMX observation status, e.g. <c>A</c>.</summary>
    public string? Observation { get; init; }

    /// <summary><c>spreadsheet</c>, or empty for programs.</summary>
    public string? Profile { get; init; }

    public bool ForSpreadsheet => string.Equals(Profile, "spreadsheet", StringComparison.Ordinal);

    public (string Name, string? Value)[] Query(string? profile) =>
    [
        ("task", Task), ("indicator", Indicator), ("region", Region), ("from", From), ("to", To),
        ("status", Status), ("observation", Observation), ("profile", profile),
    ];
}

public sealed record ExportPage
{
    public required ReadingFilter Filter { get; init; }

    public required int Rows { get; init; }

    public required IReadOnlyList<ExportedReading> First { get; init; }

    public required IReadOnlyList<Choice> Tasks { get; init; }

    public required IReadOnlyList<Choice> Indicators { get; init; }

    public required IReadOnlyList<Choice> Regions { get; init; }
}

public sealed record Choice(string Code, Bilingual Name);

/// <summary>An approved reading with the names and codes it is known by.</summary>
public sealed record ExportedReading
{
    public required Series Series { get; init; }

    public required string IndicatorCode { get; init; }

    public required Bilingual Indicator { get; init; }

    public required Bilingual Unit { get; init; }

    public required string RegionCode { get; init; }

    public required Bilingual Region { get; init; }

    public required Period Period { get; init; }

    public decimal? Value { get; init; }

    public required ObservationStatus Observation { get; init; }

    public required Quality Quality { get; init; }

    public required string Source { get; init; }

    public string? Note { get; init; }

    public Status Status { get; init; }
}

/// <summary>The readings a filter chooses.</summary>
/// <param name="Rows">In a stable order.</param>
/// <param name="PastStandings">On a past day, where each series stood; a standing of today comes with the row.</param>
public sealed record ExportedReadings(IQueryable<ExportedReading> Rows, IReadOnlyDictionary<Series, Standing>? PastStandings)
{
    public async IAsyncEnumerable<ExportedReading> StreamAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in Rows.AsAsyncEnumerable().WithCancellation(ct))
            yield return PastStandings?.GetValueOrDefault(row.Series) is { } standing ? row with { Status = standing.Status } : row;
    }
}

public static class ExportQueries
{
    /// <summary>Approved readings in a stable order, as they are or as they stood on a day. A filter value that names nothing matches nothing.</summary>
    public static async Task<ExportedReadings> ExportedReadingsAsync(this PlanDbContext db, CurrentPlan plan, ReadingFilter filter, CancellationToken ct)
    {
        var readings = db.ChosenReadings(plan, filter);
        Status? status = Kebab.TryParse<Status>(filter.Status ?? "", out var wanted) ? wanted : null;
        if (status is null && filter.Status is { Length: > 0 })
            readings = readings.Where(k => false);
        if (plan.AsOf is { } day)
        {
            var standings = await db.StandingsAsOfAsync(
                db.Indicators.Where(i => i.PlanId == plan.Id), db.Regions.Where(r => r.RegionSet == plan.RegionSet), day, ct);
            var keys = standings.Where(s => s.Value.Status == status).Select(s => (s.Key.IndicatorId * KeyFactor) + s.Key.RegionId).ToArray();
            if (status is not null)
                readings = readings.Where(k => keys.Contains((k.Reading.IndicatorId * KeyFactor) + k.Reading.RegionId));
            return new ExportedReadings(Rows(readings.Select(k => new JudgedReading { Known = k })), standings);
        }

        var judged =
            from known in readings
            join standing in db.Standings on new { known.Reading.IndicatorId, known.Reading.RegionId } equals new { standing.IndicatorId, standing.RegionId }
            where status == null || standing.Status == status
            select new JudgedReading { Known = known, Status = standing.Status };
        return new ExportedReadings(Rows(judged), PastStandings: null);
    }

    private sealed class JudgedReading
    {
        public required KnownReading Known { get; init; }

        public Status Status { get; init; }
    }

    // Two numbers as one, so that a list of series is one parameter.
    private const long KeyFactor = 1L << 32;

    private static IQueryable<KnownReading> ChosenReadings(this PlanDbContext db, CurrentPlan plan, ReadingFilter filter)
    {
        var readings = db.KnownReadings(plan.AsOf).Where(k => k.Reading.Indicator!.PlanId == plan.Id);
        if (filter.Task is { Length: > 0 } task)
        {
            readings = readings.Where(k => db.IndicatorElements.Any(s => s.IndicatorId == k.Reading.IndicatorId
                && db.Elements.Any(e => e.PlanId == plan.Id && e.Code == task && s.Element!.Path.StartsWith(e.Path))));
        }

        if (filter.Indicator is { Length: > 0 } indicator)
            readings = readings.Where(k => k.Reading.Indicator!.Code == indicator);
        if (filter.Region is { Length: > 0 } region)
        {
            readings = readings.Where(k =>
                db.Regions.Any(g => g.RegionSet == plan.RegionSet && g.Code == region && k.Reading.Region!.Path.StartsWith(g.Path))
                || db.RegionMemberships.Any(m => m.RegionId == k.Reading.RegionId && m.Grouping!.RegionSet == plan.RegionSet && m.Grouping.Code == region));
        }

        if (filter.From is { Length: > 0 })
            readings = Period.TryParse(filter.From, out var from) ? readings.Where(k => k.Reading.PeriodEnd >= from.End) : readings.Where(k => false);
        if (filter.To is { Length: > 0 })
            readings = Period.TryParse(filter.To, out var to) ? readings.Where(k => k.Reading.PeriodEnd <= to.End) : readings.Where(k => false);
        if (filter.Observation is { Length: > 0 })
        {
            readings = Kebab.TryParse<ObservationStatus>(filter.Observation, out var observation)
                ? readings.Where(k => k.Revision.Status == observation)
                : readings.Where(k => false);
        }

        return readings;
    }

    private static IQueryable<ExportedReading> Rows(IQueryable<JudgedReading> readings) =>
        from judged in readings
        let known = judged.Known
        let r = known.Reading
        orderby r.Indicator!.Position, r.Region!.Position, r.PeriodEnd, r.Period
        select new ExportedReading
        {
            Series = new Series(r.IndicatorId, r.RegionId),
            IndicatorCode = r.Indicator!.Code,
            Indicator = new Bilingual(r.Indicator.NameEn, r.Indicator.NameZh),
            Unit = new Bilingual(r.Indicator.UnitEn ?? "", r.Indicator.UnitZh ?? ""),
            RegionCode = r.Region!.Code,
            Region = new Bilingual(r.Region.NameEn, r.Region.NameZh),
            Period = r.Period,
            Value = known.Value,
            Observation = known.Revision.Status,
            Quality = known.Revision.Quality,
            Source = known.Revision.Source,
            Note = known.Revision.Note,
            Status = judged.Status,
        };

    public static Task<List<Choice>> TaskChoicesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Elements.Where(e => e.PlanId == plan.Id && db.IndicatorElements.Any(s => s.ElementId == e.Id)).OrderBy(e => e.Position)
            .Select(e => new Choice(e.Code, new Bilingual(e.TitleEn, e.TitleZh))).ToListAsync(ct);

    public static Task<List<Choice>> IndicatorChoicesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Indicators.Where(i => i.PlanId == plan.Id).OrderBy(i => i.Position)
            .Select(i => new Choice(i.Code, new Bilingual(i.NameEn, i.NameZh))).ToListAsync(ct);

    public static Task<List<Choice>> RegionChoicesAsync(this PlanDbContext db, CurrentPlan plan, CancellationToken ct) =>
        db.Regions.Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position)
            .Select(r => new Choice(r.Code, new Bilingual(r.ShortEn, r.ShortZh))).ToListAsync(ct);
}
