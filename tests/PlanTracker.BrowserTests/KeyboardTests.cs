using PlanTracker.BrowserTests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>The pages without a mouse.</summary>
public sealed class KeyboardTests(PlanUnderReview served, Browser browser) : BrowserTest(served, browser), IClassFixture<PlanUnderReview>
{
    [Fact]
    public async Task The_first_key_offers_to_skip_to_the_content()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/indicators/I13");
        var skip = tab.Page.Locator("a.skip");

        await tab.Page.Keyboard.PressAsync("Tab");
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync();
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Main).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Enter_and_the_arrows_move_along_the_column_and_send_nothing()
    {
        var tab = await SignInAsync("reporter");
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        var (beijing, tianjin) = (tab.Main.GetByLabel("Beijing, 2024", new() { Exact = true }), tab.Main.GetByLabel("Tianjin, 2024", new() { Exact = true }));
        await beijing.FillAsync("6.95");

        await beijing.PressAsync("Enter");
        await Expect(tianjin).ToBeFocusedAsync();
        await tianjin.PressAsync("ArrowUp");
        await Expect(beijing).ToBeFocusedAsync();
        await beijing.PressAsync("ArrowDown");
        await Expect(tianjin).ToBeFocusedAsync();

        await Expect(beijing).ToHaveValueAsync("6.95");
        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "unsaved");
    }

    [Fact]
    public async Task Escape_puts_back_what_stood_in_the_cell()
    {
        var tab = await SignInAsync("reporter");
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        var zhejiang = tab.Main.GetByLabel("Zhejiang, 2024", new() { Exact = true });
        await zhejiang.FillAsync("4");

        await zhejiang.PressAsync("Escape");

        await Expect(zhejiang).ToHaveValueAsync("3.31");
        await Expect(tab.Main.Locator("td.cell:has(#value-330000)")).ToHaveAttributeAsync("data-state", "returned");
    }
}
