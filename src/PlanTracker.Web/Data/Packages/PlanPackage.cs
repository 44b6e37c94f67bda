using PlanTracker.Domain;

namespace PlanTracker.Data.Packages;

/// <summary>A plan package as it stands on disk, checked: every reference resolves, every figure is a number within its bounds.</summary>
/// <remarks>The format is described in <c>docs/seed-format.md</c>.</remarks>
public sealed record PlanPackage
{
    public required PlanRow Plan { get; init; }

    public required IReadOnlyList<RegionRow> Regions { get; init; }

    public required IReadOnlyList<MembershipRow> Memberships { get; init; }

    public required IReadOnlyList<ElementRow> Elements { get; init; }

    public required IReadOnlyList<LinkRow> Links { get; init; }

    public required IReadOnlyList<IndicatorRow> Indicators { get; init; }

    public required IReadOnlyList<TargetRow> Targets { get; init; }

    public required IReadOnlyList<MilestoneRow> Milestones { get; init; }

    public required IReadOnlyList<DepartmentRow> Departments { get; init; }

    public required IReadOnlyList<AssignmentRow> Assignments { get; init; }

    public required IReadOnlyList<ReadingRow> Readings { get; init; }

    /// <summary>Reads and checks the package in <paramref name="folder"/>.</summary>
    /// <exception cref="PackageRefusedException">Something in it is wrong; every fault is named with file and line.</exception>
    public static PlanPackage Read(string folder) => new PackageReader(folder).Read();
}

/// <summary>A package was refused; nothing of it is loaded.</summary>
public sealed class PackageRefusedException(IReadOnlyList<PackageFault> faults)
    : Exception($"The plan package is refused, nothing was loaded. {faults.Count} fault(s):\n{string.Join('\n', faults.Take(Shown))}{(faults.Count > Shown ? $"\n… and {faults.Count - Shown} more" : "")}")
{
    private const int Shown = 50;

    public IReadOnlyList<PackageFault> Faults { get; } = faults;
}

public sealed record PlanRow(
    string Code, Bilingual Name, string? IssuerEn, string? IssuerZh, DateOnly? IssuedOn, Period BaselinePeriod, Period EndPeriod,
    IReadOnlyList<int> MilestoneYears, string RegionSet, string Source, string? Note);

public sealed record RegionRow(
    string Code, RegionKind Kind, string? Parent, Bilingual Name, Bilingual Short, string? Initials, string? Iso, GroupType? GroupType, bool Reports,
    int? TileCol, int? TileRow, DateOnly? ValidFrom, DateOnly? ValidTo, string Source, string? Note);

public sealed record MembershipRow(string Grouping, string Region, string? Note);

public sealed record ElementRow(
    string Code, ElementKind Kind, string? Parent, Bilingual Title, TitleBasis TitleZhBasis, Bilingual Summary, string Source);

public sealed record LinkRow(string From, string To, string Basis);

public sealed record IndicatorRow(
    string Code, Bilingual Name, string? UnitEn, string? UnitZh, int Decimals, Better Better, decimal? Min, decimal? Max, Frequency Frequency,
    Measure Measure, Aggregation Aggregation, string? Weight, string? Denominator, ReportedBy ReportedBy, bool Due, bool Headline, Bilingual Group,
    IReadOnlyList<string> Elements, string MappingBasis, string? DefinitionEn, string? DefinitionZh, string Verified, string? Source, string? Note);

public sealed record TargetRow(
    string Code, string Indicator, string Region, Period Period, TargetRole Role, decimal Value, PathShape Shape, Bilingual Document, DateOnly? StatedOn,
    string Source, string Verified, string? Note);

public sealed record MilestoneRow(string Code, string Element, int Year, Bilingual Goal, string Source, string? Note);

public sealed record DepartmentRow(string Code, Bilingual Name, string Basis, string Source, string? Note);

public sealed record AssignmentRow(string Department, string Element, AssignmentRole Role, bool Illustrative, string Basis);

public sealed record ReadingRow(
    string Indicator, string Region, Period Period, decimal? Value, ObservationStatus Status, Quality Quality, string Source, DateOnly? PublishedOn,
    string? Note);
