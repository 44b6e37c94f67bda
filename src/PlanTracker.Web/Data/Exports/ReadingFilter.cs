using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>Which readings, and in which shape, as it stands in an address or on a command line. An empty field means all, or the usual.</summary>
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

    /// <summary><c>long</c>, a row for each reading, or <c>wide</c>, a row for each indicator in each region.</summary>
    public string? Layout { get; init; }

    /// <summary><c>spreadsheet</c>, or empty for programs.</summary>
    public string? Profile { get; init; }

    public bool IsWide => string.Equals(Layout, "wide", StringComparison.Ordinal);

    public bool ForSpreadsheet => string.Equals(Profile, "spreadsheet", StringComparison.Ordinal);

    /// <summary>It leaves out no reading of a series that it takes.</summary>
    internal bool TakesWholeSeries => new[] { From, To, Status, Observation }.All(string.IsNullOrEmpty);

    /// <summary>The fields as an address has them.</summary>
    public (string Name, string? Value)[] Query() =>
    [
        ("task", Task), ("indicator", Indicator), ("region", Region), ("from", From), ("to", To), ("status", Status), ("observation", Observation),
        ("layout", IsWide ? Layout : null), ("profile", Profile),
    ];

    /// <summary>What is wrong with it. A value that names nothing is told where it stands: it would match nothing in silence.</summary>
    internal Dictionary<FilterField, FilterFault> Faults(ExportNames names)
    {
        var faults = new Dictionary<FilterField, FilterFault>();
        Check(FilterField.Task, Task, code => names.Elements.Any(e => Same(e.Code, code)));
        Check(FilterField.Indicator, Indicator, code => names.Indicators.Values.Any(i => Same(i.Code, code)));
        Check(FilterField.Region, Region, code => names.Regions.Values.Any(r => Same(r.Code, code)));
        Check(FilterField.Status, Status, text => Kebab.TryParse<Status>(text, out _));
        Check(FilterField.Observation, Observation, text => Kebab.TryParse<ObservationStatus>(text, out _));
        Check(FilterField.Layout, Layout, text => text is "long" or "wide");
        Check(FilterField.Profile, Profile, text => text is "spreadsheet");
        Check(FilterField.From, From, text => Period.TryParse(text, out _), FilterFault.NoPeriod);
        Check(FilterField.To, To, text => Period.TryParse(text, out _), FilterFault.NoPeriod);
        if (Period.TryParse(From, out var from) && Period.TryParse(To, out var to) && to.End < from.End)
            faults.Add(FilterField.To, FilterFault.EndsBeforeItBegins);
        return faults;

        void Check(FilterField field, string? text, Func<string, bool> names, FilterFault fault = FilterFault.NotKnown)
        {
            if (!string.IsNullOrEmpty(text) && !names(text))
                faults.Add(field, fault);
        }

        static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
    }
}

/// <summary>A field of <see cref="ReadingFilter"/>.</summary>
public enum FilterField
{
    Task,
    Indicator,
    Region,
    From,
    To,
    Status,
    Observation,
    Layout,
    Profile,
}

/// <summary>What is wrong with a field.</summary>
public enum FilterFault
{
    /// <summary>Nothing of that code is there for who asks.</summary>
    NotKnown,

    /// <summary>It is not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01.</summary>
    NoPeriod,

    /// <summary>The last period ends before the first.</summary>
    EndsBeforeItBegins,

    /// <summary>More rows than the format can hold.</summary>
    TooManyRows,
}
