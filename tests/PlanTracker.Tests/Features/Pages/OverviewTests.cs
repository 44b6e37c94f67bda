using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>The first screen: how many are on track, what is worst, which task is in trouble, what changed.</summary>
public sealed class OverviewTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Overview = "/en/plans/14fyp-informatization";

    [Fact]
    public async Task What_presses_stands_first_and_the_worst_of_it_on_top()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync(Overview);

        var attention = page.QuerySelectorAll("#attention ~ .lines li, #attention ~ details li").Select(l => string.Join(' ', l.TextContent.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))).ToList();
        attention[..3].Should().Equal(
            "Behind Internet users 64 % of what was planned by 2025",
            "Behind Online retail sales 80 % of what was planned by 2025",
            "Behind R&D intensity of computer, communication and other electronic equipment manufacturing 82 % of what was planned by 2022");
        attention.Should().Contain(a => a.Contains("Digital China Development Index no reading since the baseline"));
        attention.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Each_task_says_how_many_are_good_and_names_its_worst()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var tasks = (await leader.PageAsync(Overview)).QuerySelectorAll("#tasks ~ table tbody tr");

        tasks.Should().HaveCount(10);
        tasks[0].Children[1].TextContent.Trim().Should().Be("5 of 6");
        tasks[0].Children[2].QuerySelector("svg")!.GetAttribute("aria-label").Should().Contain("1 behind").And.Contain("no judgement");
        tasks[0].Children[3].TextContent.Should().Contain("Internet users");
        tasks[1].Children[3].TextContent.Should().Contain("cannot be judged");
    }

    [Fact]
    public async Task The_map_shows_the_chosen_indicator_and_every_tile_says_its_value()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync(Overview + "?map=P-PAT-GRANT");

        page.QuerySelector("#regions")!.TextContent.Should().Contain("Patents granted").And.Contain("2023");
        page.QuerySelectorAll("a.tile").Single(t => t.GetAttribute("href")!.Contains("330000")).GetAttribute("aria-label").Should().Be("ZJ 382k – Zhejiang: 381,835 pieces");
        page.QuerySelectorAll("a.tile:not(.tile-silent):not(.tile-empty)").Should().HaveCount(31);
        page.QuerySelector("#map option[selected]")!.GetAttribute("value").Should().Be("P-PAT-GRANT");
    }

    [Theory]
    [InlineData("0.3", Language.English, "0.3")]
    [InlineData("6.73", Language.Chinese, "6.73")]
    [InlineData("381835", Language.English, "382k")]
    [InlineData("381835", Language.Chinese, "38.2万")]
    [InlineData("43237082", Language.English, "43.2M")]
    [InlineData("333486758", Language.Chinese, "3.33亿")]
    [InlineData("-20500", Language.English, "−20.5k")]
    [InlineData("9999", Language.English, "9,999")]
    public void A_figure_on_a_tile_follows_the_habit_of_the_language(string value, Language language, string expected) =>
        PlanTracker.Features.Shared.Figures.Short(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), language).Should().Be(expected);

    [Fact]
    public async Task What_came_with_the_load_is_no_news()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

        var page = await leader.PageAsync(Overview);

        page.QuerySelector("#attention ~ h3")!.TextContent.Should().Be($"Since {today.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}");
        page.QuerySelector("#attention ~ p:last-of-type")!.TextContent.Trim().Should().Be("0 new readings, 0 headline statuses changed");
        (await leader.PageAsync($"{Overview}/changes")).QuerySelector(".page-title .quiet")!.TextContent.Should().EndWith("what changed after is shown.");
    }

    [Fact]
    public async Task Headline_statuses_that_changed_in_the_month_are_those_of_the_changes()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"{Overview}?asOf=2023-06-10");
        var changes = await leader.PageAsync($"{Overview}/changes?from=2023-05-11&to=2023-06-10");

        var headlines = page.QuerySelectorAll("#headlines ~ table tbody tr").Select(r => r.QuerySelector("th a")!.TextContent).ToList();
        var expected = changes.QuerySelectorAll("#verdicts ~ table tbody tr").Where(r => r.TextContent.Contains("China", StringComparison.Ordinal))
            .Select(r => r.QuerySelector("a")!.TextContent).Intersect(headlines).ToList();
        expected.Should().NotBeEmpty();
        page.QuerySelectorAll("#attention ~ p .change a").Select(a => a.TextContent).Should().BeEquivalentTo(expected);
        page.QuerySelector("#attention ~ p:last-of-type")!.TextContent.Should().Contain($" {expected.Count} headline status");
    }
}
