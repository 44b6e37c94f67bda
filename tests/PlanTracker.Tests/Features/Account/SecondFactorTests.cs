using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;
using PlanTracker.Data;
using PlanTracker.Platform.Security;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>A second factor asked for after the password: each code opens once.</summary>
public sealed class SecondFactorTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Account = "/en/account";
    private const string Password = "demo plan tracker";

    private readonly SeededPlan _plan = new(cluster);

    /// <summary>When a factor was set up: codes are counted from there, whatever the clock does meanwhile.</summary>
    private DateTime _setUp;

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task With_it_a_password_alone_opens_nothing_and_a_code_opens_once()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, _) = await SetUpAsync(leader);
        using var thief = new Visitor(_plan.Application);

        using var half = await thief.SendFormAsync($"{Account}/sign-in", ("name", "leader"), ("password", Password));
        half.Headers.Location!.OriginalString.Should().Be($"{Account}/sign-in/second");
        (await thief.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.Redirect, "the password is only half of it");
        (await SecondAsync(thief, Code(key))).Should().Be(HttpStatusCode.UnprocessableEntity, "the code has set the factor up and is spent");
        (await SecondAsync(thief, Code(key, steps: 1))).Should().Be(HttpStatusCode.Redirect);
        (await thief.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.OK);

        using var again = await HalfwayAsync("leader");
        (await SecondAsync(again, Code(key, steps: 1))).Should().Be(HttpStatusCode.UnprocessableEntity, "it was used");
        (await SecondAsync(again, Code(key))).Should().Be(HttpStatusCode.UnprocessableEntity, "it is older than the one that was used");
    }

    [Fact]
    public async Task Of_several_who_bring_the_same_code_at_once_one_is_let_in()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, _) = await SetUpAsync(leader);
        var code = Code(key, steps: 1);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var scope = _plan.Application.Services.CreateAsyncScope();
            var person = await scope.ServiceProvider.GetRequiredService<PlanDbContext>().Users.SingleAsync(p => p.UserName == "leader");
            return await scope.ServiceProvider.GetRequiredService<SecondFactor>().TakeAsync(person, code, CancellationToken.None);
        }));

        taken.Count(t => t).Should().Be(1);
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_five_wrong_ones_lock()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, codes) = await SetUpAsync(leader);
        codes.Should().HaveCount(10).And.OnlyHaveUniqueItems();

        using var first = await HalfwayAsync("leader");
        (await SecondAsync(first, codes[0].ToLowerInvariant().Replace('-', ' '))).Should().Be(HttpStatusCode.Redirect, "case and hyphens do not count");
        using var second = await HalfwayAsync("leader");
        for (var i = 0; i < 5; i++)
            (await SecondAsync(second, codes[0])).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SecondAsync(second, Code(key, steps: 1))).Should().Be(HttpStatusCode.UnprocessableEntity, "the account rests");
        (await ActionsAsync()).Should().Contain("person.locked").And.Contain("person.refused").And.Contain("person.signed-in");
    }

    [Fact]
    public async Task A_password_known_to_somebody_gives_no_tries_for_the_code_back_and_replaces_nothing()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, _) = await SetUpAsync(leader);
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.PasswordSetAt, TimeProvider.System.GetUtcNow().AddDays(-91))));
        await using var strict = new PlanApplication(_plan.ConnectionString, settings: ("Accounts:PasswordPolicy", "Mlps"));
        using var thief = new Visitor(strict);
        Task<HttpResponseMessage> ExpireAsync(string code) => thief.PostAsync(
            $"{Account}/expired", new() { ["name"] = "leader", ["password"] = Password, ["newPassword"] = "Horses eat 7 staples", ["code"] = code }, $"{Account}/sign-in");
        for (var i = 0; i < 5; i++)
        {
            using var refused = await ExpireAsync("123456");
            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        }

        using var locked = await ExpireAsync(Code(key, steps: 1));
        locked.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "the account rests");
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null)));
        using var owner = await ExpireAsync(Code(key, steps: 1));
        owner.StatusCode.Should().Be(HttpStatusCode.Redirect, "who has the authenticator may");
    }

    [Fact]
    public async Task An_open_session_alone_sets_up_no_second_factor()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        _setUp = TimeProvider.System.GetUtcNow().UtcDateTime;
        var begun = await Visitor.ReadAsync(await leader.PostAsync($"{Account}/second-factor/begin", [], Account));
        var key = begun.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);

        using var found = await leader.PostAsync($"{Account}/second-factor", new() { ["code"] = Code(key), ["password"] = "guessed" }, Account);

        found.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ActionsAsync()).Should().NotContain("person.second-factor-set");
    }

    [Fact]
    public async Task The_seed_is_not_kept_as_it_is_and_codes_only_as_hashes()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, codes) = await SetUpAsync(leader);

        var kept = await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").Select(p => p.SecondFactorSeed!).SingleAsync());
        var seed = Base32Encoding.ToBytes(key);
        kept.Should().NotContain(key).And.NotContain(Convert.ToBase64String(seed)).And.NotContainEquivalentOf(Convert.ToHexString(seed));
        var hashes = await _plan.WithAsync((db, _) => db.RecoveryCodes.Select(c => c.Hash).ToListAsync());
        hashes.Should().HaveCount(10).And.NotContain(h => codes.Any(c => h.Contains(c.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task It_is_taken_away_with_a_code_only()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        var (key, _) = await SetUpAsync(leader);

        using var wrong = await leader.PostAsync($"{Account}/second-factor/remove", new() { ["code"] = "123456" }, Account);
        wrong.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var right = await leader.PostAsync($"{Account}/second-factor/remove", new() { ["code"] = Code(key, steps: 1) }, Account);
        right.StatusCode.Should().Be(HttpStatusCode.Redirect);

        using var anew = new Visitor(_plan.Application);
        (await anew.SignInAsync("leader", Password)).Should().BeTrue();
        (await anew.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Where_everybody_needs_one_nothing_else_opens_before()
    {
        await using var strict = new PlanApplication(_plan.ConnectionString, settings: ("Accounts:SecondFactor", "Required"));
        using var leader = await Visitor.SignedInAsync(strict, "leader");
        foreach (var closed in new[] { "/en", $"/en/plans/{SeededPlan.PlanCode}", $"{Account}/tokens", $"/en/plans/{SeededPlan.PlanCode}/readings.csv" })
        {
            using var answer = await leader.GetAsync(closed);
            answer.Headers.Location!.OriginalString.Should().Be(Account, closed);
        }

        await SetUpAsync(leader);
        (await leader.GetAsync($"/en/plans/{SeededPlan.PlanCode}")).StatusCode.Should().Be(HttpStatusCode.OK, "the open session has it too");
        (await leader.PageAsync(Account)).QuerySelector("[formaction$=remove]").Should().BeNull("it cannot be taken away");
    }

    private async Task<Visitor> HalfwayAsync(string name)
    {
        var visitor = new Visitor(_plan.Application);
        using var half = await visitor.SendFormAsync($"{Account}/sign-in", ("name", name), ("password", Password));
        half.Headers.Location!.OriginalString.Should().EndWith("/second");
        return visitor;
    }

    private async Task<(string Key, List<string> Codes)> SetUpAsync(Visitor visitor)
    {
        _setUp = TimeProvider.System.GetUtcNow().UtcDateTime;
        var begun = await Visitor.ReadAsync(await visitor.PostAsync($"{Account}/second-factor/begin", [], Account));
        var key = begun.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        IHtmlDocument done = await Visitor.ReadAsync(await visitor.PostAsync($"{Account}/second-factor", new() { ["code"] = Code(key), ["password"] = Password }, Account));
        return (key, [.. done.QuerySelectorAll("#recovery-codes code").Select(c => c.TextContent)]);
    }

    private static async Task<HttpStatusCode> SecondAsync(Visitor visitor, string code)
    {
        using var answer = await visitor.SendFormAsync($"{Account}/sign-in/second", ("code", code));
        return answer.StatusCode;
    }

    /// <summary>What an authenticator showed when the factor was set up, or shows some steps later.</summary>
    private string Code(string key, int steps = 0) => new Totp(Base32Encoding.ToBytes(key)).ComputeTotp(_setUp.AddSeconds(30 * steps));

    private Task<List<string>> ActionsAsync() => _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "person/leader").Select(a => a.Action).ToListAsync());
}
