using Microsoft.Playwright;
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
    public async Task A_region_is_found_opened_and_read_without_a_mouse()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("");

        await TabToAsync(tab, tab.Page.GetByRole(AriaRole.Searchbox));
        await tab.Page.Keyboard.TypeAsync("hlj");
        await tab.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(tab, tab.Main.GetByRole(AriaRole.Link, new() { Name = "Heilongjiang" }).First);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Main.Locator("h1")).ToContainTextAsync("Heilongjiang");

        var chart = tab.Main.Locator("figure[data-chart='line'] canvas");
        await TabToAsync(tab, chart);
        await tab.Page.Keyboard.PressAsync("End");
        await Expect(tab.Main.Locator("figure[data-chart='line'] [aria-live]")).ToContainTextAsync("Value");
        await TabToAsync(tab, tab.Main.Locator("figure[data-chart='line'] summary"));
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Main.Locator("figure[data-chart='line'] table")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_day_and_the_method_are_chosen_without_a_mouse()
    {
        var tab = await SignInAsync("leader");
        await tab.OpenAsync("/indicators/I13");

        await TabToAsync(tab, tab.Page.GetByLabel("Judged by"));
        await tab.Page.Keyboard.TypeAsync("UN");
        await TabToAsync(tab, tab.Page.Locator("footer button"));
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Main.GetByRole(AriaRole.Note)).ToContainTextAsync("Judged by the method UN");
        tab.Page.Url.Should().Contain("method=un-projection");
    }

    /// <summary>Presses Tab until the element has the focus, and sees that it can be seen.</summary>
    private static async Task TabToAsync(Tab tab, ILocator element)
    {
        for (var presses = 0; presses < 150; presses++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            if (await element.EvaluateAsync<bool>("wanted => wanted === document.activeElement"))
            {
                await Expect(element).ToBeInViewportAsync();
                return;
            }
        }

        throw new InvalidOperationException($"{element} is not reached with the Tab key.");
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
        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "saved");
    }

    [Fact]
    public async Task A_column_from_a_spreadsheet_shows_what_it_would_change_and_fills_down()
    {
        var tab = await SignInAsync("reporter");
        await tab.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        var (beijing, tianjin, hebei) = (tab.Main.Locator("#cell-P-RD-INT-110000-2024"), tab.Main.Locator("#cell-P-RD-INT-120000-2024"), tab.Main.Locator("#cell-P-RD-INT-130000-2024"));
        await beijing.FillAsync("5");

        await tab.Page.EvaluateAsync("navigator.clipboard.writeText('6.58\\r\\n1,234\\r\\n2.22\\r\\n')");
        await beijing.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Control+v");

        var dialog = tab.Main.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Beijing, 2024: 5 → 6.58");
        await Expect(dialog).ToContainTextAsync("Tianjin, 2024 (row 2, column 1 of the block): “1,234” – not a number");
        await Expect(beijing).ToHaveValueAsync("5");
        (await tab.BarriersAsync()).Should().BeEmpty();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Put them in" }).PressAsync("Enter");

        await Expect(beijing).ToHaveValueAsync("6.58");
        await Expect(tianjin).ToHaveValueAsync("");
        await Expect(hebei).ToHaveValueAsync("2.22");
        await Expect(beijing).ToBeFocusedAsync();
        await Expect(tab.Main.Locator("td.cell:has(#cell-P-RD-INT-130000-2024)")).ToHaveAttributeAsync("data-state", "saved");

        // Names find their rows; Escape leaves everything as it was.
        await tab.Page.EvaluateAsync("navigator.clipboard.writeText('Hebei\\t3\\r\\n天津\\t4\\r\\n')");
        await tab.Page.Keyboard.PressAsync("Control+v");
        await Expect(dialog).ToContainTextAsync("Hebei, 2024: 2.22 → 3");
        await Expect(dialog).ToContainTextAsync("Tianjin, 2024: empty → 4");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(hebei).ToHaveValueAsync("2.22");
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
        await Expect(tab.Main.Locator("td.cell:has(#cell-P-RD-INT-330000-2024)")).ToHaveAttributeAsync("data-state", "returned");
    }
}
