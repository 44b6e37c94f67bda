using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>What every page owes its readers: both languages, closed doors, safe headers, no figure without a table.</summary>
public sealed partial class PageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/plans/14fyp-informatization";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    public static TheoryData<string> Pages =>
    [
        "", "/elements", "/elements/D1", "/elements/O1", "/elements/T01", "/elements/T01.1", "/elements/B01", "/elements/B01.1", "/elements/A01",
        "/elements/A01.1", "/elements/M1", "/goals/A01-2023", "/indicators", "/indicators/I03", "/indicators/I15", "/indicators/I13/why", "/indicators/P-RD-INT/why?region=330000", "/indicators/P-RD-INT", "/indicators/P-RD-INT?region=330000&period=2020",
        "/regions", "/regions/CN", "/regions/330000", "/regions/CN-EAST", "/regions/710000", "/report", "/elements/T03/report", "/elements/A01/report", "/elements/M1/report", "/regions/330000/report", "/regions/CN/report", "/compare", "/compare?indicator=P-PAT-GRANT&region=330000&region=110000&per=true&index=true", "/readings", "/readings?task=T01&region=CN&from=2023", "/search", "/search?q=5G",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_leader_reads_every_page_in_both_languages(string page)
    {
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var english = await leader.PageAsync("/en" + Plan + page);
        var chinese = await leader.PageAsync("/zh" + Plan + page);

        english.DocumentElement.GetAttribute("lang").Should().Be("en");
        chinese.DocumentElement.GetAttribute("lang").Should().Be("zh-Hans");
        english.QuerySelectorAll("h1").Should().ContainSingle();
        chinese.QuerySelector("main")!.TextContent.Should().NotBe(english.QuerySelector("main")!.TextContent);
        Chinese().IsMatch(chinese.QuerySelector("h1")!.TextContent).Should().BeTrue("the heading is Chinese");
    }

    [Fact]
    public async Task Every_element_of_the_plan_has_a_page()
    {
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var codes = await _plan.WithAsync((db, _) => db.Elements.Select(e => e.Code).ToListAsync());

        foreach (var code in codes)
            (await leader.PageAsync($"/en{Plan}/elements/{code}")).QuerySelector("h1").Should().NotBeNull(code);
        codes.Should().HaveCount(191);
    }

    [Fact]
    public async Task Where_the_plan_states_no_target_for_a_year_the_page_says_so()
    {
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var task = await leader.PageAsync($"/en{Plan}/elements/T09");

        task.QuerySelector("#goals")!.ParentElement!.TextContent.Should().Contain("no goal in words for 2023").And.Contain("no goal in words for 2025");
    }

    [Fact]
    public async Task An_administrator_adds_a_goal_in_words_and_others_may_not()
    {
        var fields = new Dictionary<string, string>
        {
            ["year"] = "2023",
            ["goalEn"] = "A goal of the test",
            ["goalZh"] = "测试目标",
            ["source"] = "Document of the test",
        };
        var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (page, post) = ($"/en{Plan}/elements/T09", $"/en{Plan}/elements/T09/milestones");

        (await leader.PostAsync(post, new(fields), form: page)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        using var refused = await administrator.PostAsync(post, new(fields) { ["source"] = " ", ["year"] = "2050" }, form: page);
        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Visitor.ReadAsync(refused)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("2021 to 2025").And.Contain("Name the document").And.NotContain("in English");
        foreach (var time in new[] { "sent", "sent again, because the answer was lost" })
            (await administrator.PostAsync(post, new(fields), form: page)).StatusCode.Should().Be(HttpStatusCode.Redirect, time);

        (await leader.PageAsync($"/zh{Plan}/elements/T09")).Body!.TextContent.Should().Contain("测试目标").And.Contain("规划未规定 2025 年定性目标");
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "milestone.added"))).Should().Be(1);
    }

    [Theory]
    [InlineData("leader", "/work", HttpStatusCode.Forbidden)]
    [InlineData("leader", "/review", HttpStatusCode.Forbidden)]
    [InlineData("reporter", "/review", HttpStatusCode.Forbidden)]
    [InlineData("reviewer", "/work/I13", HttpStatusCode.Forbidden)]
    [InlineData("zhejiang", "/work/I13", HttpStatusCode.NotFound)]
    [InlineData("zhejiang", "/work/P-RD-INT", HttpStatusCode.OK)]
    [InlineData("leader", "/elements/X99", HttpStatusCode.NotFound)]
    [InlineData("leader", "/regions/999999", HttpStatusCode.NotFound)]
    [InlineData("leader", "/indicators/I13?region=nowhere", HttpStatusCode.NotFound)]
    public async Task A_page_is_there_for_those_it_is_for(string person, string page, HttpStatusCode expected)
    {
        var visitor = await Visitor.SignedInAsync(_plan.Application, person);

        var answer = await visitor.PageAsync("/zh" + Plan + page, expected);

        answer.QuerySelector("h1").Should().NotBeNull("an error has a page too");
    }

    [Fact]
    public async Task A_province_sees_only_its_own_rows_in_the_form()
    {
        var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");

        var form = await zhejiang.PageAsync($"/en{Plan}/work/P-RD-INT?period=2024");

        form.QuerySelectorAll("tbody tr").Should().ContainSingle().Which.QuerySelector("th")!.TextContent.Should().Contain("Zhejiang");
    }

    [Fact]
    public async Task A_forged_row_for_another_region_is_refused_with_a_message()
    {
        var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");

        using var answer = await zhejiang.PostAsync($"/en{Plan}/work/P-RD-INT", new()
        {
            ["source"] = "Bulletin",
            ["requestId"] = Guid.NewGuid().ToString(),
            ["cell:P-RD-INT|320000|2024:0:0"] = "3.4",
        }, form: $"/en{Plan}/work/P-RD-INT?period=2024");

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Visitor.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("not in your scope");
    }

    [Fact]
    public async Task What_was_typed_stays_in_the_form_when_it_is_refused()
    {
        var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");

        using var answer = await reporter.PostAsync($"/zh{Plan}/work/I13?period=2024", new()
        {
            ["source"] = "国家统计局",
            ["requestId"] = Guid.NewGuid().ToString(),
            ["cell:I13|CN|2024:0:0"] = "15,5",
        });

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("#cell-I13-CN-2024")!.GetAttribute("value").Should().Be("15,5");
        page.QuerySelector("#source")!.GetAttribute("value").Should().Be("国家统计局");
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("“15,5”不是数字");
    }

    [Fact]
    public async Task A_conflict_is_told_together_with_other_faults_and_the_next_try_is_based_on_it()
    {
        var (reporter, zhejiang) = (await Visitor.SignedInAsync(_plan.Application, "reporter"), await Visitor.SignedInAsync(_plan.Application, "zhejiang"));
        var address = $"/en{Plan}/work/P-RD-INT?period=2024";
        Dictionary<string, string> Form(string name, string value, string source) => new()
        {
            ["source"] = source,
            ["requestId"] = Guid.NewGuid().ToString(),
            [name] = value,
        };
        const string First = "cell:P-RD-INT|330000|2024:0:0";
        (await zhejiang.PostAsync(address, Form(First, "3.3", "Bulletin"))).StatusCode.Should().Be(HttpStatusCode.Redirect);

        // The reporter's form was opened before that, and lacks its source.
        using var refused = await reporter.PostAsync(address, Form(First, "3.4", ""));
        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(refused);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Zhejiang reporter changed this cell").And.Contain("3.3").And.Contain("Name the source");
        var next = page.QuerySelector("#cell-P-RD-INT-330000-2024")!.GetAttribute("name")!;
        next.Should().NotBe(First);

        (await reporter.PostAsync(address, Form(next, "3.4", "Bulletin"))).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var content = new FormUrlEncodedContent([new("period", "2024")]);

        using var answer = await reporter.Client.PostAsync(new Uri($"/en{Plan}/work/I13", UriKind.Relative), content);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/en/account/sign-in")]
    [InlineData("/en/nowhere")]
    [InlineData("/css/site.css")]
    public async Task Every_answer_carries_the_headers_that_keep_scripts_out(string address)
    {
        using var answer = await new Visitor(_plan.Application).Client.GetAsync(new Uri(address, UriKind.Relative));

        var policy = answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Which;
        policy.Should().StartWith("default-src 'none'").And.NotContain("unsafe").And.Contain("frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
    }

    [Theory]
    [InlineData("/en/plans/14fyp-informatization/indicators/I13?region=a%00b")]
    [InlineData("/en/plans/14fyp-informatization/readings?task=%00")]
    public async Task Text_no_database_can_hold_is_refused_at_the_door(string address)
    {
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        using var answer = await leader.Client.GetAsync(new Uri(address, UriKind.Relative));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_name_no_database_can_hold_is_refused_at_sign_in()
    {
        using var answer = await new Visitor(_plan.Application).PostAsync("/en/account/sign-in", new() { ["name"] = "a\0b", ["password"] = "x" });

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent.Should().Contain("cannot be read");
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_rests_too_and_nobody_learns_which_names_exist()
    {
        var visitor = new Visitor(_plan.Application);
        var messages = new List<string>();
        foreach (var name in new[] { "nobody", "leader", "leader", "leader", "leader", "leader" })
        {
            using var wrong = await visitor.PostAsync("/en/account/sign-in", new() { ["name"] = name, ["password"] = "wrong password" });
            wrong.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            messages.Add((await Visitor.ReadAsync(wrong)).QuerySelector("[role=alert]")!.TextContent);
        }

        using var right = await visitor.PostAsync("/en/account/sign-in", new() { ["name"] = "leader", ["password"] = DemonstrationAccounts.Password });
        right.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        messages.Distinct(StringComparer.Ordinal).Should().ContainSingle();
    }

    [Fact]
    public async Task Sign_in_sends_nobody_to_a_foreign_address()
    {
        using var answer = await new Visitor(_plan.Application).PostAsync("/en/account/sign-in", new()
        {
            ["name"] = "leader",
            ["password"] = DemonstrationAccounts.Password,
            ["returnUrl"] = "https://example.org/",
        });

        answer.Headers.Location!.OriginalString.Should().Be("/en");
    }

    [Fact]
    public async Task The_language_switch_keeps_the_page_and_its_filters()
    {
        var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}/indicators/P-RD-INT?region=330000&period=2020");

        page.QuerySelector(".language a")!.GetAttribute("href").Should().Be($"/zh{Plan}/indicators/P-RD-INT?region=330000&period=2020");
    }

    [Fact]
    public async Task A_visit_without_a_language_gets_that_of_the_last_one_and_before_that_what_the_browser_asks_for()
    {
        var visitor = new Visitor(_plan.Application);
        visitor.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN,zh;q=0.9");
        (await visitor.Client.GetAsync(new Uri("/", UriKind.Relative))).Headers.Location!.OriginalString.Should().StartWith("/zh");

        await visitor.PageAsync("/en/account/sign-in");

        (await visitor.Client.GetAsync(new Uri("/", UriKind.Relative))).Headers.Location!.OriginalString.Should().StartWith("/en");
    }

    [Fact]
    public async Task No_demonstration_account_exists_outside_development()
    {
        await using var production = new PlanApplication(await cluster.EmptyDatabaseAsync(), "Production", ("Database:MigrateOnStart", "true"));

        var page = await new Visitor(production).PageAsync("/en/account/sign-in");

        page.Body!.TextContent.Should().NotContain(DemonstrationAccounts.Password);
        using var scope = production.Services.CreateScope();
        (await scope.ServiceProvider.GetRequiredService<PlanDbContext>().Users.CountAsync()).Should().Be(0);
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Chinese();

}
