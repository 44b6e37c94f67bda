using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>Goals in words on the pages: assessed in a form, decided in the queue, seen wherever the goal is.</summary>
public sealed class ProgressPageTests : IAsyncLifetime
{
    private const string Plan = "/plans/14fyp-informatization";
    private const string Goal = $"/en{Plan}/goals/A01-2023";
    private const string Form = $"{Goal}/progress";

    private readonly SeededPlan _plan;
    private readonly ProgressSteps _steps;

    public ProgressPageTests(TestCluster cluster)
    {
        _plan = new SeededPlan(cluster);
        _steps = new ProgressSteps(_plan);
    }

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_assessment_goes_from_the_form_through_the_queue_to_every_page_of_the_goal()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        (await leader.PageAsync(Goal)).QuerySelector("main")!.TextContent.Should().Contain("Not reported yet").And.NotContain("Report progress");
        (await reporter.PageAsync(Goal)).QuerySelector($"main a[href='{Form}']").Should().NotBeNull();

        using var sent = await SendAsync(reporter);
        sent.StatusCode.Should().Be(HttpStatusCode.Redirect);
        sent.Headers.Location!.OriginalString.Should().Be($"{Goal}?submitted=true");
        (await reporter.PageAsync(sent.Headers.Location.OriginalString)).QuerySelector("[role=status]")!.TextContent.Should().Contain("Submitted for review");
        (await leader.PageAsync(Goal)).QuerySelector("main")!.TextContent.Should().NotContain("Courses run", "what nobody approved is not shown");

        var queue = await reviewer.PageAsync($"/en{Plan}/review");
        queue.QuerySelector(".finding")!.TextContent.Should().Contain("1 progress report waits").And.NotContain("Nothing waits");
        var row = queue.QuerySelectorAll("#reports ~ form tbody tr").Should().ContainSingle().Which;
        row.TextContent.Should().Contain("disadvantaged groups").And.Contain("none").And.Contain("Behind").And.Contain("Courses run").And.Contain("National reporter");
        using var decided = await DecideAsync(reviewer, "approve", row.QuerySelector("input")!.GetAttribute("value")!);
        (await reviewer.PageAsync(decided.Headers.Location!.OriginalString)).QuerySelector("main")!.TextContent.Should().Contain("Approved: 1 progress report").And.Contain("Nothing waits");

        var page = await leader.PageAsync(Goal);
        page.QuerySelector("#progress")!.ParentElement!.TextContent.Should().Contain("Behind").And.Contain("Courses run").And.Contain("National reporter").And.Contain("National reviewer");
        page.QuerySelectorAll("#history ~ table tbody tr").Should().ContainSingle().Which.TextContent.Should().Contain("National reporter → National reviewer");
        foreach (var address in new[] { $"/en{Plan}/elements/A01", $"/en{Plan}" })
        {
            var links = (await leader.PageAsync(address)).QuerySelectorAll("main a[href*='/goals/']");
            links.Should().Contain(a => a.GetAttribute("href") == Goal && a.TextContent.Trim() == "Behind");
            links.Should().Contain(a => a.GetAttribute("href") == Goal.Replace("2023", "2025", StringComparison.Ordinal) && a.TextContent.Trim() == "not assessed yet");
        }
    }

    [Fact]
    public async Task The_goal_is_shown_in_chinese_with_what_was_said_about_it()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: "far-behind", statement: "第一行")));
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync(Goal.Replace("/en", "/zh", StringComparison.Ordinal));

        page.QuerySelector("h1")!.TextContent.Should().StartWith("2023 年目标：");
        page.QuerySelector("main")!.TextContent.Should().Contain("弱势群体的数字素养明显提高").And.Contain("严重落后").And.Contain("第一行").And.Contain("证据").And.Contain("历次报告");
    }

    [Fact]
    public async Task Addresses_in_the_evidence_are_links_and_nothing_else_becomes_markup()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(
            statement: "<b>bold</b> & more", evidence: "Report, https://example.org/r?a=1&b=2.\njavascript:alert(1)\n<i>plain</i>")));
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync(Goal);

        var evidence = page.QuerySelector("#progress ~ .evidence")!;
        evidence.QuerySelectorAll("li").Select(l => l.TextContent.Trim()).Should().Equal("Report, https://example.org/r?a=1&b=2.", "javascript:alert(1)", "<i>plain</i>");
        var link = evidence.QuerySelectorAll("a").Should().ContainSingle().Which;
        link.GetAttribute("href").Should().Be("https://example.org/r?a=1&b=2");
        link.GetAttribute("rel").Should().Be("noopener noreferrer");
        page.QuerySelectorAll("main b, main i").Should().BeEmpty();
        page.QuerySelector("#progress ~ .words")!.TextContent.Should().Be("<b>bold</b> & more");
    }

    [Fact]
    public async Task The_history_tells_every_approved_assessment_and_a_past_day_shows_what_counted_then()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: "behind", statement: "Words of March.")));
        _steps.Clock.Advance(TimeSpan.FromDays(60));
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: "achieved", statement: "Words of April.", basedOn: 1)));
        await _steps.ReturnAsync("Too early.", await _steps.TakenAsync(await _steps.StatedAsync(statement: "Words of nobody.", basedOn: 2)));
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var now = await leader.PageAsync(Goal);
        var then = await leader.PageAsync(Goal + "?asOf=2024-04-29");
        var before = await leader.PageAsync(Goal + "?asOf=2024-02-29");

        now.QuerySelectorAll("#history ~ table tbody tr").Select(Text).Should().SatisfyRespectively(
            r => r.Should().Contain("2024-04-30").And.Contain("Achieved Under way Probable Approved").And.Contain("Words of April."),
            r => r.Should().Contain("2024-03-01 09:00 UTC").And.Contain("Behind Under way Probable Superseded").And.Contain("Words of March."));
        now.QuerySelector("#progress ~ .words")!.TextContent.Should().Be("Words of April.");
        then.QuerySelectorAll("#history ~ table tbody tr").Select(Text).Should().ContainSingle().Which.Should().Contain("Behind Under way Probable Approved");
        then.QuerySelector("#progress ~ .words")!.TextContent.Should().Be("Words of March.");
        before.QuerySelector("main")!.TextContent.Should().Contain("Not reported yet").And.NotContain("Words of");
        foreach (var address in new[] { $"/en{Plan}/elements/A01", $"/en{Plan}" })
            (await leader.PageAsync(address + "?asOf=2024-04-29")).QuerySelector($"a.why[href='{Goal}?asOf=2024-04-29']")!.TextContent.Trim().Should().Be("Behind");
    }

    [Fact]
    public async Task A_refused_form_keeps_what_was_typed_and_changes_nothing()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        var before = await _steps.FootprintAsync();
        var request = Guid.NewGuid();

        using var answer = await SendAsync(reporter, status: "", statement: "\n Words <that> stay\n", evidence: "", request: request, address: Form.Replace("/en", "/zh", StringComparison.Ordinal));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("未保存任何内容").And.Contain("请选择目标的进展状态").And.Contain("请提供证据");
        page.QuerySelectorAll("[role=alert] a").Select(a => a.GetAttribute("href")).Should().Equal("#status", "#evidence");
        Typed(page).Should().Be(("", "\n Words <that> stay\n", "", "0", request.ToString()));
        page.QuerySelectorAll("[aria-invalid=true]").Select(f => f.Id).Should().Equal("status", "evidence");
        page.QuerySelector("#" + page.QuerySelector("#evidence")!.GetAttribute("aria-describedby"))!.TextContent.Should().Contain("每行一项");
        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Somebody_elses_assessment_in_between_is_told_and_the_next_try_takes_its_place()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        await _steps.TakenAsync(await _steps.StatedAsync(status: "moving-away"), "reviewer");

        using var incomplete = await SendAsync(reporter, evidence: "");
        Typed(await Visitor.ReadAsync(incomplete)).BasedOn.Should().Be("0", "nothing has told them yet");
        using var conflict = await SendAsync(reporter);
        var page = await Visitor.ReadAsync(conflict);

        conflict.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("National reviewer reported on 2024-03-01 09:00 UTC: moving away (submitted)");
        Typed(page).Should().Match<(string Status, string Statement, string Evidence, string BasedOn, string Request)>(
            t => t.Status == "behind" && t.Statement == "Courses run." && t.Evidence == "Report 7" && t.BasedOn == "1");
        using var again = await SendAsync(reporter, basedOn: "1");
        again.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Replaced, RevisionState.Submitted);
    }

    [Fact]
    public async Task A_form_sent_again_with_other_words_can_be_sent_once_more_as_another_one()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        var request = Guid.NewGuid();
        using var first = await SendAsync(reporter, request: request);
        using var same = await SendAsync(reporter, request: request);
        same.StatusCode.Should().Be(HttpStatusCode.Redirect);

        using var other = await SendAsync(reporter, statement: "Other words.", request: request);
        other.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(other);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("sent before with other words");
        var (_, statement, _, basedOn, next) = Typed(page);
        using var again = await SendAsync(reporter, statement: statement, basedOn: basedOn, request: Guid.Parse(next));

        again.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Replaced, RevisionState.Submitted);
    }

    [Fact]
    public async Task What_was_returned_comes_back_in_the_form_with_its_reason_and_is_due()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
        var assessment = await _steps.TakenAsync(await _steps.StatedAsync(status: "behind", statement: "One.\nTwo.", evidence: "Report 1\nReport 2"));
        (await WaitingAsync(reporter)).Should().Contain("Goal A01-2023");

        using var decided = await DecideAsync(reviewer, "return", assessment.ToString(System.Globalization.CultureInfo.InvariantCulture), "Which report?");

        decided.Headers.Location!.OriginalString.Should().Be($"/en{Plan}/review?returnedReports=1");
        var form = await reporter.PageAsync(Form);
        Typed(form).Should().Match<(string Status, string Statement, string Evidence, string BasedOn, string Request)>(
            t => t.Status == "behind" && t.Statement == "One.\nTwo." && t.Evidence == "Report 1\nReport 2" && t.BasedOn == "1");
        form.QuerySelector("main [role=note]")!.TextContent.Should().Contain("National reviewer").And.Contain("Which report?");
        Text((await reporter.PageAsync($"/en{Plan}/work")).QuerySelector("tr[data-subject=A01-2023]")!).Should().Contain("2023 returned National reviewer: Which report?");
    }

    [Fact]
    public async Task A_report_is_due_until_one_is_approved_and_again_after_a_year_unless_all_is_done()
    {
        var today = TimeProvider.System.GetUtcNow();
        foreach (var (code, daysAgo, stage, confidence) in new[]
        {
            ("A01-2023", 10, "under-way", "probable"), ("A02-2023", 400, "under-way", "probable"), ("A03-2023", 400, "completed", ""),
            ("B01.1", 10, "preparing", "probable"), ("B01.2", 400, "preparing", "probable"), ("B01.3", 400, "stopped", ""),
        })
        {
            _steps.Clock.Advance(today.AddDays(-daysAgo) - _steps.Clock.GetUtcNow());
            await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(code, stage: stage, confidence: confidence)));
        }

        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        var work = await reporter.PageAsync($"/en{Plan}/work");

        var due = work.QuerySelectorAll("tr[data-subject]").Select(r => r.GetAttribute("data-subject")).ToList();
        due.Should().HaveCount(60 + 20 - 4).And.OnlyHaveUniqueItems().And.Contain(["A02-2023", "A02-2025", "B01.2", "B02.1"])
            .And.NotContain(["A01-2023", "A03-2023", "B01.1", "B01.3"]);
        work.QuerySelector("tr[data-subject=A02-2023] a")!.GetAttribute("href").Should().Be($"/en{Plan}/goals/A02-2023/progress");
        work.QuerySelector("tr[data-subject='B01.2'] a")!.GetAttribute("href").Should().Be($"/en{Plan}/items/B01.2/progress");
        Text(work.QuerySelector("tr[data-subject='B01.2']")!).Should().Contain($"last approved {today.AddDays(-400):yyyy-MM-dd}");
        Text(work.QuerySelector("tr[data-subject='B02.1']")!).Should().Contain("not reported yet");
        work.QuerySelector(".finding")!.TextContent.Should().Contain("76 progress reports are due");
        work.QuerySelector("#reports")!.ParentElement!.TextContent.Should().Contain("older than 1 year");
        (await zhejiang.PageAsync($"/zh{Plan}/work")).QuerySelectorAll("[data-subject]").Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_decides_about_their_own_assessment_in_the_queue_either()
    {
        var own = await _steps.TakenAsync(await _steps.StatedAsync(), "reviewer");
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
        (await reviewer.PageAsync($"/en{Plan}/review")).QuerySelector($"#report-{own}")!.HasAttribute("disabled").Should().BeTrue();

        using var answer = await DecideAsync(reviewer, "approve", own.ToString(System.Globalization.CultureInfo.InvariantCulture), "A reason that stays");

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("#reports ~ [role=alert]")!.TextContent.Should().Contain("somebody else has to decide: A01-2023");
        page.QuerySelector("#reports-reason")!.TextContent.Should().Be("A reason that stays");
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Submitted);
    }

    [Fact]
    public async Task Goals_and_readings_are_decided_in_forms_of_their_own()
    {
        await _steps.TakenAsync(await _steps.StatedAsync());
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");

        using var nothing = await DecideAsync(reviewer, "approve", assessment: null);
        using var reasonless = await DecideAsync(reviewer, "return", "1", " ");

        (await Visitor.ReadAsync(nothing)).QuerySelector("#reports ~ [role=alert]")!.TextContent.Should().Contain("Choose at least one");
        (await Visitor.ReadAsync(reasonless)).QuerySelector("#reports ~ [role=alert]")!.TextContent.Should().Contain("Give a reason");
        using var chinese = await reviewer.GetAsync($"/zh{Plan}/review/progress");
        chinese.StatusCode.Should().Be(HttpStatusCode.OK, "the other language is one click away from a refusal");
    }

    [Theory]
    [InlineData("zhejiang", "/goals/A01-2023/progress", HttpStatusCode.NotFound)]
    [InlineData("leader", "/goals/A01-2023/progress", HttpStatusCode.Forbidden)]
    [InlineData("reviewer", "/goals/A01-2023/progress", HttpStatusCode.Forbidden)]
    [InlineData("reporter", "/goals/A01-2023/progress", HttpStatusCode.OK)]
    [InlineData("reporter", "/goals/X01-2023/progress", HttpStatusCode.NotFound)]
    [InlineData("zhejiang", "/goals/A01-2023", HttpStatusCode.OK)]
    [InlineData("leader", "/goals/X01-2023", HttpStatusCode.NotFound)]
    [InlineData("reporter", "/review/progress", HttpStatusCode.Forbidden)]
    public async Task A_page_of_a_goal_is_there_for_those_it_is_for(string person, string page, HttpStatusCode expected)
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);

        await visitor.PageAsync($"/zh{Plan}{page}", expected);
    }

    [Fact]
    public async Task A_form_forged_for_a_goal_outside_the_scope_finds_nothing()
    {
        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var before = await _steps.FootprintAsync();

        using var forged = await SendAsync(zhejiang, form: Goal);
        using var forbidden = await SendAsync(leader, form: Goal);
        using var decided = await DecideAsync(leader, "approve", "1", form: Goal);

        (forged.StatusCode, forbidden.StatusCode, decided.StatusCode).Should().Be((HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden));
        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_form_without_its_request_number_or_its_token_is_refused()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var content = new FormUrlEncodedContent([new("status", "behind")]);

        using var numberless = await SendAsync(reporter, request: Guid.Empty);
        using var tokenless = await reporter.Client.PostAsync(new Uri(Form, UriKind.Relative), content);

        (numberless.StatusCode, tokenless.StatusCode).Should().Be((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest));
        (await _steps.StatesAsync()).Should().BeEmpty();
    }

    private static Task<HttpResponseMessage> SendAsync(
        Visitor visitor, string status = "behind", string statement = "Courses run.", string evidence = "Report 7", string basedOn = "0", Guid? request = null,
        string address = Form, string? form = null) =>
        visitor.PostAsync(address, new()
        {
            ["status"] = status,
            ["stage"] = "under-way",
            ["confidence"] = "probable",
            ["statement"] = statement,
            ["evidence"] = evidence,
            ["basedOn"] = basedOn,
            ["requestId"] = (request ?? Guid.NewGuid()).ToString(),
        }, form);

    private static Task<HttpResponseMessage> DecideAsync(Visitor visitor, string decision, string? assessment, string reason = "", string? form = null)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["decision"] = decision, ["reason"] = reason };
        if (assessment is not null)
            fields["reports"] = assessment;
        return visitor.PostAsync($"/en{Plan}/review/progress", fields, form ?? $"/en{Plan}/review");
    }

    private static (string Status, string Statement, string Evidence, string BasedOn, string Request) Typed(IHtmlDocument page) => (
        page.QuerySelector<IHtmlOptionElement>("#status option[selected]")?.Value ?? "",
        page.QuerySelector("#statement")!.TextContent,
        page.QuerySelector("#evidence")!.TextContent,
        page.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!,
        page.QuerySelector("input[name=requestId]")!.GetAttribute("value")!);

    private static async Task<string> WaitingAsync(Visitor reporter) =>
        Text((await reporter.PageAsync($"/en{Plan}/work")).QuerySelector("#waiting")!.ParentElement!);

    private static string Text(IElement element) => string.Join(' ', element.TextContent.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
}
