using System.Text.RegularExpressions;
using PlanTracker.Domain;

namespace PlanTracker.Data.Packages;

/// <summary>Reads the files of a package and holds them against each other.</summary>
internal sealed partial class PackageReader(string folder)
{
    private static readonly Dictionary<string, Frequency> Frequencies = new(StringComparer.Ordinal)
    {
        ["A"] = Frequency.Annual,
        ["S"] = Frequency.Semester,
        ["Q"] = Frequency.Quarter,
        ["M"] = Frequency.Month,
    };

    private static readonly Dictionary<ElementKind, ElementKind> ParentKinds = new()
    {
        [ElementKind.FocusArea] = ElementKind.Task,
        [ElementKind.Project] = ElementKind.Task,
        [ElementKind.ProjectItem] = ElementKind.Project,
        [ElementKind.ActionMeasure] = ElementKind.Action,
    };

    private readonly List<PackageFault> _faults = [];

    public PlanPackage Read()
    {
        var (plan, regionsFile, groupingsFile) = Plan();
        StopAtFaults();

        var regions = Regions(regionsFile);
        var memberships = groupingsFile is null ? [] : Memberships(groupingsFile, Codes(regions, r => r.Code));
        var elements = Elements();
        var elementCodes = Codes(elements, e => e.Code);
        var indicators = Indicators(elementCodes);
        var byIndicator = indicators.DistinctBy(i => i.Code).ToDictionary(i => i.Code, StringComparer.Ordinal);
        var regionCodes = Codes(regions, r => r.Code);
        var departments = Departments();
        var package = new PlanPackage
        {
            Plan = plan!,
            Regions = regions,
            Memberships = memberships,
            Elements = elements,
            Links = Links(elementCodes),
            Indicators = indicators,
            Targets = Targets(byIndicator, regionCodes),
            Milestones = Milestones(elementCodes),
            Departments = departments,
            Assignments = Assignments(Codes(departments, d => d.Code), elementCodes),
            Readings = Readings(byIndicator, regionCodes),
        };
        StopAtFaults();
        return package;
    }

    private (PlanRow? Plan, string RegionsFile, string? GroupingsFile) Plan()
    {
        var rows = Table("plan.csv", "code", "name_en", "name_zh", "issuer_en", "issuer_zh", "issued_on", "baseline_period", "end_period",
            "milestone_years", "regions", "groupings", "source", "note");
        if (rows.Count != 1)
        {
            if (_faults.Count == 0)
                Fault("plan.csv", 1, "there must be exactly one row");
            return (null, "", null);
        }

        var row = rows[0];
        var regionsFile = row.Required("regions", Data.Plan.SourceLength);
        var code = row.Required("code", Data.Plan.CodeLength);
        // A region file beside the plan is the plan's own; one elsewhere is shared by every plan that names it.
        var regionSet = string.Equals(Path.GetFileName(regionsFile), regionsFile, StringComparison.Ordinal) ? code : Path.GetFileNameWithoutExtension(regionsFile);
        var plan = new PlanRow(
            code, Text(row, "name", Data.Plan.NameLength),
            row.Optional("issuer_en", Data.Plan.NameLength), row.Optional("issuer_zh", Data.Plan.NameLength), row.OptionalDate("issued_on"),
            row.Period("baseline_period"), row.Period("end_period"), Years(row), regionSet,
            row.Required("source", Data.Plan.SourceLength), row.Optional("note", Data.Plan.SourceLength));
        if (!PlanCode().IsMatch(plan.Code))
            row.Fault($"code '{plan.Code}' may hold lower-case letters, digits and hyphens only");
        if (plan.EndPeriod.EndMonth <= plan.BaselinePeriod.EndMonth)
            row.Fault("end_period is not later than baseline_period");
        return (plan, regionsFile, row.Optional("groupings", Data.Plan.SourceLength));
    }

    private List<RegionRow> Regions(string file)
    {
        string[] columns = ["code", "kind", "parent", "name_en", "name_zh", "short_en", "short_zh", "iso", "group_type", "reports",
            "tile_col", "tile_row", "valid_from", "valid_to", "source", "note"];
        var rows = Table(file, columns, optional: ["initials"]);
        var codes = Unique(rows, "code");
        var regions = rows.Select(row => new RegionRow(
            row.Required("code", Region.CodeLength), row.Choice<RegionKind>("kind"), Reference(row, "parent", codes),
            Text(row, "name", Data.Plan.NameLength), Text(row, "short", Data.Plan.NameLength), Initials(row), row.Optional("iso", 10),
            row.OptionalChoice<GroupType>("group_type"), row.YesNo("reports"), row.OptionalInteger("tile_col", 1, 100), row.OptionalInteger("tile_row", 1, 100),
            row.OptionalDate("valid_from"), row.OptionalDate("valid_to"), row.Required("source", Data.Plan.SourceLength),
            row.Optional("note", Data.Plan.SourceLength))).ToList();

        if (rows.Count > 0 && regions.Count(r => r.Kind == RegionKind.Country) != 1)
            Fault(file, 1, "exactly one region must be of kind country: the root");
        foreach (var (row, region) in rows.Zip(regions))
        {
            if (region.Kind == RegionKind.Unit && region.Parent is null)
                row.Fault("a unit needs a parent");
            if (region.Kind != RegionKind.Unit && region.Parent is not null)
                row.Fault("only units have a parent");
            if ((region.Kind == RegionKind.Grouping) != (region.GroupType is not null))
                row.Fault("group_type stands with a grouping, and only there");
        }

        RefuseCircles(rows, r => r["code"], r => r["parent"]);
        return regions;
    }

    private static string? Initials(CsvRow row)
    {
        var initials = row.Optional("initials", Region.InitialsLength);
        if (initials is not null && !initials.All(char.IsAsciiLetterLower))
            row.Fault($"initials '{initials}' may hold lower-case letters a to z only, e.g. bj for 北京; leave it empty where there are none");
        return initials;
    }

    private List<MembershipRow> Memberships(string file, HashSet<string> regions)
    {
        var rows = Table(file, "grouping", "region", "note");
        Unique(rows, "grouping", "region");
        return [.. rows.Select(row => new MembershipRow(
            NeededReference(row, "grouping", regions), NeededReference(row, "region", regions), row.Optional("note", Data.Plan.SourceLength)))];
    }

    private List<ElementRow> Elements()
    {
        var rows = Table("elements.csv", "code", "kind", "parent", "title_en", "title_zh", "title_zh_basis", "summary_en", "summary_zh", "source");
        var codes = Unique(rows, "code");
        var elements = rows.Select(row => new ElementRow(
            row.Required("code", PlanElement.CodeLength), row.Choice<ElementKind>("kind"), Reference(row, "parent", codes),
            Text(row, "title", PlanElement.TitleLength), row.Choice<TitleBasis>("title_zh_basis"),
            Text(row, "summary", PlanElement.SummaryLength), row.Required("source", Data.Plan.SourceLength))).ToList();

        var kinds = elements.DistinctBy(e => e.Code).ToDictionary(e => e.Code, e => e.Kind, StringComparer.Ordinal);
        foreach (var (row, element) in rows.Zip(elements))
        {
            var wanted = ParentKinds.TryGetValue(element.Kind, out var kind) ? kind : (ElementKind?)null;
            ElementKind? found = element.Parent is { } parent && kinds.TryGetValue(parent, out var parentKind) ? parentKind : null;
            if (wanted is { } w && found != w)
                row.Fault($"a {Kebab.Of(element.Kind)} stands under a {Kebab.Of(w)}");
            if (wanted is null && element.Parent is not null)
                row.Fault($"a {Kebab.Of(element.Kind)} has no parent");
        }

        return elements;
    }

    private List<LinkRow> Links(HashSet<string> elements)
    {
        var rows = Table("links.csv", "from", "to", "basis");
        Unique(rows, "from", "to");
        return [.. rows.Select(row => new LinkRow(
            NeededReference(row, "from", elements), NeededReference(row, "to", elements), row.Required("basis", Data.Plan.SourceLength)))];
    }

    private List<IndicatorRow> Indicators(HashSet<string> elements)
    {
        string[] columns = ["code", "name_en", "name_zh", "unit_en", "unit_zh", "decimals", "direction", "min", "max", "frequency",
            "measure", "aggregation", "weight", "reported_by", "due", "headline", "group_en", "group_zh", "elements", "mapping_basis",
            "definition_en", "definition_zh", "verified", "source", "note"];
        var rows = Table("indicators.csv", columns, optional: ["denominator"]);
        var codes = Unique(rows, "code");
        return [.. rows.Select(row => Indicator(row, codes, elements))];
    }

    private static IndicatorRow Indicator(CsvRow row, HashSet<string> codes, HashSet<string> elements)
    {
        if (!Frequencies.TryGetValue(row["frequency"], out var frequency))
            row.Fault($"frequency '{row["frequency"]}' is not one of A, S, Q, M");
        var (min, max) = (row.OptionalNumber("min"), row.OptionalNumber("max"));
        if (min >= max)
            row.Fault("min is not below max");
        var speaksFor = row.List("elements");
        foreach (var unknown in speaksFor.Where(e => !elements.Contains(e)))
            row.Fault($"elements names '{unknown}', which is not in elements.csv");
        if (speaksFor.Distinct(StringComparer.Ordinal).Count() != speaksFor.Count)
            row.Fault("elements names one element twice");
        if (row["decimals"].Length == 0)
            row.Fault("decimals is empty");
        if ((row["aggregation"] == Kebab.Of(Aggregation.WeightedMean)) != (row["weight"].Length > 0))
            row.Fault("weight stands with aggregation weighted-mean, and only there");
        if (row["denominator"].Length > 0 && row["denominator"] == row["code"])
            row.Fault("denominator is the indicator itself");

        return new IndicatorRow(
            row.Required("code", Data.Indicator.CodeLength), Text(row, "name", Data.Plan.NameLength),
            row.Optional("unit_en", Data.Indicator.UnitLength), row.Optional("unit_zh", Data.Indicator.UnitLength),
            row.OptionalInteger("decimals", 0, StrictNumber.MaxDecimals) ?? 0, row.Choice<Better>("direction"), min, max, frequency,
            row.Choice<Measure>("measure"), row.Choice<Aggregation>("aggregation"), Reference(row, "weight", codes), Reference(row, "denominator", codes), row.Choice<ReportedBy>("reported_by"),
            row.YesNo("due"), row.YesNo("headline"), Text(row, "group", Data.Plan.NameLength), speaksFor,
            row.Required("mapping_basis", Data.Plan.SourceLength), row.Optional("definition_en", Data.Indicator.DefinitionLength),
            row.Optional("definition_zh", Data.Indicator.DefinitionLength), Verified(row), row.Optional("source", Data.Plan.SourceLength),
            row.Optional("note", Data.Indicator.DefinitionLength));
    }

    private List<TargetRow> Targets(Dictionary<string, IndicatorRow> indicators, HashSet<string> regions)
    {
        var rows = Table("targets.csv", "code", "indicator", "region", "period", "role", "value", "shape", "document_en", "document_zh",
            "stated_on", "source", "verified", "note");
        Unique(rows, "code");
        var targets = rows.Select(row => new TargetRow(
            row.Required("code", Target.CodeLength), NeededReference(row, "indicator", indicators.Keys), NeededReference(row, "region", regions),
            row.Period("period"), row.Choice<TargetRole>("role"), Figure(row, indicators) ?? 0, row.OptionalChoice<PathShape>("shape") ?? PathShape.Linear,
            Text(row, "document", Data.Plan.NameLength), row.OptionalDate("stated_on"),
            row.Required("source", Data.Plan.SourceLength), Verified(row), row.Optional("note", Data.Indicator.DefinitionLength))).ToList();

        foreach (var row in rows.Where(r => r["value"].Length == 0))
            row.Fault("value is empty");
        foreach (var path in rows.Zip(targets).Where(t => t.Second.Role != TargetRole.Reference).GroupBy(t => (t.Second.Indicator, t.Second.Region)))
            RefuseBrokenPath([.. path]);
        return targets;
    }

    /// <summary>One baseline, one final target, one value for a period, and every target later than the baseline.</summary>
    private static void RefuseBrokenPath(List<(CsvRow Row, TargetRow Target)> path)
    {
        foreach (var role in new[] { TargetRole.Baseline, TargetRole.Final })
        {
            foreach (var (row, _) in path.Where(t => t.Target.Role == role).Skip(1))
                row.Fault($"a second {Kebab.Of(role)} for the same indicator and region");
        }

        foreach (var (row, target) in path.GroupBy(t => t.Target.Period).SelectMany(p => p.Skip(1)))
            row.Fault($"a second value for {target.Period} of the same indicator and region");
        if (path.Where(t => t.Target.Role == TargetRole.Final).Select(t => t.Target).FirstOrDefault() is { } final)
        {
            foreach (var (row, _) in path.Where(t => t.Target.Role == TargetRole.Interim && t.Target.Period > final.Period))
                row.Fault($"an interim target later than the final one of {final.Period}");
        }

        foreach (var (row, target) in path.Where(t => t.Target.Shape != PathShape.Linear && t.Target.Role != TargetRole.Final))
            row.Fault($"shape '{Kebab.Of(target.Shape)}' stands with role {Kebab.Of(target.Role)}; the shape of a path is stated with its final target");
        var baseline = path.Where(t => t.Target.Role == TargetRole.Baseline).Select(t => t.Target).FirstOrDefault();
        RefuseBrokenShape(path, baseline);
        if (baseline is null)
            return;
        foreach (var (row, _) in path.Where(t => t.Target.Role != TargetRole.Baseline && t.Target.Period.EndMonth <= baseline.Period.EndMonth))
            row.Fault($"the target is not later than the baseline of {baseline.Period}");
    }

    private static void RefuseBrokenShape(List<(CsvRow Row, TargetRow Target)> path, TargetRow? baseline)
    {
        if (path.FirstOrDefault(t => t.Target.Role == TargetRole.Final) is not { Target: { } final } stated)
            return;
        var points = path.Where(t => t.Target.Role != TargetRole.Baseline).Select(t => new PathPoint(t.Target.Period, t.Target.Value)).ToList();
        switch (PlannedPath.FaultOf(final.Shape, baseline is null ? null : new PathPoint(baseline.Period, baseline.Value), points))
        {
            case ShapeFault.GeometricNeedsPositive:
                stated.Row.Fault("a geometric path needs a baseline and targets above zero");
                break;
            case ShapeFault.ManualNeedsEveryYear:
                stated.Row.Fault("a manual path needs an interim target for every year between baseline and final target");
                break;
        }
    }

    private List<MilestoneRow> Milestones(HashSet<string> elements)
    {
        var rows = Table("milestones.csv", "code", "element", "year", "goal_en", "goal_zh", "source", "note");
        Unique(rows, "code");
        return [.. rows.Select(row => new MilestoneRow(
            row.Required("code", Milestone.CodeLength), NeededReference(row, "element", elements), row.OptionalInteger("year", 1, 9990) ?? MissingYear(row),
            Text(row, "goal", Milestone.GoalLength), row.Required("source", Data.Plan.SourceLength), row.Optional("note", Data.Plan.SourceLength)))];
    }

    private List<DepartmentRow> Departments()
    {
        var rows = Table("departments.csv", "code", "name_en", "name_zh", "basis", "source", "note");
        Unique(rows, "code");
        return [.. rows.Select(row => new DepartmentRow(
            row.Required("code", Department.CodeLength), Text(row, "name", Data.Plan.NameLength), row.Required("basis", Data.Plan.SourceLength),
            row.Required("source", Data.Plan.SourceLength), row.Optional("note", Data.Plan.SourceLength)))];
    }

    private List<AssignmentRow> Assignments(HashSet<string> departments, HashSet<string> elements)
    {
        var rows = Table("assignments.csv", "department", "element", "role", "illustrative", "basis");
        Unique(rows, "department", "element");
        return [.. rows.Select(row => new AssignmentRow(
            NeededReference(row, "department", departments), NeededReference(row, "element", elements), row.Choice<AssignmentRole>("role"),
            row.YesNo("illustrative"), row.Required("basis", Data.Plan.SourceLength)))];
    }

    private List<ReadingRow> Readings(Dictionary<string, IndicatorRow> indicators, HashSet<string> regions)
    {
        var readings = new List<ReadingRow>();
        var home = Path.Combine(folder, "readings");
        foreach (var path in Directory.Exists(home) ? Directory.GetFiles(home, "*.csv").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var rows = Table("readings/" + Path.GetFileName(path), "indicator", "region", "period", "value", "status", "quality", "source", "published_on", "note");
            readings.AddRange(rows.Select(row => Reading(row, indicators, regions)));
        }

        return readings;
    }

    private static ReadingRow Reading(CsvRow row, Dictionary<string, IndicatorRow> indicators, HashSet<string> regions)
    {
        var reading = new ReadingRow(
            NeededReference(row, "indicator", indicators.Keys), NeededReference(row, "region", regions), row.Period("period"), Figure(row, indicators),
            row.Choice<ObservationStatus>("status"), row.Choice<Quality>("quality"), row.Required("source", ReadingRevision.SourceLength),
            row.OptionalDate("published_on"), row.Optional("note", ReadingRevision.NoteLength));
        // What the field holds decides, not what was read from it: a bad number is one fault, not also a missing one.
        var empty = row["value"].Length == 0;
        if (empty && !reading.Status.StandsForNoValue())
            row.Fault($"value is empty, and status {reading.Status} does not say why (L, M, O or Q would)");
        if (!empty && reading.Status.StandsForNoValue())
            row.Fault($"status {reading.Status} says there is no value, but there is one");
        return reading;
    }

    private static decimal? Figure(CsvRow row, Dictionary<string, IndicatorRow> indicators)
    {
        var known = indicators.GetValueOrDefault(row["indicator"]);
        var value = row.OptionalNumber("value", known?.Decimals ?? StrictNumber.MaxDecimals);
        if (value < known?.Min)
            row.Fault($"value {row["value"]} is below the indicator's minimum {known.Min}");
        if (value > known?.Max)
            row.Fault($"value {row["value"]} is above the indicator's maximum {known.Max}");
        return value;
    }

    private IReadOnlyList<CsvRow> Table(string file, params string[] columns) => Table(file, columns, optional: []);

    private IReadOnlyList<CsvRow> Table(string file, string[] columns, string[] optional) =>
        new CsvTable(Path.GetFileName(file) == file ? file : file.Replace('\\', '/'), _faults).Read(Path.Combine(folder, file), columns, optional);

    private void Fault(string file, int line, string reason) => _faults.Add(new PackageFault(file, line, reason));

    private void StopAtFaults()
    {
        if (_faults.Count > 0)
            throw new PackageRefusedException(_faults);
    }

    private static Bilingual Text(CsvRow row, string column, int maxLength) =>
        new(row.Required(column + "_en", maxLength), row.Required(column + "_zh", maxLength));

    private static string Verified(CsvRow row)
    {
        if (row["verified"] is not ("yes" or "target only" or "no"))
            row.Fault($"verified '{row["verified"]}' is not one of yes, target only, no");
        return row["verified"];
    }

    private static List<int> Years(CsvRow row)
    {
        var years = new List<int>();
        foreach (var text in row.List("milestone_years"))
        {
            if (Domain.Period.TryParse(text, out var period) && period.Frequency == Frequency.Annual)
                years.Add(period.Year);
            else
                row.Fault($"milestone_years '{text}' is not a year");
        }

        return years;
    }

    private static int MissingYear(CsvRow row)
    {
        row.Fault("year is empty");
        return 0;
    }

    private static HashSet<string> Unique(IReadOnlyList<CsvRow> rows, params string[] key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var value = string.Join(" / ", key.Select(k => row[k]));
            if (!seen.Add(value))
                row.Fault($"{string.Join(", ", key)} '{value}' stands twice");
        }

        return seen;
    }

    private static string? Reference(CsvRow row, string column, ICollection<string> known)
    {
        var code = row[column];
        if (code.Length > 0 && !known.Contains(code))
            row.Fault($"{column} '{code}' is not known");
        return code.Length == 0 ? null : code;
    }

    private static string NeededReference(CsvRow row, string column, ICollection<string> known)
    {
        if (row[column].Length == 0)
            row.Fault($"{column} is empty");
        return Reference(row, column, known) ?? "";
    }

    private static void RefuseCircles(IReadOnlyList<CsvRow> rows, Func<CsvRow, string> code, Func<CsvRow, string> parent)
    {
        var parents = rows.DistinctBy(code).ToDictionary(code, parent, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var steps = 0;
            for (var at = parent(row); at.Length > 0 && steps <= rows.Count; at = parents.GetValueOrDefault(at, ""))
                steps++;
            if (steps > rows.Count)
                row.Fault("its parents run in a circle");
        }
    }

    private static HashSet<string> Codes<T>(IEnumerable<T> rows, Func<T, string> code) => rows.Select(code).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlanCode();
}
