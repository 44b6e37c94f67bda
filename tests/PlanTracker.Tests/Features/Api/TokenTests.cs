using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>A token is made once, seen once, and opens no more than its person may open.</summary>
public sealed class TokenTests(SeededPlan plan) : IClassFixture<SeededPlan>, IDisposable
{
    private const string Page = "/en/account/tokens";

    private readonly ApiSteps _api = new(plan);

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task A_token_is_shown_once_kept_as_a_hash_and_told_in_the_audit()
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "reporter");
        using var answer = await visitor.SendFormAsync(Page, ("name", "Quarterly upload"), ("access", "read-and-write"), ("days", "365"), ("password", "demo plan tracker"));
        using var made = await Visitor.ReadAsync(answer);
        var text = made.QuerySelector("#made")!.TextContent;

        text.Should().StartWith("pt_");
        using var later = await visitor.PageAsync(Page);
        later.Body!.TextContent.Should().NotContain(text).And.Contain(text[..7]);
        var (hash, audit) = await plan.WithAsync(async (db, _) => (
            await db.ApiTokens.Where(t => t.Name == "Quarterly upload").Select(t => t.Hash).SingleAsync(),
            await db.AuditEvents.Where(a => a.Action == "token.made" && a.Subject == $"token/{text.Substring(0, 7)}").CountAsync()));
        hash.Should().Equal(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        audit.Should().Be(1);
        (await _api.GetAsync("/api/v1/plans", text)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_form_sent_twice_makes_one_token_and_a_faulty_one_none()
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "analyst");
        foreach (var expected in new[] { HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity })
        {
            using var answer = await visitor.SendFormAsync(Page, ("name", "Once"), ("access", "read"), ("days", "30"), ("password", "demo plan tracker"));
            answer.StatusCode.Should().Be(expected);
        }

        foreach (var (name, access, days) in new[] { ("", "read", "30"), ("a", "everything", "30"), ("b", "read", "366"), ("c", "read", "0"), ("d", "read-and-write", "30") })
        {
            using var refused = await visitor.SendFormAsync(Page, ("name", name), ("access", access), ("days", days), ("password", "demo plan tracker"));
            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "{0} {1} {2}", name, access, days);
        }
    }

    [Fact]
    public async Task An_open_session_alone_makes_no_token()
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "auditor");
        foreach (var password in new[] { "", "guessed" })
        {
            using var refused = await visitor.SendFormAsync(Page, ("name", "Kept for later"), ("access", "read"), ("days", "365"), ("password", password));

            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            (await Visitor.ReadAsync(refused)).QuerySelector("#name")!.GetAttribute("value").Should().Be("Kept for later", "nothing that was typed is lost but the password");
        }

        (await plan.WithAsync((db, _) => db.ApiTokens.AnyAsync(t => t.Name == "Kept for later"))).Should().BeFalse();
    }

    [Fact]
    public async Task A_revoked_token_opens_nothing_from_the_next_request_on()
    {
        var token = await _api.TokenAsync("leader");
        (await _api.GetAsync("/api/v1/plans", token)).Status.Should().Be(HttpStatusCode.OK);
        using var stranger = await Visitor.SignedInAsync(plan.Application, "auditor");
        using var visitor = await Visitor.SignedInAsync(plan.Application, "leader");
        using var page = await visitor.PageAsync(Page);
        page.Body!.TextContent.Should().Contain("UTC", "its last use is shown");
        var form = page.QuerySelectorAll("form").Select(f => f.GetAttribute("action")).Single(a => a?.EndsWith("/revoke", StringComparison.Ordinal) == true)!;

        (await stranger.PostAsync(form, [], Page)).StatusCode.Should().Be(HttpStatusCode.NotFound, "it is another person's");
        (await visitor.PostAsync(form, [], Page)).StatusCode.Should().Be(HttpStatusCode.Redirect);

        await RefusedAsync(token);
    }

    [Fact]
    public async Task An_expired_token_and_one_of_a_disabled_person_open_nothing()
    {
        var (expired, disabled) = (await _api.TokenAsync("security"), await _api.TokenAsync("auditor"));
        await plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"update api_tokens set created_at = created_at - interval '40 days', expires_at = expires_at - interval '40 days' where hash = {ApiToken.HashOf(expired)}"));
        await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "auditor").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));
        try
        {
            await RefusedAsync(expired);
            await RefusedAsync(disabled);
        }
        finally
        {
            await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "auditor").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, false)));
        }
    }

    [Fact]
    public async Task What_is_no_token_opens_nothing_even_beside_a_cookie()
    {
        foreach (var text in new[] { "", "pt_", "pt_short", new string('x', 46), "pt_" + new string('é', 43), "pt_" + new string('a', 43) })
            await RefusedAsync(text);
        var anonymous = await _api.GetAsync("/api/v1/plans", token: null);
        anonymous.Status.Should().Be(HttpStatusCode.Unauthorized);
        anonymous.Headers.WwwAuthenticate.ToString().Should().Be("Bearer realm=\"PlanTracker\"");

        using var visitor = await Visitor.SignedInAsync(plan.Application, "analyst");
        visitor.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer pt_wrong");
        (await visitor.GetAsync("/api/v1/plans")).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Writing_takes_a_token_that_may_write_of_a_person_who_still_reports()
    {
        const string body = """{"requestId":"0d0c4c2e-5f0f-4b8a-9d2f-6b1e1f6a7c11","source":"Y","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1980","value":1}]}""";
        (await _api.SubmitAsync(await _api.TokenAsync("zhejiang"), body)).Status.Should().Be(HttpStatusCode.Forbidden, "it may read only");

        using var visitor = await Visitor.SignedInAsync(plan.Application, "zhejiang");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await visitor.Client.PostAsync(new Uri($"{ApiSteps.Plan}/readings", UriKind.Relative), content)).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a cookie writes nothing");

        var token = await _api.TokenAsync("zhejiang", TokenAccess.ReadAndWrite);
        var id = await plan.PersonAsync("zhejiang");
        var roles = await plan.WithAsync((db, _) => db.UserRoles.Where(r => r.UserId == id).AsNoTracking().ToListAsync());
        await plan.WithAsync((db, _) => db.UserRoles.Where(r => r.UserId == id).ExecuteDeleteAsync());
        (await _api.SubmitAsync(token, body)).Status.Should().Be(HttpStatusCode.Forbidden, "the person reports no more");
        await plan.WithAsync((db, _) => { db.UserRoles.AddRange(roles); return db.SaveChangesAsync(); });
        (await _api.SubmitAsync(token, body)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_fetches_files_and_opens_no_page()
    {
        var token = await _api.TokenAsync("analyst");
        foreach (var file in new[] { "readings.csv?indicator=I05", "indicators/I05/why.json" })
            (await _api.GetAsync($"/en/plans/{SeededPlan.PlanCode}/{file}", token)).Status.Should().Be(HttpStatusCode.OK, file);
        var refused = await _api.GetAsync($"/en/plans/{SeededPlan.PlanCode}/readings.csv", "pt_wrong");
        (refused.Status, refused.MediaType).Should().Be((HttpStatusCode.Unauthorized, "application/problem+json"));
        foreach (var page in new[] { $"/en/plans/{SeededPlan.PlanCode}", $"/en/plans/{SeededPlan.PlanCode}/elements/T01.1", Page })
            (await _api.GetAsync(page, token)).Status.Should().Be(HttpStatusCode.Redirect, "{0} leads to the sign-in", page);
    }

    private async Task RefusedAsync(string token)
    {
        var answer = await _api.GetAsync("/api/v1/plans", token);
        answer.Status.Should().Be(HttpStatusCode.Unauthorized, token);
        answer.MediaType.Should().Be("application/problem+json");
        answer.Headers.WwwAuthenticate.ToString().Should().StartWith("Bearer");
    }
}
