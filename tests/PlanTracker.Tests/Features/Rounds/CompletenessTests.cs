using System.Globalization;
using System.Net;
using AngleSharp.Html.Dom;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>Who has reported: the same figures on the page, in its totals and in the file.</summary>
public sealed class CompletenessTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Page = "/en/plans/14fyp-informatization/rounds/y2025/completeness";

    private readonly SeededPlan _plan = new(cluster);

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        var steps = new RoundSteps(_plan);
        await steps.OpenAsync(RoundSteps.Round with { Locks = false, Indicators = ["I14", "P-RD-INT", "P-RD-EXP"] });
        // Zhejiang in time, Jiangsu late, Beijing returned, Shanghai corrected after a return, the rest missing.
        await steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4");
        await steps.SubmitAsync("reporter", "P-RD-INT", "110000", "69");
        await steps.SubmitAsync("reporter", "P-RD-INT", "310000", "45");
        await steps.ReturnAsync("P-RD-INT", "110000");
        await steps.ReturnAsync("P-RD-INT", "310000");
        steps.ItIs("2026-04-05");
        await steps.SubmitAsync("reporter", "P-RD-INT", "320000", "3.3");
        await steps.ApproveAsync("P-RD-INT", "320000");
        await steps.SubmitAsync("reporter", "P-RD-INT", "310000", "4.5");
        await steps.ApproveAsync("P-RD-INT", "310000");
        steps.ItIs("2026-04-10");
        // Replaced after the deadline by its author: it had come in time.
        await steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.41");
        await steps.CloseAsync();
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [InlineData("330000", "P-RD-INT", "reported", "reported")]
    [InlineData("320000", "P-RD-INT", "late", "reported, 5 days late")]
    [InlineData("310000", "P-RD-INT", "late", "reported, 5 days late")]
    [InlineData("110000", "P-RD-INT", "returned", "returned, 10 days late")]
    [InlineData("120000", "P-RD-INT", "overdue", "missing, 10 days late")]
    [InlineData("CN", "I14", "overdue", "missing, 10 days late")]
    public async Task Each_figure_says_how_far_it_is_in_words_and_by_a_mark(string region, string indicator, string state, string words)
    {
        var cell = (await PageAsync()).QuerySelector($"tr[data-region='{region}'] td[data-indicator='{indicator}']")!;

        cell.GetAttribute("data-state").Should().Be(state);
        cell.QuerySelector(".cell-state")!.TextContent.Should().Be(words);
    }

    [Fact]
    public async Task Totals_are_over_everything_the_round_asks_for()
    {
        var page = await PageAsync();

        page.QuerySelector(".finding")!.TextContent.Trim().Should().Be("3 of 63 figures are reported, 2 of them late; 1 returned, 59 missing.");
        page.QuerySelector("tr[data-region='330000'] td.number")!.TextContent.Should().Be("1 of 2");
        page.QuerySelectorAll("tfoot td").Select(t => t.TextContent.Trim()).Should().Equal("3 of 63", "3 of 31 27 missing", "0 of 31 31 missing", "0 of 1 1 missing");
        page.QuerySelectorAll("tbody tr").Should().HaveCount(32, "Hong Kong, Macao, Taiwan and the Corps do not report");
        page.QuerySelector("tr[data-region='330000'] td[data-indicator='I14']").Should().BeNull("only the nation reports it");
    }

    [Fact]
    public async Task The_responsible_are_named_the_nearest_first()
    {
        var page = await PageAsync();

        page.QuerySelector("tr[data-region='330000'] th small")!.TextContent.Should().Be("Zhejiang reporter, National reporter");
        page.QuerySelector("tr[data-region='110000'] th small")!.TextContent.Should().Be("National reporter");
    }

    [Fact]
    public async Task A_state_can_be_looked_at_alone()
    {
        var page = await PageAsync("?state=late");

        page.QuerySelectorAll("tbody tr").Select(r => r.GetAttribute("data-region")).Should().Equal("310000", "320000");
        page.QuerySelectorAll("tbody td[data-state]").Select(c => c.GetAttribute("data-state")).Should().Equal("late", "late");
        page.QuerySelectorAll("thead th").Select(h => h.TextContent).Should().Equal("Region", "Reported of expected", "R&D intensity");
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        await administrator.PageAsync(Page + "?state=tardy", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("administrator", "")]
    [InlineData("administrator", "?state=missing")]
    [InlineData("zhejiang", "")]
    public async Task The_file_holds_what_the_page_shows_in_the_same_words(string person, string query)
    {
        var rows = await DownloadAsync(person, query);
        var shown = (await PageAsync(query, person)).QuerySelectorAll("tbody td[data-state]")
            .Select(c => string.Join('|', c.ParentElement!.GetAttribute("data-region"), c.GetAttribute("data-indicator"), c.TextContent.Trim()));

        rows.Should().NotBeEmpty();
        rows.Select(r => string.Join('|', r["region"], r["indicator"], r["words_en"])).Should().BeEquivalentTo(shown);
        foreach (var late in rows.Where(r => r["state"] == "late"))
            (late["days_late"], late["reported_on"], late["days_left"]).Should().Be(("5", "2026-04-05", ""));
    }

    [Fact]
    public async Task Reporters_see_their_own_scope_only()
    {
        var page = await PageAsync("", "zhejiang");

        page.QuerySelectorAll("tbody tr").Select(r => r.GetAttribute("data-region")).Should().Equal("330000");
        page.QuerySelector("tfoot")!.TextContent.Should().Contain("1 of 2");
        (await DownloadAsync("zhejiang", "")).Select(r => r["region"]).Distinct().Should().Equal("330000");
    }

    [Fact]
    public async Task Excel_gets_its_mark_and_programs_do_not()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        byte[] mark = [0xEF, 0xBB, 0xBF];

        (await administrator.Client.GetByteArrayAsync(new Uri(Page + ".csv?profile=spreadsheet", UriKind.Relative))).Should().StartWith(mark);
        (await administrator.Client.GetByteArrayAsync(new Uri(Page + ".csv", UriKind.Relative))).Take(3).Should().NotEqual(mark);
    }

    [Fact]
    public async Task Thousands_of_regions_come_fifty_at_a_time_with_the_totals_of_all()
    {
        await _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"""
            insert into regions (region_set, code, kind, parent_id, path, position, name_en, name_zh, short_en, short_zh, reports, source)
            select region_set, 'X' || n, 'unit', id, path || 'X' || n || '/', 100000 + n, 'County ' || n, '县' || n, 'County ' || n, '县' || n, true, 'test'
            from regions, generate_series(1, 3000) n where code = '330000'
            """));
        await _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"analyze"));
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using var statements = new SqlStatements(_plan.ConnectionString);

        var page = await administrator.PageAsync(Page + "?page=61");

        statements.Texts.Should().HaveCountLessThanOrEqualTo(12, statements.Summary);
        page.QuerySelectorAll("tbody tr").Should().HaveCount(32);
        page.QuerySelector(".finding")!.TextContent.Should().Contain("3 of 6,063 figures");
        page.QuerySelector("nav.pages [aria-current]")!.TextContent.Should().Be("61");
        page.QuerySelectorAll("tfoot td")[1].TextContent.Should().StartWith("3 of 3,031");
    }

    private async Task<IHtmlDocument> PageAsync(string query = "", string person = "administrator")
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);
        return await visitor.PageAsync(Page + query);
    }

    private async Task<List<Dictionary<string, string>>> DownloadAsync(string person, string query)
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);
        using var answer = await visitor.GetAsync(Page + ".csv" + query);
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
