using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>Figures sent by program go the one way in: the same checks, the same review, all or nothing.</summary>
public sealed class SubmittingTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private readonly ApiSteps _api = new(plan);
    private readonly EntrySteps _steps = new(plan);
    private string _token = "";

    public async ValueTask InitializeAsync() => _token = await _api.TokenAsync("zhejiang", TokenAccess.ReadAndWrite);

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Body(string rows, Guid? id = null, string explanation = "As published.") =>
        $$"""{"requestId":"{{id ?? Guid.NewGuid()}}","source":"Yearbook","explanation":"{{explanation}}","readings":[{{rows}}]}""";

    private static string Row(string cell, string value, string more = "") =>
        cell.Split('/') is [var indicator, var region, var period]
            ? $$"""{"indicator":"{{indicator}}","region":"{{region}}","period":"{{period}}","value":{{value}}{{more}}}"""
            : throw new FormatException(cell);

    [Fact]
    public async Task A_submitted_row_waits_for_review_and_its_author_is_told_what_became_of_it()
    {
        var id = Guid.NewGuid();
        var answer = await _api.SubmitAsync(_token, Body($"{Row("P-RD-INT/330000/1960", "2.50")},{Row("P-RD-INT/330000/1961", "\"2.60\"")}", id));

        answer.Status.Should().Be(HttpStatusCode.OK, answer.Text);
        answer.Json.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("row")} {r.GetProperty("cell")} {r.GetProperty("result")} {r.GetProperty("revision")}")
            .Should().Equal("0 P-RD-INT/330000/1960 submitted 1", "1 P-RD-INT/330000/1961 submitted 1");
        (await _steps.ReadingAsync("P-RD-INT/330000/1960"))!.PendingRevision!.Value!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be("2.50", "no digit is lost");

        await _steps.ApproveAsync("P-RD-INT/330000/1960");
        await _steps.ReturnAsync("P-RD-INT/330000/1961");
        var state = await _api.GetAsync($"{ApiSteps.Plan}/submissions/{id}", _token);
        state.Json.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("state")} {r.GetProperty("reason")}").Should().Equal("approved ", "returned Which bulletin?");
        (await _api.GetAsync($"{ApiSteps.Plan}/submissions/{id}", await _api.TokenAsync("reporter"))).Status.Should().Be(HttpStatusCode.NotFound, "it is another person's");
    }

    [Fact]
    public async Task Who_sees_their_own_scope_only_submits_by_program_as_well()
    {
        var id = await plan.PersonAsync("zhejiang");
        await plan.WithAsync((db, _) => db.Users.Where(p => p.Id == id).ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, true)));
        try
        {
            var answer = await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1964", "2.50")));

            answer.Status.Should().Be(HttpStatusCode.OK, answer.Text);
        }
        finally
        {
            await plan.WithAsync((db, _) => db.Users.Where(p => p.Id == id).ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, false)));
        }
    }

    [Fact]
    public async Task The_same_request_again_is_answered_the_same_and_has_no_second_effect()
    {
        var id = Guid.NewGuid();
        await _steps.StandAsync(("P-RD-INT/330000/1963", "2.5"));
        var body = Body($"{Row("P-RD-INT/330000/1962", "2.5")},{Row("P-RD-INT/330000/1963", "2.5", ",\"source\":\"Bulletin of the form\"")}", id);
        var first = await _api.SubmitAsync(_token, body);
        await _steps.ApproveAsync("P-RD-INT/330000/1962");
        await _steps.StandAsync(("P-RD-INT/330000/1963", "2.6"));

        var again = await _api.SubmitAsync(_token, body);

        first.Json.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("result").GetString()).Should().Equal("submitted", "unchanged");
        again.Text.Should().Be(first.Text);
        (again.Status, again.Headers.ETag).Should().Be((HttpStatusCode.OK, null), "only what is read is marked");
        (await _steps.ReadingAsync("P-RD-INT/330000/1963"))!.Value.Should().Be(2.6m);
        (await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1964", "2.5"), id))).Errors.Should().Equal("-1 requestId sent-before");
    }

    [Fact]
    public async Task Ten_twins_at_once_make_one_revision()
    {
        var body = Body(Row("P-RD-INT/330000/1965", "2.5"), Guid.NewGuid());
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _api.SubmitAsync(_token, body)));

        answers.Select(a => a.Text).Distinct().Should().ContainSingle();
        (await _steps.ReadingAsync("P-RD-INT/330000/1965"))!.LastNumber.Should().Be(1);
    }

    [Fact]
    public async Task What_was_taken_by_a_server_whose_successor_has_nothing_of_it_is_to_be_sent_again()
    {
        var body = Body(Row("P-RD-INT/330000/1952", "2.5"), Guid.NewGuid());
        await plan.WithAsync((db, _) => db.Database.ExecuteSqlRawAsync("""
            create function lost() returns trigger language plpgsql as 'begin delete from api_submissions where request_id = new.request_id; return null; end';
            create trigger lost after insert on api_submissions for each row execute function lost()
            """));

        var answer = await _api.SubmitAsync(_token, body);

        await plan.WithAsync((db, _) => db.Database.ExecuteSqlRawAsync("drop function lost() cascade"));
        answer.Status.Should().Be(HttpStatusCode.ServiceUnavailable, answer.Text);
        answer.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task What_is_wrong_is_said_of_every_row_at_once_and_nothing_is_taken()
    {
        var answer = await _api.SubmitAsync(_token, Body(string.Join(',',
            Row("P-RD-INT/330000/1966", "2.5"), Row("P-RD-INT/330000/1967", "1e3"), Row("P-RD-INT/330000/1968", "2.123456"), Row("P-RD-INT/330000/1969", "-1"),
            Row("P-RD-INT/330000/1970-Q1", "1"), Row("P-RD-INT/330000/2300", "1"), Row("P-RD-INT/330000/1971", "2", ",\"status\":\"O\""))));

        answer.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        answer.MediaType.Should().Be("application/problem+json");
        answer.Errors.Should().Equal(
            "1 value not-a-number", "2 value too-many-decimals", "3 value below-minimum", "4 period wrong-frequency", "5 period period-not-over", "6 status value-and-no-value");
        answer.Json.GetProperty("errors")[1].GetProperty("limit").GetDecimal().Should().BePositive();
        (await _steps.ReadingAsync("P-RD-INT/330000/1966")).Should().BeNull();
    }

    [Fact]
    public async Task A_row_outside_the_scope_is_refused_whether_or_not_there_is_a_figure()
    {
        var answer = await _api.SubmitAsync(_token, Body($"{Row("P-RD-INT/320000/2023", "3.29")},{Row("P-RD-INT/320000/1966", "1")}"));

        answer.Errors.Should().Equal("0 region out-of-scope", "1 region out-of-scope");
        answer.Json.GetProperty("errors")[0].GetProperty("message").GetString().Should().Be(answer.Json.GetProperty("errors")[1].GetProperty("message").GetString());
        var audited = await plan.WithAsync((db, _) => db.AuditEvents.AnyAsync(a => a.Action == "reading.out-of-scope" && a.Subject == "P-RD-INT/320000/2023"));
        audited.Should().BeTrue();
    }

    [Fact]
    public async Task A_questioned_figure_needs_an_explanation_and_an_unchanged_one_does_not()
    {
        await _steps.StandAsync(("P-RD-INT/330000/1972", "2.5"), ("P-RD-INT/330000/1973", "25"));
        var same = Row("P-RD-INT/330000/1973", "25", ",\"source\":\"Bulletin of the form\"");
        var refused = await _api.SubmitAsync(_token, Body($"{same},{Row("P-RD-INT/330000/1974", "2.5")}", explanation: ""));

        refused.Errors.Should().Equal("1 explanation unexplained");
        refused.Json.GetProperty("errors")[0].GetProperty("questions").EnumerateArray().Should().NotBeEmpty();
        (await _api.SubmitAsync(_token, Body(same, explanation: ""))).Json.GetProperty("unchanged").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task A_change_since_the_revision_one_saw_is_a_conflict_and_without_one_what_stands_is_replaced()
    {
        await _steps.StandAsync(("P-RD-INT/330000/1975", "2.5"));
        await _steps.StandAsync(("P-RD-INT/330000/1975", "2.6"));

        var conflict = await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1975", "2.7", ",\"basedOn\":1")));
        conflict.Errors.Should().Equal("0 basedOn conflict");
        conflict.Json.GetProperty("errors")[0].GetProperty("lastRevision").GetInt32().Should().Be(2);
        (await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1975", "2.7", ",\"basedOn\":2")))).Status.Should().Be(HttpStatusCode.OK);
        (await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1975", "2.8")))).Json.GetProperty("rows")[0].GetProperty("revision").GetInt32().Should().Be(4);
    }

    [Fact]
    public async Task A_colleagues_draft_is_not_swept_away()
    {
        await _steps.SaveAsync("reporter", "2.4", "P-RD-INT/330000/1976");

        (await _api.SubmitAsync(_token, Body(Row("P-RD-INT/330000/1976", "2.7")))).Errors.Should().Equal("0 basedOn conflict");
        (await _steps.DraftAsync("P-RD-INT/330000/1976"))!.Value.Should().Be(2.4m);
    }

    [Theory]
    [InlineData("""{"source":"Y","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1977","value":1}]}""", "-1 requestId not-a-request-id")]
    [InlineData("""{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1977","value":1}]}""", "-1 source source-missing")]
    [InlineData("""{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","source":"Y","readings":[]}""", "-1 readings not-rows")]
    [InlineData("""{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","source":"Y","readings":[1,{"indicator":7,"region":"330000","period":"x","value":true,"status":"?","basedOn":"1","extra":1}]}""",
        "0  wrong-type", "1 extra unknown-field", "1 indicator wrong-type", "1 indicator missing", "1 period not-a-period", "1 status not-one-of", "1 value wrong-type", "1 value value-missing", "1 basedOn wrong-type")]
    [InlineData("""{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","source":"Y","readings":[{"indicator":"NONE","region":"NONE","period":"1977","value":1}]}""", "0 indicator unknown-indicator", "0 region unknown-region")]
    [InlineData("""{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","source":"Y","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1977","value":1},{"indicator":"P-RD-INT","region":"330000","period":"1977","value":2}]}""", "1  duplicate-cell")]
    [InlineData("""[]""", "-1  wrong-type", "-1 requestId not-a-request-id")]
    public async Task What_is_no_request_is_told_so_by_row_and_field(string body, params string[] errors)
    {
        var answer = await _api.SubmitAsync(_token, body);

        answer.Status.Should().Be(HttpStatusCode.UnprocessableEntity, answer.Text);
        answer.Errors.Take(errors.Length).Should().Equal(errors.Take(answer.Errors.Count()));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("""{"requestId":"a","requestId":"b"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"source":"\u0000"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"source":"\ud800"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"\ud800":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""[[[[[[]]]]]]""", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_read_at_all_is_refused(string body, HttpStatusCode expected)
    {
        var answer = await _api.SubmitAsync(_token, body);

        answer.Status.Should().Be(expected, answer.Text);
        answer.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task Another_media_type_and_a_body_without_end_are_refused()
    {
        using var form = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded");
        (await _api.SendAsync(HttpMethod.Post, $"{ApiSteps.Plan}/readings", _token, form)).Status.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await _api.SubmitAsync(_token, new string(' ', (8 << 20) + 1))).Status.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        using var broken = new ByteArrayContent([(byte)'"', 0xC3, 0x28, (byte)'"']);
        broken.Headers.ContentType = new("application/json");
        (await _api.SendAsync(HttpMethod.Post, $"{ApiSteps.Plan}/readings", _token, broken)).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Five_thousand_rows_are_one_request()
    {
        var indicators = await plan.WithAsync((db, _) => db.Indicators.Where(i => i.ReportedBy != ReportedBy.National && i.Frequency == Frequency.Annual)
            .OrderBy(i => i.Id).Take(10).Select(i => i.Code).ToListAsync());
        var rows = string.Join(',', from indicator in indicators from year in Enumerable.Range(1000, 500) select Row($"{indicator}/330000/{year}", "5"));
        var answer = await _api.SubmitAsync(_token, Body(rows));

        answer.Status.Should().Be(HttpStatusCode.OK, answer.Text[..Math.Min(500, answer.Text.Length)]);
        answer.Json.GetProperty("submitted").GetInt32().Should().Be(5000);
    }
}
