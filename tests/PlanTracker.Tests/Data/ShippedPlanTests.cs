using System.Globalization;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>The shipped plan as the database holds it, held against its files by other means than the loader's own.</summary>
public sealed class ShippedPlanTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    [Fact]
    public async Task The_plan_has_every_part_of_the_original()
    {
        var counts = await plan.WithAsync((db, _) => db.Elements.GroupBy(e => e.Kind).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));

        counts.Should().BeEquivalentTo(new Dictionary<ElementKind, int>
        {
            [ElementKind.Direction] = 5,
            [ElementKind.Objective] = 7,
            [ElementKind.Task] = 10,
            [ElementKind.FocusArea] = 43,
            [ElementKind.Project] = 17,
            [ElementKind.ProjectItem] = 60,
            [ElementKind.Action] = 10,
            [ElementKind.ActionMeasure] = 33,
            [ElementKind.ImplementationMeasure] = 6,
        });
        (await plan.WithAsync((db, _) => db.Milestones.CountAsync())).Should().Be(20);
    }

    [Fact]
    public async Task The_database_holds_as_much_as_the_files()
    {
        var readings = Readings();
        var stored = await plan.WithAsync(async (db, _) => new
        {
            Plans = await db.Plans.CountAsync(),
            Regions = await db.Regions.CountAsync(),
            Memberships = await db.RegionMemberships.CountAsync(),
            Elements = await db.Elements.CountAsync(),
            Links = await db.ElementLinks.CountAsync(),
            Milestones = await db.Milestones.CountAsync(),
            Departments = await db.Departments.CountAsync(),
            Assignments = await db.Assignments.CountAsync(),
            Indicators = await db.Indicators.CountAsync(),
            SpeaksFor = await db.IndicatorElements.CountAsync(),
            Targets = await db.Targets.CountAsync(),
            Readings = await db.Readings.CountAsync(),
            Revisions = await db.Revisions.CountAsync(),
        });

        stored.Should().Be(new
        {
            Plans = 1,
            Regions = Rows("../../regions/cn.csv").Count,
            Memberships = Rows("../../regions/cn-groupings.csv").Count,
            Elements = Rows("elements.csv").Count,
            Links = Rows("links.csv").Count,
            Milestones = Rows("milestones.csv").Count,
            Departments = Rows("departments.csv").Count,
            Assignments = Rows("assignments.csv").Count,
            Indicators = Rows("indicators.csv").Count,
            SpeaksFor = Rows("indicators.csv").Sum(i => i["elements"].Split(';', StringSplitOptions.RemoveEmptyEntries).Length),
            Targets = Rows("targets.csv").Count,
            Readings = readings.Select(r => (r["indicator"], r["region"], r["period"])).Distinct().Count(),
            Revisions = readings.Count,
        });
        readings.Should().HaveCount(4887);
    }

    [Fact]
    public async Task Every_figure_of_the_files_is_there_to_the_last_decimal_with_its_source_and_quality()
    {
        var stored = await plan.WithAsync((db, _) => db.Revisions
            .Select(r => new { Indicator = r.Reading!.Indicator!.Code, Region = r.Reading.Region!.Code, r.Reading.Period, r.Value, r.Status, r.Quality, r.Source, r.Note })
            .ToListAsync());

        var there = stored.Select(r => string.Join('|', r.Indicator, r.Region, r.Period, r.Value is { } v ? Rounding.Exact(v) : "", r.Status, Kebab.Of(r.Quality), r.Source, r.Note));
        var wanted = Readings().Select(r => string.Join('|', r["indicator"], r["region"], r["period"], r["value"], r["status"], r["quality"], r["source"], r["note"]));
        there.Order(StringComparer.Ordinal).Should().Equal(wanted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_several_statements_about_a_cell_the_last_row_is_current()
    {
        var cells = Readings().GroupBy(r => (r["indicator"], r["region"], r["period"])).Where(g => g.Count() > 1).ToList();
        cells.Should().HaveCount(4);

        foreach (var cell in cells)
        {
            var (indicator, region, period) = (cell.Key.Item1, cell.Key.Item2, Period.Parse(cell.Key.Item3));
            var revisions = await plan.WithAsync((db, _) => db.Revisions
                .Where(r => r.Reading!.Indicator!.Code == indicator && r.Reading.Region!.Code == region && r.Reading.Period == period)
                .OrderBy(r => r.Number).Select(r => new { r.Value, r.Source, r.State, Current = r.Reading!.ApprovedRevisionId == r.Id, Shown = r.Reading.Value }).ToListAsync());

            revisions.Select(r => (Rounding.Exact(r.Value!.Value), r.Source)).Should().Equal(cell.Select(r => (r["value"], r["source"])));
            revisions[..^1].Should().OnlyContain(r => r.State == RevisionState.Superseded && !r.Current);
            revisions[^1].Should().BeEquivalentTo(new { State = RevisionState.Approved, Current = true, Shown = revisions[^1].Value });
        }
    }

    [Fact]
    public async Task Every_target_of_the_files_is_there_with_its_role_and_source()
    {
        var stored = await plan.WithAsync((db, _) => db.Targets
            .Select(t => new { t.Code, Indicator = t.Indicator!.Code, Region = t.Region!.Code, t.Period, t.Role, t.Value, t.Source, t.Verified }).ToListAsync());

        stored.Select(t => string.Join('|', t.Code, t.Indicator, t.Region, t.Period, Kebab.Of(t.Role), Rounding.Exact(t.Value), t.Source, t.Verified)).Should()
            .BeEquivalentTo(Rows("targets.csv").Select(t =>
                string.Join('|', t["code"], t["indicator"], t["region"], t["period"], t["role"], t["value"], t["source"], t["verified"])));
    }

    [Fact]
    public async Task Every_standing_is_what_the_files_say_when_judged_again()
    {
        var indicators = Rows("indicators.csv").ToDictionary(i => i["code"], StringComparer.Ordinal);
        // The last row about a cell is the current one.
        var readings = Readings().GroupBy(r => (r["indicator"], r["region"], r["period"])).Select(g => g.Last()).Where(r => r["value"].Length > 0)
            .ToLookup(r => (r["indicator"], r["region"]), r => new Observation(Period.Parse(r["period"]), Number(r["value"])));
        var targets = Rows("targets.csv").ToLookup(t => (t["indicator"], t["region"]));
        var series = readings.Select(g => g.Key).Union(targets.Where(g => g.Any(t => t["role"] != "reference")).Select(g => g.Key)).ToList();

        var stored = await plan.WithAsync((db, _) => db.Standings.Select(s => new { Indicator = s.Indicator!.Code, Region = s.Region!.Code, Standing = s })
            .ToDictionaryAsync(s => (s.Indicator, s.Region), s => s.Standing));

        stored.Keys.Should().BeEquivalentTo(series);
        foreach (var key in series)
        {
            PathPoint? baseline = targets[key].Where(t => t["role"] == "baseline" && t["verified"] != "no").Select(Point).Cast<PathPoint?>().SingleOrDefault();
            var judgement = PathJudgement.Of(
                indicators[key.Item1]["direction"] == "increase" ? Better.Increase : Better.Decrease, baseline,
                [.. targets[key].Where(t => t["role"] is "interim" or "final").Select(Point)], readings[key]);
            var latest = readings[key].OrderBy(r => r.Period).Cast<Observation?>().LastOrDefault();
            var standing = stored[key];

            (standing.Status, standing.Reason, standing.Receding, standing.AchievedAtBaseline).Should()
                .Be((judgement.Status, judgement.Reason, judgement.Receding, judgement.AchievedAtBaseline), "{0} is judged so", key);
            (standing.Period, standing.Value).Should().Be((latest?.Period, latest?.Value), "{0} has that reading", key);
            (standing.Planned, standing.Attainment, standing.Elapsed, standing.PaceRatio).Should()
                .Be((Kept(judgement.Planned), Kept(judgement.Attainment), Kept(judgement.Elapsed), Kept(judgement.PaceRatio)), "{0} rests on these figures", key);
        }

        stored.Values.Select(s => s.Status).Should().Contain([Status.Achieved, Status.OnTrack, Status.NoJudgement]);
    }

    [Fact]
    public async Task A_baseline_that_was_not_seen_in_a_source_is_shown_but_not_judged_from()
    {
        var unseen = Rows("targets.csv").Where(t => t["role"] == "baseline" && t["verified"] == "no").ToList();
        unseen.Should().NotBeEmpty();

        foreach (var row in unseen)
        {
            var (code, indicator, region) = (row["code"], row["indicator"], row["region"]);
            var standing = await plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == indicator && s.Region!.Code == region));

            standing.Should().BeEquivalentTo(new { Attainment = (decimal?)null, Elapsed = (decimal?)null, Planned = (decimal?)null, PaceRatio = (decimal?)null });
            (await plan.WithAsync((db, _) => db.Targets.CountAsync(t => t.Code == code))).Should().Be(1);
        }
    }

    private static List<Dictionary<string, string>> Readings() => [.. Rows("readings/national.csv"), .. Rows("readings/provincial.csv")];

    private static List<Dictionary<string, string>> Rows(string file)
    {
        using var text = new StreamReader(Path.Combine(SeededPlan.PackageFolder, file));
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!, StringComparer.Ordinal));
        return rows;
    }

    private static PathPoint Point(Dictionary<string, string> target) => new(Period.Parse(target["period"]), Number(target["value"]));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Quotients are stored to twelve decimals.</summary>
    private static decimal? Kept(decimal? value) => value is { } v ? decimal.Round(v, 12, MidpointRounding.ToEven) : null;
}
