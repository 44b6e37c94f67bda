using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>Every address that is read, by everybody who may and may not.</summary>
public sealed class RouteTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private const string Zhejiang = "330000";
    private const int MostStatements = 12;

    private readonly ApiSteps _api = new(plan);
    private string _unlimited = "";
    private string _limited = "";
    private List<string> _addresses = [];

    public async ValueTask InitializeAsync()
    {
        (_unlimited, _limited) = (await _api.TokenAsync("analyst"), await _api.TokenAsync("zhejiang-analyst"));
        var documented = (await DocumentedRoutes.ReadAsync(_api, _unlimited)).Readable.Select(r => r.Address).ToList();
        _addresses =
        [
            .. documented, .. documented.Where(a => a.Contains("/changes/", StringComparison.Ordinal)).Select(a => a + "?from=2019-01-01"),
            .. new[]
            {
                "/readings?limit=5000", "/readings?region=CN", "/readings?region=CN-YRD", "/readings?region=320000", "/readings?asOf=2026-06-30", "/readings?status=no-judgement&asOf=2026-06-30", "/standings?limit=5000",
                "/standings?region=CN", "/standings?methods=all", "/standings?method=growth-ratio", "/standings?asOf=2026-06-30", "/targets?asOf=2026-06-30", "/elements?asOf=2026-06-30", "/goals?asOf=2026-06-30", "/series/P-RD-INT/330000?asOf=2026-12-31",
            }.Select(a => ApiSteps.Plan + a),
        ];
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_limited_person_gets_rows_of_their_own_region_only_by_token_and_by_cookie()
    {
        // A target of a region and one of the country, and a report about a goal: all there is to be hidden.
        await new EntrySteps(plan).StandAsync(("P-RD-INT/320000/1950", "2"), ("P-RD-INT/330000/1950", "2"));
        using var limited = await Visitor.SignedInAsync(plan.Application, "zhejiang-analyst");
        var rows = 0;
        foreach (var address in _addresses)
        {
            var answer = await _api.GetAsync(address, _limited);
            answer.Status.Should().Be(HttpStatusCode.OK, address);
            var regions = RegionsIn(answer.Json, address).ToList();
            regions.Where(r => r != Zhejiang).Should().BeEmpty("{0} is asked by somebody who sees Zhejiang only", address);
            rows += regions.Count;

            using var page = await limited.GetAsync(address);
            (await page.Content.ReadAsStringAsync()).Should().Be(answer.Text, "a cookie shows what a token shows");
        }

        rows.Should().BeGreaterThan(500, "there is something to see");
        (await _api.GetAsync($"{ApiSteps.Plan}/elements", _limited)).Items.Should().OnlyContain(e => e.GetProperty("status").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task A_cursor_leads_nobody_out_of_their_scope()
    {
        foreach (var list in new[] { "readings", "standings", "regions", "targets", "changes/readings", "changes/targets", "changes/verdicts" })
        {
            var query = list.StartsWith("changes", StringComparison.Ordinal) ? "?from=2019-01-01&limit=2" : "?limit=2";
            var next = (await _api.GetAsync($"{ApiSteps.Plan}/{list}{query}", _unlimited)).Next;
            next.Should().NotBeNull(list);
            RegionsIn((await _api.GetAsync(next!, _limited)).Json, next!).Where(r => r != Zhejiang).Should().BeEmpty(next);
        }
    }

    [Theory]
    [InlineData("regions/320000")]
    [InlineData("regions/CN")]
    [InlineData("regions/CN-YRD")]
    [InlineData("series/P-RD-INT/320000")]
    [InlineData("series/I05/CN")]
    [InlineData("readings/P-RD-INT/320000/2023")]
    [InlineData("readings/I05/CN/2020")]
    public async Task What_lies_outside_does_not_exist(string address)
    {
        (await _api.GetAsync($"{ApiSteps.Plan}/{address}", _unlimited)).Status.Should().Be(HttpStatusCode.OK);
        var refused = await _api.GetAsync($"{ApiSteps.Plan}/{address}", _limited);
        var nothing = await _api.GetAsync($"{ApiSteps.Plan}/{address.Replace("320000", "NONE", StringComparison.Ordinal).Replace("CN", "NONE", StringComparison.Ordinal)}", _limited);

        refused.Status.Should().Be(HttpStatusCode.NotFound);
        refused.Text.Should().Be(nothing.Text);
    }

    [Fact]
    public async Task Nobody_without_a_token_in_force_or_a_session_reads_anything()
    {
        var (revoked, expired, disabled) = (await _api.TokenAsync("analyst"), await _api.TokenAsync("analyst"), await _api.TokenAsync("leader"));
        using var session = await Visitor.SignedInAsync(Strict(), "leader");
        await plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"update api_tokens set revoked_at = now() where hash = {ApiToken.HashOf(revoked)}"));
        await plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"update api_tokens set created_at = created_at - interval '40 days', expires_at = expires_at - interval '40 days' where hash = {ApiToken.HashOf(expired)}"));
        await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));
        foreach (var address in _addresses.Append("/api/v1/openapi.json").Append("/api/v1/nothing").Append("/api"))
        {
            foreach (var token in new[] { null, revoked, expired, disabled, "pt_wrong" })
            {
                var answer = await _api.GetAsync(address, token);
                (answer.Status, answer.MediaType).Should().Be((HttpStatusCode.Unauthorized, "application/problem+json"), "{0} with {1}", address, token ?? "nothing");
                answer.Headers.WwwAuthenticate.Should().NotBeEmpty();
            }

            (await session.GetAsync(address)).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "{0} in a session of a disabled person", address);
        }
    }

    [Fact]
    public async Task An_answer_takes_at_most_twelve_statements()
    {
        await using var strict = Strict();
        using var visitor = await Visitor.SignedInAsync(strict, "analyst");
        using var limited = await Visitor.SignedInAsync(strict, "zhejiang-analyst");
        foreach (var who in new[] { visitor, limited })
        {
            foreach (var address in _addresses)
            {
                await who.GetAsync(address);
                using var statements = new SqlStatements(plan.ConnectionString);
                await who.GetAsync(address);
                statements.Texts.Should().HaveCountGreaterThan(1).And.HaveCountLessThanOrEqualTo(MostStatements, "{0} must not ask more often; it asked\n{1}\n", address, statements.Summary);
            }
        }
    }

    /// <summary>Sessions are checked with every request.</summary>
    private WebApplicationFactory<Program> Strict() => plan.Application.WithWebHostBuilder(host => host.ConfigureTestServices(services =>
        services.PostConfigure<SecurityStampValidatorOptions>(o => o.ValidationInterval = TimeSpan.Zero)));

    /// <summary>Every region an answer speaks of.</summary>
    private static IEnumerable<string> RegionsIn(JsonElement json, string address) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(e => RegionsIn(e, address)),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p =>
            p.Value.ValueKind == JsonValueKind.String && (p.Name == "region" || (address.Contains("/regions", StringComparison.Ordinal) && p.Name is "code" or "parent")) ? [p.Value.GetString()!]
            : p.Name is "groupings" or "members" ? p.Value.EnumerateArray().Select(c => c.GetString()!)
            : RegionsIn(p.Value, address)),
        _ => [],
    };
}
