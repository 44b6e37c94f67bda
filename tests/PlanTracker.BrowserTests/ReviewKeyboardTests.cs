using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>A reviewer goes through the queue without a mouse.</summary>
public sealed class ReviewKeyboardTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    [Fact]
    public async Task The_queue_is_decided_with_arrows_Space_A_R_and_Ctrl_Enter_alone()
    {
        await SubmitAsync(("110000", "6.9"), ("120000", "3.6"), ("130000", "2.1"), ("140000", "1.2"), ("150000", "0.9"));
        var tab = await SignInAsync("reviewer");
        await tab.OpenAsync("/review");
        var keyboard = tab.Page.Keyboard;
        await Line(tab, "Beijing").FocusAsync();

        // Two that were chosen go back with a reason.
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Space");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Space");
        await Expect(tab.Main.Locator("[data-count]")).ToHaveTextAsync("2 chosen");
        await keyboard.PressAsync("r");
        await Expect(tab.Main.GetByLabel("Reason, needed to return")).ToBeFocusedAsync();
        await Expect(tab.Main.GetByLabel("Reason, needed to return")).ToBeInViewportAsync();
        await keyboard.TypeAsync("Table 3 says otherwise.");
        await keyboard.PressAsync("Control+Enter");
        await Expect(Notice(tab)).ToHaveTextAsync("Returned with your reason: 2 readings.");

        // Without a choice the line one is in is approved; the keys go on from where they were.
        await Expect(Line(tab, "Inner Mongolia")).ToBeFocusedAsync();
        await keyboard.PressAsync("ArrowUp");
        await Expect(Line(tab, "Shanxi")).ToBeFocusedAsync();
        await keyboard.PressAsync("a");
        await Expect(Notice(tab)).ToHaveTextAsync("Approved: 1 reading. The dashboards are up to date.");
        await Expect(Line(tab, "Inner Mongolia")).ToBeFocusedAsync();
        (await tab.BarriersAsync()).Should().BeEmpty();

        (await StatesAsync()).Should().Equal(new Dictionary<string, RevisionState>(StringComparer.Ordinal)
        {
            ["110000"] = RevisionState.Submitted,
            ["120000"] = RevisionState.Returned,
            ["130000"] = RevisionState.Returned,
            ["140000"] = RevisionState.Approved,
            ["150000"] = RevisionState.Submitted,
        });
    }

    [Fact]
    public async Task A_line_that_is_returned_without_a_reason_stays_chosen_and_the_refusal_is_seen()
    {
        await SubmitAsync(("110000", "6.9"), ("120000", "3.6"));
        var tab = await SignInAsync("reviewer");
        await tab.OpenAsync("/review");
        await Line(tab, "Tianjin").FocusAsync();

        await tab.Page.Keyboard.PressAsync("r");
        await tab.RefusedAsync(() => tab.Page.Keyboard.PressAsync("Control+Enter"));

        await Expect(tab.Main.GetByRole(AriaRole.Alert)).ToContainTextAsync("Give a reason");
        await Expect(tab.Main.GetByRole(AriaRole.Alert)).ToBeInViewportAsync();
        await Expect(Line(tab, "Tianjin")).ToBeCheckedAsync();
        await Expect(Line(tab, "Beijing")).Not.ToBeCheckedAsync();
        (await StatesAsync()).Values.Should().OnlyContain(s => s == RevisionState.Submitted);
    }

    private static ILocator Line(Tab tab, string region) => tab.Main.GetByLabel($"{region}, 2024", new() { Exact = true });

    private static ILocator Notice(Tab tab) => tab.Main.Locator(".notice[role=status]");

    private async Task SubmitAsync(params (string Region, string Value)[] figures)
    {
        var reporter = await Plan.PersonAsync("reporter");
        var indicator = await Plan.IndicatorAsync("P-RD-INT");
        var cells = new List<TypedCell>();
        foreach (var (region, value) in figures)
            cells.Add(new TypedCell(new CellKey(indicator, await Plan.RegionAsync(region), Period.Annual(2024)), value));
        var submission = new Submission { Source = "Bulletin", Explanation = "As counted.", Cells = cells, RequestId = Guid.NewGuid() };
        (await Plan.WithAsync((_, store) => store.SubmitAsync(submission, reporter, CancellationToken.None))).Faults.Should().BeEmpty();
    }

    private Task<Dictionary<string, RevisionState>> StatesAsync() => Plan.WithAsync((db, _) => db.Revisions
        .Where(r => r.Reading!.Indicator!.Code == "P-RD-INT" && r.Reading.Period == Period.Annual(2024))
        .Select(r => new { r.Reading!.Region!.Code, r.State }).ToDictionaryAsync(r => r.Code, r => r.State));
}
