using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>
/// A plan of 252 regions and 113 indicators: pages show a part of them, with figures that are counted by the database. Every one of those figures is
/// computed here again from all readings.
/// </summary>
public sealed class LargePlanTests(LargePlanTests.Isles isles) : IClassFixture<LargePlanTests.Isles>
{
    private const string Plan = "/en/plans/" + TinyPlan.Code;

    [Fact]
    public async Task The_ranking_of_an_indicator_shows_those_that_lead_and_the_last_with_its_rank()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/indicators/BOOKS");

        page.QuerySelector("#regions-compared figcaption")!.TextContent.Should()
            .MatchRegex("^Isle 250 leads 252 regions in 2030-S2 with 250.5; the last is (North|South|Isle 1) with 1.5.$");
        var rows = page.QuerySelectorAll("#regions-compared figure tbody tr").ToList();
        rows.Should().HaveCount(60);
        rows[..59].Select(Value).Should().Equal(isles.Values.Values.OrderDescending().Take(59));
        // Three regions have 1.5: each is in the place after all that have more.
        rows[^1].QuerySelectorAll("td.number")[1].TextContent.Should().Be("250");
        isles.Values.Values.Count(v => v > 1.5m).Should().Be(249);
    }

    [Fact]
    public async Task A_region_that_is_named_stands_in_the_ranking_with_its_rank()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/indicators/BOOKS?region=ISLE-7");

        var rows = page.QuerySelectorAll("#regions-compared figure[data-chart=bars] tbody tr");
        rows.Should().HaveCount(61);
        rows[^2].GetAttribute("aria-current").Should().Be("true");
        rows[^2].QuerySelector("th")!.TextContent.Should().Be("Isle 7");
        rows[^2].QuerySelectorAll("td")[1].TextContent.Should().Be((1 + isles.Values.Values.Count(v => v > isles.Values["ISLE-7"])).ToString(CultureInfo.InvariantCulture));
        page.QuerySelector("#regions-compared > .quiet")!.TextContent.Should().Be("Shown are the 59 that lead, Isle 7 and the last.");
    }

    [Fact]
    public async Task A_period_before_the_latest_can_be_ranked_too()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/indicators/BOOKS?period=2030-S1");

        page.QuerySelectorAll("#period option").Select(o => o.TextContent).Should().Equal("2030-S2", "2030-S1");
        page.QuerySelector("#regions-compared figcaption")!.TextContent.Should().StartWith("North leads 2 regions in 2030-S1 with 60.5");
    }

    [Theory]
    [InlineData("ISLE-7")]
    [InlineData("isle 7")]
    [InlineData("小岛7")]
    public async Task A_region_is_named_by_code_or_name(string text)
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/indicators/BOOKS?region={Uri.EscapeDataString(text)}");

        page.QuerySelector("#standing")!.TextContent.Should().Be("Standing: Isle 7");
        page.QuerySelector("#region")!.GetAttribute("value").Should().Be("Isle 7");
    }

    [Fact]
    public async Task A_name_nobody_has_is_said_to_be_unknown_and_stays_in_its_field()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/indicators/BOOKS?region=Isle+of+Man");

        page.QuerySelector("#region")!.GetAttribute("value").Should().Be("Isle of Man");
        page.QuerySelector("#region-fault")!.TextContent.Should().StartWith("No region is called “Isle of Man”.");
        page.QuerySelector("#region-fault a")!.GetAttribute("href").Should().Be($"{Plan}/search?q=Isle%20of%20Man");
        page.QuerySelector("#standing")!.TextContent.Should().Be("Standing: Isles");
    }

    [Fact]
    public async Task A_region_is_ranked_in_what_is_chosen_beside_those_that_lead_and_the_last()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/regions/ISLE-7?indicator=BOOKS");

        var rank = 1 + isles.Values.Values.Count(v => v > isles.Values["ISLE-7"]);
        page.QuerySelector("#chosen ~ .columns figure[data-chart=bars] figcaption")!.TextContent.Trim().Should().Be($"Isle 7 is {rank} of 252 in 2030-S2.");
        page.QuerySelectorAll("figure[data-chart=bars] tbody tr").Should().HaveCount(62);
        page.QuerySelector("figure[data-chart=bars] tr[aria-current=true]")!.TextContent.Should().Contain("Isle 7");
        page.QuerySelector("#all ~ table tr[data-indicator=BOOKS]")!.TextContent.Should().Contain($"{rank} of 252, 2030-S2");
        // 251 of 252 report the new indicator as well; ranks of those are counted where they are chosen.
        page.QuerySelector("#all ~ table tr[data-indicator=X1]")!.TextContent.Should().NotContain("of 252");
        page.QuerySelector("main")!.TextContent.Should().Contain("An indicator that more than 100 regions report is ranked where it is chosen.");
    }

    [Fact]
    public async Task An_indicator_few_regions_report_is_ranked_in_the_table()
    {
        using var leader = await isles.LeaderAsync();

        (await leader.PageAsync($"{Plan}/regions/ISLE-7?indicator=BOOKS")).QuerySelector("#all ~ table tr[data-indicator=X2]")!.TextContent.Should().Contain("4 of 10, 2030");
    }

    [Fact]
    public async Task The_indicators_of_a_region_go_over_pages_and_its_gaps_with_them()
    {
        using var leader = await isles.LeaderAsync();

        var first = await leader.PageAsync($"{Plan}/regions/ISLE-7");
        var second = await leader.PageAsync($"{Plan}/regions/ISLE-7?page=2");

        first.QuerySelectorAll("nav.pages li").Select(l => l.TextContent.Trim()).Should().Equal("1", "2", "3", "4");
        second.QuerySelectorAll("#all ~ table tbody tr").Should().HaveCount(20);
        second.QuerySelectorAll("#all ~ table tr[data-indicator=X30]").Should().ContainSingle();
        first.QuerySelectorAll("#all ~ table tr[data-indicator=X30]").Should().BeEmpty();
        first.QuerySelector(".finding")!.TextContent.Trim().Should().StartWith("61 indicators with readings", "the finding speaks of all pages");
        (await leader.PageAsync($"{Plan}/regions/ISLE-7?page=4")).QuerySelectorAll("#all ~ table tbody tr").Should().ContainSingle("61 indicators have readings");
        (await leader.GetAsync($"{Plan}/regions/ISLE-7?page=0")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await leader.GetAsync($"{Plan}/regions/ISLE-7?page=5")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_chosen_indicator_brings_its_page_of_the_table()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/regions/ISLE-7?indicator=X50");

        page.QuerySelector("nav.pages [aria-current=page]")!.TextContent.Should().Be("3");
        page.QuerySelectorAll("#all ~ table tr[data-indicator=X50]").Should().ContainSingle();
        page.QuerySelector("nav.pages a")!.GetAttribute("href").Should().Be($"{Plan}/regions/ISLE-7?indicator=X50&page=1#all", "the choice stays");
    }

    [Fact]
    public async Task A_chosen_indicator_is_ranked_on_every_page_of_the_table()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/regions/ISLE-7?indicator=X2&page=3");

        page.QuerySelector("#chosen ~ .columns figure[data-chart=bars] figcaption")!.TextContent.Trim().Should().Be("Isle 7 is 4 of 10 in 2030.");
    }

    [Fact]
    public async Task How_very_many_regions_lie_is_counted_as_for_few()
    {
        using var leader = await isles.LeaderAsync();
        var expected = Distribution.Of(isles.Values.Values);

        var page = await leader.PageAsync($"{Plan}/elements/K-HALLS?map=BOOKS");
        page.QuerySelectorAll("tr[data-spread]").Should().ContainSingle("of so many regions one indicator is counted");
        var row = page.QuerySelector("tr[data-spread=BOOKS]")!;

        row.QuerySelectorAll("td.number").Select(c => c.TextContent.Trim()).Should().Equal(
            "252", "1.5 Isle 1", expected.Median.ToString("0.0", CultureInfo.InvariantCulture), "250.5 Isle 250");
        Share(row, "x").Should().BeApproximately((double)(expected.LowerQuartile / expected.Greatest), 0.001);
        Share(row, "width").Should().BeApproximately((double)((expected.UpperQuartile - expected.LowerQuartile) / expected.Greatest), 0.001);
    }

    [Fact]
    public async Task A_country_of_very_many_regions_adds_up_one_indicator_at_a_time()
    {
        using var leader = await isles.LeaderAsync();

        var page = await leader.PageAsync($"{Plan}/regions/ISLES?together=BOOKS");

        page.QuerySelectorAll("tr[data-rollup]").Should().ContainSingle().Which.TextContent.Should()
            .Contain(isles.Values.Values.Sum().ToString("#,0.0", CultureInfo.InvariantCulture)).And.Contain("252 of 252 regions");
        page.QuerySelectorAll("#of option").Should().HaveCount(62);
    }

    [Fact]
    public async Task The_list_of_regions_goes_over_pages()
    {
        using var leader = await isles.LeaderAsync();

        (await leader.PageAsync($"{Plan}/regions")).QuerySelectorAll("main section:last-of-type li").Should().HaveCount(200);
        (await leader.PageAsync($"{Plan}/regions?page=2")).QuerySelectorAll("main section:last-of-type li").Should().HaveCount(53);
        (await leader.GetAsync($"{Plan}/regions?page=3")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("")]
    // Another method judges readings, not what stands.
    [InlineData("&method=growth-ratio")]
    public async Task The_list_of_indicators_goes_over_pages(string also)
    {
        using var leader = await isles.LeaderAsync();

        var first = await leader.PageAsync($"{Plan}/indicators?page=1{also}");
        var second = await leader.PageAsync($"{Plan}/indicators?page=2{also}");

        first.QuerySelectorAll("main section li, main section tbody tr").Should().HaveCount(100);
        first.QuerySelectorAll("tr[data-indicator=N50]").Should().BeEmpty();
        second.QuerySelectorAll("main section li, main section tbody tr").Should().HaveCount(13);
        var last = second.QuerySelector("tr[data-indicator=N50]")!;
        last.TextContent.Should().Contain("52").And.Contain("2030");
        last.QuerySelector("svg.spark").Should().NotBeNull("its values are read for the page it is on");
        second.QuerySelector(".finding")!.TextContent.Should().Be(first.QuerySelector(".finding")!.TextContent).And.Contain("of 2 judged").And.Contain("51 cannot", "the finding speaks of all pages");
        second.QuerySelector("nav.pages a")!.GetAttribute("href").Should().StartWith($"{Plan}/indicators?").And.Contain("page=1").And.EndWith(also);
        (await leader.GetAsync($"{Plan}/indicators?page=3{also}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await leader.GetAsync($"{Plan}/indicators?page=0{also}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_region_that_changes_is_read_anew()
    {
        using var leader = await isles.LeaderAsync();
        (await leader.PageAsync($"{Plan}/regions?page=2")).QuerySelector("main")!.TextContent.Should().Contain("Isle 240");

        await isles.Plan.WithAsync((db, _) => db.Regions.Where(r => r.Code == "ISLE-240").ExecuteUpdateAsync(r => r.SetProperty(x => x.ShortEn, "Isle of Reeds")));

        (await leader.PageAsync($"{Plan}/regions?page=2")).QuerySelector("main")!.TextContent.Should().Contain("Isle of Reeds").And.NotContain("Isle 240");
    }

    /// <summary>A place in the drawing as a share of its scale, which leaves two hundredths free on both sides.</summary>
    private static double Share(IElement row, string attribute) =>
        (double.Parse(row.QuerySelector("rect.box-half")!.GetAttribute(attribute)!, CultureInfo.InvariantCulture) - (attribute == "x" ? 2 : 0)) / 96;

    private static decimal Value(IElement row) => decimal.Parse(row.QuerySelector("td[data-value]")!.GetAttribute("data-value")!, CultureInfo.InvariantCulture);

    /// <summary>The plan of the isles with 250 more of them, and 110 more indicators.</summary>
    public sealed class Isles(TestCluster cluster) : IAsyncLifetime
    {
        private const int More = 250;

        public SeededPlan Plan { get; } = new(cluster);

        /// <summary>Books in the second half of 2030, by region.</summary>
        public Dictionary<string, decimal> Values { get; } = new(StringComparer.Ordinal) { ["NORTH"] = 1.5m, ["SOUTH"] = 1.5m };

        public async ValueTask InitializeAsync()
        {
            await Plan.InitializeAsync();
            using var package = new TinyPlan();
            var (regions, indicators, readings) = (new StringBuilder(package.Read("isles.csv")), new StringBuilder(package.Read("indicators.csv")), new StringBuilder(package.Read("readings/regional.csv")));
            for (var n = 1; n <= More; n++)
            {
                regions.Append(CultureInfo.InvariantCulture, $"ISLE-{n},unit,ISLES,Isle {n},小岛{n},Isle {n},小岛{n},,,yes,,,,,Gazette of the Isles 1,\n");
                Values[$"ISLE-{n}"] = n + 0.5m;
                readings.Append(CultureInfo.InvariantCulture, $"X1,ISLE-{n},2030,{n},A,published,Bulletin 1,,\n");
                if (n <= 10)
                    readings.Append(CultureInfo.InvariantCulture, $"X2,ISLE-{n},2030,{n},A,published,Bulletin 1,,\n");
            }

            for (var n = 1; n <= 60; n++)
            {
                indicators.Append(CultureInfo.InvariantCulture, $"X{n},More {n},更多{n},thousand,千册,1,increase,0,,A,stock,sum,,regional,yes,no,Halls,阅览室,K-BOATS,plan text,,,yes,Gazette of the Isles 12,\n");
                if (n > 2)
                    readings.Append(CultureInfo.InvariantCulture, $"X{n},ISLE-7,2030,{n},A,published,Bulletin 1,,\n");
            }

            for (var n = 1; n <= 50; n++)
            {
                indicators.Append(CultureInfo.InvariantCulture, $"N{n},National {n},全国{n},thousand,千册,1,increase,0,,A,stock,sum,,national,no,no,Halls,阅览室,K-BOATS,plan text,,,yes,Gazette of the Isles 12,\n");
                readings.Append(CultureInfo.InvariantCulture, $"N{n},ISLES,2029,{n},A,published,Bulletin 1,,\nN{n},ISLES,2030,{n + 2},A,published,Bulletin 1,,\n");
            }

            foreach (var (region, value) in Values)
                readings.Append(CultureInfo.InvariantCulture, $"BOOKS,{region},2030-S2,{value},A,published,Bulletin 2,,\n");
            package.Write("isles.csv", regions.ToString());
            package.Write("indicators.csv", indicators.ToString());
            package.Write("readings/regional.csv", readings.ToString());
            await using var scope = Plan.Application.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(package.Folder), TestContext.Current.CancellationToken);
        }

        public Task<Visitor> LeaderAsync() => Visitor.SignedInAsync(Plan.Application, "leader");

        public ValueTask DisposeAsync() => Plan.DisposeAsync();
    }
}
