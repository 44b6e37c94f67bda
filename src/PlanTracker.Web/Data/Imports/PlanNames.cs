using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>What a name in a file stands for.</summary>
/// <param name="Id">The one it names; empty where it names none, or several.</param>
/// <param name="Several">It names several: only the code tells them apart.</param>
public readonly record struct NamedId(int? Id, bool Several = false);

/// <summary>An indicator as a figure in a file has to fit it.</summary>
public sealed record NamedIndicator(int Id, string Code, Frequency Frequency, int Decimals, decimal? Min, decimal? Max, ReadingRules Rules);

/// <summary>
/// The codes and names by which files call the indicators and regions of a plan: codes exactly, names in both languages, long and short, whatever the
/// width or case of their letters; division codes of GB/T 2260 also without their zeros.
/// </summary>
public sealed class PlanNames
{
    private readonly Dictionary<string, NamedId> _indicators;
    private readonly Dictionary<string, NamedId> _regions;

    private PlanNames(
        IReadOnlyDictionary<int, NamedIndicator> indicators, IEnumerable<(int Id, string[] Names)> namesOfIndicators, IEnumerable<(int Id, string[] Names)> namesOfRegions)
    {
        Indicators = indicators;
        _indicators = Collected(namesOfIndicators);
        _regions = Collected(namesOfRegions);
    }

    public IReadOnlyDictionary<int, NamedIndicator> Indicators { get; }

    public static async Task<PlanNames> OfAsync(PlanDbContext db, int planId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var indicators = await db.Indicators.AsNoTracking().Where(i => i.PlanId == planId).OrderBy(i => i.Position).ToListAsync(ct);
        var regions = await db.Regions.Where(r => db.Plans.Any(p => p.Id == planId && p.RegionSet == r.RegionSet))
            .OrderBy(r => r.Position).Select(r => new { r.Id, r.Code, r.NameEn, r.NameZh, r.ShortEn, r.ShortZh, r.Iso }).ToListAsync(ct);
        return new PlanNames(
            indicators.ToDictionary(i => i.Id, i => new NamedIndicator(i.Id, i.Code, i.Frequency, i.Decimals, i.Min, i.Max, i.Rules)),
            indicators.Select(i => (i.Id, new[] { i.Code, i.NameEn, i.NameZh })),
            regions.Select(r => (r.Id, new[] { r.Code, r.NameEn, r.NameZh, r.ShortEn, r.ShortZh, r.Iso ?? r.Code })));
    }

    public NamedId Indicator(string text) => _indicators.GetValueOrDefault(Plain(text));

    public NamedId Region(string text)
    {
        var plain = Plain(text);
        if (_regions.TryGetValue(plain, out var named))
            return named;
        return plain.Length is 2 or 4 && plain.All(char.IsAsciiDigit) ? _regions.GetValueOrDefault(plain.PadRight(6, '0')) : default;
    }

    /// <summary>Whether a column's name is one of what its columns stand for.</summary>
    public bool Names(ColumnUse use, string name) => use switch
    {
        ColumnUse.Indicator => Indicator(name).Id is not null,
        ColumnUse.Region => Region(name).Id is not null,
        _ => Period.TryParse(name, out _),
    };

    private static Dictionary<string, NamedId> Collected(IEnumerable<(int Id, string[] Names)> named)
    {
        var codes = new Dictionary<string, NamedId>(StringComparer.Ordinal);
        var names = new Dictionary<string, NamedId>(StringComparer.Ordinal);
        foreach (var (id, texts) in named)
        {
            codes[Plain(texts[0])] = new NamedId(id);
            foreach (var name in texts.Skip(1).Select(Plain).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal))
                names[name] = names.TryGetValue(name, out var other) && other.Id != id ? new NamedId(null, Several: true) : new NamedId(id);
        }

        // A code goes before a name that reads the same.
        foreach (var (code, id) in codes)
            names[code] = id;
        return names;
    }

    private static string Plain(string text)
    {
        var trimmed = text.Trim();
        return (trimmed.IsNormalized(NormalizationForm.FormKC) ? trimmed : trimmed.Normalize(NormalizationForm.FormKC)).ToUpperInvariant();
    }
}
