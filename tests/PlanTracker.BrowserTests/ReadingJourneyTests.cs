using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Data;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>One reading on its way from the reporter's form to everybody's pages, and the ways in which it is turned back.</summary>
public sealed class ReadingJourneyTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    private const string Source = "NBS, Statistical Communiqué of 2024, table 7";

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_reading_stands_on_every_page_once_it_is_approved(string language)
    {
        var words = Wording.Of(language);
        var task = await SignInAsync("leader", language);
        var indicator = await OpenTabAsync(task.Page.Context, language);
        var overview = await OpenTabAsync(task.Page.Context, language);
        await task.OpenAsync("/elements/T05");
        await indicator.OpenAsync("/indicators/I13");
        await overview.OpenAsync("");
        (await task.PlottedAsync("I13", "2024")).Should().BeEmpty();
        (await indicator.PlottedAsync("I13", "2024")).Should().BeEmpty();
        await Expect(overview.Line("I13")).ToContainTextAsync($"+0.5722 {words.Since} 2023");

        var reporter = await SignInAsync("reporter", language);
        await reporter.FollowAsync(words.Work);
        await Expect(Period(reporter, "I13", "2024")).ToContainTextAsync(words.Missing);
        await SpeaksAsync(reporter, words);
        await Period(reporter, "I13", "2024").GetByRole(AriaRole.Link).ClickAsync();
        await EnterAsync(reporter, words.Nation2024, "15.5", words);
        await Expect(Notice(reporter)).ToHaveTextAsync(words.Submitted);
        await Expect(Period(reporter, "I13", "2024")).ToHaveCountAsync(0);
        await SpeaksAsync(reporter, words);

        var reviewer = await SignInAsync("reviewer", language);
        await reviewer.FollowAsync(words.Review);
        var waiting = Tab.RowOf(reviewer.Main.Locator("tbody tr"), words.Nation2024);
        await Expect(waiting.Locator("td").First).ToHaveTextAsync("15.4 2023");
        await Expect(waiting.Locator("ins")).ToHaveTextAsync("15.5");
        await Expect(waiting).ToContainTextAsync(Source);
        await SpeaksAsync(reviewer, words);
        await waiting.GetByRole(AriaRole.Checkbox).CheckAsync();
        await reviewer.Button(words.Approve).ClickAsync();
        await Expect(Notice(reviewer)).ToHaveTextAsync(words.Approved);

        foreach (var open in new[] { task, indicator, overview })
            await open.Page.ReloadAsync();
        (await task.PlottedAsync("I13", "2024")).Should().Be("15.5");
        (await indicator.PlottedAsync("I13", "2024")).Should().Be("15.5");
        // The latest reading is that of 2025: it stays, and so does the judgement; what it is compared with is new.
        foreach (var page in new[] { task, overview })
        {
            await Expect(page.Line("I13")).ToContainTextAsync("15.9722 2025");
            await Expect(page.Line("I13")).ToContainTextAsync(words.Behind);
            await Expect(page.Line("I13")).ToContainTextAsync($"+0.4722 {words.Since} 2024");
            await SpeaksAsync(page, words);
        }

        var history = Tab.RowOf(indicator.Main.Locator("section[aria-labelledby='readings'] tbody tr"), "2024");
        await Expect(history).ToContainTextAsync("15.5");
        await Expect(history).ToContainTextAsync("National reporter → National reviewer");
        await Expect(history).ToContainTextAsync(Source);
        await SpeaksAsync(indicator, words);

        var analyst = await SignInAsync("analyst", language);
        (await DownloadAsync(analyst, words)).Should().ContainSingle(row => row.Region == "CN" && row.Period == "2024")
            .Which.Should().Be(new FileRow("I13", "CN", "2024", "15.5", Source));
        await SpeaksAsync(analyst, words);
    }

    [Fact]
    public async Task The_language_switch_keeps_the_page_and_its_filters()
    {
        var tab = await SignInAsync("analyst", "zh");
        await tab.OpenAsync("/readings?indicator=I13&from=2022");

        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();

        await Expect(tab.Page).ToHaveURLAsync(new Regex(@"/en/plans/14fyp-informatization/readings\?indicator=I13&from=2022$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(tab.Main.GetByLabel("Indicator", new() { Exact = true })).ToHaveValueAsync("I13");
        await Expect(tab.Main.GetByLabel("From period")).ToHaveValueAsync("2022");
        await SpeaksAsync(tab, Wording.English);
    }

    [Fact]
    public async Task A_reading_is_returned_with_a_reason_corrected_and_approved()
    {
        var words = Wording.English;
        var reporter = await SignInAsync("reporter");
        await reporter.OpenAsync("/work/I13?period=2024");
        await EnterAsync(reporter, words.Nation2024, "15.05", words);

        var reviewer = await SignInAsync("reviewer");
        await reviewer.OpenAsync("/review");
        await reviewer.Main.GetByLabel(words.Nation2024).CheckAsync();
        await reviewer.RefusedAsync(() => reviewer.Button(words.Return).ClickAsync());
        await Expect(reviewer.Main.GetByRole(AriaRole.Alert)).ToContainTextAsync(words.ReasonMissing);
        await Expect(reviewer.Main.GetByLabel(words.Nation2024)).ToBeCheckedAsync();

        await reviewer.Main.GetByLabel(words.Reason).FillAsync("Two digits are swapped.");
        await reviewer.Button(words.Return).ClickAsync();
        await Expect(Notice(reviewer)).ToHaveTextAsync(words.WasReturned);

        await reporter.OpenAsync("/work");
        await Expect(Period(reporter, "I13", "2024")).ToContainTextAsync(words.Returned);
        await Period(reporter, "I13", "2024").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(reporter.Main.Locator("[data-says]")).ToContainTextAsync("returned by National reviewer: Two digits are swapped.");
        await Expect(reporter.Main.GetByLabel(words.Nation2024, new() { Exact = true })).ToHaveValueAsync("15.05");
        await EnterAsync(reporter, words.Nation2024, "15.5", words);

        await reviewer.OpenAsync("/review");
        await ApproveAsync(reviewer, words.Nation2024, words);
        await reviewer.OpenAsync("/indicators/I13");
        (await reviewer.PlottedAsync("I13", "2024")).Should().Be("15.5");
    }

    [Fact]
    public async Task A_cell_says_while_typing_that_it_holds_no_number()
    {
        var reporter = await SignInAsync("reporter");
        await reporter.OpenAsync("/work/I13?period=2024");
        var cell = reporter.Main.GetByLabel("China, 2024", new() { Exact = true });

        await cell.PressSequentiallyAsync("15,5");

        await Expect(reporter.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", "error");
        await Expect(cell).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(reporter.Main.Locator("[data-trouble]")).ToHaveTextAsync("“15,5” is not a number. Use digits, one point and a minus only.");

        await cell.FillAsync("15.5");
        await Expect(reporter.Main.Locator("td.cell")).ToHaveAttributeAsync("data-state", "saved");
        await Expect(reporter.Main.Locator("[data-trouble]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Without_scripts_the_server_names_the_row_and_keeps_what_was_typed()
    {
        var reporter = await SignInAsync("reporter", options: new() { JavaScriptEnabled = false });
        await reporter.OpenAsync("/work/P-RD-INT?period=2024");
        await reporter.Main.GetByLabel("Beijing, 2024", new() { Exact = true }).FillAsync("6.9");
        await reporter.Main.GetByLabel("Zhejiang, 2024", new() { Exact = true }).FillAsync("3,3");
        await reporter.Main.GetByLabel("Source of these figures").FillAsync(Source);

        await reporter.RefusedAsync(() => reporter.Button("Submit for review").ClickAsync());

        await Expect(reporter.Main.GetByRole(AriaRole.Alert).Locator("li"))
            .ToHaveTextAsync("Zhejiang, 2024: “3,3” is not a number. Use digits, one point and a minus only, for example 78.5.");
        await Expect(reporter.Main.GetByLabel("Beijing, 2024", new() { Exact = true })).ToHaveValueAsync("6.9");
        await Expect(reporter.Main.GetByLabel("Zhejiang, 2024", new() { Exact = true })).ToHaveValueAsync("3,3");
        await Expect(reporter.Main.Locator(".cell:has(#cell-P-RD-INT-110000-2024) .cell-state")).ToHaveTextAsync("Not sent");
        await Expect(reporter.Main.GetByLabel("Source of these figures")).ToHaveValueAsync(Source);
    }

    [Fact]
    public async Task Nobody_approves_their_own_reading()
    {
        await GiveRoleAsync("reviewer", Roles.Reporter);
        var both = await SignInAsync("reviewer");
        await both.OpenAsync("/work/I13?period=2024");
        await EnterAsync(both, "China, 2024", "15.5", Wording.English);
        await both.OpenAsync("/review");
        var own = both.Main.GetByLabel("China, 2024");
        await Expect(own).ToBeDisabledAsync();
        await Expect(both.Main.Locator("tbody tr")).ToContainTextAsync("your own: somebody else decides");

        await own.EvaluateAsync("box => { box.disabled = false; box.checked = true; }");
        await both.RefusedAsync(() => both.Button("Approve chosen").ClickAsync());

        await Expect(both.Main.GetByRole(AriaRole.Alert)).ToContainTextAsync("You entered some of these yourself; somebody else has to decide: I13/CN/2024");
        await both.OpenAsync("/indicators/I13");
        (await both.PlottedAsync("I13", "2024")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_reading_of_a_province_stands_on_the_pages_of_province_and_indicator()
    {
        var leader = await SignInAsync("leader");
        var indicator = await OpenTabAsync(leader.Page.Context, "en");
        await leader.OpenAsync("/regions/330000?indicator=P-RD-INT");
        await indicator.OpenAsync("/indicators/P-RD-INT?region=330000");
        await Expect(leader.Line("P-RD-INT")).ToContainTextAsync("3.2 2023");
        await Expect(indicator.Main.Locator(".fact-large")).ToHaveTextAsync("3.2 %");

        var reporter = await SignInAsync("zhejiang");
        await reporter.OpenAsync("/work");
        await Period(reporter, "P-RD-INT", "2024").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(reporter.Main.Locator("tbody tr")).ToHaveCountAsync(1);
        await EnterAsync(reporter, "Zhejiang, 2024", "3.31", Wording.English);
        var reviewer = await SignInAsync("reviewer");
        await reviewer.OpenAsync("/review");
        await ApproveAsync(reviewer, "Zhejiang, 2024", Wording.English);

        await leader.Page.ReloadAsync();
        await indicator.Page.ReloadAsync();
        await Expect(leader.Line("P-RD-INT")).ToContainTextAsync("3.31 2024");
        (await leader.PlottedAsync("P-RD-INT", "2024")).Should().Be("3.31");
        await Expect(indicator.Main.Locator(".fact-large")).ToHaveTextAsync("3.31 %");
        (await indicator.PlottedAsync("P-RD-INT", "2024")).Should().Be("3.31");
    }

    private static ILocator Notice(Tab tab) => tab.Main.Locator(".notice[role=status]");

    /// <summary>What My work says about one period of an indicator.</summary>
    private static ILocator Period(Tab tab, string indicator, string period) => tab.Line(indicator).Locator("li", new() { HasText = period });

    private static async Task EnterAsync(Tab tab, string cell, string value, Wording words)
    {
        await tab.Main.GetByLabel(cell, new() { Exact = true }).FillAsync(value);
        await tab.Main.GetByLabel(words.Source).FillAsync(Source);
        await tab.Button(words.Submit).ClickAsync();
        await Expect(Notice(tab)).ToBeVisibleAsync();
    }

    private static async Task ApproveAsync(Tab tab, string cell, Wording words)
    {
        await tab.Main.GetByLabel(cell).CheckAsync();
        await tab.Button(words.Approve).ClickAsync();
        await Expect(Notice(tab)).ToHaveTextAsync(words.Approved);
    }

    private static async Task<List<FileRow>> DownloadAsync(Tab tab, Wording words)
    {
        await tab.FollowAsync(words.Data);
        await tab.Main.GetByLabel(words.Indicator, new() { Exact = true }).SelectOptionAsync("I13");
        await tab.Button(words.Show).ClickAsync();
        await tab.Page.WaitForURLAsync(new Regex("indicator=I13", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Main.GetByRole(AriaRole.Link, new() { Name = words.Download, Exact = true }).ClickAsync());
        using var text = new StreamReader(await download.CreateReadStreamAsync());
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        var rows = new List<FileRow>();
        await csv.ReadAsync();
        csv.ReadHeader();
        while (await csv.ReadAsync())
            rows.Add(new FileRow(csv["indicator"]!, csv["region"]!, csv["period"]!, csv["value"]!, csv["source"]!));
        return rows;
    }

    /// <summary>No label of the other language stands on the page.</summary>
    private static async Task SpeaksAsync(Tab tab, Wording words)
    {
        var text = await tab.TextAsync();
        words.Other.Labels.Where(label => Regex.IsMatch(text, $@"(?<![A-Za-z]){Regex.Escape(label)}(?![A-Za-z])", RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Should().BeEmpty("{0} speaks one language", tab.Page.Url);
    }

    private async Task GiveRoleAsync(string name, string role)
    {
        await using var scope = Plan.Application.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        (await people.AddToRoleAsync((await people.FindByNameAsync(name))!, role)).Succeeded.Should().BeTrue();
    }

    private sealed record FileRow(string Indicator, string Region, string Period, string Value, string Source);
}
