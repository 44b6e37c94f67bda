using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>A part of the plan stands by its indicators and its goals in words; the worst is named, wherever it lies.</summary>
public sealed class ElementStatusTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_action_without_an_assessment_cannot_be_judged_and_with_one_names_the_goal_that_is_behind()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var steps = new ProgressSteps(_plan);
        (await leader.PageAsync(Plan + "/elements/A01")).QuerySelector(".finding")!.TextContent.Should().Contain("None of 2 goals in words can be judged yet");

        await steps.ApproveAsync(await steps.TakenAsync(await steps.StatedAsync("A01-2023", "far-behind")));

        (await leader.PageAsync(Plan + "/elements/A01")).QuerySelector(".finding")!.TextContent.Should()
            .Contain("0 of 1 judged goals in words are achieved or on track; furthest behind: goal for 2023").And.Contain("1 cannot be judged yet");
    }

    [Fact]
    public async Task A_goal_of_a_task_that_moves_away_is_named_before_an_indicator_that_is_behind()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using (await administrator.PostAsync(
            $"{Plan}/elements/B01/milestones", new() { ["year"] = "2023", ["goalEn"] = "A goal of the test", ["goalZh"] = "测试目标", ["source"] = "p. 1" }, form: $"{Plan}/elements/B01"))
        {
        }

        var steps = new ProgressSteps(_plan);
        await steps.ApproveAsync(await steps.TakenAsync(await steps.StatedAsync("B01-2023-1", "moving-away")));

        // B01 is a project below the first task.
        var task = (await administrator.PageAsync(Plan)).QuerySelectorAll("#tasks ~ table tbody tr")[0];
        task.Children[1].TextContent.Trim().Should().Be("5 of 7");
        task.Children[3].TextContent.Should().Contain("Moving away").And.Contain("goal for 2023: A goal of the test");
        (await administrator.PageAsync(Plan + "/elements/T01")).QuerySelector(".finding")!.TextContent.Should().Contain("furthest behind: goal for 2023: A goal of the test");
    }

    [Fact]
    public async Task What_changed_tells_of_reports_too()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var steps = new ProgressSteps(_plan);
        await steps.ApproveAsync(await steps.TakenAsync(await steps.StatedAsync("A01-2023", "behind")));
        await steps.ApproveAsync(await steps.TakenAsync(await steps.StatedAsync("A01-2023", "achieved", statement: "All of it is done.", basedOn: 1)));

        var rows = (await leader.PageAsync(Plan + "/changes?from=2024-02-28&to=2024-03-02")).QuerySelectorAll("#reports ~ table tbody tr");

        rows.Select(r => r.TextContent).Should().SatisfyRespectively(
            r => r.Should().Contain("Behind").And.Contain("Achieved").And.Contain("All of it is done.").And.Contain("National reporter → National reviewer"),
            r => r.Should().Contain("not reported yet").And.Contain("Behind"));
    }
}
