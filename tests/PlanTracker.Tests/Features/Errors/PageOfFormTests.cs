using System.Net;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Errors;

/// <summary>Whoever asks for the address of a form, by the language link of a refusal for instance, is led to the page it stands on.</summary>
public sealed class PageOfFormTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Account = "/en/account";

    [Fact]
    public async Task Every_address_that_takes_a_form_only_leads_to_a_page_above_it()
    {
        var routes = SiteRoute.Of(plan.Application.Services).Where(r => !r.Pattern.StartsWith("api/", StringComparison.Ordinal)).ToList();
        var pages = routes.Where(r => r.Verb == "GET").Select(r => r.With(ValueOf)).ToHashSet(StringComparer.Ordinal);
        // Drafts are sent by a script, to an address that could be an indicator's.
        var forms = routes.Where(r => r.Verb == "POST" && !r.Pattern.EndsWith("work/drafts", StringComparison.Ordinal)).Select(r => r.With(ValueOf))
            .Where(f => !pages.Contains(f)).ToList();
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        forms.Should().HaveCountGreaterThan(30);
        foreach (var form in forms)
        {
            using var answer = await leader.GetAsync(form);
            answer.StatusCode.Should().Be(HttpStatusCode.Redirect, form);
            var page = answer.Headers.Location!.OriginalString;
            pages.Should().Contain(page, form);
            form.Should().StartWith($"{page}/");
        }
    }

    [Fact]
    public async Task The_other_language_of_a_refusal_is_the_page_in_that_language()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        using var refused = await leader.PostAsync($"{Account}/password", new() { ["password"] = "wrong", ["newPassword"] = "quiet harbour lantern 27" }, Account);
        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var chinese = (await Visitor.ReadAsync(refused)).QuerySelector("a[hreflang=zh-Hans]")!.GetAttribute("href")!;

        using var led = await leader.GetAsync(chinese);

        led.Headers.Location!.OriginalString.Should().Be("/zh/account");
        (await leader.PageAsync("/zh/account")).QuerySelector("h1")!.TextContent.Should().Be("我的账户");
    }

    [Theory]
    [InlineData("/%5Cevil.example/account/password", HttpStatusCode.NotFound)]
    [InlineData("/xx/account/password", HttpStatusCode.NotFound)]
    [InlineData("/%2Fevil.example/account/password", HttpStatusCode.NotFound)]
    [InlineData($"/zh/plans/{SeededPlan.PlanCode}/rounds/%E4%B8%AD/close", HttpStatusCode.Redirect)]
    public async Task Nobody_is_led_to_another_site_and_what_is_written_in_an_address_stays_written(string address, HttpStatusCode expected)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        using var answer = await leader.GetAsync(address);

        answer.StatusCode.Should().Be(expected);
        if (expected == HttpStatusCode.Redirect)
            answer.Headers.Location!.OriginalString.Should().Be(address[..address.LastIndexOf('/')]);
    }

    [Fact]
    public async Task Another_method_is_refused()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");
        using var answer = await leader.Client.PutAsync(new Uri(Account, UriKind.Relative), content: null);

        answer.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    private static string ValueOf(string name) => name switch
    {
        "lang" => "en",
        "plan" => SeededPlan.PlanCode,
        "id" or "grant" => "1",
        "kind" => "goals",
        "extension" => "csv",
        "status" => "404",
        _ => "x",
    };
}
