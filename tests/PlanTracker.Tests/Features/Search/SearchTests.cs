using System.Data.Common;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Features.Search;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Search;

/// <summary>One box finds elements, indicators, regions and goals, in whichever language, as the text was typed.</summary>
public sealed class SearchTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Plan = "/plans/14fyp-informatization";

    [Fact]
    public async Task IPv6_is_found_in_the_names_of_indicators_and_in_a_summary_with_figures_place_and_mark()
    {
        var page = await FindAsync("en", "ipv6");

        Codes(page, "indicator").Should().Equal("I05", "S-IPV6IOT", "S-IPV6FIX", "S-IPV6MOB");
        Codes(page, "element").Should().Equal("T01.1");
        Hit(page, "indicators/I05").Should().Contain("IPv6 active users").And.Contain("8.69").And.Contain("100 million persons").And.Contain("2025").And.Contain("Achieved");
        Hit(page, "elements/T01.1").Should().Contain("Focus area").And.Contain("in Building a ubiquitous").And.Contain("devices over to IPv6");
        page.QuerySelectorAll("main mark").Select(m => m.TextContent).Should().HaveCountGreaterThan(4).And.OnlyContain(t => t.Equals("IPv6", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("hlj", "230000")]
    [InlineData("HLJ", "230000")]
    [InlineData("ｈｌｊ", "230000")]
    [InlineData("nmg", "150000")]
    [InlineData("cq", "500000")]
    [InlineData("xz", "540000")]
    [InlineData("sx", "140000", "610000")]
    [InlineData("hn", "410000", "430000", "460000")]
    [InlineData("csj", "CN-YRD")]
    [InlineData("jjj", "CN-JJJ")]
    [InlineData("jj", "CN-JJJ")]
    [InlineData("lj")]
    [InlineData("3300", "330000")]
    [InlineData("00")]
    public async Task Regions_are_found_by_the_initials_of_their_names_and_their_codes_from_the_beginning(string initials, params string[] regions) =>
        Codes(await FindAsync("zh", initials), "region").Should().Equal(regions);

    [Fact]
    public async Task Every_region_of_the_shipped_plan_has_initials()
    {
        var initials = await plan.WithAsync((db, _) => db.Regions.Where(r => r.RegionSet == "cn").Select(r => r.Initials).ToListAsync());

        initials.Should().HaveCount(46).And.OnlyContain(i => i != null && i.Length >= 2);
    }

    [Theory]
    [InlineData("en", "上海", "regions/310000", "Shanghai", "上海")]
    [InlineData("zh", "Inner Mongolia", "regions/150000", "内蒙古", "Inner Mongolia Autonomous Region")]
    [InlineData("zh", "online retail sales", "indicators/I13", "网上零售额", "Online retail sales")]
    [InlineData("en", "一网通办", "elements/T07.3", "common operations on one network", "“一网通办”")]
    [InlineData("en", "互联网 rate", "indicators/P-NET-PEN", "Internet penetration rate by province", "分省互联网普及率")]
    [InlineData("zh", "rural-urban gap narrows", "goals/A07-2023", "城乡差距", "rural-urban gap narrows")]
    public async Task The_language_of_the_page_does_not_decide_what_is_found(string language, string text, string address, string title, string beside)
    {
        var page = await FindAsync(language, text);

        var hit = page.QuerySelector($"main .hit:has(> div > a[href$='/{address}'])")!;
        hit.QuerySelector("a")!.TextContent.Should().Contain(title);
        hit.QuerySelector($"[lang={(language == "en" ? "zh-Hans" : "en")}]")!.TextContent.Should().Contain(beside);
    }

    [Theory]
    [InlineData("5G villages", "T-ICT-05")]
    [InlineData("villages 5G", "T-ICT-05")]
    [InlineData("T-ICT villages", "T-ICT-05")]
    [InlineData("5G villages fibre")]
    public async Task All_words_have_to_be_found_wherever_they_stand(string text, params string[] indicators) =>
        Codes(await FindAsync("en", text), "indicator").Should().Equal(indicators);

    [Fact]
    public async Task The_code_itself_comes_first_then_what_begins_with_it_then_what_holds_it()
    {
        Codes(await FindAsync("en", "t01"), "element").Should().Equal("T01", "T01.1", "T01.2", "T01.3", "T01.4");
        Codes(await FindAsync("en", "r&d intensity"), "indicator").Should().Equal("P-RD-INT", "I08", "P-RDINT-GWR");
        Codes(await FindAsync("en", "5g"), "element").Should().HaveElementPreceding("O1", "B01.3", "a title comes before a summary, though the objective stands earlier in the plan");

        // The kind with the best hit stands first.
        (await FindAsync("en", "bj")).QuerySelector("main section")!.QuerySelector("h2")!.TextContent.Should().Be("Regions");
    }

    [Theory]
    [InlineData("　ＩＰｖ６　")]
    [InlineData(" ipv6\u00A0 ")]
    public async Task Width_and_blanks_do_not_count(string text) => Codes(await FindAsync("zh", text), "indicator").Should().HaveCount(4);

    [Theory]
    [InlineData("深化创新驱动，引领")]
    [InlineData("深化创新驱动,引领")]
    public async Task A_title_is_found_with_its_own_comma_and_with_a_plain_one(string text) =>
        Codes(await FindAsync("zh", text), "element").Should().Equal("D1");

    [Fact]
    public async Task Signs_that_stand_for_others_in_a_pattern_stand_for_themselves()
    {
        var element = await plan.WithAsync((db, _) => db.Elements.Where(e => e.Code == "T09").Select(e => e.Id).SingleAsync());
        await plan.WithAsync((db, _) =>
        {
            db.Milestones.Add(new Milestone { ElementId = element, Code = "T09-2025-9", Year = 2025, GoalEn = @"Quota <b>87%_\</b> done", GoalZh = "完成", Source = "test" });
            return db.SaveChangesAsync();
        });

        foreach (var text in new[] { "%", "_", @"\", "87%", @"%_\", "８７％" })
        {
            var page = await FindAsync("en", text);
            page.QuerySelectorAll("main .hit").Should().ContainSingle(text);
            Codes(page, "goal").Should().Equal("T09-2025-9");
            page.QuerySelector("main b").Should().BeNull("what was found is text too");
        }

        foreach (var text in new[] { "Quota%done", "87__", @"Q\uota" })
            (await FindAsync("en", text)).QuerySelectorAll("main .hit").Should().BeEmpty(text);
    }

    [Fact]
    public async Task What_was_typed_is_text_on_the_page_and_nothing_else()
    {
        var page = await FindAsync("en", "<script>alert(1)</script>\"'");

        page.QuerySelector("main script").Should().BeNull();
        page.QuerySelector(".finding")!.TextContent.Should().Contain("<script>alert(1)</script>");
        page.QuerySelector("#search")!.GetAttribute("value").Should().Be("<script>alert(1)</script>\"'");
    }

    [Theory]
    [InlineData("en", "", "Type what you are looking for")]
    [InlineData("zh", "　 ", "请在页面上方的搜索框中输入")]
    public async Task Without_a_text_the_page_says_what_can_be_found(string language, string text, string message)
    {
        var page = await FindAsync(language, text);

        page.QuerySelector(".finding")!.TextContent.Should().Contain(message);
        page.QuerySelectorAll("main section li").Should().HaveCount(4);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_not_searched_for_and_the_page_says_how_long_it_may_be()
    {
        (await FindAsync("en", new string('x', 201))).QuerySelector(".finding")!.TextContent.Should().Contain("201 characters; up to 200");
        (await FindAsync("en", new string('x', 200))).QuerySelector(".finding")!.TextContent.Should().Contain("Nothing in the plan matches");
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Where_nothing_is_found_the_examples_do_find_something(string language)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        var page = await leader.PageAsync($"/{language}{Plan}/search?q=qqqq");

        page.QuerySelector(".finding")!.TextContent.Should().Contain("qqqq");
        var examples = page.QuerySelectorAll("main section a").Select(a => a.GetAttribute("href")!).ToList();
        examples.Should().HaveCount(4);
        foreach (var example in examples)
            (await leader.PageAsync(example)).QuerySelectorAll("main .hit").Should().NotBeEmpty(example);
    }

    [Fact]
    public async Task Of_many_hits_twenty_are_shown_and_the_others_are_counted()
    {
        var page = await FindAsync("en", "a");

        var elements = page.QuerySelector("#element")!.ParentElement!;
        elements.QuerySelectorAll(".hit").Should().HaveCount(20);
        page.QuerySelector(".finding")!.TextContent.Should().Contain("191 elements");
        elements.QuerySelector("p")!.TextContent.Should().Contain("171 more are not shown").And.Contain("add a word");
    }

    [Fact]
    public async Task The_past_day_stays_in_the_box_and_figures_are_those_of_that_day()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"/en{Plan}/search?q=I13&asOf=2023-12-31");

        page.QuerySelector("form.search input[name=asOf]")!.GetAttribute("value").Should().Be("2023-12-31");
        Hit(page, "indicators/I13?asOf=2023-12-31").Should().Contain("13.0884").And.Contain("2021");
        (await leader.PageAsync($"/en{Plan}/search?q=I13")).QuerySelector("form.search input[name=asOf]").Should().BeNull();
    }

    [Fact]
    public async Task The_box_stands_on_every_page_of_the_plan_for_those_who_are_signed_in()
    {
        using var reporter = await Visitor.SignedInAsync(plan.Application, "reporter");
        foreach (var address in new[] { "", "/elements/T01", "/work", "/work/P-RD-INT?period=2024", "/search?q=5G" })
        {
            var box = (await reporter.PageAsync($"/zh{Plan}{address}")).QuerySelector<IHtmlFormElement>("header form[role=search]")!;
            box.GetAttribute("action").Should().Be($"/zh{Plan}/search");
            box.QuerySelector("label[for=search]")!.TextContent.Should().Be("在规划中搜索");
            box.QuerySelector("input[type=search]")!.GetAttribute("name").Should().Be("q");
        }

        (await new Visitor(plan.Application).PageAsync("/zh/account/sign-in")).QuerySelector("form[role=search]").Should().BeNull();
    }

    [Fact]
    public async Task A_search_that_finds_everything_takes_twelve_statements_at_most()
    {
        var statements = new StatementCount();
        await using var application = plan.Application.WithWebHostBuilder(b => b.ConfigureTestServices(s =>
            s.ConfigureDbContext<PlanDbContext>(o => o.AddInterceptors(statements))));
        using var leader = await Visitor.SignedInAsync(application, "leader");
        foreach (var text in new[] { "a", "qqqq" })
        {
            statements.Count = 0;
            await leader.PageAsync($"/en{Plan}/search?q={text}");
            statements.Count.Should().BeInRange(4, 12, text);
        }
    }

    [Theory]
    [InlineData("5g", "发展５Ｇ网络", "发展|[５Ｇ]|网络")]
    [InlineData("aa", "aAab", "[aAa]|b")]
    [InlineData("km", "10㎞²", "10|[㎞]|²")]
    [InlineData("b a", "abc", "[ab]|c")]
    [InlineData("x", "", "")]
    [InlineData("x", "𠮷x\uFFFE", "𠮷|[x]|\uFFFE")]
    public void What_was_searched_for_is_marked_in_the_text_as_it_stands(string typed, string text, string pieces) =>
        string.Join('|', SearchText.Of(typed).Pieces(text).Select(p => p.Found ? $"[{p.Piece}]" : p.Piece)).Should().Be(pieces);

    [Fact]
    public async Task A_text_that_no_one_can_normalize_finds_nothing()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        await leader.PageAsync($"/en{Plan}/search?q=a%EF%BF%BE");
        await leader.PageAsync($"/en{Plan}/search?q=a%00", HttpStatusCode.BadRequest);
    }

    private async Task<IHtmlDocument> FindAsync(string language, string text)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        return await leader.PageAsync($"/{language}{Plan}/search?q={Uri.EscapeDataString(text)}");
    }

    /// <summary>Codes of what was found of a kind, as its links name them.</summary>
    private static IReadOnlyList<string> Codes(IHtmlDocument page, string kind) =>
        [.. page.QuerySelectorAll($"main section[aria-labelledby={kind}] .hit > :first-child > a").Select(a => a.GetAttribute("href")!.Split('/')[^1])];

    private static string Hit(IHtmlDocument page, string address) =>
        string.Join(' ', page.QuerySelector($"main .hit:has(> div > a[href$='/{address}'])")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class StatementCount : DbCommandInterceptor
    {
        public int Count { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
