using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>Programs get what the pages show: page by page, digit by digit.</summary>
public sealed class ReadingTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private readonly ApiSteps _api = new(plan);
    private string _token = "";

    public async ValueTask InitializeAsync() => _token = await _api.TokenAsync("analyst");

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Page_after_page_gives_every_approved_reading_once_though_one_is_approved_in_between()
    {
        var seen = new List<string>();
        var next = $"{ApiSteps.Plan}/readings?limit=700";
        for (var page = 0; next is not null; page++)
        {
            var answer = await _api.GetAsync(next, _token);
            answer.Status.Should().Be(HttpStatusCode.OK);
            seen.AddRange(answer.Items.Select(i => $"{i.GetProperty("indicator")}/{i.GetProperty("region")}/{i.GetProperty("period")}"));
            (answer.Headers.TryGetValues("Link", out var link) ? link.Single() : null).Should().Be(answer.Next is null ? null : $"<{answer.Next}>; rel=\"next\"");
            // With numbered pages, one more at the beginning would bring the last of this page again.
            if (page == 0)
                await new EntrySteps(plan).StandAsync(("I01/CN/1949", "50"));
            next = answer.Next;
        }

        var stored = await plan.WithAsync((db, _) => db.Readings.Where(r => r.Status != null).Select(r => new { r.Indicator!.Code, Region = r.Region!.Code, r.Period }).ToListAsync());
        seen.Order(StringComparer.Ordinal).Should().Equal(stored.Select(r => $"{r.Code}/{r.Region}/{r.Period}").Where(c => c != "I01/CN/1949").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_value_carries_the_digits_it_was_stated_with()
    {
        await new EntrySteps(plan).StandAsync(("P-RD-INT/330000/1951", "2.10"));

        var answer = await _api.GetAsync($"{ApiSteps.Plan}/readings/P-RD-INT/330000/1951", _token);

        answer.Json.GetProperty("reading").GetProperty("value").GetRawText().Should().Be("2.10");
    }

    [Fact]
    public async Task Filters_name_series_periods_and_kinds_of_figures_and_a_grouping_stands_for_its_members()
    {
        var members = (await _api.GetAsync($"{ApiSteps.Plan}/regions/CN-YRD", _token)).Json.GetProperty("members").EnumerateArray().Select(m => m.GetString()).ToList();
        var answer = await _api.GetAsync($"{ApiSteps.Plan}/readings?region=CN-YRD&indicator=P-RD-INT&from=2022&to=2023&observation=A", _token);

        answer.Items.Select(i => i.GetProperty("region").GetString()).Distinct().Should().BeEquivalentTo(members);
        answer.Items.Select(i => i.GetProperty("period").GetString()).Distinct().Should().BeEquivalentTo("2022", "2023");
        (await _api.GetAsync($"{ApiSteps.Plan}/readings?region=NOWHERE", _token)).Items.Should().BeEmpty();
    }

    [Theory]
    [InlineData("asOf=yesterday", "asOf", "not-a-day")]
    [InlineData("limit=5001", "limit", "out-of-range")]
    [InlineData("limit=0", "limit", "out-of-range")]
    [InlineData("from=2023-13", "from", "not-a-period")]
    [InlineData("status=good", "status", "not-one-of")]
    [InlineData("after=x", "after", "not-a-cursor")]
    [InlineData("regoin=CN", "regoin", "unknown-parameter")]
    [InlineData("region=CN&region=330000", "region", "given-twice")]
    public async Task A_parameter_that_cannot_be_read_is_named(string query, string field, string code)
    {
        var answer = await _api.GetAsync($"{ApiSteps.Plan}/readings?{query}", _token);

        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        answer.MediaType.Should().Be("application/problem+json");
        answer.Errors.Should().Equal($"-1 {field} {code}");
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused_and_one_that_was_tampered_with_harms_nobody()
    {
        var foreign = (await _api.GetAsync($"{ApiSteps.Plan}/standings?limit=1", _token)).Next!.Split("after=")[1];
        (await _api.GetAsync($"{ApiSteps.Plan}/readings?after={foreign}", _token)).Status.Should().Be(HttpStatusCode.BadRequest);
        foreach (var keys in new[] { "Readings", "Readings\n9999999999999999999", "Readings\na\nb\n-5\n99999999999", "Readings\n1\n1\n99999999999\n1" })
        {
            var cursor = Convert.ToBase64String(Encoding.UTF8.GetBytes(keys)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
            (await _api.GetAsync($"{ApiSteps.Plan}/readings?after={cursor}", _token)).Status.Should().Be(HttpStatusCode.OK, "{0}", keys);
        }
    }

    [Fact]
    public async Task An_answer_is_marked_by_its_content_and_not_sent_twice()
    {
        var first = await _api.GetAsync($"{ApiSteps.Plan}/targets", _token);
        var tag = first.Headers.ETag!.ToString();
        tag.Should().Be($"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first.Text)))}\"");
        first.Headers.CacheControl!.ToString().Should().Be("no-cache, private");

        var again = await _api.GetAsync($"{ApiSteps.Plan}/targets", _token, ("If-None-Match", tag));
        again.Status.Should().Be(HttpStatusCode.NotModified);
        again.Text.Should().BeEmpty();
        (await _api.GetAsync($"{ApiSteps.Plan}/targets", _token, ("If-None-Match", "\"other\""))).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Head_answers_with_the_headers_of_get_and_no_body()
    {
        var get = await _api.GetAsync($"{ApiSteps.Plan}/regions", _token);
        var head = await _api.SendAsync(HttpMethod.Head, $"{ApiSteps.Plan}/regions", _token, null);

        head.Status.Should().Be(HttpStatusCode.OK);
        head.Text.Should().BeEmpty();
        head.Headers.ETag.Should().Be(get.Headers.ETag);
    }

    [Fact]
    public async Task Standings_are_those_of_the_dashboards_today_on_a_past_day_and_by_another_method()
    {
        var today = (await _api.GetAsync($"{ApiSteps.Plan}/standings?limit=5000", _token)).Items.ToList();
        var stored = await plan.WithAsync((db, _) => db.Standings.Select(s => new { s.Indicator!.Code, Region = s.Region!.Code, s.Status, s.PaceRatio }).ToListAsync());
        today.Select(s => $"{s.GetProperty("indicator")}/{s.GetProperty("region")} {s.GetProperty("status")} {s.GetProperty("paceRatio")}").Order(StringComparer.Ordinal)
            .Should().Equal(stored.Select(s => FormattableString.Invariant($"{s.Code}/{s.Region} {Kebab.Of(s.Status)} {s.PaceRatio}")).Order(StringComparer.Ordinal));

        var day = new DateOnly(2026, 6, 30);
        var past = (await _api.GetAsync($"{ApiSteps.Plan}/standings?limit=5000&asOf=2026-06-30", _token)).Items.ToList();
        var then = await plan.WithAsync((db, _) => db.StandingsAsOfAsync(db.Indicators, db.Regions, day, CancellationToken.None));
        past.CountBy(s => s.GetProperty("status").GetString()!).Should().BeEquivalentTo(then.Values.CountBy(s => Kebab.Of(s.Status)));

        var other = (await _api.GetAsync($"{ApiSteps.Plan}/standings?indicator=I05&method=un-projection&methods=all", _token)).Items.Single();
        var why = (await _api.GetAsync($"{ApiSteps.Plan}/series/I05/CN", _token)).Json.GetProperty("why");
        other.GetProperty("status").GetString().Should().Be(why.GetProperty("methods").EnumerateArray().Single(m => m.GetProperty("method").GetString() == "un-projection").GetProperty("status").GetString());
        other.GetProperty("methods").GetArrayLength().Should().Be(StatusMethods.All.Count);
    }

    [Fact]
    public async Task A_series_says_why_in_the_words_of_its_page()
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "analyst");
        using var page = await visitor.GetAsync($"/en/plans/{SeededPlan.PlanCode}/indicators/I05/why.json");
        var series = await _api.GetAsync($"{ApiSteps.Plan}/series/I05/CN", _token);

        System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse(series.Json.GetProperty("why").GetRawText()),
            System.Text.Json.Nodes.JsonNode.Parse(await page.Content.ReadAsStringAsync())).Should().BeTrue();
    }

    [Fact]
    public async Task An_element_stands_where_its_page_says()
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "analyst");
        var tasks = (await _api.GetAsync($"{ApiSteps.Plan}/elements?kind=task", _token)).Items.ToDictionary(e => e.GetProperty("code").GetString()!, e => e.GetProperty("status"));
        tasks.Should().HaveCount(10);
        using var overview = await visitor.PageAsync($"/en/plans/{SeededPlan.PlanCode}");
        foreach (var (code, status) in tasks)
        {
            if (status.GetProperty("worst") is { ValueKind: not System.Text.Json.JsonValueKind.Null } worst)
                overview.Body!.TextContent.Should().Contain(worst.GetProperty("name").GetProperty("en").GetString(), "it is the worst of {0}", code);
        }

        tasks.Values.Sum(s => s.GetProperty("judged").GetInt32()).Should().BePositive();
    }

    [Fact]
    public async Task Changes_tell_what_counted_before()
    {
        var steps = new EntrySteps(plan);
        await steps.StandAsync(("P-RD-EXP/330000/1952", "10"));
        await steps.StandAsync(("P-RD-EXP/330000/1952", "11"));
        await steps.StandAsync(("P-RD-EXP/330000/1952", "12"));

        var changes = (await _api.GetAsync($"{ApiSteps.Plan}/changes/readings?from=2020-01-01&limit=3", _token)).Items.ToList();

        changes.Select(c => $"{c.GetProperty("revision")}: {c.GetProperty("before")} {c.GetProperty("value")}").Should().Equal("3: 11 12", "2: 10 11", "1:  10");
        var cell = await _api.GetAsync($"{ApiSteps.Plan}/readings/P-RD-EXP/330000/1952", _token);
        cell.Json.GetProperty("revisions").EnumerateArray().Select(r => $"{r.GetProperty("number")} {r.GetProperty("state").GetString()}").Should().Equal("3 approved", "2 superseded", "1 superseded");
    }
}
