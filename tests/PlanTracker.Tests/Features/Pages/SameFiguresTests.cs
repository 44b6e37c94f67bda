using System.Globalization;
using AngleSharp.Dom;
using CsvHelper;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>
/// A figure is one string wherever it stands: in the table a chart is drawn and labelled from, in the history of readings, and in the file. Digit
/// groups are for eyes only.
/// </summary>
public sealed class SameFiguresTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Plan = "/en/plans/14fyp-informatization";

    [Fact]
    public async Task Every_indicator_shows_the_figures_of_the_file()
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, "analyst");
        var file = await FileAsync(analyst);

        foreach (var series in file.GroupBy(r => r.Indicator))
        {
            var region = series.Any(r => r.Region == "CN") ? "CN" : series.First().Region;
            var stated = series.Where(r => r.Region == region).Select(r => (r.Period, r.Value)).Order().ToList();
            var page = await analyst.PageAsync($"{Plan}/indicators/{series.Key}?region={region}");

            var drawn = page.QuerySelectorAll("#trend ~ figure tbody tr").Select(r => (Period: Head(r), Value: Plain(r.QuerySelector("td")!.TextContent))).Where(r => r.Value.Length > 0);
            var history = page.QuerySelectorAll("#readings ~ table tbody tr").Where(r => r.TextContent.Contains("Approved")).Select(r => (Period: Head(r), Value: Plain(r.QuerySelector("td.number")!.TextContent)));
            drawn.Order().Should().Equal(stated, "{0} in {1} is drawn from the figures of the file", series.Key, region);
            history.Order().Should().Equal(stated, "{0} in {1} lists the figures of the file", series.Key, region);
        }
    }

    [Fact]
    public async Task Every_ranking_shows_the_figures_of_the_file()
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, "analyst");
        var file = (await FileAsync(analyst)).ToLookup(r => (r.Indicator, r.Period));

        var indicators = file.Where(g => g.Count(r => r.Region != "CN") > 1).GroupBy(g => g.Key.Indicator).Select(g => g.Key).ToList();
        foreach (var indicator in indicators)
        {
            var page = await analyst.PageAsync($"{Plan}/indicators/{indicator}");
            var period = page.QuerySelector("#period option[selected]")!.TextContent;

            page.QuerySelectorAll("#regions-compared figure tbody tr td:first-of-type").Select(c => Plain(c.TextContent)).Order()
                .Should().Equal(file[(indicator, period)].Where(r => r.Region != "CN").Select(r => r.Value).Order(), "{0} in {1}", indicator, period);
        }

        indicators.Should().HaveCountGreaterThan(15);
    }

    private static async Task<List<(string Indicator, string Region, string Period, string Value)>> FileAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync($"{Plan}/readings.csv");
        using var csv = new CsvReader(new StringReader(await answer.Content.ReadAsStringAsync()), CultureInfo.InvariantCulture);
        var rows = new List<(string, string, string, string)>();
        await csv.ReadAsync();
        csv.ReadHeader();
        while (await csv.ReadAsync())
            rows.Add((csv["indicator"]!, csv["region"]!, csv["period"]!, csv["value"]!));
        rows.Should().HaveCountGreaterThan(4000);
        return rows;
    }

    private static string Head(IElement row) => row.QuerySelector("th")!.TextContent.Split(',')[0].Trim();

    private static string Plain(string figure) => figure.Trim().Replace(",", "", StringComparison.Ordinal).Replace('−', '-');
}
