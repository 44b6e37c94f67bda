using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>Under the profile that asks for it, a password that is too old is replaced before its owner comes in.</summary>
public sealed class PasswordAgeTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Old = "demo plan tracker";
    private const string New = "Horses eat 7 staples";

    [Fact]
    public async Task A_password_of_91_days_is_replaced_and_the_old_one_opens_nothing()
    {
        await using var strict = new PlanApplication(plan.ConnectionString, settings: ("Accounts:PasswordPolicy", "Mlps"));
        await AgeAsync("leader", 91);
        using var leader = new Visitor(strict);

        using var tried = await leader.SendFormAsync("/en/account/sign-in", ("name", "leader"), ("password", Old));
        tried.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Visitor.ReadAsync(tried)).QuerySelector("h1")!.TextContent.Should().Contain("too old");
        (await leader.GetAsync("/en/account")).StatusCode.Should().Be(HttpStatusCode.Redirect, "nobody is signed in yet");

        (await ExpiredAsync(leader, "leader", Old, Old)).Should().Be(HttpStatusCode.UnprocessableEntity, "it is the same");
        (await ExpiredAsync(leader, "leader", Old, "horses eat green staples")).Should().Be(HttpStatusCode.UnprocessableEntity, "it has two kinds of characters");
        (await ExpiredAsync(leader, "leader", "not the password", New)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ExpiredAsync(leader, "nobody", Old, New)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ExpiredAsync(leader, "leader", Old, New)).Should().Be(HttpStatusCode.Redirect);
        (await leader.SignInAsync("leader", Old)).Should().BeFalse();
        (await leader.SignInAsync("leader", New)).Should().BeTrue();
    }

    [Fact]
    public async Task A_password_of_89_days_and_any_age_under_the_other_profile_come_in()
    {
        await using var strict = new PlanApplication(plan.ConnectionString, settings: ("Accounts:PasswordPolicy", "Mlps"));
        await AgeAsync("analyst", 89);
        using var young = new Visitor(strict);
        (await young.SignInAsync("analyst", Old)).Should().BeTrue();

        await AgeAsync("auditor", 4000);
        using var old = new Visitor(plan.Application);
        (await old.SignInAsync("auditor", Old)).Should().BeTrue();
    }

    [Fact]
    public async Task Whose_password_is_not_too_old_replaces_it_in_their_account_only()
    {
        using var visitor = new Visitor(plan.Application);

        (await ExpiredAsync(visitor, "reporter", Old, New)).Should().Be(HttpStatusCode.UnprocessableEntity);

        (await visitor.SignInAsync("reporter", Old)).Should().BeTrue();
    }

    private static async Task<HttpStatusCode> ExpiredAsync(Visitor visitor, string name, string password, string next)
    {
        using var answer = await visitor.PostAsync("/en/account/expired", new() { ["name"] = name, ["password"] = password, ["newPassword"] = next }, "/en/account/sign-in");
        return answer.StatusCode;
    }

    private Task<int> AgeAsync(string name, int days) => plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == name)
        .ExecuteUpdateAsync(p => p.SetProperty(x => x.PasswordSetAt, TimeProvider.System.GetUtcNow().AddDays(-days))));
}
