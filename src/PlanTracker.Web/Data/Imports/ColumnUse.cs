namespace PlanTracker.Data.Imports;

/// <summary>What a column of a file means.</summary>
public enum ColumnUse
{
    /// <summary>Is not read.</summary>
    Ignored,
    Indicator,
    Region,
    Period,
    Value,

    /// <summary>Observation status.</summary>
    Status,
    Note,
    Source,

    /// <summary>Why the figure is right although it is questioned.</summary>
    Explanation,

    /// <summary>Figures of one period, one indicator or one region, which is the column's name.</summary>
    Figures,
}

/// <summary>Why a file cannot be read with its columns understood so.</summary>
public enum ColumnFault
{
    /// <summary>Neither a column of values nor columns of figures.</summary>
    NoFigures,

    /// <summary>A column of values and columns of figures.</summary>
    BothLayouts,

    /// <summary>Two columns for one thing.</summary>
    UseTwice,
    IndicatorMissing,
    RegionMissing,
    PeriodMissing,

    /// <summary>Columns of figures, and each row has indicator, region and period already.</summary>
    NothingLeftForFigures,

    /// <summary>The name of a column of figures is no period, no indicator or no region.</summary>
    FiguresUnnamed,

    /// <summary>What is said of every row names no indicator, region or period.</summary>
    IndicatorUnknown,
    RegionUnknown,
    PeriodUnknown,
    SourceTooLong,
    UnsafeText,

    /// <summary>The file was read, taken back or replaced in the meantime.</summary>
    Overtaken,
}

/// <summary>How a file is understood: what each column means, and what is said of every row.</summary>
public sealed record ColumnPlan
{
    public required IReadOnlyList<ColumnUse> Columns { get; init; }

    public string? Indicator { get; init; }

    public string? Region { get; init; }

    public string? Period { get; init; }

    public string? Source { get; init; }

    public bool Has(ColumnUse use) => Columns.Contains(use);

    /// <summary>What the names of the columns of figures stand for: the one thing no row says; nothing where that is not one.</summary>
    public ColumnUse? Spread
    {
        get
        {
            ColumnUse[] missing =
            [
                .. new[] { (ColumnUse.Indicator, Indicator), (ColumnUse.Region, Region), (ColumnUse.Period, Period) }
                    .Where(k => !Has(k.Item1) && string.IsNullOrWhiteSpace(k.Item2)).Select(k => k.Item1),
            ];
            return missing.Length == 1 ? missing[0] : null;
        }
    }

    /// <summary>What is wrong with it, by itself.</summary>
    public ColumnFault? Fault(IReadOnlyList<string> header, PlanNames names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (Columns.Where(u => u is not (ColumnUse.Ignored or ColumnUse.Figures)).GroupBy(u => u).Any(g => g.Count() > 1))
            return ColumnFault.UseTwice;
        if (!Has(ColumnUse.Value) && !Has(ColumnUse.Figures))
            return ColumnFault.NoFigures;
        if (Has(ColumnUse.Value) && Has(ColumnUse.Figures))
            return ColumnFault.BothLayouts;
        if (Source?.Length > ReadingRevision.SourceLength)
            return ColumnFault.SourceTooLong;
        if (!SafeText.IsSafe(Source) || !SafeText.IsSafe(Indicator) || !SafeText.IsSafe(Region) || !SafeText.IsSafe(Period))
            return ColumnFault.UnsafeText;
        if (Kept(Indicator) is { } indicator && names.Indicator(indicator).Id is null)
            return ColumnFault.IndicatorUnknown;
        if (Kept(Region) is { } region && names.Region(region).Id is null)
            return ColumnFault.RegionUnknown;
        if (Kept(Period) is { } period && !Domain.Period.TryParse(period, out _))
            return ColumnFault.PeriodUnknown;
        return Has(ColumnUse.Figures) ? FaultOfFigures(header, names) : FaultOfKeys();
    }

    private ColumnFault? FaultOfKeys()
    {
        if (!Has(ColumnUse.Indicator) && Kept(Indicator) is null)
            return ColumnFault.IndicatorMissing;
        if (!Has(ColumnUse.Region) && Kept(Region) is null)
            return ColumnFault.RegionMissing;
        return Has(ColumnUse.Period) || Kept(Period) is not null ? null : ColumnFault.PeriodMissing;
    }

    private ColumnFault? FaultOfFigures(IReadOnlyList<string> header, PlanNames names)
    {
        if (Spread is not { } spread)
            return FaultOfKeys() ?? ColumnFault.NothingLeftForFigures;
        var unnamed = header.Where((name, i) => Columns[i] == ColumnUse.Figures && !names.Names(spread, name)).Any();
        return unnamed ? ColumnFault.FiguresUnnamed : null;
    }

    internal static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
