using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>From the overview to the paper: every question that follows is one click.</summary>
public sealed class LeaderJourneyTests(PlanUnderReview served, Browser browser) : BrowserTest(served, browser), IClassFixture<PlanUnderReview>
{
    [Theory]
    [InlineData("en", "Regions", "Zhejiang", "Report for printing")]
    [InlineData("zh", "地区", "浙江", "打印版报告")]
    public async Task From_the_overview_to_the_worst_indicator_to_why_to_a_region_to_its_report(string language, string regions, string zhejiang, string report)
    {
        var tab = await SignInAsync("leader", language);
        await tab.OpenAsync("");
        var worst = tab.Main.Locator("#attention ~ ul li").First;
        var name = await worst.Locator("a").Last.TextContentAsync();
        await Expect(tab.Main.Locator("header .finding")).ToContainTextAsync(name!);

        await worst.Locator("a").Last.ClickAsync();
        await Expect(tab.Main.Locator("h1")).ToHaveTextAsync(name!);
        await tab.Main.Locator("a.why").First.ClickAsync();
        await tab.Page.WaitForURLAsync("**/why*");
        await Expect(tab.Main.Locator(".page-title")).ToContainTextAsync(name!);

        await tab.FollowAsync(regions);
        await tab.Main.GetByRole(AriaRole.Link, new() { Name = zhejiang, Exact = true }).ClickAsync();
        await tab.Main.GetByRole(AriaRole.Link, new() { Name = report, Exact = true }).ClickAsync();
        await tab.Page.WaitForURLAsync("**/regions/330000/report");
        await Expect(tab.Main.Locator("h1")).ToContainTextAsync(zhejiang);
    }

    [Theory]
    [InlineData("/report", "en")]
    [InlineData("/report?asOf=2024-06-30", "zh")]
    [InlineData("/elements/T03/report", "zh")]
    [InlineData("/regions/330000/report", "en")]
    public async Task A_report_prints_with_every_chart_drawn_and_nothing_of_the_screen(string page, string language)
    {
        var tab = await SignInAsync("leader", language);
        await tab.OpenAsync(page);
        await tab.Page.EmulateMediaAsync(new() { Media = Media.Print });
        foreach (var screen in new[] { ".main-bar", ".masthead-tools", ".report .actions", ".chart-foot", ".footer", ".filter" })
        {
            foreach (var part in await tab.Page.Locator(screen).AllAsync())
                await Expect(part).ToBeHiddenAsync();
        }

        var paper = Encoding.Latin1.GetString(await tab.Page.PdfAsync(new() { Format = "A4" }));

        Regex.Count(paper, @"/Type\s*/Page\b", RegexOptions.None, TimeSpan.FromSeconds(5)).Should().BeInRange(2, 20);
        await Expect(tab.Page.Locator("html")).Not.ToHaveClassAsync("printing");
        (await tab.Main.Locator("canvas").CountAsync()).Should().Be(await tab.Main.Locator("figure[data-chart]").CountAsync());
        (await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0);
    }
}
