using Microsoft.EntityFrameworkCore;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>A reader moves target, date or reading on the indicator's page and sees every method's answer; nothing is stored.</summary>
public sealed class WhatIfTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Page = "/en/plans/14fyp-informatization/indicators/I13";

    [Fact]
    public async Task Every_method_answers_as_it_is_and_as_it_would_be_and_nothing_is_stored()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        var before = await FootprintAsync();

        var page = await leader.PageAsync(Page + "?ifTarget=15.9&ifBy=2026");

        var rows = page.QuerySelectorAll("#what-if ~ table tr[data-method]");
        rows.Select(r => r.GetAttribute("data-method")).Should().Equal("path", "growth-ratio", "un-projection", "trend-projection", "current-status");
        rows[0].Children[1].TextContent.Should().Contain("Behind");
        rows[0].Children[2].TextContent.Should().Contain("Achieved");
        page.QuerySelector("#if-target")!.GetAttribute("value").Should().Be("15.9");
        (await FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_later_date_gives_the_trend_something_to_project()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync(Page + "?ifBy=2027");

        page.QuerySelector("#what-if ~ table tr[data-method=trend-projection]")!.Children[2].TextContent.Should().NotContain("No judgement");
        page.QuerySelector("#what-if ~ table")!.TextContent.Should().Contain("Needed a year").And.Contain("+0.51");
    }

    [Theory]
    [InlineData("ifTarget=15,9", "“15,9” is not a number")]
    [InlineData("ifValue=1e3&ifPeriod=2026", "“1e3” is not a number")]
    [InlineData("ifBy=next+year", "Write a period as 2026")]
    [InlineData("ifValue=17", "A reading needs a value and its period")]
    [InlineData("ifTarget=-3", "outside the indicator")]
    [InlineData("ifBy=2020", "No way leads there")]
    public async Task What_cannot_be_tried_is_said_and_what_was_typed_stays(string query, string message)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"{Page}?{query}");

        page.QuerySelector("main [role=alert]")!.TextContent.Should().Contain(message);
        page.QuerySelector("#what-if ~ table").Should().BeNull();
    }

    private Task<(int Targets, int Changes, int Revisions, int Events)> FootprintAsync() => plan.WithAsync(async (db, _) =>
        (await db.Targets.CountAsync(), await db.TargetChanges.CountAsync(), await db.Revisions.CountAsync(), await db.AuditEvents.CountAsync()));
}
