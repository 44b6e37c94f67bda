using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>What holds for every page, whoever reads it, in whichever language and light.</summary>
public sealed class PagesTests(PlanUnderReview served, Browser browser) : BrowserTest(served, browser), IClassFixture<PlanUnderReview>
{
    private const string NoSuchPage = "/elements/T99";

    private static readonly string[] Pages =
    [
        "", "/elements", "/elements/D1", "/elements/O1", "/elements/T05", "/elements/T01.1", "/elements/B01", "/elements/B01.1", "/elements/A01", "/elements/A01.1",
        "/elements/M1", "/indicators", "/indicators/I03", "/indicators/I05", "/indicators/I13?ifTarget=18&ifBy=2027&ifValue=16.8&ifPeriod=2026", "/indicators/I13/why", "/indicators/P-RD-INT", "/regions", "/regions/330000", "/regions/CN",
        "/regions/CN-EAST", "?asOf=2023-12-31", "/report", "/elements/T03/report", "/regions/330000/report", "/regions/CN-EAST/report", "/method", "/compare", "/compare?indicator=P-RD-INT&indicator=P-PAT-GRANT&region=330000&region=110000", "/changes?from=2023-01-01&to=2023-12-31", "/goals/A01-2023", "/goals/A01-2023/progress", "/items/B01.1", "/items/B01.1/progress", "/readings", "/search?q=5G", "/search?q=hlj&asOf=2023-12-31", "/search?q=zzz", "/work", "/work/P-RD-INT?period=2024", "/work/P-RD-INT?from=2021&to=2025", "/work/P-RD-INT/330000/2024", "/work/regions/330000", "/review", "/rounds", "/rounds/new", "/rounds/y2024", "/rounds/y2024/edit", "/rounds/y2024/completeness", "/imports", "/account", "/account/tokens", "/people", "/people/new", "/people?q=zzz", "/audit", "/audit/verify", "/account/sign-in", "/account/set-up", NoSuchPage,
    ];

    public static TheoryData<string, string, ColorScheme> OnADesk => Each(ColorScheme.Light, ColorScheme.Dark);

    public static TheoryData<string, string, ColorScheme> OnAPhone => Each(ColorScheme.Dark, ColorScheme.Light);

    public static TheoryData<string> WithFigures => [.. Pages.Where(p => p.StartsWith("/indicators/", StringComparison.Ordinal) || p.StartsWith("/regions/", StringComparison.Ordinal) || p is "/elements/T05" or "/elements/B01" or "/report")];

    [Theory]
    [MemberData(nameof(OnADesk))]
    public async Task A_page_is_accessible_and_whole_on_a_desk(string page, string language, ColorScheme light)
    {
        var tab = await OpenAsync(page, language, new() { ColorScheme = light, ViewportSize = new() { Width = 1440, Height = 900 } });
        await ShouldBeWholeAsync(tab);
        (await tab.BarriersAsync()).Should().BeEmpty("the page keeps to WCAG 2.2, level AA");
    }

    [Theory]
    [MemberData(nameof(OnAPhone))]
    public async Task A_page_is_whole_on_a_phone(string page, string language, ColorScheme light)
    {
        var tab = await OpenAsync(page, language, new() { ColorScheme = light, ViewportSize = new() { Width = 390, Height = 844 } });

        await ShouldBeWholeAsync(tab);
    }

    [Theory]
    [MemberData(nameof(WithFigures))]
    public async Task Without_scripts_the_figures_stand_in_tables(string page)
    {
        var tab = await OpenAsync(page, "en", new() { JavaScriptEnabled = false });

        await Expect(tab.Main.Locator("canvas")).ToHaveCountAsync(0);
        foreach (var figure in await tab.Main.Locator("figure[data-chart]").AllAsync())
        {
            await figure.GetByText("Table", new() { Exact = true }).ClickAsync();
            await Expect(figure.Locator("td[data-value]:not([data-value=''])").First).ToBeVisibleAsync();
        }
    }

    [Theory]
    [MemberData(nameof(WithFigures))]
    public async Task The_page_does_not_move_when_its_charts_are_drawn(string page)
    {
        var tab = await OpenAsync(page, "en", new() { ViewportSize = new() { Width = 1440, Height = 900 } });

        await Expect(tab.Main.Locator("figure[data-chart] canvas")).ToHaveCountAsync(await tab.Main.Locator("figure[data-chart]").CountAsync());
        var moved = await tab.Page.EvaluateAsync<double>("""
            () => new Promise(done => {
                let sum = 0;
                new PerformanceObserver(list => sum += list.getEntries().reduce((all, shift) => all + shift.value, 0)).observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => done(sum), 200);
            })
            """);

        moved.Should().BeLessThan(0.05);
    }

    /// <summary>Every page in each language and in each light, once: the page in the dark is the same page in other colours.</summary>
    private static TheoryData<string, string, ColorScheme> Each(ColorScheme english, ColorScheme chinese) => [.. Pages.SelectMany(page => new TheoryDataRow<string, string, ColorScheme>[]
    {
        new(page, "en", english), new(page, "zh", chinese),
    })];

    private async Task<Tab> OpenAsync(string page, string language, BrowserNewContextOptions options)
    {
        var tab = PersonFor(page) is { } name ? await SignInAgainAsync(name, language, options) : await OpenBrowserAsync(language, options);
        await tab.OpenAsync(page, page == NoSuchPage ? 404 : 200);
        return tab;
    }

    private static string? PersonFor(string page) => page.Split('/', '?') switch
    {
        [_, "account", "sign-in" or "set-up"] => null,
        [_, "people", ..] => "security",
        [_, "audit", ..] => "auditor",
        [_, "work" or "imports", ..] or [_, "goals" or "items", _, "progress"] => "reporter",
        [_, "review", ..] => "reviewer",
        [_, "readings", ..] => "analyst",
        [_, "rounds", ..] => "administrator",
        _ => "leader",
    };

    /// <summary>Nothing stands out at the side, and every figure that has values is drawn.</summary>
    private static async Task ShouldBeWholeAsync(Tab tab)
    {
        var over = await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        over.Should().Be(0, "the page does not scroll sideways");

        foreach (var figure in await tab.Main.Locator("figure[data-chart]:has(td[data-value]:not([data-value='']))").AllAsync())
        {
            await Expect(figure.Locator("canvas")).ToBeVisibleAsync();
            (await figure.Locator("canvas").EvaluateAsync<bool>(
                "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(part => part !== 0)"))
                .Should().BeTrue("the figure is drawn");
        }
    }
}
