using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data.Packages;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>National and grouped values by each indicator's rule, with coverage, beside what was reported and the difference.</summary>
public sealed class RollupPageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";
    private const string Isles = "/en/plans/" + TinyPlan.Code;

    private readonly SeededPlan _plan = new(cluster);
    private readonly TinyPlan _package = new();

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _package.Dispose();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task A_sum_over_31_provinces_is_that_of_the_file()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var rows = (await File.ReadAllLinesAsync(Path.Combine(SeededPlan.PackageFolder, "readings", "provincial.csv"), TestContext.Current.CancellationToken))
            .Select(l => l.Split(',')).Where(f => f[0] == "P-PAT-INV-GRANT" && f[2] == "2022").ToList();
        rows.Should().HaveCount(31);

        var page = await leader.PageAsync($"{Plan}/indicators/P-PAT-INV-GRANT?period=2022");

        var country = Cells(page, "CN");
        country[0].Should().Be(rows.Sum(f => decimal.Parse(f[3], System.Globalization.CultureInfo.InvariantCulture)).ToString("#,0", System.Globalization.CultureInfo.InvariantCulture) + " 2022");
        country[1].Should().Be("31 of 31 regions");
        country[2..].Should().Equal("sum", "none", "");
        Cells(page, "CN-EAST")[1].Should().Be("10 of 10 regions");
    }

    [Fact]
    public async Task A_grouping_is_drawn_over_the_years_beside_the_others_of_its_kind()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Plan}/regions/CN-WEST?together=P-HNTE-GWR");
        page.QuerySelector("figure[data-chart=lines]").Should().BeNull("in no year do all of its regions report it, and a total of some would mislead");

        var figure = (await leader.PageAsync($"{Plan}/regions/CN-WEST?together=P-RD-EXP")).QuerySelector("figure[data-chart=lines]")!;
        figure.QuerySelectorAll("thead th[data-series]").Select(h => h.TextContent).Should().Equal("West", "East", "Central", "Northeast");
        figure.QuerySelectorAll("tbody tr").Single(r => r.QuerySelector("th")!.TextContent == "2023").QuerySelectorAll("td.number")[1].TextContent.Should().Be("21,810.6");
        (await leader.PageAsync($"{Plan}/regions/CN-EAST")).QuerySelectorAll("tr[data-rollup]").First(r => r.TextContent.Contains("R&D expenditure")).TextContent.Should().Contain("21,810.6");
    }

    [Fact]
    public async Task A_total_of_less_than_half_of_the_regions_stands_last_and_says_that_it_is_partial()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var rows = (await leader.PageAsync($"{Plan}/regions/CN")).QuerySelectorAll("#together ~ table tbody tr").ToList();

        var partial = rows.FindAll(r => r.TextContent.Contains(", partial"));
        partial.Should().NotBeEmpty().And.Equal(rows.TakeLast(partial.Count));
        partial.Should().Contain(r => r.TextContent.Contains("5G base stations stated in work reports") && r.TextContent.Contains("6 of 31 regions"));
    }

    [Fact]
    public async Task A_weighted_mean_says_by_what_and_for_how_much_of_the_weight()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var cells = Cells(await leader.PageAsync($"{Plan}/indicators/P-PAT-INV-10K?period=2022"), "CN");

        cells[1].Should().Be("31 of 31 regions 100 % of the weight");
        cells[2].Should().Be("weighted mean: Year-end resident population");
    }

    [Fact]
    public async Task What_is_only_reported_is_not_added_up_and_the_page_says_so()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Plan}/indicators/P-RD-INT");

        page.QuerySelector("#together").Should().BeNull();
        page.QuerySelector("main")!.TextContent.Should().Contain("only a reported figure counts for the whole");
    }

    [Fact]
    public async Task A_reported_figure_stays_and_the_difference_stands_beside_it()
    {
        _package.Change("readings/regional.csv", "SOUTH,2030-S1,52.0", "SOUTH,2030-S1,50.0");
        await LoadAsync();
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Isles}/indicators/BOOKS?period=2030-S1");

        Cells(page, "ISLES").Should().Equal("110.5 2030-S1", "2 of 2 regions", "sum", "112.5", "−2.0");
        // COVE does not report: nothing is expected from it.
        Cells(page, "RING").Should().Equal("60.5 2030-S1", "1 of 1 region", "sum", "none", "");
    }

    [Fact]
    public async Task A_grouping_shows_its_regions_together_for_every_indicator_with_a_rule()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"{Plan}/regions/CN-EAST");

        page.QuerySelector(".finding")!.TextContent.Should().Contain("indicators of its regions taken together");
        page.QuerySelectorAll("#together ~ table tbody tr").Should().HaveCountGreaterThan(10)
            .And.OnlyContain(r => r.Children[2].TextContent.Contains("of 10 regions"));
    }

    private static List<string> Cells(IParentNode page, string region) =>
        [.. page.QuerySelectorAll($"tr[data-rollup={region}] td").Select(c => string.Join(' ', c.TextContent.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)))];

    private async Task LoadAsync()
    {
        await using var scope = _plan.Application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(_package.Folder), CancellationToken.None);
    }
}
