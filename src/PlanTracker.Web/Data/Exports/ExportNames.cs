using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>The plan a file is taken from.</summary>
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
public sealed record ExportNames(
    IReadOnlyDictionary<int, ExportedIndicator> Indicators, IReadOnlyDictionary<int, ExportedRegion> Regions, IReadOnlyList<ExportedElement> Elements)
{
    internal static async Task<ExportNames> LoadAsync(PlanDbContext db, ExportedPlan plan, Reader reader, CancellationToken ct)
    {
        var indicators = await db.Indicators.Where(i => i.PlanId == plan.Id).OrderBy(i => i.Position).ThenBy(i => i.Id).Select(i => new ExportedIndicator
        {
            Id = i.Id,
            Code = i.Code,
            Name = new Bilingual(i.NameEn, i.NameZh),
            Unit = new Bilingual(i.UnitEn ?? "", i.UnitZh ?? ""),
            Group = new Bilingual(i.GroupEn, i.GroupZh),
            Definition = new Bilingual(i.DefinitionEn ?? "", i.DefinitionZh ?? ""),
            Decimals = i.Decimals,
            Better = i.Better,
            Frequency = i.Frequency,
            Measure = i.Measure,
            Aggregation = i.Aggregation,
            Source = i.Source ?? "",
        }).ToListAsync(ct);
        var regions = await db.Regions.Where(r => r.RegionSet == plan.RegionSet).ReadableBy(db, reader).OrderBy(r => r.Position).ThenBy(r => r.Id)
            .Select(r => new ExportedRegion
            {
                Id = r.Id,
                Code = r.Code,
                Name = new Bilingual(r.NameEn, r.NameZh),
                Short = new Bilingual(r.ShortEn, r.ShortZh),
                Kind = r.Kind,
                Parent = r.Parent!.Code ?? "",
                Source = r.Source,
            }).ToListAsync(ct);
        var elements = await db.Elements.Where(e => e.PlanId == plan.Id).OrderBy(e => e.Position).Select(e => new ExportedElement(
            e.Code, new Bilingual(e.TitleEn, e.TitleZh), db.IndicatorElements.Any(s => s.Element!.PlanId == plan.Id && s.Element.Path.StartsWith(e.Path)))).ToListAsync(ct);
        // In the order in which they were added, as long as none is taken out.
        return new ExportNames(new OrderedDictionary<int, ExportedIndicator>(indicators.Select(i => KeyValuePair.Create(i.Id, i))),
            new OrderedDictionary<int, ExportedRegion>(regions.Select(r => KeyValuePair.Create(r.Id, r))), elements);
    }
}
