using System.Text;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>A file on its way from a reporter's desk to the figures a reviewer decides about, and back.</summary>
public sealed class ImportJourneyTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    private const string Header = "指标,地区,时期,数值,来源\n";

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_file_is_corrected_applied_approved_and_taken_back(string language)
    {
        var reporter = await SignInAsync("reporter", language);
        await reporter.OpenAsync("/imports");
        await WholeAsync(reporter);
        await SendAsync(reporter, Header + "研发经费投入强度,浙江,2005,\"1,22\",统计年鉴\n研发经费投入强度,北京,2005,5.5,统计年鉴\n");
        await Expect(reporter.Main.Locator("select[name=column]")).ToHaveCountAsync(5);
        await WholeAsync(reporter);

        await reporter.Main.Locator("form[action$='/read'] .btn-primary").ClickAsync();
        await Expect(reporter.Main.Locator("[data-verdict=error]")).ToContainTextAsync("“1,22”");
        await Expect(reporter.Main.Locator("form[action$='/apply']")).ToHaveCountAsync(0);
        await WholeAsync(reporter);

        await SendAsync(reporter, Header + "研发经费投入强度,浙江,2005,1.22,统计年鉴\n研发经费投入强度,北京,2005,5.5,统计年鉴\n");
        await reporter.Main.Locator("form[action$='/read'] .btn-primary").ClickAsync();
        await Expect(reporter.Main.Locator("[data-verdict=new]")).ToHaveCountAsync(2);
        await WholeAsync(reporter);
        if (await reporter.Main.Locator("#explanation").CountAsync() > 0)
            await reporter.Main.Locator("#explanation").FillAsync("As printed.");
        await reporter.Main.Locator("form[action$='/apply'] .btn-primary").ClickAsync();
        await Expect(reporter.Main.Locator("#outcome")).ToBeVisibleAsync();
        var import = new Uri(reporter.Page.Url).AbsolutePath.Split('/')[^1];

        var reviewer = await SignInAsync("reviewer", language);
        await reviewer.OpenAsync($"/imports/{import}");
        await WholeAsync(reviewer);
        await reviewer.Main.Locator("form[action$='/approve'] .btn-primary").ClickAsync();
        await Expect(reviewer.Main.Locator("form[action$='/approve']")).ToHaveCountAsync(0);
        await reviewer.Main.Locator("#revert-reason").FillAsync("Another edition.");
        await reviewer.Main.Locator("form[action$='/revert'] button").ClickAsync();
        await Expect(reviewer.Main.Locator("#revert-reason")).ToHaveCountAsync(0);
        await Expect(reviewer.Main.Locator(".counts")).ToContainTextAsync(language == "en" ? "2 Taken back with its import" : "2 已随导入撤销");
        await WholeAsync(reviewer);
    }

    [Fact]
    public async Task A_file_that_is_no_table_is_refused_where_it_was_sent()
    {
        var reporter = await SignInAsync("reporter");
        await reporter.OpenAsync("/imports");

        await reporter.RefusedAsync(async () =>
        {
            await SendAsync(reporter, "a,b\n1,\"2\n");
            await Expect(reporter.Main.Locator("[data-said]")).ToContainTextAsync("Line 2: a quote is out of place");
        });
    }

    private static async Task SendAsync(Tab tab, string text)
    {
        await tab.Main.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "figures.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await tab.Main.Locator("form.upload button[type=submit]").ClickAsync();
    }

    private static async Task WholeAsync(Tab tab) => (await tab.BarriersAsync()).Should().BeEmpty("the page keeps to WCAG 2.2, level AA");
}
