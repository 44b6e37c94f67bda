using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>The plan a file is taken from.</summary>
/// <param name="Id">Its number here.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="RegionSet">Which regions it speaks of.</param>
/// <param name="Source">Where it was published.</param>
public sealed record ExportedPlan(int Id, string Code, Bilingual Name, string RegionSet, string Source);

/// <summary>An indicator as files name it.</summary>
public sealed record ExportedIndicator
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required Bilingual Group { get; init; }

    public Bilingual Definition { get; init; }

    public int Decimals { get; init; }

    public Better Better { get; init; }

    public Frequency Frequency { get; init; }

    public Measure Measure { get; init; }

    public Aggregation Aggregation { get; init; }

    public required string Source { get; init; }

    internal static ExportedIndicator Of(Indicator indicator) => new()
    {
        Id = indicator.Id,
        Code = indicator.Code,
        Name = indicator.Name,
        Unit = indicator.Unit,
        Group = new Bilingual(indicator.GroupEn, indicator.GroupZh),
        Definition = new Bilingual(indicator.DefinitionEn ?? "", indicator.DefinitionZh ?? ""),
        Decimals = indicator.Decimals,
        Better = indicator.Better,
        Frequency = indicator.Frequency,
        Measure = indicator.Measure,
        Aggregation = indicator.Aggregation,
        Source = indicator.Source ?? "",
    };
}

/// <summary>A region as files name it.</summary>
public sealed record ExportedRegion
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Short { get; init; }

    public RegionKind Kind { get; init; }

    /// <summary>Code of the region above; empty at the top.</summary>
    public required string Parent { get; init; }

    public required string Source { get; init; }

    internal static ExportedRegion Of(Region region, string parent) => new()
    {
        Id = region.Id,
        Code = region.Code,
        Name = region.Name,
        Short = region.Short,
        Kind = region.Kind,
        Parent = parent,
        Source = region.Source,
    };
}

/// <summary>An element readings can be chosen by.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Title">Its title.</param>
/// <param name="IsMeasured">An indicator speaks for it, or for something below it.</param>
public sealed record ExportedElement(string Code, Bilingual Title, bool IsMeasured);

/// <summary>
/// Everything of a plan that readings are chosen by and named with, each in its order: looked up once, so that a row carries only its numbers.
/// Regions are those whose figures the reader sees.
/// </summary>
public sealed class ExportNames
{
    private ExportNames(LedgerPart ledger, IEnumerable<ExportedRegion> regions, IReadOnlyList<ExportedElement> elements)
    {
        Ledger = ledger;
        Indicators = new OrderedDictionary<int, ExportedIndicator>(ledger.Indicators.Values.Select(i => KeyValuePair.Create(i.Id, ExportedIndicator.Of(i))));
        Regions = new OrderedDictionary<int, ExportedRegion>(regions.Select(r => KeyValuePair.Create(r.Id, r)));
        Elements = elements;
    }

    public IReadOnlyDictionary<int, ExportedIndicator> Indicators { get; }

    public IReadOnlyDictionary<int, ExportedRegion> Regions { get; }

    public IReadOnlyList<ExportedElement> Elements { get; }

    /// <summary>What a past day is judged with.</summary>
    internal LedgerPart Ledger { get; }

    internal static async Task<ExportNames> LoadAsync(PlanDbContext db, ExportedPlan plan, Reader reader, CancellationToken ct)
    {
        var indicators = await db.Indicators.AsNoTracking().Where(i => i.PlanId == plan.Id).OrderBy(i => i.Position).ThenBy(i => i.Id).ToListAsync(ct);
        var readable = db.Regions.ReadableBy(db, reader);
        var regions = await db.Regions.AsNoTracking().Where(r => r.RegionSet == plan.RegionSet).OrderBy(r => r.Position).ThenBy(r => r.Id)
            .Select(r => new { Region = r, IsReadable = readable.Any(a => a.Id == r.Id) }).ToListAsync(ct);
        var elements = await db.Elements.Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position).Select(e => new ExportedElement(
            e.Code, new Bilingual(e.TitleEn, e.TitleZh), db.IndicatorElements.Any(s => s.Element!.PlanId == plan.Id && s.Element.Path.StartsWith(e.Path)))).ToListAsync(ct);
        var codes = regions.ToDictionary(r => r.Region.Id, r => r.Region.Code);
        return new ExportNames(
            new LedgerPart(
                new OrderedDictionary<int, Indicator>(indicators.Select(i => KeyValuePair.Create(i.Id, i))), regions.ToDictionary(r => r.Region.Id, r => r.Region),
                regions.Where(r => r.Region.Kind == RegionKind.Country).Select(r => r.Region.Id).ToHashSet()),
            regions.Where(r => r.IsReadable).Select(r => ExportedRegion.Of(r.Region, r.Region.ParentId is { } parent ? codes[parent] : "")), elements);
    }
}
