using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Regions;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>The plan, a task and a region as documents: whole, dated, and with the very figures of their pages.</summary>
public sealed class ReportTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Plan = "/plans/14fyp-informatization";

    [Theory]
    [InlineData("/report")]
    [InlineData("/elements/T03/report")]
    [InlineData("/elements/M1/report")]
    [InlineData("/regions/330000/report")]
    [InlineData("/regions/CN/report")]
    [InlineData("/regions/CN-EAST/report")]
    [InlineData("/regions/710000/report")]
    public async Task The_contents_name_every_section_and_each_is_there(string report)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        foreach (var language in new[] { "/en", "/zh" })
        {
            var page = await leader.PageAsync(language + Plan + report);

            var contents = page.QuerySelectorAll(".contents li a").Select(a => (a.GetAttribute("href")![1..], a.TextContent)).ToList();
            contents.Should().Equal(page.QuerySelectorAll(".report > .section > h2").Select(h => (h.Id!, h.TextContent)));
        }
    }

    [Fact]
    public async Task The_report_of_the_plan_has_every_headline_indicator_and_every_task()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var report = await leader.PageAsync($"/en{Plan}/report");

        report.QuerySelectorAll("#headlines ~ table tr[data-indicator]").Should().HaveCount(17);
        report.QuerySelectorAll("#tasks ~ h3").Should().HaveCount(10);
        report.QuerySelectorAll("#regions ~ table tr[data-spread]").Should().HaveCountGreaterThan(15);
        Text(report, ".vintage").Should().Contain("From 4,883 readings known by then");
    }

    [Theory]
    [InlineData("", "/report", "#headlines")]
    [InlineData("/elements/T03", "/elements/T03/report", "#indicators")]
    [InlineData("/regions/330000", "/regions/330000/report", "#all")]
    public async Task A_report_states_the_figures_of_its_page(string page, string report, string table)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        foreach (var day in new[] { "", "?asOf=2024-06-30" })
        {
            var shown = await leader.PageAsync($"/en{Plan}{page}{day}");
            var printed = await leader.PageAsync($"/en{Plan}{report}{day}");

            // On the past day nothing was known of the region yet.
            if (day.Length == 0 || shown.QuerySelector(table) is not null)
                Text(printed, $"{table} ~ table").Should().NotBeEmpty().And.Be(Text(shown, $"{table} ~ table"));
            Text(printed, "header .finding").Should().Be(Text(shown, "header .finding"));
        }
    }

    [Fact]
    public async Task A_report_of_a_past_day_says_so_and_keeps_the_day_in_its_links()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var report = await leader.PageAsync($"/en{Plan}/report?asOf=2024-06-30");

        Text(report, ".report .vintage").Should().StartWith("As of 30 June 2024.");
        Text(report, "#method ~ p:last-of-type").Should().StartWith("The report shows what was known at the end of that day");
        report.QuerySelectorAll("#tasks ~ h3 a").Should().OnlyContain(a => a.GetAttribute("href")!.EndsWith("asOf=2024-06-30"));
    }

    [Fact]
    public async Task A_task_shows_how_the_regions_lie_in_what_they_report_for_it()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}/elements/T03?map=P-PAT-GRANT");

        Text(page, "#regional ~ .finding").Should().Be(
            "Patents granted, 2023: from 1,877 (pieces) in Tibet to 703,695 (pieces) in Guangdong; half of 31 regions have 60,120 (pieces) or more.");
        page.QuerySelectorAll("#regional ~ .tilemap-frame a.tile").Should().Contain(t => t.TextContent.Contains("382k"), "Zhejiang's 381,835 on the map");
        page.QuerySelector<IHtmlSelectElement>("#map")!.Value.Should().Be("P-PAT-GRANT");
    }

    [Fact]
    public async Task A_region_names_the_readings_it_owes()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}/regions/330000");

        Text(page, "tr[data-gap=P-RD-INT]").Should().Be("R&D intensity 2 of 5 2024, 2025 2023");
        (await leader.PageAsync($"/en{Plan}/regions/330000?asOf=2023-06-30")).QuerySelector("tr[data-gap=P-RD-INT]")!.TextContent.Should().Contain("of 2", "two years of the plan were over");
        (await leader.PageAsync($"/en{Plan}/regions/710000")).QuerySelector("#gaps").Should().BeNull("no readings are expected from there");
    }

    [Fact]
    public void A_gap_is_a_period_of_the_plan_that_is_over_and_of_which_nothing_was_stated()
    {
        var halves = Indicator(1, Frequency.Semester);
        var years = Indicator(2, Frequency.Annual);
        (int, Period)[] held = [(1, At("2021-S1")), (1, At("2020-S2")), (2, At("2021")), (2, At("2022"))];

        var gaps = ReportingGap.Of([halves, years], held, new DateOnly(2021, 1, 1), new DateOnly(2022, 12, 30));

        gaps.Should().ContainSingle("of the years only 2021 is over, and it is held").Which.Should()
            .BeEquivalentTo(new { Indicator = halves, Due = 3, Missing = new[] { At("2021-S2"), At("2022-S1") } });
        ReportingGap.Of([years], [], new DateOnly(2021, 1, 1), new DateOnly(2022, 12, 31)).Single().Missing.Should().Equal(At("2021"), At("2022"));
    }

    private static Period At(string text) => Period.TryParse(text, out var period) ? period : throw new ArgumentException(text, nameof(text));

    private static Indicator Indicator(int id, Frequency frequency) =>
        new() { Id = id, Code = "X", NameEn = "", NameZh = "", GroupEn = "", GroupZh = "", MappingBasis = "", Verified = "", Frequency = frequency };

    private static string Text(IParentNode page, string selector) =>
        string.Join(' ', page.QuerySelector(selector)!.TextContent.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
}
