using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>The pages of imports without scripts: from the file to the applied change set, for whoever may see it.</summary>
public sealed class ImportPageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Imports = $"/en/plans/{SeededPlan.PlanCode}/imports";

    private readonly SeededPlan _plan = new(cluster);

    private ImportSteps Steps => new(_plan);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_file_goes_from_the_form_to_the_queue_of_the_reviewer()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        var address = await SentAsync(reporter, Encoding.UTF8.GetBytes($"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n"));

        using (var columns = await reporter.PageAsync(address))
        {
            columns.QuerySelectorAll("select[name=column]").Cast<IHtmlSelectElement>().Select(s => s.Value).Should().StartWith(["Indicator", "Region", "Period", "Value", "Status"]);
            (await SubmitFormAsync(reporter, columns, $"{address}/read")).Should().Be(HttpStatusCode.Redirect);
        }

        await Steps.DoneAsync(Id(address));
        using (var ready = await reporter.PageAsync(address))
        {
            ready.QuerySelector(".finding")!.TextContent.Should().Contain("0 new figures, 1 changed");
            ready.QuerySelectorAll("[data-verdict=changed] .number").Select(c => c.TextContent.Trim()).Should().Equal("15.9722", "16.5");
            (await SubmitFormAsync(reporter, ready, $"{address}/apply")).Should().Be(HttpStatusCode.Redirect);
        }

        await Steps.DoneAsync(Id(address));
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
        using var page = await reviewer.PageAsync(address);
        (await SubmitFormAsync(reviewer, page, $"{address}/approve")).Should().Be(HttpStatusCode.Redirect);
        (await _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN"))).Value.Should().Be(16.5m);
    }

    [Fact]
    public async Task A_file_that_is_no_table_is_refused_on_the_page_with_its_place_and_not_kept()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");

        using var answer = await SendAsync(reporter, Encoding.UTF8.GetBytes("a,b\n1,\"2\n"));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var page = await Visitor.ReadAsync(answer);
        page.QuerySelector(".notice-error")!.TextContent.Should().Contain("figures.csv was not taken").And.Contain("Line 2: a quote is out of place");
        (await _plan.WithAsync((db, _) => db.Imports.CountAsync())).Should().Be(0);
    }

    [Fact]
    public async Task The_file_comes_back_with_its_problems_in_its_own_encoding_and_corrected_takes_its_place()
    {
        var gb = FileEncoding.Gb18030.Strict();
        var first = await Steps.BringAsync("reporter", gb.GetBytes("指标;地区;时期;数值;来源\nI13;中国;2019;12,25;年鉴\nI13;中国;2018;12;年鉴\n"));
        await Steps.ReadAsync(first.Id);
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");

        (await reporter.PageAsync($"{Imports}/{first.Id}")).QuerySelectorAll("button[formaction$='/cancel']").Should().ContainSingle("a wrong file can be put away as well");
        using var problems = await reporter.GetAsync($"{Imports}/{first.Id}/problems");
        var text = gb.GetString(await problems.Content.ReadAsByteArrayAsync());

        text.Should().StartWith("指标;地区;时期;数值;来源;import_problem").And.Contain("数值: “12,25” is not a number.").And.Contain("I13;中国;2018;12;年鉴;\r\n", "a good row says nothing");
        var address = await SentAsync(reporter, gb.GetBytes(text.Replace("12,25;", "12.25;", StringComparison.Ordinal)), ("replaces", first.Id.ToString(CultureInfo.InvariantCulture)));
        (await Steps.ImportAsync(first.Id)).Should().BeEquivalentTo(new { State = ImportState.Replaced, ReplacedById = Id(address) });
        (await Steps.ReadAsync(Id(address))).Should().BeEquivalentTo(new { New = 2, Errors = 0 });
    }

    [Fact]
    public async Task Others_do_not_see_it_and_do_nothing_with_it()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        foreach (var (who, expected) in new[] { ("zhejiang", HttpStatusCode.NotFound), ("leader", HttpStatusCode.Forbidden), ("zhejiang-analyst", HttpStatusCode.NotFound) })
        {
            using var other = await Visitor.SignedInAsync(_plan.Application, who);
            foreach (var address in new[] { $"{Imports}/{import.Id}", $"{Imports}/{import.Id}/problems", $"{Imports}/{import.Id}/progress.json" })
            {
                using var answer = await other.GetAsync(address);
                answer.StatusCode.Should().BeOneOf([expected, HttpStatusCode.Forbidden, HttpStatusCode.NotFound], "{0} asks for {1}", who, address);
            }
        }

        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        foreach (var step in new[] { "apply", "cancel", "revert", "read", "shape", "columns" })
        {
            using var answer = await zhejiang.PostAsync($"{Imports}/{import.Id}/{step}", new Dictionary<string, string>(StringComparer.Ordinal), form: Imports);
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound, step);
        }

        (await Steps.ImportAsync(import.Id)).State.Should().Be(ImportState.Ready);
    }

    [Fact]
    public async Task A_reviewer_of_one_region_sees_only_what_lies_in_it_whole()
    {
        await _plan.WithAsync(async (db, _) =>
        {
            var reviewer = await db.Users.SingleAsync(p => p.UserName == "reviewer");
            var zhejiang = await db.Regions.SingleAsync(r => r.Code == "330000");
            await db.ScopeGrants.Where(g => g.PersonId == reviewer.Id).ExecuteUpdateAsync(g => g.SetProperty(x => x.RegionId, zhejiang.Id));
            return 0;
        });
        var inside = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nP-RD-INT,330000,2005,1.22,A,Yearbook,,\n");
        var across = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nP-RD-INT,330000,2005,1.22,A,Yearbook,,\nP-RD-INT,110000,2005,5.5,A,Yearbook,,\n");
        var blank = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nP-RD-INT,110000,2005,,,,,\n");
        blank.Blank.Should().Be(1);
        using var visitor = await Visitor.SignedInAsync(_plan.Application, "reviewer");

        using var list = await visitor.PageAsync(Imports);
        list.QuerySelectorAll("tbody a").Select(a => a.GetAttribute("href")).Should().Equal($"{Imports}/{inside.Id}");
        foreach (var hidden in new[] { across, blank })
            (await visitor.GetAsync($"{Imports}/{hidden.Id}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("xlsx")]
    public async Task A_template_holds_what_is_due_from_the_person_and_comes_back_blank(string extension)
    {
        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        using var answer = await zhejiang.GetAsync($"{Imports}/template.{extension}");

        var import = await Steps.BringAsync("zhejiang", await answer.Content.ReadAsByteArrayAsync(), $"due.{extension}");
        import = await Steps.ReadAsync(import.Id, p => p with { Source = "Yearbook" });

        import.Rows.Should().BePositive();
        import.Should().BeEquivalentTo(new { Blank = import.Rows, New = 0, Errors = 0 });
        (await _plan.WithAsync((db, _) => db.ImportRows.Where(r => r.ImportId == import.Id).Select(r => r.RegionId).Distinct().CountAsync())).Should().Be(1);
    }

    [Fact]
    public async Task The_pages_take_at_most_twelve_statements()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reporter");
        foreach (var who in new[] { "reporter", "reviewer" })
        {
            using var visitor = await Visitor.SignedInAsync(_plan.Application, who);
            foreach (var address in new[] { Imports, $"{Imports}/{import.Id}", $"{Imports}/{import.Id}?show=changed" })
            {
                (await visitor.PageAsync(address)).Dispose();
                using var statements = new SqlStatements(_plan.ConnectionString);
                (await visitor.PageAsync(address)).Dispose();
                statements.Texts.Should().HaveCountLessThanOrEqualTo(12, "{0} asks\n{1}", address, statements.Summary);
            }
        }
    }

    private static int Id(string address) => int.Parse(address[(address.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);

    private static async Task<string> SentAsync(Visitor visitor, byte[] file, params (string Name, string Value)[] fields)
    {
        using var answer = await SendAsync(visitor, file, fields);
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<HttpResponseMessage> SendAsync(Visitor visitor, byte[] file, params (string Name, string Value)[] fields)
    {
        using var page = await visitor.PageAsync(Imports);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(page.QuerySelector("form.upload input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken" },
            { new ByteArrayContent(file), "file", "figures.csv" },
        };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return await visitor.Client.PostAsync(new Uri(Imports, UriKind.Relative), form);
    }

    /// <summary>Sends the form of a page with that action, its fields as they stand.</summary>
    private static async Task<HttpStatusCode> SubmitFormAsync(Visitor visitor, IHtmlDocument page, string action)
    {
        var form = page.QuerySelectorAll("form").Cast<IHtmlFormElement>().Single(f => f.GetAttribute("action") == action);
        using var content = new FormUrlEncodedContent(form.Elements.Where(e => e is IHtmlInputElement or IHtmlSelectElement or IHtmlTextAreaElement && e.GetAttribute("name") is not null)
            .Select(e => KeyValuePair.Create(e.GetAttribute("name")!, e is IHtmlSelectElement select ? select.Value : e is IHtmlTextAreaElement text ? text.Value : ((IHtmlInputElement)e).Value)));
        using var answer = await visitor.Client.PostAsync(new Uri(action, UriKind.Relative), content);
        return answer.StatusCode;
    }
}
