using System.Linq.Expressions;
using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.People;

/// <summary>Accounts, roles and scopes, kept on pages.</summary>
public sealed class PeopleTests(TestCluster cluster) : IAsyncLifetime
{
    private const string People = "/en/people";
    private const string Password = "horses eat green staples";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_person_is_made_sets_a_password_with_the_code_and_acts_within_the_scope()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var (page, code) = await MakeAsync(security, "wang.fang", Roles.Reporter);
        page.QuerySelector("h1")!.TextContent.Should().StartWith("Wang Fang");
        var id = await _plan.PersonAsync("wang.fang");
        (await PostAsync(security, id, "scope", ("region", $"{await _plan.RegionAsync("330000")}"))).Should().Be(HttpStatusCode.Redirect);

        using var wang = new Visitor(_plan.Application);
        (await wang.SignInAsync("wang.fang", "")).Should().BeFalse("there is no password yet");
        (await SetUpAsync(wang, "wang.fang", code, Password)).Should().Be(HttpStatusCode.Redirect);
        (await wang.SignInAsync("wang.fang", Password)).Should().BeTrue();
        (await wang.GetAsync($"/en/plans/{SeededPlan.PlanCode}/work/regions/330000")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await wang.GetAsync($"/en/plans/{SeededPlan.PlanCode}/work/regions/110000")).StatusCode.Should().Be(HttpStatusCode.NotFound, "it is outside the scope");
        (await SetUpAsync(wang, "wang.fang", code, Password + "2")).Should().Be(HttpStatusCode.UnprocessableEntity, "the code is spent");
    }

    [Theory]
    [InlineData("a", "Name", "person@example.org", "sign-in name has")]
    [InlineData("wang fang", "Name", "", "sign-in name has")]
    [InlineData("王芳", "Name", "", "sign-in name has")]
    [InlineData("reporter", "Name", "", "has that sign-in name")]
    [InlineData("REPORTER", "Name", "", "has that sign-in name")]
    [InlineData("wang.fang", " ", "", "as others see it")]
    [InlineData("wang.fang", "Name", "nonsense", "e-mail address")]
    [InlineData("wang.fang", "Name", "a@b\r\nBcc: all@example.org", "e-mail address")]
    public async Task What_makes_no_account_says_why_and_stays_typed(string name, string displayName, string email, string said)
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");

        using var answer = await security.SendFormAsync($"{People}/new", ("name", name), ("displayName", displayName), ("email", email), ("roles", Roles.Leader));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector(".notice-error")!.TextContent.Should().Contain(said);
        page.QuerySelector("#name")!.GetAttribute("value").Should().Be(name);
        page.QuerySelector("#role-Leader")!.HasAttribute("checked").Should().BeTrue();
    }

    [Fact]
    public async Task A_role_that_was_taken_and_an_account_that_was_disabled_end_what_is_open()
    {
        // The check of open sessions comes with every request here.
        await using var application = new PlanApplication(_plan.ConnectionString) { SessionsCheckedAlways = true };
        using var security = await Visitor.SignedInAsync(application, "security");
        using var reviewer = await Visitor.SignedInAsync(application, "reviewer");
        var id = await _plan.PersonAsync("reviewer");
        var review = $"/en/plans/{SeededPlan.PlanCode}/review";
        (await reviewer.GetAsync(review)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await ChangeAsync(security, id, Roles.Leader)).Should().Be(HttpStatusCode.Redirect);
        (await reviewer.GetAsync(review)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await PostAsync(security, id, "disable")).Should().Be(HttpStatusCode.Redirect);
        (await reviewer.GetAsync($"/en/plans/{SeededPlan.PlanCode}")).StatusCode.Should().Be(HttpStatusCode.Redirect, "the session has ended");
        (await reviewer.SignInAsync("reviewer", "demo plan tracker")).Should().BeFalse();
        (await PostAsync(security, id, "enable")).Should().Be(HttpStatusCode.Redirect);
        (await reviewer.SignInAsync("reviewer", "demo plan tracker")).Should().BeTrue();
    }

    [Fact]
    public async Task Nobody_takes_away_the_last_right_to_give_rights_nor_their_own()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var own = await _plan.PersonAsync("security");
        (await ChangeAsync(security, own, Roles.Leader)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(security, own, "disable")).Should().Be(HttpStatusCode.UnprocessableEntity);

        var other = await _plan.PersonAsync("leader");
        (await ChangeAsync(security, other, Roles.SecurityAdministrator)).Should().Be(HttpStatusCode.Redirect);
        using var second = await Visitor.SignedInAsync(_plan.Application, "leader");
        (await PostAsync(second, own, "disable")).Should().Be(HttpStatusCode.Redirect);
        (await ChangeAsync(second, other, Roles.Leader)).Should().Be(HttpStatusCode.UnprocessableEntity, "it is the last and their own");
    }

    [Fact]
    public async Task The_last_who_gives_rights_is_not_limited_to_a_scope_of_their_own()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var own = await _plan.PersonAsync("security");
        using var page = await security.PageAsync($"{People}/{own}");

        using var answer = await security.PostAsync($"{People}/{own}", new()
        {
            ["displayName"] = "Security",
            ["roles"] = Roles.SecurityAdministrator,
            ["readsOwnScopeOnly"] = "true",
            ["basedOn"] = page.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!,
        }, $"{People}/{own}");

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "nobody would see the pages of accounts any more");
        (await security.GetAsync(People)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_lost_the_right_to_give_rights_does_not_take_it_back_with_a_session_that_does_not_know_yet()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var (leader, analyst) = (await _plan.PersonAsync("leader"), await _plan.PersonAsync("analyst"));
        (await ChangeAsync(security, leader, Roles.SecurityAdministrator)).Should().Be(HttpStatusCode.Redirect);
        using var second = await Visitor.SignedInAsync(_plan.Application, "leader");
        (await second.GetAsync(People)).StatusCode.Should().Be(HttpStatusCode.OK);
        await _plan.WithAsync((db, _) => db.UserRoles.Where(r => r.UserId == leader).ExecuteDeleteAsync());

        (await ChangeAsync(second, leader, Roles.SecurityAdministrator)).Should().Be(HttpStatusCode.Forbidden);
        (await ChangeAsync(second, analyst, Roles.Administrator)).Should().Be(HttpStatusCode.Forbidden);
        using var made = await second.SendFormAsync($"{People}/new", ("name", "wang.fang"), ("displayName", "Wang Fang"), ("roles", Roles.SecurityAdministrator));

        made.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await _plan.WithAsync((db, _) => db.Users.AnyAsync(p => p.UserName == "wang.fang"))).Should().BeFalse();
        (await _plan.WithAsync((db, _) => db.UserRoles.AnyAsync(r => r.UserId == leader))).Should().BeFalse();
    }

    [Fact]
    public async Task Of_two_who_change_a_person_the_second_is_told()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var id = await _plan.PersonAsync("analyst");
        var shown = (await security.PageAsync($"{People}/{id}")).QuerySelector("input[name=basedOn]")!.GetAttribute("value")!;
        (await ChangeAsync(security, id, Roles.Leader)).Should().Be(HttpStatusCode.Redirect);

        using var late = await security.PostAsync($"{People}/{id}", new() { ["displayName"] = "Late", ["basedOn"] = shown }, $"{People}/{id}");

        late.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Visitor.ReadAsync(late)).QuerySelector("#displayName")!.GetAttribute("value").Should().Be("Late", "nothing that was typed is lost");
        (await _plan.WithAsync((db, _) => db.Users.Where(p => p.Id == id).Select(p => p.DisplayName).SingleAsync())).Should().Be("Analyst");
    }

    [Fact]
    public async Task A_new_code_sets_another_password_ends_a_lockout_and_the_old_password_is_gone()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        using var leader = new Visitor(_plan.Application);
        for (var i = 0; i < 5; i++)
            (await leader.SignInAsync("leader", "wrong")).Should().BeFalse();
        (await leader.SignInAsync("leader", "demo plan tracker")).Should().BeFalse("the account rests");
        var id = await _plan.PersonAsync("leader");
        (await security.PageAsync($"{People}?state=locked")).QuerySelectorAll("main tbody tr").Should().ContainSingle();

        using var issued = await security.PostAsync($"{People}/{id}/code", [], $"{People}/{id}");
        var code = (await Visitor.ReadAsync(issued)).QuerySelector("#made")!.TextContent;
        (await SetUpAsync(leader, "leader", code, Password)).Should().Be(HttpStatusCode.Redirect);

        (await leader.SignInAsync("leader", "demo plan tracker")).Should().BeFalse();
        (await leader.SignInAsync("leader", Password)).Should().BeTrue();
    }

    [Fact]
    public async Task A_scope_is_granted_once_within_its_plan_and_withdrawn()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var id = await _plan.PersonAsync("auditor");
        var (region, element) = (await _plan.RegionAsync("110000"), await _plan.WithAsync((db, _) => db.Elements.Where(e => e.Code == "T05").Select(e => e.Id).SingleAsync()));

        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("element", $"{element}"))).Should().Be(HttpStatusCode.Redirect);
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("element", $"{element}"))).Should().Be(HttpStatusCode.UnprocessableEntity, "they have it");
        (await PostAsync(security, id, "scope", ("region", "0"))).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("element", "0"))).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(security, id, "scope", ("region", $"{await _plan.RegionAsync("CN-EAST")}"))).Should().Be(HttpStatusCode.UnprocessableEntity, "a group is not a place to act in");
        var grant = await _plan.WithAsync((db, _) => db.ScopeGrants.Where(g => g.PersonId == id).Select(g => g.Id).SingleAsync());
        (await PostAsync(security, await _plan.PersonAsync("leader"), $"scope/{grant}/withdraw")).Should().Be(HttpStatusCode.NotFound, "it is somebody else's");
        (await PostAsync(security, id, $"scope/{grant}/withdraw")).Should().Be(HttpStatusCode.Redirect);
        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "person/auditor").OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()))
            .Should().Equal("person.scope-granted", "person.scope-withdrawn");
    }

    [Fact]
    public async Task A_department_brings_each_element_it_leads_and_only_those_that_were_not_granted()
    {
        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        var (id, region) = (await _plan.PersonAsync("auditor"), await _plan.RegionAsync("CN"));
        var led = await _plan.WithAsync((db, _) => db.Assignments.Where(a => a.Department!.Code == "MIIT" && a.Role == AssignmentRole.Lead).Select(a => a.ElementId).Order().ToListAsync());
        var (miit, helper) = (await DepartmentAsync(d => d.Code == "MIIT"), await DepartmentAsync(d => d.Code == "NSTEC"));
        led.Should().HaveCount(5);
        Task<List<int?>> HeldAsync() => _plan.WithAsync((db, _) => db.ScopeGrants.Where(g => g.PersonId == id && g.RegionId == region).Select(g => g.ElementId).Order().ToListAsync());

        using (var refused = await security.PostAsync(
            $"{People}/{id}/scope", new(StringComparer.Ordinal) { ["region"] = $"{region}", ["element"] = $"{led[0]}", ["department"] = $"{miit}" }, $"{People}/{id}"))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "one or the other");
            (await Visitor.ReadAsync(refused)).QuerySelectorAll("#where ~ form option[selected]").Select(o => o.GetAttribute("value"))
                .Should().Equal([$"{region}", $"{led[0]}", $"{miit}"], "what was chosen is still chosen");
        }

        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("element", "all of it"))).Should().Be(HttpStatusCode.UnprocessableEntity, "what cannot be read is not everything");
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("department", "99999999999999"))).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("department", "0"))).Should().Be(HttpStatusCode.UnprocessableEntity, "nobody knows it");
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("department", $"{helper}"))).Should().Be(HttpStatusCode.UnprocessableEntity, "it leads nothing");
        (await HeldAsync()).Should().BeEmpty("what is refused grants nothing, least of all everything");

        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("element", $"{led[2]}"))).Should().Be(HttpStatusCode.Redirect);
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("department", $"{miit}"))).Should().Be(HttpStatusCode.Redirect);
        (await HeldAsync()).Should().Equal(led.Select(e => (int?)e));
        (await PostAsync(security, id, "scope", ("region", $"{region}"), ("department", $"{miit}"))).Should().Be(HttpStatusCode.UnprocessableEntity, "they have all of it");
        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "person/auditor").OrderBy(a => a.Id).Select(a => a.Detail).ToListAsync()))
            .Should().HaveCount(5).And.Subject.Skip(1).Should().OnlyContain(d => d.Contains("MIIT"));
    }

    private Task<int> DepartmentAsync(Expression<Func<Department, bool>> which) => _plan.WithAsync((db, _) => db.Departments.Where(which).Select(d => d.Id).SingleAsync());

    [Fact]
    public async Task Tokens_are_revoked_and_the_second_factor_is_taken_away_by_the_security_administrator()
    {
        var id = await _plan.PersonAsync("analyst");
        await _plan.WithAsync(async (db, _) =>
        {
            await db.Users.Where(p => p.Id == id).ExecuteUpdateAsync(p => p.SetProperty(x => x.TwoFactorEnabled, true).SetProperty(x => x.SecondFactorSeed, "lost"));
            return (await new ApiTokenStore(db, TimeProvider.System).MakeAsync("Program", TokenAccess.Read, 30, id, CancellationToken.None)).Text;
        });
        using var analyst = new Visitor(_plan.Application);
        using var half = await analyst.SendFormAsync("/en/account/sign-in", ("name", "analyst"), ("password", "demo plan tracker"));
        half.Headers.Location!.OriginalString.Should().EndWith("/second");

        using var security = await Visitor.SignedInAsync(_plan.Application, "security");
        (await PostAsync(security, id, "tokens/revoke")).Should().Be(HttpStatusCode.Redirect);
        (await PostAsync(security, id, "second-factor/remove")).Should().Be(HttpStatusCode.Redirect);

        (await _plan.WithAsync((db, _) => db.ApiTokens.CountAsync(t => t.PersonId == id && t.RevokedAt == null))).Should().Be(0);
        (await analyst.SignInAsync("analyst", "demo plan tracker")).Should().BeTrue();
        (await analyst.GetAsync("/en/account")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static async Task<(IHtmlDocument Page, string Code)> MakeAsync(Visitor security, string name, string role)
    {
        using var made = await security.SendFormAsync($"{People}/new", ("name", name), ("displayName", "Wang Fang"), ("email", "wang@example.org"), ("roles", role));
        made.StatusCode.Should().Be(HttpStatusCode.OK);
        var page = await Visitor.ReadAsync(made);
        return (page, page.QuerySelector("#made")!.TextContent);
    }

    private static async Task<HttpStatusCode> SetUpAsync(Visitor visitor, string name, string code, string password)
    {
        using var answer = await visitor.SendFormAsync("/en/account/set-up", ("name", name), ("code", code), ("password", password));
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(Visitor visitor, Guid id, string action, params (string Name, string Value)[] fields)
    {
        using var answer = await visitor.PostAsync($"{People}/{id}/{action}", fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal), $"{People}/{id}");
        return answer.StatusCode;
    }

    /// <summary>Gives a person one role and takes all others.</summary>
    private static async Task<HttpStatusCode> ChangeAsync(Visitor visitor, Guid id, string role)
    {
        using var page = await visitor.PageAsync($"{People}/{id}");
        using var answer = await visitor.PostAsync($"{People}/{id}", new()
        {
            ["displayName"] = page.QuerySelector("#displayName")!.GetAttribute("value")!,
            ["roles"] = role,
            ["basedOn"] = page.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!,
        }, $"{People}/{id}");
        return answer.StatusCode;
    }
}
