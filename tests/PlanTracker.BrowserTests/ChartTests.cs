using System.Globalization;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>A drawing shows the figures of the table it stands over, no others, and can be read without a mouse.</summary>
public sealed class ChartTests(PlanUnderReview served, Browser browser) : BrowserTest(served, browser), IClassFixture<PlanUnderReview>
{
    private const string Drawn = """
        figure => window.Chart.getChart(figure.querySelector('canvas')).data.datasets
            .filter(set => set.data.length > 0)
            .flatMap(set => set.data.filter(point => !point.joins).map(point => [set.series, figure.dataset.chart === 'bars' ? null : point.x, figure.dataset.chart === 'bars' ? point.x : point.y]))
            .map(point => point.join(' '))
        """;

    [Theory]
    [InlineData("/elements/T05")]
    [InlineData("/elements/B01")]
    [InlineData("/indicators/I05")]
    [InlineData("/indicators/I08")]
    [InlineData("/indicators/P-RD-INT?region=330000")]
    [InlineData("/regions/330000?indicator=P-RD-INT")]
    [InlineData("/compare?indicator=P-RD-INT&indicator=P-PAT-GRANT&region=330000&region=110000&index=true")]
    public async Task What_is_drawn_is_what_the_table_says(string page)
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync(page);

        var figures = await tab.Main.Locator("figure[data-chart]").AllAsync();
        figures.Should().NotBeEmpty();
        foreach (var figure in figures)
        {
            var drawn = await figure.EvaluateAsync<string[]>(Drawn);
            var stated = new List<string>();
            var heads = await figure.Locator("thead th").EvaluateAllAsync<string[]>("heads => heads.map(head => head.dataset.series ?? '')");
            foreach (var row in await figure.Locator("tbody tr").AllAsync())
            {
                var time = await row.GetAttributeAsync("data-x");
                var values = await row.Locator("th, td").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value ?? '')");
                stated.AddRange(heads.Zip(values).Where(c => c is { First: not "", Second: not "" }).Select(c => $"{c.First} {Plain(time)} {Plain(c.Second)}"));
            }

            drawn.Should().NotBeEmpty().And.BeEquivalentTo(stated);
        }
    }

    [Fact]
    public async Task The_region_of_the_page_is_the_one_that_is_marked()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/regions/330000?indicator=P-RD-INT");

        var marked = tab.Main.Locator("figure[data-chart='bars'] tr[aria-current] th");

        await Expect(marked).ToHaveCountAsync(1);
        (await marked.TextContentAsync()).Should().Be("Zhejiang");
    }

    [Fact]
    public async Task The_axis_of_bars_counts_in_whole_steps()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/regions/330000?indicator=P-POP");

        var ticks = await tab.Main.Locator("figure[data-chart='bars']")
            .EvaluateAsync<double[]>("figure => window.Chart.getChart(figure.querySelector('canvas')).scales.x.ticks.map(tick => tick.value)");

        ticks.Should().Equal(0, 5000, 10000);
    }

    [Fact]
    public async Task The_arrow_keys_walk_through_a_chart_and_speak()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/indicators/I13");
        var spoken = tab.Main.Locator("figure[data-chart='line'] [aria-live]");
        await tab.Main.Locator("figure[data-chart='line'] canvas").FocusAsync();

        await tab.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(spoken).ToContainTextAsync("2020, Value 11.76 trillion yuan");
        await tab.Page.Keyboard.PressAsync("End");
        await Expect(spoken).ToContainTextAsync("2025, Value 15.9722 trillion yuan, Planned 17.00 trillion yuan, Target 17 trillion yuan");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(spoken).ToBeEmptyAsync();
    }

    [Theory]
    [InlineData("en", "Table (CSV)", "Image (PNG)", "Projected")]
    [InlineData("zh", "表格（CSV）", "图片（PNG）", "预测")]
    public async Task A_chart_is_taken_away_as_table_and_as_image(string language, string table, string image, string heading)
    {
        var tab = await SignInAsync("leader", language);
        await tab.OpenAsync("/indicators/I08");
        var figure = tab.Main.Locator("figure[data-chart='line']");

        var file = await tab.Page.RunAndWaitForDownloadAsync(() => figure.GetByRole(AriaRole.Button, new() { Name = table }).ClickAsync());
        file.SuggestedFilename.Should().Be("14fyp-informatization-I08-CN.csv");
        var lines = (await File.ReadAllTextAsync(await file.PathAsync())).TrimStart('\ufeff').Split("\r\n");
        lines[0].Should().Contain(heading);
        lines.Should().HaveCount(await figure.Locator("tbody tr").CountAsync() + 2, "the headings and the end of the last line come on top");
        lines.Should().Contain(l => l.StartsWith("2022,2.63,2.69,,"));

        var picture = await tab.Page.RunAndWaitForDownloadAsync(() => figure.GetByRole(AriaRole.Button, new() { Name = image }).ClickAsync());
        picture.SuggestedFilename.Should().Be("14fyp-informatization-I08-CN.png");
        (await File.ReadAllBytesAsync(await picture.PathAsync())).Should().StartWith([0x89, (byte)'P', (byte)'N', (byte)'G']).And.HaveCountGreaterThan(10_000);
        await Expect(tab.Page.Locator("html")).Not.ToHaveClassAsync("printing");
    }

    [Fact]
    public async Task The_period_of_the_ranking_is_slid_and_stands_in_the_address()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/indicators/P-RD-INT");
        var slider = tab.Main.GetByRole(AriaRole.Slider);
        var finding = tab.Main.Locator("figure[data-chart='bars'] figcaption");

        await slider.FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowLeft");

        await Expect(finding).ToContainTextAsync("in 2022");
        await Expect(slider).ToBeFocusedAsync();
        tab.Page.Url.Should().Contain("period=2022");
        await Expect(tab.Main.Locator("figure[data-chart='bars'] canvas")).ToBeVisibleAsync();
        await tab.Page.ReloadAsync();
        await Expect(finding).ToContainTextAsync("in 2022");
    }

    /// <summary>The shortest writing of a number, as a script writes it.</summary>
    private static string Plain(string? number) =>
        string.IsNullOrEmpty(number) ? "" : double.Parse(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
}
