using AngleSharp.Dom;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>A region against all others, against those of its macro-region, and against the nation.</summary>
public sealed class RegionPageTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Zhejiang = "/en/plans/14fyp-informatization/regions/330000";

    [Fact]
    public async Task An_amount_stands_as_a_share_of_all_a_rate_against_the_mean()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync(Zhejiang);

        // 381,835 of 3,520,988 patents granted to the 31 provinces in 2023.
        Cells(page, "P-PAT-GRANT")[3..6].Should().Equal("3 of 31, 2023", "3 of 10", "10.8 % of all");
        Cells(page, "P-PAT-INV-10K")[5].Should().MatchRegex(@"^\+26\.5\d to the mean of 28\.5\d$");
        Cells(page, "P-RD-INT")[3..6].Should().Equal("6 of 31, 2023", "6 of 10", "");
    }

    [Fact]
    public async Task Where_units_are_few_all_indicators_stand_on_one_page()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync("/en/plans/14fyp-informatization/regions/CN");

        page.QuerySelectorAll("#all ~ table tbody tr").Should().HaveCountGreaterThan(40);
        page.QuerySelector("nav.pages").Should().BeNull();
    }

    [Fact]
    public async Task A_share_of_a_total_that_is_not_whole_says_of_how_many()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        Cells(await leader.PageAsync(Zhejiang), "P-HNTE-GWR")[5].Should().Be("14.3 % of the 13 that report");
    }

    private static List<string> Cells(IParentNode page, string indicator) =>
        [.. page.QuerySelectorAll($"#all ~ table tr[data-indicator={indicator}] > *").Select(c => string.Join(' ', c.TextContent.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)))];
}
