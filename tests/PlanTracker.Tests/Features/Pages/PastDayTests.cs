using System.Net;
using AngleSharp.Dom;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>Any page and the download show the plan as it stood on a past day, and the links keep the day.</summary>
public sealed class PastDayTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Plan = "/plans/14fyp-informatization";

    [Fact]
    public async Task As_of_the_end_of_2023_the_overview_judges_with_what_was_known_then()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}?asOf=2023-12-31");

        page.QuerySelector("main [role=note]")!.TextContent.Should().Contain("As of 31 December 2023");
        Row(page, "I02").Should().Contain("10.67 2022").And.Contain("Behind").And.Contain("12 2025");
        Row(page, "I04").Should().Contain("9,175").And.Contain("Achieved");
        Row(page, "I05").Should().Contain("7.63 2023-05").And.Contain("On track");
        Row(page, "I13").Should().Contain("13.0884 2021").And.Contain("On track");
        Row(page, "I12").Should().Contain("No judgement").And.Contain("no reading since the baseline");
        Row(page, "I15").Should().Contain("No judgement").And.Contain("not published");
        page.QuerySelector(".vintage")!.TextContent.Should().Contain("As of 31 December 2023");
        page.QuerySelector(".elapsed")!.TextContent.Should().Contain("60 % of the plan period has passed");
    }

    [Fact]
    public async Task Before_the_plan_was_issued_nothing_was_known()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/zh{Plan}?asOf=2021-12-26");

        page.QuerySelectorAll("tr[data-indicator]").Should().HaveCount(17).And.OnlyContain(r => r.TextContent.Contains("无法判断"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/elements")]
    [InlineData("/elements/T01")]
    [InlineData("/elements/A07")]
    [InlineData("/goals/A07-2023")]
    [InlineData("/indicators")]
    [InlineData("/indicators/I05")]
    [InlineData("/indicators/P-RD-INT?region=330000")]
    [InlineData("/indicators/I05/why")]
    [InlineData("/regions")]
    [InlineData("/regions/CN")]
    [InlineData("/regions/330000")]
    [InlineData("/regions/330000?indicator=P-RD-INT")]
    [InlineData("/regions/CN-EAST")]
    [InlineData("/readings")]
    [InlineData("/changes?from=2023-01-01")]
    [InlineData("/search?q=5G")]
    [InlineData("/search")]
    public async Task Every_page_shows_the_past_day_and_its_links_keep_it(string path)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        foreach (var day in new[] { "2023-12-31", "2026-06-30" })
        {
            var page = await leader.PageAsync($"/en{Plan}{path}{(path.Contains('?') ? '&' : '?')}asOf={day}");

            page.QuerySelector("main [role=note]")!.TextContent.Should().Contain("As of");
            page.QuerySelectorAll("main a[href], nav.main-nav a[href]").Select(a => a.GetAttribute("href")!)
                .Where(h => h.StartsWith($"/en{Plan}", StringComparison.Ordinal) && !h.Contains("/targets") && !h.Contains("/work") && !IsWayBack(h))
                .Should().OnlyContain(h => h.Contains($"asOf={day}"), "links on {0} keep the day", path);
        }

        // The way back to today is the one link that drops the day.
        bool IsWayBack(string href) => href.Equals($"/en{Plan}{path}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("31.12.2023")]
    [InlineData("2023-13-01")]
    [InlineData("yesterday")]
    public async Task A_day_that_is_none_is_refused_with_what_to_write(string day)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}?asOf={day}", HttpStatusCode.BadRequest);

        page.Body!.TextContent.Should().Contain("a day, for example, is written 2023-12-31");
    }

    [Fact]
    public async Task Today_and_later_is_the_plan_as_it_is()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}?asOf=2099-01-01");

        page.QuerySelector("main [role=note]").Should().BeNull();
        Row(page, "I13").Should().Contain("15.9722");
    }

    [Fact]
    public async Task The_download_of_a_past_day_holds_what_was_known_then_with_the_verdict_of_then()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        using var answer = await leader.GetAsync($"/en{Plan}/readings.csv?indicator=I02&asOf=2023-12-31");
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\n");

        answer.Content.Headers.ContentDisposition!.FileName.Should().Contain("as-of-2023-12-31");
        lines.Skip(1).Select(l => l.Split(',')[6..8]).Should().BeEquivalentTo(new[] { new[] { "2018", "8.29" }, ["2022", "10.67"] });
        lines.Skip(1).Should().OnlyContain(l => l.TrimEnd().EndsWith(",behind"));
    }

    [Fact]
    public async Task A_status_filter_of_a_past_day_goes_by_the_verdicts_of_that_day()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        using var answer = await leader.GetAsync($"/en{Plan}/readings.csv?status=on-track&asOf=2023-12-31");
        var indicators = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\n").Skip(1).Select(l => l.Split(',')[0]).Distinct();

        indicators.Should().Contain("I13").And.NotContain("I02");
    }

    private static string Row(IParentNode page, string indicator) =>
        string.Join(' ', page.QuerySelector($"tr[data-indicator={indicator}]")!.TextContent.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
