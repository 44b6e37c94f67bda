using System.Net;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>Whatever goes wrong, a program gets a problem document: never a page, never a way to a form.</summary>
public sealed class RefusalTests(SeededPlan plan, TestCluster cluster) : IClassFixture<SeededPlan>, IDisposable
{
    private readonly ApiSteps _api = new(plan);

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/plans/none/readings", HttpStatusCode.NotFound)]
    [InlineData("GET", ApiSteps.Plan + "/submissions/no-id", HttpStatusCode.NotFound)]
    [InlineData("DELETE", ApiSteps.Plan + "/readings", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", ApiSteps.Plan + "/targets", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", ApiSteps.Plan + "/readings?indicator=%00", HttpStatusCode.BadRequest)]
    public async Task A_refusal_is_a_problem_document(string method, string address, HttpStatusCode expected)
    {
        var answer = await _api.SendAsync(new HttpMethod(method), address, await _api.TokenAsync("analyst"), null);

        (answer.Status, answer.MediaType).Should().Be((expected, "application/problem+json"));
        answer.Json.GetProperty("status").GetInt32().Should().Be((int)expected);
        answer.Json.GetProperty("title").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task Who_takes_no_json_is_told_that_there_is_nothing_else_in_the_language_asked_for()
    {
        var answer = await _api.GetAsync("/api/v1/plans", await _api.TokenAsync("analyst"), ("Accept", "text/html"), ("Accept-Language", "zh-Hans"));

        (answer.Status, answer.MediaType).Should().Be((HttpStatusCode.NotAcceptable, "application/problem+json"));
        answer.Json.GetProperty("detail").GetString().Should().Be("仅以 application/json 作答。");
        foreach (var taken in new[] { "*/*", "application/*", "text/html, application/json;q=0.5" })
            (await _api.GetAsync("/api/v1/plans", await _api.TokenAsync("analyst"), ("Accept", taken))).Status.Should().Be(HttpStatusCode.OK, taken);
    }

    [Fact]
    public async Task Without_its_database_the_api_asks_to_come_again_and_recovers()
    {
        await using var own = new SeededPlan(cluster);
        await own.InitializeAsync();
        using var api = new ApiSteps(own);
        var token = await api.TokenAsync("analyst");
        (await api.GetAsync("/api/v1/plans", token)).Status.Should().Be(HttpStatusCode.OK);
        var name = new NpgsqlConnectionStringBuilder(own.ConnectionString).Database!;
        await cluster.CloseAsync(name, closed: true);

        var away = await api.GetAsync($"{ApiSteps.Plan}/readings", token);
        (away.Status, away.MediaType).Should().Be((HttpStatusCode.ServiceUnavailable, "application/problem+json"));
        away.Headers.RetryAfter.Should().NotBeNull();

        await cluster.CloseAsync(name, closed: false);
        (await api.GetAsync("/api/v1/plans", token)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_for_how_long_to_wait_and_others_are_not()
    {
        await using var tight = new PlanApplication(plan.ConnectionString, "Development", ("Api:ReadsPerMinute", "3"), ("Api:WritesPerMinute", "1"));
        using var api = new ApiSteps(plan, tight);
        var token = await api.TokenAsync("analyst");
        var answers = new List<Answer>();
        for (var i = 0; i < 6; i++)
            answers.Add(await api.GetAsync("/api/v1/plans", token));

        var refused = answers.Last();
        answers.Count(a => a.Status == HttpStatusCode.OK).Should().BeInRange(3, 5, "a minute may have ended in between");
        (refused.Status, refused.MediaType).Should().Be((HttpStatusCode.TooManyRequests, "application/problem+json"));
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.Should().BeInRange(1, 60);
        (await api.GetAsync("/api/v1/plans", await api.TokenAsync("leader"))).Status.Should().Be(HttpStatusCode.OK);
        using var visitor = await Visitor.SignedInAsync(tight, "leader");
        (await visitor.GetAsync("/en/api")).StatusCode.Should().Be(HttpStatusCode.OK, "pages are not counted");
    }
}
