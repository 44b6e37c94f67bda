using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>The entry grid in the hands of people: from a spreadsheet, by keyboard, with a bad connection, and two at once.</summary>
public sealed class GridTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    [Fact]
    public async Task A_block_of_31_regions_and_5_years_comes_from_a_spreadsheet_as_it_shows()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?from=2021&to=2025");
        var before = await TextsAsync(tab);
        before.Should().HaveCount(31 * 5);

        // Every figure of the years grows by 0.01; some cells are empty, two are written as a spreadsheet may show them.
        var block = Enumerable.Range(0, 31).Select(row => Enumerable.Range(0, 5).Select(column => (row, column) switch
        {
            (2, 0) => "1,234.5",
            (4, 1) => "９",
            (_, 4) => "",
            _ => Grown(before[(row * 5) + column], 3.00m + (row / 100m)),
        }).ToArray()).ToArray();
        await PasteAsync(tab, tab.Main.Locator(".cell-input").First, string.Join("\r\n", block.Select(line => string.Join('\t', line))) + "\r\n");

        var dialog = tab.Main.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync($"{(31 * 4) - 2} to change");
        await Expect(dialog).ToContainTextAsync("2 not accepted; they stay as they are");
        await Expect(dialog).ToContainTextAsync("Hebei, 2021 (row 3, column 1 of the block): “1,234.5” – not a number");
        await Expect(dialog).ToContainTextAsync("Inner Mongolia, 2022 (row 5, column 2 of the block): “９” – not a number");
        await Expect(dialog).ToContainTextAsync("31 empty in the block");
        (await TextsAsync(tab)).Should().Equal(before, "nothing has been put in yet");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Put them in" }).ClickAsync();

        var after = await TextsAsync(tab);
        for (var i = 0; i < after.Count; i++)
        {
            var (row, column) = (i / 5, i % 5);
            var refused = (row, column) is (2, 0) or (4, 1);
            after[i].Should().Be(refused || block[row][column].Length == 0 ? before[i] : block[row][column], "row {0}, column {1}", row, column);
        }

        await Expect(tab.Main.Locator("td.cell:is([data-state=saved], [data-state=warning])")).ToHaveCountAsync((31 * 4) - 2);
        (await DraftsAsync()).Should().HaveCount((31 * 4) - 2);

        await tab.Button("Undo").ClickAsync();
        (await TextsAsync(tab)).Should().Equal(before);
        await EventuallyAsync(drafts => drafts.Count == 0);
    }

    [Fact]
    public async Task A_chosen_block_is_filled_down_undone_done_again_and_copied()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        var cells = tab.Main.Locator(".cell-input");
        await cells.First.FillAsync("6.8");

        for (var i = 0; i < 3; i++)
            await tab.Page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(tab.Main.Locator("[data-chosen]")).ToHaveCountAsync(4);
        await tab.Page.Keyboard.PressAsync("Control+d");
        (await TextsAsync(tab)).Take(5).Should().Equal("6.8", "6.8", "6.8", "6.8", "");
        await tab.Page.Keyboard.PressAsync("Control+z");
        (await TextsAsync(tab)).Take(5).Should().Equal("6.8", "", "", "", "");
        await tab.Page.Keyboard.PressAsync("Control+y");
        (await TextsAsync(tab)).Take(5).Should().Equal("6.8", "6.8", "6.8", "6.8", "");

        await cells.First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Shift+ArrowDown");
        await tab.Page.Keyboard.PressAsync("Control+c");
        (await tab.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).Should().Be("6.8\r\n6.8");
    }

    [Fact]
    public async Task What_is_typed_without_a_connection_is_sent_when_it_is_back()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        var beijing = Cell(tab, "Beijing");
        await tab.OfflineAsync(true);
        await beijing.FillAsync("6.8");

        await Expect(Status(tab)).ToContainTextAsync("The server does not answer: what you typed is kept in this browser");
        (await DraftsAsync()).Should().BeEmpty();
        await tab.OfflineAsync(false);

        await Expect(Status(tab)).ToContainTextAsync("Saved as drafts");
        (await DraftsAsync()).Should().ContainSingle().Which.Value.Should().Be(6.8m);
    }

    [Fact]
    public async Task What_was_typed_in_a_tab_that_was_closed_comes_back()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        await tab.OfflineAsync(true);
        await Cell(tab, "Beijing").FillAsync("6.8");
        await Cell(tab, "Tianjin").FillAsync("1,5");
        await Expect(Status(tab)).ToContainTextAsync("The server does not answer");
        await tab.Page.CloseAsync();

        await tab.OfflineAsync(false);
        var again = await OpenTabAsync(tab.Page.Context, "en");
        await again.OpenAsync("/work");
        await Expect(again.Main.Locator("[data-kept]")).ToContainTextAsync("P-RD-INT, 2024 (2)");
        await again.Main.Locator("[data-kept] a").ClickAsync();

        await Expect(Cell(again, "Beijing")).ToHaveValueAsync("6.8");
        await Expect(Cell(again, "Tianjin")).ToHaveValueAsync("1,5");
        await Expect(Status(again)).ToContainTextAsync("Saved as drafts · 1 not accepted");
        (await DraftsAsync()).Should().ContainSingle().Which.Value.Should().Be(6.8m);
    }

    [Fact]
    public async Task What_is_typed_after_the_session_has_ended_is_sent_after_signing_in_again()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        await tab.Page.Context.ClearCookiesAsync(new() { Name = "plantracker" });
        await Cell(tab, "Beijing").FillAsync("6.8");

        await Expect(Status(tab)).ToContainTextAsync("Your session has ended: what you typed is kept in this browser");
        var popup = await tab.Page.RunAndWaitForPopupAsync(() => Status(tab).GetByRole(AriaRole.Link).ClickAsync());
        await popup.GetByLabel("Name", new() { Exact = true }).FillAsync("reporter");
        await popup.GetByLabel("Password", new() { Exact = true }).FillAsync(DemonstrationAccounts.Password);
        await popup.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await popup.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await popup.CloseAsync();
        await tab.Page.BringToFrontAsync();
        await tab.Page.EvaluateAsync("window.dispatchEvent(new Event('focus'))");

        await Expect(Status(tab)).ToContainTextAsync("Saved as drafts");
        (await DraftsAsync()).Should().ContainSingle().Which.Value.Should().Be(6.8m);
    }

    [Theory]
    [InlineData("Keep mine", "3.4", "3.4")]
    [InlineData("Take theirs", "3.3", "3.3")]
    public async Task The_second_of_two_people_sees_who_when_and_what_and_chooses(string choice, string shown, string kept)
    {
        var first = await OpenGridAsync("/work/P-RD-INT?period=2024");
        var second = await SignInAsync("zhejiang");
        await second.OpenAsync("/work/P-RD-INT?period=2024");
        await Cell(first, "Zhejiang").FillAsync("3.3");
        await Expect(Status(first)).ToContainTextAsync("Saved as drafts");

        await Cell(second, "Zhejiang").FillAsync("3.4");

        await Expect(second.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", "conflict");
        await Expect(second.Main.Locator("[data-trouble]")).ToContainTextAsync("National reporter has drafted 3.3 here on 20");
        await Expect(Cell(second, "Zhejiang")).ToHaveValueAsync("3.4");
        await second.Button(choice).ClickAsync();

        await Expect(Cell(second, "Zhejiang")).ToHaveValueAsync(shown);
        await Expect(second.Main.Locator("td.cell")).Not.ToHaveAttributeAsync("data-state", "conflict");
        await EventuallyAsync(drafts => drafts is [var draft] && draft.Value == decimal.Parse(kept, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("Keep mine", "3.4", "saved", 1)]
    [InlineData("Take theirs", "3.3", "submitted", 0)]
    public async Task An_own_draft_that_a_revision_has_overtaken_says_so_and_asks(string choice, string shown, string state, int drafts)
    {
        await SubmitAsync("reporter", "3.3");
        var zhejiang = await Plan.PersonAsync("zhejiang");
        var (indicator, region) = (await Plan.IndicatorAsync("P-RD-INT"), await Plan.RegionAsync("330000"));
        await Plan.WithAsync(async (db, _) =>
        {
            db.Drafts.Add(new ReadingDraft { IndicatorId = indicator, RegionId = region, Period = Period.Annual(2024), Value = 3.4m, Status = ObservationStatus.A, AuthorId = zhejiang, SavedAt = DateTimeOffset.UnixEpoch, Version = 1 });
            return await db.SaveChangesAsync();
        });
        var tab = await SignInAsync("zhejiang");
        await tab.OpenAsync("/work/P-RD-INT?period=2024");

        await Expect(tab.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", "conflict");
        await Expect(tab.Main.Locator("[data-trouble]")).ToContainTextAsync("National reporter put 3.3 here after this draft was begun");
        await tab.Button(choice).ClickAsync();

        await Expect(tab.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", state);
        await Expect(Cell(tab, "Zhejiang")).ToHaveValueAsync(shown);
        await EventuallyAsync(d => d.Count == drafts && d.TrueForAll(x => x.BasedOn == 1));
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        await Expect(tab.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", state);
    }

    [Fact]
    public async Task Emptying_an_own_draft_brings_back_what_stands()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2023");
        var beijing = tab.Main.GetByLabel("Beijing, 2023", new() { Exact = true });
        await beijing.FillAsync("6.8");
        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "saved");

        await beijing.FillAsync("");

        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "approved");
        await Expect(beijing).ToHaveValueAsync("6.73");
        (await DraftsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Somebody_who_has_never_seen_it_enters_31_regions_with_digits_and_Enter_alone()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        var figures = (await tab.Main.Locator("tbody tr").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.before)")).ToList();
        figures.Should().HaveCount(31);
        var keys = new List<string>();

        foreach (var figure in figures)
        {
            foreach (var digit in figure)
                await PressAsync(digit.ToString());
            await PressAsync("Enter");
        }

        // After the last region the next Enter is on the button.
        await PressAsync("Enter");

        await Expect(tab.Main.Locator(".notice[role=status]")).ToContainTextAsync("Submitted for review: 31 readings of P-RD-INT, 2024.");
        keys.Should().OnlyContain(k => k == "Enter" || k == "." || char.IsAsciiDigit(k[0]));
        keys.Should().HaveCount(figures.Sum(f => f.Length) + 31 + 1);
        var submitted = await Plan.WithAsync((db, _) => db.Revisions.Where(r => r.State == RevisionState.Submitted).Select(r => r.Value).ToListAsync());
        submitted.Should().HaveCount(31).And.BeEquivalentTo(figures.Select(f => (decimal?)decimal.Parse(f, CultureInfo.InvariantCulture)));

        async Task PressAsync(string key)
        {
            keys.Add(key);
            await tab.Page.Keyboard.PressAsync(key);
        }
    }

    [Fact]
    public async Task A_questioned_figure_is_explained_before_it_is_submitted()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        await Cell(tab, "Beijing").FillAsync("67.3");

        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "warning");
        await Expect(tab.Main.Locator("[data-questions] li:not([hidden])")).ToHaveTextAsync("It is about 10, 100, 1,000 or 10,000 times the figure before, or that part of it: is the unit right?");
        await tab.Button("Submit for review").ClickAsync();
        await Expect(tab.Main.GetByLabel("Why it is right")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("The bulletin says so.");
        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "saved");
        await tab.Button("Submit for review").ClickAsync();

        await Expect(tab.Main.Locator(".notice[role=status]")).ToContainTextAsync("Submitted for review: 1 reading");
        var revision = await Plan.WithAsync((db, _) => db.Revisions.SingleAsync(r => r.State == RevisionState.Submitted));
        revision.Should().BeEquivalentTo(new { Value = 67.3m, Questions = "UnitSlip", Explanation = "The bulletin says so." });
    }

    [Fact]
    public async Task A_reason_for_no_value_goes_with_an_empty_cell()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        await Cell(tab, "Beijing").FillAsync("6");
        await tab.Page.Keyboard.PressAsync("Alt+Enter");
        await Expect(tab.Main.GetByLabel("Kind of figure")).ToBeFocusedAsync();
        await tab.Main.GetByLabel("Kind of figure").SelectOptionAsync("O");
        await tab.Main.GetByLabel("Note", new() { Exact = true }).FillAsync("The survey was not held.");
        await tab.Page.Keyboard.PressAsync("Escape");

        await Expect(Cell(tab, "Beijing")).ToBeFocusedAsync();
        await Expect(Cell(tab, "Beijing")).ToHaveValueAsync("");
        await Expect(tab.Main.Locator(".cell-state").First).ToHaveTextAsync("Missing · Draft");
        (await DraftsAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Value = (decimal?)null, Status = ObservationStatus.O, Note = "The survey was not held." });
    }

    [Fact]
    public async Task Without_scripts_figures_are_saved_as_drafts_and_then_submitted()
    {
        var tab = await SignInAsync("reporter", options: new() { JavaScriptEnabled = false });
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        await Cell(tab, "Beijing").FillAsync("6.8");
        await Cell(tab, "Tianjin").FillAsync("3.6");
        await tab.Button("Save as drafts").ClickAsync();

        await Expect(tab.Main.Locator("td.cell[data-state=saved]")).ToHaveCountAsync(2);
        await Expect(Cell(tab, "Tianjin")).ToHaveValueAsync("3.6");
        (await DraftsAsync()).Select(d => d.Value).Should().BeEquivalentTo(new decimal?[] { 6.8m, 3.6m });
        await tab.Button("Submit for review").ClickAsync();

        await Expect(tab.Main.Locator(".notice[role=status]")).ToContainTextAsync("Submitted for review: 2 readings of P-RD-INT, 2024.");
        (await DraftsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_cell_with_the_focus_is_never_hidden()
    {
        var tab = await OpenGridAsync("/work/P-RD-EXP?from=2021&to=2025");
        foreach (var (width, height) in new[] { (1440, 900), (720, 450), (390, 844) })
        {
            await tab.Page.SetViewportSizeAsync(width, height);
            foreach (var key in Enumerable.Repeat("ArrowDown", 30).Concat(Enumerable.Repeat("ArrowUp", 30)).Concat(["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight"]))
            {
                await tab.Page.Keyboard.PressAsync(key);
                (await FocusIsSeenAsync(tab)).Should().BeTrue("{0} × {1}, {2}", width, height, key);
            }
        }
    }

    [Fact]
    public async Task A_question_does_not_stand_over_its_cell_when_the_form_opens_on_a_phone()
    {
        var tab = await OpenGridAsync("/work/regions/330000?from=2022&to=2024");
        await tab.Page.SetViewportSizeAsync(390, 900);
        await tab.Main.GetByLabel("R&D intensity, 2024", new() { Exact = true }).FillAsync("33");
        await Expect(Status(tab)).ToContainTextAsync("Saved as drafts");

        await tab.OpenAsync("/work/regions/330000?from=2022&to=2024");

        await Expect(tab.Main.Locator("[data-questions]")).ToBeVisibleAsync();
        (await FocusIsSeenAsync(tab)).Should().BeTrue();
    }

    [Fact]
    public async Task The_beginning_of_a_figure_is_not_sent_and_not_refused()
    {
        var tab = await OpenGridAsync("/work/P-RD-INT?period=2024");
        await Cell(tab, "Beijing").PressSequentiallyAsync("6.");
        await Cell(tab, "Beijing").EvaluateAsync("() => new Promise(done => setTimeout(done, 1000))");

        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "unsaved");
        (await DraftsAsync()).Should().BeEmpty();

        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Main.Locator("td.cell").First).ToHaveAttributeAsync("data-state", "error");
    }

    /// <summary>Whether nothing stands over the cell one is in.</summary>
    private static Task<bool> FocusIsSeenAsync(Tab tab) => tab.Page.EvaluateAsync<bool>("""
        () => {
            const cell = document.activeElement;
            const { left, width, top, height } = cell.getBoundingClientRect();
            return cell.classList.contains("cell-input") && document.elementFromPoint(left + width / 2, top + height / 2) === cell;
        }
        """);

    private static ILocator Cell(Tab tab, string region) => tab.Main.GetByLabel($"{region}, 2024", new() { Exact = true });

    private static ILocator Status(Tab tab) => tab.Main.Locator("[data-status]");

    private static string Grown(string text, decimal otherwise) =>
        (text.Length == 0 ? otherwise : decimal.Parse(text, CultureInfo.InvariantCulture) + 0.01m).ToString(CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<string>> TextsAsync(Tab tab) =>
        await tab.Main.Locator(".cell-input").EvaluateAllAsync<string[]>("inputs => inputs.map(i => i.value)");

    private static async Task PasteAsync(Tab tab, ILocator cell, string text)
    {
        await tab.Page.EvaluateAsync("text => navigator.clipboard.writeText(text)", text);
        await cell.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Control+v");
    }

    [Fact]
    public async Task Whoever_is_quicker_than_the_script_keeps_the_field()
    {
        var tab = await OpenGridAsync("/work");
        var held = new TaskCompletionSource();
        await tab.Page.RouteAsync("**/js/grid/grid*.js", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await tab.Page.GotoAsync($"{tab.Page.Url}/P-RD-INT?period=2024", new() { WaitUntil = WaitUntilState.Commit });
        var source = tab.Main.GetByLabel("Source of these figures");
        await source.FillAsync("Year");
        held.SetResult();
        await Expect(tab.Main.Locator("[data-tools]")).ToBeVisibleAsync();
        await tab.Page.Keyboard.TypeAsync("book");

        await Expect(source).ToHaveValueAsync("Yearbook");
    }

    private async Task<Tab> OpenGridAsync(string path)
    {
        var tab = await SignInAsync("reporter");
        await tab.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await tab.OpenAsync(path);
        return tab;
    }

    private async Task SubmitAsync(string person, string value)
    {
        var author = await Plan.PersonAsync(person);
        var key = new CellKey(await Plan.IndicatorAsync("P-RD-INT"), await Plan.RegionAsync("330000"), Period.Annual(2024));
        var submission = new Submission { Source = "Bulletin", Cells = [new TypedCell(key, value)], RequestId = Guid.NewGuid() };
        (await Plan.WithAsync((_, store) => store.SubmitAsync(submission, author, CancellationToken.None))).Submitted.Should().Be(1);
    }

    /// <summary>Waits until the drafts the server holds are as they should be.</summary>
    private async Task EventuallyAsync(Func<List<ReadingDraft>, bool> are)
    {
        List<ReadingDraft> drafts = [];
        for (var i = 0; i < 50 && !are(drafts = await DraftsAsync()); i++)
            await Task.Delay(100);
        drafts.Should().Match(d => are(d.ToList()));
    }

    private Task<List<ReadingDraft>> DraftsAsync() => Plan.WithAsync((db, _) => db.Drafts.AsNoTracking().ToListAsync());
}
