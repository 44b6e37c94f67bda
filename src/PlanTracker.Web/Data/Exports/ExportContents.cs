using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>What is in a file's rows, each in its order.</summary>
internal sealed record ExportDimensions(IReadOnlyList<ExportedIndicator> Indicators, IReadOnlyList<ExportedRegion> Regions, IReadOnlyList<Period> Periods)
{
    public static ExportDimensions None { get; } = new([], [], []);
}

/// <summary>All that a format writes.</summary>
internal sealed record ExportContents
{
    public required ReadingExport Export { get; init; }

    public required Language Language { get; init; }

    /// <summary>To be read once.</summary>
    public required IAsyncEnumerable<ExportedReading> Rows { get; init; }

    public required ExportDimensions Dimensions { get; init; }

    public string T(Bilingual text) => text.In(Language);

    public string T(string en, string zh) => new Bilingual(en, zh).In(Language);
}
