using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Compare;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>Indicators and regions side by side: as they are, divided, as an index; what cannot be shown is said.</summary>
public sealed class CompareTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Page = "/en/plans/14fyp-informatization/compare";

    private static readonly ComparedIndicator Patents = Indicator(1, "P", "pieces", new Denominator(9, new("population", "人口"), new("10 thousand persons", "万人")));

    private static readonly ComparedIndicator Rate = Indicator(2, "R", "%", null);

    private static readonly ComparedRegion North = new(1, "N", new("North", "北方"));

    private static readonly ComparedRegion South = new(2, "S", new("South", "南方"));

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task Each_indicator_is_drawn_for_the_chosen_regions_in_the_order_chosen()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Page}?indicator=P-RD-INT&indicator=P-PAT-GRANT&region=330000&region=110000");

        page.QuerySelectorAll("figure[data-chart=lines]").Should().HaveCount(2);
        Heads(page, "P-RD-INT-compared").Should().Equal("Zhejiang", "Beijing");
        Row(page, "P-RD-INT-compared", "2023").Should().Equal("3.2", "6.73");
        page.QuerySelector("figcaption")!.TextContent.Should().Be("R&D intensity: in 2023 Beijing was highest with 6.73 %, Zhejiang lowest of 2 with 3.2 %.");
        page.QuerySelectorAll(".chosen a").Select(a => a.GetAttribute("href")).Should().HaveCount(4).And.Contain(h => !h!.Contains("P-RD-INT") && h.Contains("region=330000"));
    }

    [Fact]
    public async Task A_count_is_divided_by_the_declared_denominator_of_the_same_region_and_year()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var figures = await _plan.WithAsync((db, _) => db.Revisions
            .Where(v => v.State == RevisionState.Approved && v.Reading!.Region!.Code == "330000" && v.Reading.Period == Period.Annual(2023) && v.Value != null)
            .Select(v => new { v.Reading!.Indicator!.Code, v.Value }).ToDictionaryAsync(v => v.Code, v => v.Value!.Value));
        string Quotient(string above, string below, int times) => Math.Round(figures[above] / figures[below] * times, 2).ToString("0.00", CultureInfo.InvariantCulture);

        var page = await leader.PageAsync($"{Page}?indicator=P-PAT-GRANT&indicator=P-PAT-INV-GRANT&region=330000&per=true");

        Row(page, "P-PAT-GRANT-compared", "2023").Should().Equal(Quotient("P-PAT-GRANT", "P-POP", 1));
        page.QuerySelector("figcaption")!.TextContent.Should().StartWith("Patents granted per year-end resident population: Zhejiang stood at 57.62 (pieces per 10 thousand persons)");
        Row(page, "P-PAT-INV-GRANT-compared", "2023").Should().Equal([Quotient("P-PAT-INV-GRANT", "P-PAT-GRANT", 100)], "one unit makes a share in per cent");
    }

    [Fact]
    public async Task What_is_compared_stands_in_the_address_also_for_a_past_day()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Page}?indicator=P-RD-INT&region=330000&index=true&base=2015&asOf=2024-12-31");

        page.QuerySelectorAll<IHtmlInputElement>("form[aria-label] input[type=hidden]").Select(i => $"{i.Name}={i.Value}")
            .Should().Equal("asOf=2024-12-31", "indicator=P-RD-INT", "region=330000");
        page.QuerySelector<IHtmlInputElement>("#index")!.IsChecked.Should().BeTrue();
        page.QuerySelector(".chosen a")!.GetAttribute("href").Should().Contain("index=true").And.Contain("base=2015").And.Contain("asOf=2024-12-31");
    }

    [Fact]
    public async Task A_list_from_which_nothing_is_added_changes_nothing()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Page}?indicator=P-RD-INT&region=330000&indicator=&region=110000&index=true&base=");

        Heads(page, "index-2020").Should().Equal("Zhejiang", "Beijing");
        page.QuerySelector(".notice").Should().BeNull();
        page.QuerySelectorAll(".chosen a").Should().HaveCount(3);
    }

    [Fact]
    public async Task Choosing_a_day_keeps_every_chosen_region()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Page}?indicator=P-RD-INT&region=330000&region=540000&AsOf=2026-01-01");

        page.QuerySelectorAll<IHtmlInputElement>("footer form input[type=hidden]").Select(i => $"{i.Name}={i.Value}")
            .Should().Equal("indicator=P-RD-INT", "region=330000", "region=540000");
        page.QuerySelector(".notice a")!.GetAttribute("href").Should().NotContainEquivalentOf("asof").And.EndWith("?indicator=P-RD-INT&region=330000&region=540000");
    }

    [Fact]
    public async Task An_index_starts_from_the_plans_baseline_unless_another_period_is_named()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        (await leader.PageAsync($"{Page}?indicator=I02&indicator=I05&region=CN&index=true")).QuerySelector("figcaption")!.TextContent.Should().StartWith("China, 2020 = 100");
        (await leader.PageAsync($"{Page}?indicator=I02&indicator=I05&region=CN&index=true&base=2022")).QuerySelector("figcaption")!.TextContent.Should().StartWith("China, 2022 = 100");
    }

    [Fact]
    public async Task Unknown_codes_are_left_out_by_name_and_nothing_chosen_offers_a_start()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var unknown = await leader.PageAsync($"{Page}?indicator=NONE&region=XX");
        unknown.QuerySelectorAll(".chosen").Should().BeEmpty();
        unknown.QuerySelectorAll(".notice li").Select(l => l.TextContent).Should().Equal(
            "Left out: nothing is reported under the code NONE.", "Left out: nothing is reported under the code XX.");
        var example = (await leader.PageAsync(Page)).QuerySelector(".empty a")!.GetAttribute("href")!;
        (await leader.PageAsync(example)).QuerySelectorAll("figure[data-chart=lines] thead th[data-series]").Should().HaveCount(4);
    }

    [Fact]
    public void An_index_starts_every_series_from_a_hundred_in_a_period_they_all_have()
    {
        ComparedSeries[] series = [Series(Patents, North, "2019=4 2020=5 2021=6"), Series(Rate, North, "2020=10 2021=15")];

        var comparison = Comparison.Of(series, null, index: true);

        comparison.Bases.Should().Equal(Period.Annual(2020), Period.Annual(2021));
        var panel = comparison.Panels.Should().ContainSingle().Subject;
        panel.Lines.Select(l => l.Name.En).Should().Equal("P", "R");
        panel.Lines[0].Points.Values.Select(p => p.Text).Should().Equal("80.0", "100.0", "120.0");
        panel.Lines[1].Points.Values.Select(p => p.Text).Should().Equal("100.0", "150.0");
        Comparison.Of(series, null, index: true, Period.Annual(2021)).Panels[0].Lines[1].Points[Period.Annual(2020)].Text.Should().Be("66.7");
    }

    [Fact]
    public void No_index_is_made_where_no_period_is_shared_or_a_value_is_not_above_zero()
    {
        var apart = Comparison.Of([Series(Patents, North, "2019=4"), Series(Rate, North, "2020=10")], null, index: true);
        var zero = Comparison.Of([Series(Patents, North, "2019=0 2020=-1")], null, index: true);

        apart.Panels.Should().BeEmpty();
        apart.Notes.Should().ContainSingle().Which.Text.En.Should().StartWith("No index");
        zero.Panels.Should().BeEmpty();
    }

    [Fact]
    public void What_cannot_be_divided_is_said()
    {
        var people = new Dictionary<(int, int), Dictionary<Period, decimal>> { [(9, 1)] = new() { [Period.Annual(2020)] = 2, [Period.Annual(2021)] = 0 } };

        var comparison = Comparison.Of(
            [Series(Patents, North, "2020=5 2021=6"), Series(Patents, South, "2020=7"), Series(Rate, North, "2020=10"), Series(Rate, South, "")], people, index: false);

        comparison.Panels.Select(p => p.Title.En).Should().Equal("P per population", "R");
        comparison.Panels[0].Unit.En.Should().Be("pieces per 10 thousand persons");
        comparison.Panels[0].Lines.Should().ContainSingle().Which.Points.Should().ContainSingle("nothing is divided by zero").Which.Value.Text.Should().Be("2.500");
        comparison.Notes.Select(n => n.Text.En).Should().Equal(
            "No readings: R, South.", "R declares no denominator and is shown as it is.", "No year has both P and population: South.");
    }

    [Fact]
    public void More_lines_than_can_be_told_apart_are_left_out_by_name()
    {
        var many = Enumerable.Range(1, 10).Select(i => Series(Rate, new ComparedRegion(i, $"{i}", new($"Region {i}", $"地区{i}")), "2020=1")).ToList();

        var comparison = Comparison.Of(many, null, index: false);

        comparison.Panels[0].Lines.Should().HaveCount(CourseChart.MostLines);
        comparison.Notes.Select(n => n.Text.En).Should().HaveCount(2).And.Contain(n => n.EndsWith("Region 10."));
        // What is not drawn does not say where an index may start.
        many[9] = Series(Rate, many[9].Region, "2021=1");
        Comparison.Of(many, null, index: true).Bases.Should().Equal(Period.Annual(2020));
    }

    private static ComparedIndicator Indicator(int id, string code, string unit, Denominator? denominator) => new()
    {
        Id = id,
        Code = code,
        Name = new(code, code),
        Unit = new(unit, unit),
        Group = new("", ""),
        Denominator = denominator,
    };

    private static ComparedSeries Series(ComparedIndicator indicator, ComparedRegion region, string points) => new(indicator, region,
        [.. points.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('='))
            .Select(p => CoursePoint.Stated(Period.Annual(int.Parse(p[0], CultureInfo.InvariantCulture)), decimal.Parse(p[1], CultureInfo.InvariantCulture), "yearbook"))]);

    private static IEnumerable<string> Heads(IHtmlDocument page, string file) =>
        page.QuerySelectorAll($"figure[data-file='{file}'] thead th[data-series]").Select(h => h.TextContent);

    private static IEnumerable<string> Row(IHtmlDocument page, string file, string period) =>
        page.QuerySelectorAll($"figure[data-file='{file}'] tbody tr").Single(r => r.QuerySelector("th")!.TextContent == period).QuerySelectorAll("td.number").Select(c => c.TextContent);
}
