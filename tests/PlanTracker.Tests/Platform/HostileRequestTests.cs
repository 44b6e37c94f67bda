using System.Net;
using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using PlanTracker.Data;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Features.Api;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>Text that was made to break something, in every place of every address: it is refused or answered, and never breaks the server.</summary>
public sealed class HostileRequestTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Nul = "a%00b";

    /// <summary>As it stands in an address.</summary>
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["NUL"] = Nul,
        ["half of a pair"] = "%ED%A0%80",
        ["not UTF-8"] = "%FF%FE",
        ["turned writing"] = "%E2%80%AEgpj.exe",
        ["SQL"] = "'%20or%201%3D1--%20%3B%20drop%20table%20people",
        ["pattern"] = "%25%5F%5C",
        ["markup"] = "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        ["path"] = "..%2F..%2Fetc%2Fpasswd",
        ["template"] = "%7B%7B7*7%7D%7D%24%7B7%7D%7B0%7D",
        ["header"] = "a%0D%0ASet-Cookie:%20b%3D1",
        ["less than nothing"] = "-2147483649",
        ["huge"] = "99999999999999999999999999999999999999",
        ["not a number"] = "NaN",
        ["beyond time"] = "9999-12-31",
        ["before time"] = "0001-01-01",
        ["long"] = new string('9', 3000),
    };

    [Fact]
    public async Task In_an_address_or_a_query_it_is_never_an_error_of_the_server()
    {
        using var everybody = await EverybodyAsync("leader");
        var (asked, broken) = (0, new List<string>());
        foreach (var route in SiteRoute.Of(plan.Application.Services).Where(r => r.Verb == "GET" && !r.Pattern.StartsWith("error", StringComparison.Ordinal)))
        {
            foreach (var (name, text) in Texts)
            {
                // A NUL in the path comes no further than the server, which refuses it before anything of ours is asked.
                foreach (var place in route.Places.Where(p => p is not "lang" && text != Nul))
                    await AskAsync(everybody.Client, route, name, route.With(p => p == place ? text : ValueOf(p)));
                // Every page of a plan also takes a day and a method.
                foreach (var fields in new[] { route.Fields, ["asOf", "method"] })
                    await AskAsync(everybody.Client, route, name, $"{route.With(ValueOf)}?{string.Join('&', fields.Select(f => $"{f}={text}"))}");
                asked++;
            }
        }

        broken.Should().BeEmpty();
        asked.Should().BeGreaterThan(1000);

        async Task AskAsync(HttpClient client, SiteRoute route, string name, string address)
        {
            using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            if ((int)answer.StatusCode >= 500)
                broken.Add($"{route} with {name}: {address[..Math.Min(address.Length, 300)]}");
        }
    }

    [Fact]
    public async Task In_a_form_it_is_never_an_error_of_the_server_and_what_no_database_holds_is_refused()
    {
        // Guesses at the own password lock the account out, so it is nobody else's.
        using var everybody = await EverybodyAsync("analyst");
        using var page = await everybody.PageAsync("/en/account");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        foreach (var route in SiteRoute.Of(plan.Application.Services).Where(r => r.Verb == "POST" && IsSafeToSend(r)))
        {
            foreach (var (name, text) in Texts)
            {
                var fields = route.Fields.Select(f => $"{f}={text}").Append($"__RequestVerificationToken={Uri.EscapeDataString(token)}");
                using var content = new StringContent(string.Join('&', fields), Encoding.UTF8, "application/x-www-form-urlencoded");
                using var answer = await everybody.Client.PostAsync(new Uri(route.With(ValueOf), UriKind.Relative), content);
                ((int)answer.StatusCode).Should().BeLessThan(500, "{0} with {1}", route, name);
                if (text == Nul && route.Fields.Any())
                    answer.StatusCode.Should().BeOneOf([HttpStatusCode.BadRequest, HttpStatusCode.NotFound], "{0}", route);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"requestId\":null,\"readings\":null}")]
    [InlineData("{\"requestId\":\"x\",\"readings\":[null,1,{\"value\":{}}]}")]
    [InlineData("{\"requestId\":\"8d5b7c0e-5a2d-4a3e-9a67-0f8f5b1f7b1d\",\"readings\":[{\"indicator\":\"\\u0000\",\"region\":\"\\ud800\",\"period\":\"9999\",\"value\":\"1e999\"}]}")]
    public async Task A_body_that_makes_no_sense_is_told_so_by_the_API(string body)
    {
        using var program = new ApiSteps(plan);
        var answer = await program.SubmitAsync(await program.TokenAsync("reporter", TokenAccess.ReadAndWrite), body);

        ((int)answer.Status).Should().BeInRange(400, 499);
        answer.MediaType.Should().Be("application/problem+json");
    }

    [Theory]
    [InlineData("evil.example.org")]
    [InlineData("localhost:80@evil.example.org")]
    public async Task Another_host_in_the_request_appears_in_no_answer(string host)
    {
        using var client = plan.Application.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/en/account/sign-in");
        request.Headers.TryAddWithoutValidation("Host", host);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        using var answer = await client.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().NotContain("evil.example.org");
        answer.Headers.Location?.OriginalString.Should().NotContain("evil.example.org");
    }

    /// <summary>Somebody who may do everything, so that every address is reached.</summary>
    private async Task<Visitor> EverybodyAsync(string name)
    {
        var visitor = await Visitor.SignedInAsync(plan.Application, name);
        await plan.WithAsync(async (db, _) =>
        {
            var id = db.Users.Where(p => p.UserName == name).Select(p => p.Id).Single();
            foreach (var role in db.Roles.Where(r => !db.UserRoles.Any(m => m.UserId == id && m.RoleId == r.Id)).ToList())
                db.UserRoles.Add(new() { UserId = id, RoleId = role.Id });
            if (!db.ScopeGrants.Any(g => g.PersonId == id))
                db.ScopeGrants.Add(new ScopeGrant { PersonId = id, RegionId = db.Regions.Single(r => r.Code == "CN").Id });
            return await db.SaveChangesAsync();
        });
        (await visitor.SignInAsync(name, DemonstrationAccounts.Password)).Should().BeTrue();
        return visitor;
    }

    /// <summary>Not what would end the session that asks.</summary>
    private static bool IsSafeToSend(SiteRoute route) => !route.Pattern.StartsWith("api/", StringComparison.Ordinal)
        && !route.Pattern.Contains("sign-out", StringComparison.Ordinal) && !route.Pattern.Contains("/account/sign-in", StringComparison.Ordinal);

    private static string ValueOf(string place) => place switch
    {
        "lang" => "en",
        "plan" => SeededPlan.PlanCode,
        "indicator" => "I13",
        "region" => "CN",
        "period" => "2023",
        "kind" => "goals",
        "extension" => "csv",
        "id" or "requestId" => "8d5b7c0e-5a2d-4a3e-9a67-0f8f5b1f7b1d",
        "grant" or "status" => "404",
        _ => "T05",
    };
}
