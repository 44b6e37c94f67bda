using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Compare;

public sealed record ComparedIndicator
{
    public required int Id { get; init; }

    public required string Code { get; init; }

    public required Bilingual Name { get; init; }

    public required Bilingual Unit { get; init; }

    public required Bilingual Group { get; init; }

    /// <summary>What its values can be divided by; none when no denominator is declared.</summary>
    public Denominator? Denominator { get; init; }
}

public sealed record Denominator(int Id, Bilingual Name, Bilingual Unit);

public sealed record ComparedRegion(int Id, string Code, Bilingual Short);

/// <summary>One indicator in one region, earliest first.</summary>
public sealed record ComparedSeries(ComparedIndicator Indicator, ComparedRegion Region, IReadOnlyList<CoursePoint> Points);

/// <summary>Why something that was asked for is not shown, or not as asked.</summary>
public sealed record CompareNote(Bilingual Text);

/// <summary>Turns the chosen series into drawings.</summary>
public sealed record Comparison
{
    public required IReadOnlyList<CourseChart> Panels { get; init; }

    public required IReadOnlyList<CompareNote> Notes { get; init; }

    /// <summary>Periods for which every series has a value above zero: where an index can start.</summary>
    public required IReadOnlyList<Period> Bases { get; init; }

    /// <param name="series">What was chosen, in its order.</param>
    /// <param name="denominators">Values to divide by, by indicator and region; null to leave values as they are.</param>
    /// <param name="index">Whether every series starts from 100.</param>
    /// <param name="starts">Where the index may start, the first that all have wins; the first period all have when they have none of these.</param>
    public static Comparison Of(
        IReadOnlyList<ComparedSeries> series, IReadOnlyDictionary<(int Indicator, int Region), Dictionary<Period, decimal>>? denominators, bool index, params IReadOnlyList<Period> starts)
    {
        var notes = series.Where(s => s.Points.Count == 0)
            .Select(s => new CompareNote(new($"No readings: {s.Indicator.Name.En}, {s.Region.Short.En}.", $"无数据：{s.Region.Short.Zh}，{s.Indicator.Name.Zh}。"))).ToList();
        var shown = series.Where(s => s.Points.Count > 0).ToList();
        if (denominators is not null)
            shown = Divided(shown, denominators, notes);
        if (index)
            shown = Drawable(shown, notes);
        var bases = Shared(shown);
        var panels = index ? Indexed(shown, bases, starts, notes) : ByIndicator(shown, notes);
        return new Comparison { Panels = panels, Notes = notes, Bases = bases };
    }

    private static List<ComparedSeries> Divided(
        List<ComparedSeries> series, IReadOnlyDictionary<(int Indicator, int Region), Dictionary<Period, decimal>> denominators, List<CompareNote> notes)
    {
        foreach (var whole in series.Select(s => s.Indicator).Where(i => i.Denominator is null).Distinct())
            notes.Add(new(new($"{whole.Name.En} declares no denominator and is shown as it is.", $"{whole.Name.Zh}未规定分母，按原值显示。")));
        var divided = new List<ComparedSeries>();
        foreach (var group in series.GroupBy(s => s.Indicator))
        {
            if (group.Key.Denominator is not { } by)
            {
                divided.AddRange(group);
                continue;
            }

            var share = by.Unit == group.Key.Unit;
            var unit = share ? new Bilingual("%", "%") : new Bilingual($"{group.Key.Unit.En} per {by.Unit.En}", $"{group.Key.Unit.Zh}／{by.Unit.Zh}");
            var quotients = group.ToDictionary(s => s, s => s.Points
                .Where(p => denominators.GetValueOrDefault((by.Id, s.Region.Id))?.GetValueOrDefault(p.Period) is not (null or 0))
                .Select(p => (Point: p, Value: p.Value / denominators[(by.Id, s.Region.Id)][p.Period] * (share ? 100 : 1))).ToList());
            var greatest = quotients.Values.SelectMany(q => q).Select(q => Math.Abs(q.Value)).DefaultIfEmpty().Max();
            var name = new Bilingual($"{group.Key.Name.En} per {char.ToLowerInvariant(by.Name.En[0])}{by.Name.En[1..]}", $"{group.Key.Name.Zh}／{by.Name.Zh}");
            foreach (var (one, points) in quotients)
            {
                if (points.Count == 0)
                    notes.Add(new(new($"No year has both {one.Indicator.Name.En} and {by.Name.En}: {one.Region.Short.En}.", $"{one.Region.Short.Zh}没有同一时期的{one.Indicator.Name.Zh}与{by.Name.Zh}。")));
                else
                    divided.Add(new ComparedSeries(one.Indicator with { Name = name, Unit = unit }, one.Region, [.. points.Select(p => CoursePoint.Computed(p.Point.Period, p.Value, greatest, p.Point.Source))]));
            }
        }

        return divided;
    }

    private static List<Period> Shared(List<ComparedSeries> series) => series.Count == 0
        ? []
        : [.. series.Select(s => s.Points.Where(p => p.Value > 0).Select(p => p.Period)).Aggregate((a, b) => a.Intersect(b)).Order()];

    private static List<CourseChart> Indexed(List<ComparedSeries> series, List<Period> bases, IReadOnlyList<Period> starts, List<CompareNote> notes)
    {
        if (series.Count == 0)
            return [];
        if (bases.Count == 0)
        {
            notes.Add(new(new("No index: there is no period for which all of them have a value above zero.", "无法生成指数：没有各系列均有正值的时期。")));
            return [];
        }

        var from = starts.Append(bases[0]).First(bases.Contains);
        var indexed = series.Select(s => (Series: s, Base: s.Points.First(p => p.Period == from).Value)).ToList();
        var greatest = indexed.Max(s => s.Series.Points.Max(p => Math.Abs(p.Value / s.Base * 100)));
        var (indicators, regions) = (series.Select(s => s.Indicator.Code).Distinct().Count(), series.Select(s => s.Region.Code).Distinct().Count());
        Bilingual Name(ComparedSeries s) => indicators == 1 ? s.Region.Short : regions == 1 ? s.Indicator.Name
            : new($"{s.Region.Short.En}: {s.Indicator.Name.En}", $"{s.Region.Short.Zh}{s.Indicator.Name.Zh}");
        var what = indicators == 1 ? series[0].Indicator.Name : regions == 1 ? series[0].Region.Short : new Bilingual("Index", "指数");
        return
        [
            new CourseChart
            {
                Title = new($"{what.En}, {from} = 100", $"{what.Zh}，{from} = 100"),
                Unit = new("", ""),
                File = $"index-{from}",
                Base = 100,
                Lines = Lines(indexed.Select(s => s.Series with
                {
                    Points = [.. s.Series.Points.Select(p => CoursePoint.Computed(p.Period, p.Value / s.Base * 100, greatest, p.Source))],
                }), Name, notes),
            },
        ];
    }

    private static List<CourseChart> ByIndicator(List<ComparedSeries> series, List<CompareNote> notes) =>
        [.. series.GroupBy(s => s.Indicator.Code).Select(g => new CourseChart
        {
            Title = g.First().Indicator.Name,
            Unit = g.First().Indicator.Unit,
            File = $"{g.Key}-compared",
            Lines = Lines(g, s => s.Region.Short, notes),
        })];

    private static List<CourseLine> Lines(IEnumerable<ComparedSeries> series, Func<ComparedSeries, Bilingual> name, List<CompareNote> notes)
    {
        return [.. Drawable([.. series], notes).Select(s => new CourseLine(name(s), s.Points.ToDictionary(p => p.Period)))];
    }

    /// <summary>As many as can be told apart on one drawing; the rest is named.</summary>
    private static List<ComparedSeries> Drawable(List<ComparedSeries> series, List<CompareNote> notes)
    {
        foreach (var left in series.Skip(CourseChart.MostLines))
        {
            notes.Add(new(new(
                $"Left out, as {CourseChart.MostLines} lines can be told apart on one drawing: {left.Indicator.Name.En}, {left.Region.Short.En}.",
                $"一幅图最多可分辨 {CourseChart.MostLines} 条线，未显示：{left.Region.Short.Zh}，{left.Indicator.Name.Zh}。")));
        }

        return [.. series.Take(CourseChart.MostLines)];
    }
}
