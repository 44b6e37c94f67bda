using AngleSharp.Dom;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>What many reports say together, on the pages of box, task, direction, plan and overview: counts, the worst by name, and coverage.</summary>
public sealed class ProgressRollupPageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [InlineData("/elements", "0 of 60 project items reported.")]
    [InlineData("", "0 of 60 project items reported.")]
    [InlineData("", "0 of 20 goals in words reported.")]
    [InlineData("/report", "0 of 60 project items reported.")]
    [InlineData("/elements/B01", "0 of 3 project items reported.")]
    [InlineData("/elements/A01", "0 of 2 goals in words reported.")]
    [InlineData("/elements/B01.1", "Nothing was reported about this item yet.")]
    public async Task Where_nothing_is_reported_the_page_says_so_and_nothing_else(string page, string expected)
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        Text((await leader.PageAsync(Plan + page)).QuerySelector("main")!).Should().Contain(expected).And.NotContain("Lowest delivery confidence").And.NotContain("Median 0");
    }

    [Fact]
    public async Task The_worst_is_named_from_the_box_to_the_overview_and_per_cent_say_what_they_rest_on()
    {
        await ReportAsync("B01.1", "under-way", "90", "highly-likely");
        await ReportAsync("B01.2", "preparing", "", "in-doubt", nextStep: "Award the contract", nextStepOn: "2024-06-30");
        await ReportAsync("B01.3", "stopped", "10", "");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        foreach (var (page, reported) in new[] { ("/elements/B01", "3 of 3"), ("/elements/T01", "3 of"), ("/elements/D1", "3 of"), ("/elements", "3 of 60"), ("", "3 of 60"), ("/report", "3 of 60"), ("/elements/B01/report", "3 of 3") })
        {
            var html = await leader.PageAsync(Plan + page);
            var said = Text(html.QuerySelector(".rollup")!);
            said.Should().StartWith(reported).And.Contain("reported: 1 preparing, 1 under way, 1 stopped.").And.Contain("Lowest delivery confidence: In doubt B01.2 ").And.Contain("Stopped: B01.3 ")
                .And.Contain("Median 50 % complete, over the 2 of", page);
            html.QuerySelector(".rollup a.why")!.GetAttribute("href").Should().Be($"{Plan}/method#confidence-in-doubt");
            html.QuerySelector($"a[href='{Plan}/method#progress']").Should().NotBeNull();
        }

        var row = Text((await leader.PageAsync(Plan + "/elements/T01")).QuerySelector("tr[data-subject='B01.2']")!);
        row.Should().Contain("Preparing").And.Contain("In doubt").And.Contain("Award the contract 2024-06-30").And.Contain("1 2024-03-01");
        var then = await leader.PageAsync(Plan + "/elements/B01?asOf=2024-02-29");
        Text(then.QuerySelector(".rollup")!).Should().StartWith("0 of 3 project items reported.");
        var method = await leader.PageAsync(Plan + "/method");
        Text(method.QuerySelector("#confidence-in-doubt")!).Should().Be("In doubtDelivery is in doubt; major risks or issues in several key areas need urgent action.");
    }

    [Fact]
    public async Task The_page_of_an_item_shows_its_report_and_leads_those_who_may_to_the_form()
    {
        await ReportAsync("B01.2", "under-way", "40", "feasible", nextStep: "Open the network", nextStepOn: "2025-01-31");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        const string Item = Plan + "/elements/B01.2";

        var section = (await leader.PageAsync(Item)).QuerySelector("#progress")!.ParentElement!;

        Text(section).Should().Contain("Under way").And.Contain("40 %").And.Contain("Feasible").And.Contain("there are significant issues").And.Contain("Half of it is done.").And.Contain("Report 1")
            .And.Contain("Open the network 2025-01-31").And.Contain("National reporter").And.Contain("National reviewer");
        section.QuerySelector(".percent-bar .elapsed-done")!.GetAttribute("width").Should().Be("40");
        foreach (var (visitor, may) in new[] { (leader, false), (zhejiang, false), (reporter, true) })
            (await visitor.PageAsync(Item)).QuerySelectorAll($"main a[href='{Plan}/items/B01.2/progress']").Should().HaveCount(may ? 1 : 0);
        var chinese = await leader.PageAsync(Item.Replace("/en/", "/zh/", StringComparison.Ordinal));
        Text(chinese.QuerySelector("#progress")!.ParentElement!).Should().Contain("实施中").And.Contain("有望实现").And.Contain("40%").And.Contain("下一步");
    }

    private async Task ReportAsync(string code, string stage, string percent, string confidence, string nextStep = "", string nextStepOn = "")
    {
        var steps = new ProgressSteps(_plan);
        var stated = (await steps.StatedAsync(code, stage: stage, percent: percent, confidence: confidence)) with { NextStep = nextStep, NextStepOn = nextStepOn };
        (await steps.ApproveAsync(await steps.TakenAsync(stated))).Fault.Should().BeNull();
    }

    private static string Text(IElement element) => string.Join(' ', element.TextContent.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
