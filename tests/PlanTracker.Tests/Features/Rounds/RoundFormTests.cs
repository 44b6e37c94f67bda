using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>How an administrator opens, changes and closes a round, and who sees it.</summary>
public sealed class RoundFormTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Rounds = "/en/plans/14fyp-informatization/rounds";
    private const string Page = Rounds + "/y2025";

    private readonly SeededPlan _plan = new(cluster);

    private RoundSteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _steps = new RoundSteps(_plan);
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_round_is_proposed_with_everything_due_for_the_period_and_opened_as_proposed()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var page = await administrator.PageAsync(Rounds + "/new?period=2025");
        var chosen = page.QuerySelectorAll("input[name=indicators][checked]").Select(i => i.GetAttribute("value")!).ToList();
        var due = await _plan.WithAsync((db, _) => db.Indicators.Where(i => i.Due && i.Frequency == Frequency.Annual).OrderBy(i => i.Position).Select(i => i.Code).ToListAsync());

        chosen.Should().Equal(due);
        page.QuerySelectorAll("input[name=regions][checked]").Select(r => r.GetAttribute("value")).Should().Equal("CN");
        var fields = page.QuerySelectorAll("form[method=post] input[name]:not([type=checkbox]), textarea[name]").Where(f => f.GetAttribute("name") is not ("basedOn" or "__RequestVerificationToken"))
            .Select(f => (f.GetAttribute("name")!, f.GetAttribute("value") ?? "")).Concat(chosen.Select(c => ("indicators", c))).Append(("regions", "CN")).Append(("locks", "true"));
        using var answer = await PostAsync(administrator, Rounds + "/new", fields);

        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().Should().Be(Rounds + "/2025");
        (await administrator.PageAsync(Rounds)).QuerySelector("main")!.TextContent.Should().Contain("Report for 2025");
        (await _plan.WithAsync((db, _) => db.RoundIndicators.CountAsync())).Should().Be(due.Count);
        (await administrator.PageAsync(Rounds + "/2025")).QuerySelector("#history ~ table")!.TextContent.Should().Contain("Opened with the deadline").And.Contain("Administrator");
    }

    [Theory]
    [InlineData("code", "a b", "“a b” cannot be a code")]
    [InlineData("code", "new", "“new” cannot be a code")]
    [InlineData("period", "2025-13", "“2025-13” is not a period")]
    [InlineData("period", "2025-Q4", "periods of another length: I13, P-RD-INT")]
    [InlineData("deadline", "31.3.2026", "“31.3.2026” is not a day")]
    [InlineData("deadline", "2025-12-31", "the deadline must be later than 2025-12-31")]
    [InlineData("deadline", "2026-02-28", "cannot be before the opening on 2026-03-01")]
    [InlineData("opensOn", "2025-12-31", "cannot open before the day after 2025-12-31")]
    [InlineData("regions", "330000", "None of the chosen regions reports these indicators: I13")]
    [InlineData("regions", "", "Choose at least one region")]
    [InlineData("indicators", "", "Choose at least one indicator")]
    [InlineData("indicators", "NONE", "No indicator of this plan has the code NONE")]
    [InlineData("otherRegions", "CN-EAST, 990000", "No region has the code CN-EAST, 990000")]
    public async Task What_cannot_be_a_round_is_refused_with_its_reason_and_stays_typed(string field, string value, string message)
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var fields = Fields().Where(f => f.Name != field).Append((field, value)).ToList();

        using var answer = await PostAsync(administrator, Rounds + "/new", fields);

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Nothing was saved").And.Contain(message);
        page.QuerySelectorAll("form[method=post] input[name=nameZh], form[method=post] input[name=deadline]").Select(i => i.GetAttribute("value"))
            .Should().Equal("2025 年报", field == "deadline" ? value : "2026-03-31");
        page.QuerySelectorAll("input[name=indicators][checked]").Select(i => i.GetAttribute("value"))
            .Should().BeEquivalentTo(field == "indicators" ? [] : new[] { "I13", "P-RD-INT" });
        (await _plan.WithAsync(async (db, _) => (await db.ReportingRounds.CountAsync(), await db.AuditEvents.CountAsync(a => a.Action.StartsWith("round."))))).Should().Be((0, 0));
    }

    [Theory]
    [InlineData("2025 年报", "", "2025 年报")]
    [InlineData(" ", "Year 2025", "Year 2025")]
    [InlineData("", " ", null)]
    public async Task One_name_is_enough_for_both_languages_and_none_is_not(string zh, string en, string? shown)
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        using var answer = await PostAsync(administrator, Rounds + "/new", With(("nameZh", zh), ("nameEn", en)));

        if (shown is null)
            (await Visitor.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("Give the round a name");
        else
            (await administrator.PageAsync(Page)).QuerySelector("h1")!.TextContent.Should().Be(shown);
    }

    [Fact]
    public async Task A_code_is_used_once()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        using var answer = await PostAsync(administrator, Rounds + "/new", Fields());

        (await Visitor.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("Another round has the code “y2025”");
    }

    [Fact]
    public async Task A_moved_deadline_is_kept_with_its_reason_and_read_in_the_history()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        using (var unexplained = await ChangeAsync(administrator, ("deadline", "2026-04-15"), ("reason", " ")))
            (await Visitor.ReadAsync(unexplained)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("State the reason");
        using (var moved = await ChangeAsync(administrator, ("deadline", "2026-04-15"), ("reason", "the bulletin comes later"), ("indicators", "P-RD-INT")))
            moved.StatusCode.Should().Be(HttpStatusCode.Redirect);

        var page = await administrator.PageAsync(Page);
        page.QuerySelectorAll("#history ~ table tbody tr")[0].TextContent.Should().Contain("Deadline moved from 2026-03-31 to 2026-04-15")
            .And.Contain("Indicators taken out: I13").And.Contain("the bulletin comes later").And.Contain("Administrator");
        (await _plan.WithAsync((db, _) => db.ReportingRounds.Select(r => r.Deadline).SingleAsync())).Should().Be(new DateOnly(2026, 4, 15));
    }

    [Fact]
    public async Task Of_two_who_change_a_round_the_second_is_told_and_chooses()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var seen = await BasedOnAsync(administrator);
        using (await ChangeAsync(administrator, ("deadline", "2026-04-15"), ("reason", "first")))
        {
        }

        using var second = await PostAsync(administrator, Page + "/edit", With(("deadline", "2026-04-20"), ("reason", "second"), ("basedOn", seen)));

        second.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(second);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Somebody has changed this round");
        page.QuerySelector("#deadline")!.GetAttribute("value").Should().Be("2026-04-20");
        var now = page.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!;
        using var again = await PostAsync(administrator, Page + "/edit", With(("deadline", "2026-04-20"), ("reason", "second"), ("basedOn", now)));
        again.StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Somebody_who_took_out_an_indicator_only_has_changed_the_round_too()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using (await ChangeAsync(administrator, ("reason", "as the form says")))
        {
        }

        var seen = await BasedOnAsync(administrator);
        using (var first = await ChangeAsync(administrator, ("reason", "not this year"), ("indicators", "P-RD-INT")))
            first.StatusCode.Should().Be(HttpStatusCode.Redirect);

        using var second = await PostAsync(administrator, Page + "/edit", With(("deadline", "2026-04-20"), ("reason", "second"), ("basedOn", seen)));

        second.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "it would bring the indicator back unseen");
    }

    [Fact]
    public async Task The_same_exception_sent_twice_is_granted_once()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        for (var time = 0; time < 2; time++)
        {
            using var granted = await PostAsync(administrator, Page + "/exceptions", [("person", "zhejiang"), ("until", "2090-01-01"), ("reason", "ill")], Page);
            granted.StatusCode.Should().Be(HttpStatusCode.Redirect);
        }

        (await _plan.WithAsync((db, _) => db.RoundExceptions.CountAsync())).Should().Be(1);
    }

    [Fact]
    public async Task An_exception_is_granted_named_ended_and_recorded()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        using (var nobody = await PostAsync(administrator, Page + "/exceptions", [("until", "2090-01-01"), ("reason", "ill")], Page))
            (await Visitor.ReadAsync(nobody)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("Choose a person or the code of a region");
        using (var past = await PostAsync(administrator, Page + "/exceptions", [("person", "zhejiang"), ("until", "2020-01-01"), ("reason", "ill")], Page))
        {
            var refused = await Visitor.ReadAsync(past);
            refused.QuerySelector("[role=alert]")!.TextContent.Should().Contain("cannot end before today");
            refused.QuerySelector("#reason")!.GetAttribute("value").Should().Be("ill");
        }

        using (await PostAsync(administrator, Page + "/exceptions", [("person", "zhejiang"), ("until", "2090-01-01"), ("reason", "ill")], Page))
        {
        }

        var page = await administrator.PageAsync(Page);
        page.QuerySelector("#exceptions ~ table tbody")!.TextContent.Should().Contain("Zhejiang reporter").And.Contain("2090-01-01").And.Contain("ill").And.Contain("Administrator");
        page.QuerySelectorAll("#history ~ table tbody tr")[0].TextContent.Should().Contain("Exception for Zhejiang reporter until 2090-01-01").And.Contain("ill");

        using (await PostAsync(administrator, page.QuerySelector("form[action$='/end']")!.GetAttribute("action")!, [], Page))
        {
        }

        (await administrator.PageAsync(Page)).QuerySelector("form[action$='/end']").Should().BeNull();
        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Action.StartsWith("round.exception")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()))
            .Should().Equal("round.exception-granted", "round.exception-ended");
    }

    [Fact]
    public async Task A_closed_round_stays_closed_and_is_no_longer_changed()
    {
        await _steps.OpenAsync();
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var seen = await BasedOnAsync(administrator);

        for (var i = 0; i < 2; i++)
        {
            using var closed = await PostAsync(administrator, Page + "/close", [], Page + "/edit");
            closed.StatusCode.Should().Be(HttpStatusCode.Redirect);
        }

        using var changed = await PostAsync(administrator, Page + "/edit", With(("reason", "too late"), ("basedOn", seen)));
        (await Visitor.ReadAsync(changed)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("closed and can no longer be changed");
        (await administrator.PageAsync(Rounds)).QuerySelector("#closed ~ table")!.TextContent.Should().Contain("Year 2025");
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "round.closed"))).Should().Be(1);
    }

    [Fact]
    public async Task The_database_refuses_a_round_over_a_period_that_is_not_over()
    {
        await _steps.OpenAsync();

        await FluentActions.Awaiting(() => _plan.WithAsync((db, _) => db.ReportingRounds.ExecuteUpdateAsync(r => r.SetProperty(x => x.OpensOn, new DateOnly(2025, 12, 31)))))
            .Should().ThrowAsync<Npgsql.PostgresException>().Where(e => e.ConstraintName == "ck_reporting_rounds_days");
    }

    [Theory]
    [InlineData("reporter", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("reviewer", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("administrator", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("leader", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("auditor", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Who_reports_or_reviews_sees_rounds_and_administrators_keep_them(string person, HttpStatusCode sees, HttpStatusCode keeps)
    {
        await _steps.OpenAsync();
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);

        foreach (var page in new[] { Rounds, Page, Page + "/completeness", Page + "/completeness.csv" })
            using (await visitor.PageAsync(page, sees))
            {
            }

        foreach (var page in new[] { Rounds + "/new", Page + "/edit" })
            using (await visitor.PageAsync(page, keeps))
            {
            }

        var overview = await visitor.PageAsync("/en/plans/14fyp-informatization");
        overview.QuerySelectorAll(".main-nav a").Any(a => a.TextContent == "Rounds").Should().Be(sees == HttpStatusCode.OK);
        if (keeps == HttpStatusCode.Forbidden)
        {
            foreach (var action in new[] { "/close", "/remind", "/exceptions", "/exceptions/1/end", "/edit" })
            {
                using var answer = await PostAsync(visitor, Page + action, [], "/en/plans/14fyp-informatization");
                answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
            }
        }
    }

    [Fact]
    public async Task My_work_begins_with_what_is_due_by_a_deadline()
    {
        await _steps.OpenAsync();
        await _plan.WithAsync((db, _) => db.ReportingRounds.ExecuteUpdateAsync(r => r.SetProperty(x => x.Deadline, new DateOnly(2090, 1, 1)).SetProperty(x => x.OpensOn, new DateOnly(2026, 1, 1))));
        await _steps.OpenAsync(RoundSteps.Round with { Code = "past", NameEn = "Over" });
        using var visitor = await Visitor.SignedInAsync(_plan.Application, "zhejiang");

        var rows = (await visitor.PageAsync("/en/plans/14fyp-informatization/work")).QuerySelectorAll("#rounds-due ~ table tbody tr");

        rows.Select(r => r.QuerySelector("th a")!.TextContent).Should().Equal("Over", "Year 2025");
        rows[0].TextContent.Should().Contain("days late").And.NotContain("locked", "the other round that asks for it is still running");
        rows[1].TextContent.Should().Contain("due in").And.Contain("1 missing");
        rows[1].QuerySelector("li a")!.GetAttribute("href").Should().EndWith("/work/P-RD-INT?period=2025");

        await _plan.WithAsync((db, _) => db.ReportingRounds.Where(r => r.Code == "y2025").ExecuteUpdateAsync(r => r.SetProperty(x => x.Locks, false)));
        (await visitor.PageAsync("/en/plans/14fyp-informatization/work")).QuerySelector("#rounds-due ~ table tbody tr")!.TextContent.Should().Contain("locked");
    }

    private static List<(string Name, string Value)> Fields() =>
    [
        ("code", "y2025"), ("nameEn", "Year 2025"), ("nameZh", "2025 年报"), ("period", "2025"), ("opensOn", "2026-03-01"), ("deadline", "2026-03-31"), ("locks", "true"),
        ("indicators", "I13"), ("indicators", "P-RD-INT"), ("regions", "CN"),
    ];

    private static List<(string Name, string Value)> With(params (string Name, string Value)[] changes) =>
        [.. Fields().Where(f => Array.TrueForAll(changes, c => c.Name != f.Name)), .. changes];

    private static async Task<string> BasedOnAsync(Visitor visitor) =>
        (await visitor.PageAsync(Page + "/edit")).QuerySelector("input[name=basedOn]")!.GetAttribute("value")!;

    private static async Task<HttpResponseMessage> ChangeAsync(Visitor visitor, params (string Name, string Value)[] changes) =>
        await PostAsync(visitor, Page + "/edit", With([.. changes, ("basedOn", await BasedOnAsync(visitor))]));

    /// <summary>Sends fields, some of them several times, with the token of the form on a page.</summary>
    private static async Task<HttpResponseMessage> PostAsync(Visitor visitor, string address, IEnumerable<(string Name, string Value)> fields, string? form = null)
    {
        using var page = await visitor.PageAsync(form ?? address);
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
        return await visitor.Client.PostAsync(new Uri(address, UriKind.Relative), content);
    }
}
