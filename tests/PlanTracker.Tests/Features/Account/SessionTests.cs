using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Platform.Security;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>A cookie opens something as long as its session goes on, and a person has a few of them at once.</summary>
public sealed class SessionTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Account = "/en/account";
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task No_script_and_no_form_of_another_site_comes_by_a_cookie()
    {
        await using var site = Site();
        using var leader = new Visitor(site);
        using var door = await leader.GetAsync("/en/account/sign-in");
        using var signedIn = await leader.SendFormAsync("/en/account/sign-in", ("name", "leader"), ("password", "demo plan tracker"));

        var cookies = door.Headers.GetValues("Set-Cookie").Concat(signedIn.Headers.GetValues("Set-Cookie")).ToList();
        cookies.Should().Contain(c => c.StartsWith("plantracker=", StringComparison.Ordinal)).And.Contain(c => c.StartsWith("plantracker-form=", StringComparison.Ordinal));
        cookies.Should().AllSatisfy(c => c.Should().Contain("; httponly").And.MatchRegex("; samesite=(lax|strict)").And.Contain("; path=/"));
    }

    [Fact]
    public async Task Who_signs_out_does_so_for_every_copy_of_the_cookie()
    {
        await using var site = Site();
        using var leader = await Visitor.SignedInAsync(site, "leader");
        using var thief = await CopyOfAsync(leader, site);
        (await thief.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.OK, "a copy is as good as the cookie");

        using var gone = await leader.PostAsync($"{Account}/sign-out", [], Account);

        gone.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await thief.GetAsync(Account)).Headers.Location!.OriginalString.Should().Contain("/sign-in");
        (await _plan.WithAsync((db, _) => db.Sessions.AnyAsync())).Should().BeFalse();
    }

    [Fact]
    public async Task One_session_too_many_ends_the_one_that_was_not_used_for_the_longest_time()
    {
        await using var site = Site(("Accounts:Sessions", "2"));
        using var first = await Visitor.SignedInAsync(site, "leader");
        using var second = await Visitor.SignedInAsync(site, "leader");
        await _plan.WithAsync((db, _) => db.Sessions.OrderByDescending(s => s.BegunAt).Take(1)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.SeenAt, x => x.SeenAt.AddMinutes(-10))));
        using var other = await Visitor.SignedInAsync(site, "analyst");

        using var third = await Visitor.SignedInAsync(site, "leader");

        (await IsInAsync(first)).Should().BeTrue("it was used after the second");
        (await IsInAsync(second)).Should().BeFalse("it is one too many");
        (await IsInAsync(third)).Should().BeTrue();
        (await IsInAsync(other)).Should().BeTrue("it is somebody else's");
    }

    [Fact]
    public async Task Many_who_sign_in_at_once_are_not_too_many()
    {
        await using var site = Site(("Accounts:Sessions", "3"));
        var visitors = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Visitor.SignedInAsync(site, "leader")));

        var inside = await Task.WhenAll(visitors.Select(IsInAsync));

        inside.Count(i => i).Should().Be(3);
        foreach (var visitor in visitors)
            visitor.Dispose();
    }

    [Fact]
    public async Task A_person_sees_their_sessions_and_ends_one_of_them_and_nobody_elses()
    {
        await using var site = Site();
        using var office = new Visitor(site);
        office.Client.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        (await office.SignInAsync("leader", "demo plan tracker")).Should().BeTrue();
        using var here = await Visitor.SignedInAsync(site, "leader");
        using var analyst = await Visitor.SignedInAsync(site, "analyst");

        var page = await here.PageAsync(Account);
        var lines = page.QuerySelectorAll("section[aria-labelledby=sessions] li");
        lines.Should().HaveCount(2);
        lines.Should().ContainSingle(l => l.TextContent.Contains("this browser")).Which.QuerySelector("form").Should().BeNull("one signs out of it at the top of the page");
        var end = lines.Should().ContainSingle(l => l.TextContent.Contains("Firefox · Windows")).Which.QuerySelector("form")!.GetAttribute("action")!;

        (await analyst.PostAsync(end, [], Account)).StatusCode.Should().Be(HttpStatusCode.Redirect, "it tells nothing");
        (await IsInAsync(office)).Should().BeTrue("it is not the analyst's to end");
        (await here.PostAsync(end, [], Account)).Headers.Location!.OriginalString.Should().Be($"{Account}#sessions");

        (await IsInAsync(office)).Should().BeFalse();
        (await IsInAsync(here)).Should().BeTrue();
        (await here.PostAsync(end, [], Account)).StatusCode.Should().Be(HttpStatusCode.Redirect, "it is over, as was asked");
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(e => e.Action == "person.session-ended" && e.Subject == "person/leader"))).Should().Be(1);
    }

    [Fact]
    public async Task A_new_password_ends_every_other_session_and_this_one_goes_on()
    {
        await using var site = Site();
        using var office = await Visitor.SignedInAsync(site, "leader");
        using var here = await Visitor.SignedInAsync(site, "leader");

        using var set = await here.PostAsync(
            $"{Account}/password", new() { ["password"] = "demo plan tracker", ["newPassword"] = "quiet harbour lantern 27" }, Account);

        set.StatusCode.Should().Be(HttpStatusCode.OK);
        (await IsInAsync(office)).Should().BeFalse();
        (await here.PageAsync(Account)).QuerySelectorAll("section[aria-labelledby=sessions] li").Should().ContainSingle().Which.TextContent.Should().Contain("this browser");
    }

    [Fact]
    public async Task A_disabled_person_is_out_at_the_next_check_and_cannot_come_back()
    {
        await using var site = Site();
        using var leader = await Visitor.SignedInAsync(site, "leader");
        using var analyst = await Visitor.SignedInAsync(site, "analyst");
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));

        (await IsInAsync(leader)).Should().BeFalse();
        (await IsInAsync(analyst)).Should().BeTrue();
        (await leader.SignInAsync("leader", "demo plan tracker")).Should().BeFalse();
    }

    [Fact]
    public async Task An_old_copy_of_a_cookie_opens_nothing_and_ends_nothing()
    {
        await using var site = Site();
        using var leader = await Visitor.SignedInAsync(site, "leader");
        using var copy = await CopyOfAsync(leader, site);
        using var set = await leader.PostAsync($"{Account}/password", new() { ["password"] = "demo plan tracker", ["newPassword"] = "quiet harbour lantern 27" }, Account);
        set.StatusCode.Should().Be(HttpStatusCode.OK);

        (await IsInAsync(copy)).Should().BeFalse("it was made before");
        (await IsInAsync(leader)).Should().BeTrue("the session is the owner's");
    }

    [Fact]
    public async Task That_it_is_in_use_is_noted_and_what_is_over_goes_with_the_next_sign_in()
    {
        await using var site = Site();
        using var leader = await Visitor.SignedInAsync(site, "leader");
        using var analyst = await Visitor.SignedInAsync(site, "analyst");
        await _plan.WithAsync((db, _) => db.Sessions.ExecuteUpdateAsync(s => s.SetProperty(x => x.SeenAt, x => x.SeenAt.AddMinutes(-40))));

        (await IsInAsync(leader)).Should().BeTrue("its cookie is young enough, however it came to that");
        using var reporter = await Visitor.SignedInAsync(site, "reporter");

        (await _plan.WithAsync((db, _) => db.Sessions.Select(s => s.Person!.UserName).Order().ToListAsync())).Should().Equal("leader", "reporter");
        (await IsInAsync(analyst)).Should().BeFalse();
    }

    [Fact]
    public async Task Whoever_signs_in_once_more_in_the_same_browser_has_one_session()
    {
        await using var site = Site();
        using var leader = await Visitor.SignedInAsync(site, "leader");
        (await leader.SignInAsync("leader", "demo plan tracker")).Should().BeTrue();

        (await _plan.WithAsync((db, _) => db.Sessions.CountAsync())).Should().Be(1);
    }

    [Theory]
    [InlineData(Firefox, "Firefox · Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50", "WeChat · Android")]
    [InlineData("curl/8.5.0", null)]
    [InlineData("<script>", null)]
    [InlineData("", null)]
    public void Of_what_a_browser_says_only_known_names_are_kept(string said, string? kept) => BrowserName.Of(said).Should().Be(kept);

    private PlanApplication Site(params (string Name, string Value)[] settings) => new(_plan.ConnectionString, settings: settings) { SessionsCheckedAlways = true };

    private static async Task<bool> IsInAsync(Visitor visitor)
    {
        using var answer = await visitor.GetAsync(Account);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Somebody who has come by the cookie.</summary>
    private static async Task<Visitor> CopyOfAsync(Visitor visitor, PlanApplication site)
    {
        // The server gives the cookie anew with each check.
        using var answer = await visitor.GetAsync(Account);
        var copy = new Visitor(site.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false }));
        copy.Client.DefaultRequestHeaders.Add("Cookie", Visitor.SessionCookieOf(answer));
        return copy;
    }
}
