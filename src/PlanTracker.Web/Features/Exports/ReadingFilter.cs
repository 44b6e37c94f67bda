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

    public required Status Status { get; init; }
}

public static class ExportQueries
{
    /// <summary>Approved readings in a stable order. A filter value that names nothing matches nothing.</summary>
    public static IQueryable<ExportedReading> ExportedReadings(this PlanDbContext db, CurrentPlan plan, ReadingFilter filter)
    {
        var readings = db.Readings.Where(r => r.Indicator!.PlanId == plan.Id && r.Status != null);
        if (filter.Task is { Length: > 0 } task)
        {
            readings = readings.Where(r => db.IndicatorElements.Any(s => s.IndicatorId == r.IndicatorId
                && db.Elements.Any(e => e.PlanId == plan.Id && e.Code == task && s.Element!.Path.StartsWith(e.Path))));
        }

        if (filter.Indicator is { Length: > 0 } indicator)
            readings = readings.Where(r => r.Indicator!.Code == indicator);
        if (filter.Region is { Length: > 0 } region)
        {
            readings = readings.Where(r =>
                db.Regions.Any(g => g.RegionSet == plan.RegionSet && g.Code == region && r.Region!.Path.StartsWith(g.Path))
                || db.RegionMemberships.Any(m => m.RegionId == r.RegionId && m.Grouping!.RegionSet == plan.RegionSet && m.Grouping.Code == region));
        }

        if (filter.From is { Length: > 0 })
            readings = Period.TryParse(filter.From, out var from) ? readings.Where(r => r.PeriodEnd >= from.End) : readings.Where(r => false);
        if (filter.To is { Length: > 0 })
            readings = Period.TryParse(filter.To, out var to) ? readings.Where(r => r.PeriodEnd <= to.End) : readings.Where(r => false);
        if (filter.Observation is { Length: > 0 })
        {
            readings = Kebab.TryParse<ObservationStatus>(filter.Observation, out var observation)
                ? readings.Where(r => r.Status == observation)
                : readings.Where(r => false);
        }

        if (filter.Status is { Length: > 0 })
        {
            readings = Kebab.TryParse<Status>(filter.Status, out var status)
                ? readings.Where(r => db.Standings.Any(s => s.IndicatorId == r.IndicatorId && s.RegionId == r.RegionId && s.Status == status))
                : readings.Where(r => false);
        }

        return
            from r in readings
            join s in db.Standings on new { r.IndicatorId, r.RegionId } equals new { s.IndicatorId, s.RegionId }
            orderby r.Indicator!.Position, r.Region!.Position, r.PeriodEnd, r.Period
            select new ExportedReading
            {
                IndicatorCode = r.Indicator!.Code,
                Indicator = new Bilingual(r.Indicator.NameEn, r.Indicator.NameZh),
                Unit = new Bilingual(r.Indicator.UnitEn ?? "", r.Indicator.UnitZh ?? ""),
                RegionCode = r.Region!.Code,
                Region = new Bilingual(r.Region.NameEn, r.Region.NameZh),
                Period = r.Period,
                Value = r.Value,
                Observation = r.Status!.Value,
                Quality = r.ApprovedRevision!.Quality,
                Source = r.ApprovedRevision.Source,
                Note = r.ApprovedRevision.Note,
                Status = s.Status,
            };
    }

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
