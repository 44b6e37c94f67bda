using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PlanTracker.BrowserTests.Support;
using PlanTracker.Data;
using PlanTracker.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PlanTracker.BrowserTests;

/// <summary>A grid of 3,000 regions. How quick it is stands in docs/benchmarks.md.</summary>
public sealed class LongGridTests(TestCluster cluster, Browser browser) : OwnPlanTest(cluster, browser)
{
    [Fact]
    public async Task Of_3000_regions_those_in_view_are_drawn_and_every_one_can_be_reached_found_and_entered()
    {
        await Plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"""
            insert into regions (region_set, code, kind, parent_id, path, position, name_en, name_zh, short_en, short_zh, reports, source)
            select p.region_set, p.code || '-' || n, 'unit', p.id, p.path || p.code || '-' || n || '/', 1000 * p.position + n,
                'County ' || n || ' of ' || p.short_en, p.short_zh || n, 'County ' || n || ' of ' || p.short_en, p.short_zh || n, true, 'synthetic'
            from regions p, generate_series(1, 96) n where p.kind = 'unit' and p.reports;
            analyze
            """));
        var tab = await SignInAsync("reporter");
        await tab.OpenAsync("/work/P-RD-INT?period=2024");
        var rows = tab.Main.Locator("tbody tr");
        (await rows.CountAsync()).Should().BeGreaterThan(3000);
        (await rows.Last.EvaluateAsync<string>("row => getComputedStyle(row).contentVisibility")).Should().Be("auto");
        await Expect(rows.Last).ToHaveRoleAsync(AriaRole.Row);

        await tab.Page.Keyboard.TypeAsync("6.8");
        await tab.Page.Keyboard.PressAsync("Enter");
        var last = rows.Last.Locator("input");
        await last.FocusAsync();
        await Expect(last).ToBeInViewportAsync();
        await tab.Page.Keyboard.TypeAsync("2.5");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.Button("Submit for review")).ToBeFocusedAsync();
        // An expectation that is not met yet describes the whole page, over and over: of this one that takes ten seconds each time.
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.WaitForURLAsync("**/work?*submitted=2*");

        await Expect(tab.Main.Locator(".notice[role=status]")).ToContainTextAsync("Submitted for review: 2 readings of P-RD-INT, 2024.");
        (await Plan.WithAsync((db, _) => db.Revisions.CountAsync(r => r.State == RevisionState.Submitted))).Should().Be(2);
    }
}
