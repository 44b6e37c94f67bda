using System.Globalization;
using System.Net;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Files;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Exports;

/// <summary>The file an analyst takes away holds exactly what was approved, chosen by every filter.</summary>
public sealed class ReadingsCsvTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task The_whole_file_holds_every_approved_reading_with_its_exact_value_and_source()
    {
        var rows = await DownloadAsync("");

        var stored = await _plan.WithAsync((db, _) => db.Readings.Where(r => r.Status != null)
            .Select(r => new { Indicator = r.Indicator!.Code, Region = r.Region!.Code, r.Period, r.Value, r.ApprovedRevision!.Source, r.ApprovedRevision.Quality })
            .ToListAsync());
        rows.Select(r => string.Join('|', r["indicator"], r["region"], r["period"], r["value"], r["source"], r["quality"])).Order(StringComparer.Ordinal)
            .Should().Equal(stored
                .Select(s => string.Join('|', s.Indicator, s.Region, s.Period, Rounding.Exact(s.Value!.Value), s.Source, Kebab.Of(s.Quality))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_value_keeps_the_decimals_it_was_stated_with()
    {
        var rows = await DownloadAsync("indicator=I13-YTD");

        rows.Should().ContainSingle(r => r["period"] == "2018-06").Which["value"].Should().Be("4.0810");
    }

    [Theory]
    [InlineData("task=T05&region=CN&from=2023&to=2023")]
    [InlineData("indicator=P-RD-INT&region=CN-EAST&from=2020")]
    [InlineData("observation=E&region=CN")]
    [InlineData("status=behind")]
    [InlineData("region=330000")]
    public async Task The_page_counts_what_the_file_holds(string query)
    {
        var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        var rows = await DownloadAsync(query);

        var page = await analyst.PageAsync($"{Plan}/readings?{query}");

        rows.Should().NotBeEmpty();
        page.QuerySelector(".finding")!.TextContent.Should().StartWith(rows.Count.ToString("#,0", CultureInfo.InvariantCulture) + " approved readings match");
        page.QuerySelector("a[download]")!.GetAttribute("href").Should().Contain(query.Split('&')[0]);
    }

    [Fact]
    public async Task Filters_choose_by_task_grouping_period_and_status()
    {
        (await DownloadAsync("task=T05&from=2023&to=2023")).Select(r => r["indicator"]).Should().Contain("I13").And.NotContain("I02");
        (await DownloadAsync("indicator=P-RD-INT&region=CN-NORTHEAST")).Select(r => r["region"]).Distinct(StringComparer.Ordinal)
            .Should().BeEquivalentTo("210000", "220000", "230000");
        (await DownloadAsync("indicator=I05&from=2024-01&to=2025-06")).Select(r => r["period"]).Should().Equal("2024-11", "2025-06");
        (await DownloadAsync("status=behind")).Select(r => r["series_status"]).Should().OnlyContain(s => s == "behind");
        (await DownloadAsync("observation=U")).Should().BeEmpty("the one unreliable figure is history, not the current value");
    }

    [Theory]
    [InlineData("task=X1", "task", "Not known here")]
    [InlineData("indicator=I99", "indicator", "Not known here")]
    [InlineData("region=nowhere", "region", "Not known here")]
    [InlineData("from=20233", "from", "Not a period")]
    [InlineData("to=２０２３", "to", "Not a period")]
    [InlineData("from=2024&to=2023", "to", "ends before it begins")]
    [InlineData("status=fine", "status", "Not known here")]
    [InlineData("observation=a", "observation", "Not known here")]
    [InlineData("layout=tall", "layout", "Not known here")]
    public async Task A_filter_that_names_nothing_says_so_at_its_field(string query, string field, string words)
    {
        var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        foreach (var address in new[] { "readings", "readings.csv", "readings.xlsx", "readings.sdmx.csv", "readings.json", "readings.zip" })
        {
            var page = await analyst.PageAsync($"{Plan}/{address}?{query}", HttpStatusCode.UnprocessableEntity);

            var wrong = page.QuerySelectorAll(".is-invalid").Should().ContainSingle().Which;
            wrong.Id.Should().Be(field);
            page.GetElementById(wrong.GetAttribute("aria-describedby")!)!.TextContent.Should().Contain(words);
            page.QuerySelectorAll("a[download]").Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_reading_under_review_is_not_in_the_file()
    {
        var (author, indicator, region) = (await _plan.PersonAsync("reporter"), await _plan.IndicatorAsync("I13"), await _plan.RegionAsync("CN"));
        await _plan.WithAsync((_, store) => store.SubmitAsync(new Submission
        {
            Source = "Bulletin",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(indicator, region, Period.Annual(2024)), "15.5")],
        }, author, CancellationToken.None));

        (await DownloadAsync("indicator=I13")).Select(r => r["period"]).Should().NotContain("2024");
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86", "'+86")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("＝1", "'＝1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void For_a_spreadsheet_no_text_can_be_a_formula(string text, string written) => SpreadsheetText.WithoutFormula(text).Should().Be(written);

    [Fact]
    public async Task Excel_gets_the_mark_that_makes_it_read_Chinese_and_programs_do_not()
    {
        var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        byte[] mark = [0xEF, 0xBB, 0xBF];

        var excel = await analyst.Client.GetByteArrayAsync(new Uri($"{Plan}/readings.csv?indicator=I13&profile=spreadsheet", UriKind.Relative));
        var machine = await analyst.Client.GetByteArrayAsync(new Uri($"{Plan}/readings.csv?indicator=I13", UriKind.Relative));

        excel.Should().StartWith(mark);
        machine.Take(3).Should().NotEqual(mark);
    }

    private async Task<List<Dictionary<string, string>>> DownloadAsync(string query)
    {
        var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        using var answer = await analyst.Client.GetAsync(new Uri($"{Plan}/readings.csv?{query}", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
        using var csv = new CsvReader(new StreamReader(await answer.Content.ReadAsStreamAsync()), CultureInfo.InvariantCulture);
        var rows = new List<Dictionary<string, string>>();
        await csv.ReadAsync();
        csv.ReadHeader();
        while (await csv.ReadAsync())
            rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!, StringComparer.Ordinal));
        return rows;
    }
}
