using System.Text.Json;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>From every status one step leads to the reasons: inputs, formulas with the numbers in them, every method, the age of the data.</summary>
public sealed class WhyTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Plan = "/plans/14fyp-informatization";

    [Fact]
    public async Task A_status_leads_to_its_formula_with_the_numbers_in_it()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        var overview = await leader.PageAsync("/en" + Plan);

        var link = overview.QuerySelector("tr[data-indicator=I13] a.why")!.GetAttribute("href")!;
        var why = await leader.PageAsync(link);

        why.QuerySelector("tr[data-method=path]")!.TextContent.Should().Contain("r = (15.9722 − 11.76) / (17 − 11.76) = 0.8039").And.Contain("Behind");
        why.QuerySelector("tr[data-method=trend-projection]")!.TextContent.Should().Contain("the target's date has come");
        why.QuerySelectorAll("tr[data-method]").Should().HaveCount(5);
        why.QuerySelector("#inputs")!.ParentElement!.TextContent.Should().Contain("11.76").And.Contain("http://xiaofei.caiding5.cn/show-109847.html");
        why.QuerySelector(".vintage")!.TextContent.Should().Contain("Data approved up to");
    }

    [Fact]
    public async Task Every_status_of_an_indicator_on_the_overview_and_a_region_leads_to_its_reasons()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        foreach (var page in new[] { "", "/regions/CN", "/regions/330000", "/elements/T01", "/indicators" })
        {
            var rows = (await leader.PageAsync("/zh" + Plan + page)).QuerySelectorAll("tr[data-indicator]");
            rows.Should().NotBeEmpty();
            rows.Should().OnlyContain(r => r.QuerySelector("a.why .status") != null, page);
        }
    }

    [Fact]
    public async Task The_same_content_comes_as_JSON()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        using var answer = await leader.GetAsync($"/en{Plan}/indicators/I05/why.json?region=CN");

        var why = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        why.GetProperty("status").GetString().Should().Be("achieved");
        why.GetProperty("baseline").GetProperty("value").GetDecimal().Should().Be(4.62m);
        why.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("period").GetString()).Should().Equal("2022", "2023", "2024", "2025");
        why.GetProperty("methods").EnumerateArray().Select(m => m.GetProperty("method").GetString())
            .Should().Equal("path", "growth-ratio", "un-projection", "trend-projection", "current-status");
        why.GetProperty("readings")[0].GetProperty("source").GetString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Where_nothing_is_judged_the_page_says_what_is_missing()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var why = await leader.PageAsync($"/zh{Plan}/indicators/I15/why");

        why.QuerySelector(".finding")!.TextContent.Should().Contain("无法判断").And.Contain("未公布");
    }

    [Fact]
    public async Task IPv6_users_are_judged_year_by_year()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}/indicators/I05");

        page.QuerySelectorAll("tr[data-milestone]").Select(r => string.Join('|', r.Children.Select(c => c.TextContent.Trim()))).Should().SatisfyRespectively(
            r => r.Should().Be("2022|7|7 2022|Achieved"),
            r => r.Should().Be("2023|7.5|7.78 2023|Achieved"),
            r => r.Should().Be("2024|8|8.22 2024-11|Achieved"),
            r => r.Should().Be("2025|8|8.69 2025|Achieved"));
    }

    [Fact]
    public async Task Internet_users_show_the_pace_they_had_and_when_it_leads_to_the_target()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var standing = (await leader.PageAsync($"/en{Plan}/indicators/I02")).QuerySelector("#standing")!.ParentElement!.TextContent;
        var then = (await leader.PageAsync($"/en{Plan}/indicators/I02?asOf=2024-06-30")).QuerySelector("#standing")!.ParentElement!.TextContent;

        standing.Should().Contain("Behind").And.Contain("A year since the baseline").And.Contain("+0.27").And.Contain("leads to the target in 2028");
        then.Should().Contain("Behind").And.Contain("Needed a year from now on").And.Contain("+0.54");
    }
}
