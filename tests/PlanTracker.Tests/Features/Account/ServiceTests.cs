using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>People sign in by a service of their office; what they may do is kept here.</summary>
public sealed class ServiceTests(TestCluster cluster) : IAsyncLifetime
{
    private const string SignIn = "/en/account/sign-in";

    private readonly SeededPlan _plan = new(cluster);
    private SignInService _service = null!;
    private PlanApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _service = await SignInService.StartAsync();
        _application = new PlanApplication(_plan.ConnectionString, settings:
        [
            ("OpenIdConnect:Authority", _service.Address), ("OpenIdConnect:ClientId", SignInService.ClientId), ("OpenIdConnect:ClientSecret", SignInService.Secret),
            ("OpenIdConnect:Name", "Office"), ("Accounts:SecondFactor", "Required"),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _service.DisposeAsync();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_the_service_names_comes_in_and_back_to_where_they_were()
    {
        using var leader = new Visitor(_application);
        (await leader.PageAsync(SignIn)).QuerySelector("a[href$='/sign-in/service']")!.TextContent.Should().Be("Sign in with Office");

        using var back = await ThroughAsync(leader, "?returnUrl=%2Fen%2Faccount%2Ftokens");

        back.Headers.Location!.OriginalString.Should().Be("/en/account/tokens");
        (await leader.GetAsync("/en/account/tokens")).StatusCode.Should().Be(HttpStatusCode.OK, "a second factor is the service's matter");
        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Action == "person.signed-in").Select(a => a.Detail).SingleAsync())).Should().Contain("service");
    }

    [Fact]
    public async Task The_service_goes_on_vouching_for_a_session_after_a_new_password()
    {
        using var leader = new Visitor(_application);
        (await ThroughAsync(leader)).StatusCode.Should().Be(HttpStatusCode.Redirect);

        using var set = await leader.PostAsync(
            "/en/account/password", new() { ["password"] = "demo plan tracker", ["newPassword"] = "quiet harbour lantern 27" }, "/en/account");

        set.StatusCode.Should().Be(HttpStatusCode.OK);
        (await leader.GetAsync("/en/account/tokens")).StatusCode.Should().Be(HttpStatusCode.OK, "who came by the service needs no second factor here");
    }

    [Theory]
    [InlineData("2", "nobody")]
    [InlineData("2", "")]
    public async Task A_name_without_an_account_is_told_so(string subject, string name)
    {
        _service.Person = (subject, name);
        using var stranger = new Visitor(_application);

        using var back = await ThroughAsync(stranger);

        back.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Visitor.ReadAsync(back)).QuerySelector("h1")!.TextContent.Should().Be("No account here");
        (await stranger.GetAsync("/en/account")).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_name_that_the_service_gives_to_somebody_else_does_not_open_the_account()
    {
        using var first = new Visitor(_application);
        (await ThroughAsync(first)).StatusCode.Should().Be(HttpStatusCode.Redirect);

        _service.Person = ("2", "leader");
        using var other = new Visitor(_application);
        (await ThroughAsync(other)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        _service.Person = ("1", "renamed");
        using var renamed = new Visitor(_application);
        (await ThroughAsync(renamed)).StatusCode.Should().Be(HttpStatusCode.Redirect, "it is the same person under another name");
    }

    [Fact]
    public async Task Who_was_bound_before_issuers_were_kept_is_known_by_the_number_and_nobody_else_by_the_name()
    {
        using var first = new Visitor(_application);
        (await ThroughAsync(first)).StatusCode.Should().Be(HttpStatusCode.Redirect);
        await _plan.WithAsync((db, _) => db.UserLogins.ExecuteUpdateAsync(l => l.SetProperty(x => x.LoginProvider, "service")));

        _service.Person = ("2", "leader");
        using var other = new Visitor(_application);
        (await ThroughAsync(other)).StatusCode.Should().Be(HttpStatusCode.Forbidden, "the name was given to somebody else");
        _service.Person = ("1", "renamed");
        using var renamed = new Visitor(_application);
        (await ThroughAsync(renamed)).StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await _plan.WithAsync((db, _) => db.UserLogins.Select(l => l.LoginProvider).SingleAsync())).Should().Be(_service.Address);
    }

    [Fact]
    public async Task The_number_one_of_a_new_service_is_not_the_number_one_of_the_old()
    {
        using var first = new Visitor(_application);
        (await ThroughAsync(first)).StatusCode.Should().Be(HttpStatusCode.Redirect);
        await using var next = await SignInService.StartAsync();
        next.Person = ("1", "analyst");
        await using var moved = new PlanApplication(_plan.ConnectionString, settings:
            [("OpenIdConnect:Authority", next.Address), ("OpenIdConnect:ClientId", SignInService.ClientId), ("OpenIdConnect:ClientSecret", SignInService.Secret)]);
        using var analyst = new Visitor(moved);

        (await ThroughAsync(analyst)).StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await analyst.PageAsync("/en/account")).Body!.TextContent.Should().Contain("Analyst");
        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Action == "person.service-bound").OrderBy(a => a.Id).Select(a => a.Subject).ToListAsync()))
            .Should().Equal("person/leader", "person/analyst");
    }

    [Fact]
    public async Task A_disabled_person_and_a_forged_answer_open_nothing()
    {
        using var first = new Visitor(_application);
        (await ThroughAsync(first)).StatusCode.Should().Be(HttpStatusCode.Redirect);
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));
        using var disabled = new Visitor(_application);
        (await ThroughAsync(disabled)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        _service.Person = ("3", "analyst");
        _service.Forges = true;
        using var forged = new Visitor(_application);
        using var answer = await ThroughAsync(forged);
        (await Visitor.ReadAsync(answer)).QuerySelector(".notice-error")!.TextContent.Should().Contain("did not say who you are");
        (await forged.GetAsync("/en/account")).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_answer_nobody_asked_for_and_another_site_as_the_way_back_lead_nowhere()
    {
        using var visitor = new Visitor(_application);
        using var unasked = await visitor.GetAsync("/signin-oidc?code=1&state=2");
        unasked.Headers.Location!.OriginalString.Should().Be($"{SignIn}?serviceFailed=true");

        using var back = await ThroughAsync(visitor, "?returnUrl=https%3A%2F%2Fexample.org");
        back.Headers.Location!.OriginalString.Should().Be("/en");
        using var none = new Visitor(_plan.Application);
        (await none.GetAsync($"{SignIn}/service")).StatusCode.Should().Be(HttpStatusCode.NotFound, "no service is configured there");
    }

    /// <summary>To the service and back, as a browser goes; the last answer is ours.</summary>
    private static async Task<HttpResponseMessage> ThroughAsync(Visitor visitor, string query = "")
    {
        using var away = await visitor.GetAsync($"{SignIn}/service{query}");
        away.StatusCode.Should().Be(HttpStatusCode.Redirect);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var there = await browser.GetAsync(away.Headers.Location);
        using var back = await visitor.GetAsync(there.Headers.Location!.PathAndQuery);
        return await visitor.GetAsync(back.Headers.Location!.OriginalString);
    }
}
