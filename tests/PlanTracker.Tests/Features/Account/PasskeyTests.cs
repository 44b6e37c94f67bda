using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;
using PlanTracker.Features.Account;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>A passkey opens its owner's account and no other, to its owner and nobody else, for as long as it is kept.</summary>
public sealed class PasskeyTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Account = "/en/account";
    private const string SignIn = $"{Account}/sign-in";
    private const string Password = "demo plan tracker";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task It_opens_the_account_and_each_step_is_in_the_audit()
    {
        using var device = new PasskeyDevice();
        using var leader = await SignedInAsync("leader");
        (await AddAsync(leader, device)).Should().Be(HttpStatusCode.Redirect);
        using (var renamed = await leader.PostAsync($"{Account}/passkeys/{device.Key}/rename", new() { ["name"] = " Desk " }, Account))
            renamed.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await leader.PageAsync(Account)).QuerySelector(".passkeys strong")!.TextContent.Should().Be("Desk");
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.LastSignInAt, (DateTimeOffset?)null)));

        using var anew = Browser(_plan.Application);
        (await SignInAsync(anew, device)).Should().Be(HttpStatusCode.Redirect);
        (await anew.PageAsync(Account)).QuerySelector("header .finding")!.TextContent.Should().Contain("Leader");
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.Redirect, "it opens more than once");

        (await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").Select(p => p.LastSignInAt).SingleAsync())).Should().NotBeNull();
        var told = await EventsAsync("leader");
        told.Should().Contain(("person.passkey-added", """{"name": "Laptop"}""")).And.Contain(("person.passkey-renamed", """{"after": "Desk", "before": "Laptop"}"""));
        told.Should().Contain(("person.signed-in", """{"by": "passkey"}"""));
    }

    [Fact]
    public async Task Whoever_found_an_open_session_adds_none()
    {
        using var device = new PasskeyDevice();
        using var leader = await SignedInAsync("leader");

        for (var i = 0; i < 5; i++)
            (await BegunAsync(leader, "Laptop", "wrong")).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await BegunAsync(leader, "Laptop", Password)).Status.Should().Be(HttpStatusCode.UnprocessableEntity, "the account rests");
        using var brought = await leader.PostAsync($"{Account}/passkeys", new() { ["name"] = "Laptop", ["credential"] = device.Make(Made("leader")) }, Account);

        brought.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, "nothing was begun");
        (await PasskeysAsync("leader")).Should().Be(0);
    }

    [Fact]
    public async Task Who_has_a_second_factor_needs_its_code_to_add_one_and_wrong_codes_lock()
    {
        using var device = new PasskeyDevice();
        using var leader = await SignedInAsync("leader");
        var begun = await Visitor.ReadAsync(await leader.PostAsync($"{Account}/second-factor/begin", [], Account));
        var totp = new Totp(Base32Encoding.ToBytes(begun.QuerySelector("#key")!.TextContent.Replace(" ", "", StringComparison.Ordinal)));
        using var set = await leader.PostAsync($"{Account}/second-factor", new() { ["code"] = totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime), ["password"] = Password }, Account);
        set.StatusCode.Should().Be(HttpStatusCode.OK);

        (await BegunAsync(leader, "Laptop", Password)).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await AddAsync(leader, device, code: totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30)))).Should().Be(HttpStatusCode.Redirect);
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.Redirect, "no code is asked for then");

        for (var i = 0; i < 4; i++)
            (await BegunAsync(leader, "Phone", Password, "123456")).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.UnprocessableEntity, "with the first that is five wrong codes");
    }

    [Fact]
    public async Task Unknown_disabled_and_resting_owners_are_answered_in_the_same_words()
    {
        using var unknown = new PasskeyDevice();
        unknown.Make(Made("leader"));
        using var disabled = await OwnedAsync("leader");
        using var resting = await OwnedAsync("analyst");
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));
        var later = TimeProvider.System.GetUtcNow().AddMinutes(10);
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "analyst").ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, later)));

        var answers = new List<string>();
        foreach (var device in new[] { unknown, disabled, resting })
        {
            using var visitor = Browser(_plan.Application);
            using var answer = await AnsweredAsync(visitor, device.Answer(await AskedAsync(visitor)));
            answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            (await visitor.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.Redirect, "nobody came in");
            answers.Add(Hidden().Replace(await answer.Content.ReadAsStringAsync(), ""));
        }

        answers.Distinct(StringComparer.Ordinal).Should().ContainSingle("an answer tells nothing about the account");
        (await EventsAsync("leader")).Should().Contain(("person.refused", """{"by": "passkey"}"""));
    }

    [Fact]
    public async Task An_answer_counts_for_the_question_that_is_open_in_that_browser_and_once()
    {
        using var device = await OwnedAsync("leader");
        using var visitor = Browser(_plan.Application);
        using var other = Browser(_plan.Application);

        (await StatusAsync(visitor, device.Answer(await AskedAsync(other)))).Should().Be(HttpStatusCode.UnprocessableEntity, "no question is open here");
        var earlier = await AskedAsync(visitor);
        await AskedAsync(visitor);
        (await StatusAsync(visitor, device.Answer(earlier))).Should().Be(HttpStatusCode.UnprocessableEntity, "another question is open");
        var answer = device.Answer(await AskedAsync(visitor));
        (await StatusAsync(visitor, answer)).Should().Be(HttpStatusCode.Redirect);
        (await StatusAsync(visitor, answer)).Should().Be(HttpStatusCode.UnprocessableEntity, "the question was answered");

        using var leader = await SignedInAsync("leader");
        using var next = new PasskeyDevice();
        var (_, toMake) = await BegunAsync(leader, "Phone", Password);
        next.Make(toMake);
        var asked = JsonNode.Parse(toMake)!;
        (await StatusAsync(leader, device.Answer(new JsonObject { ["challenge"] = (string)asked["challenge"]!, ["rpId"] = "localhost" }.ToJsonString())))
            .Should().Be(HttpStatusCode.UnprocessableEntity, "the question was for a new passkey");
    }

    [Fact]
    public async Task A_question_is_open_for_five_minutes()
    {
        using var device = await OwnedAsync("leader");
        var clock = new SettableClock(TimeProvider.System.GetUtcNow());
        await using var application = _plan.Application.WithWebHostBuilder(b => b.ConfigureTestServices(s => s.AddSingleton<TimeProvider>(clock)));

        foreach (var (minutes, expected) in new[] { (4, HttpStatusCode.Redirect), (6, HttpStatusCode.UnprocessableEntity) })
        {
            using var visitor = Browser(application);
            var answer = device.Answer(await AskedAsync(visitor));
            clock.Advance(TimeSpan.FromMinutes(minutes));
            (await StatusAsync(visitor, answer)).Should().Be(expected, "after {0} minutes", minutes);
        }
    }

    [Fact]
    public async Task A_device_that_does_not_ask_who_is_there_another_site_and_a_wrong_signature_open_nothing()
    {
        using var device = await OwnedAsync("leader");
        device.Verifies = false;
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.UnprocessableEntity);
        device.Verifies = true;
        device.SignsRightly = false;
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.UnprocessableEntity);
        device.SignsRightly = true;
        var visitor = Browser(_plan.Application);
        (await StatusAsync(visitor, device.Answer((await AskedAsync(visitor)).Replace("\"localhost\"", "\"example.org\"", StringComparison.Ordinal)))).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.Redirect, "else it does");

        using var elsewhere = new PasskeyDevice { Origin = "https://example.org" };
        using var analyst = await SignedInAsync("analyst");
        (await AddAsync(analyst, elsewhere)).Should().Be(HttpStatusCode.UnprocessableEntity);
        using var careless = new PasskeyDevice { Verifies = false };
        (await AddAsync(analyst, careless)).Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task What_one_person_began_another_does_not_finish()
    {
        using var device = new PasskeyDevice();
        using var shared = await SignedInAsync("leader");
        var (_, asked) = await BegunAsync(shared, "Laptop", Password);
        (await shared.SignInAsync("analyst", Password)).Should().BeTrue();
        using var brought = await shared.PostAsync($"{Account}/passkeys", new() { ["name"] = "Laptop", ["credential"] = device.Make(asked) }, Account);

        brought.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PasskeysAsync("leader") + await PasskeysAsync("analyst")).Should().Be(0);
    }

    [Fact]
    public async Task It_is_removed_by_its_owner_only_and_then_opens_nothing_and_other_sessions_end()
    {
        using var device = await OwnedAsync("leader");
        await using var watchful = new PlanApplication(_plan.ConnectionString) { SessionsCheckedAlways = true };
        using var analyst = await SignedInAsync("analyst");
        foreach (var action in new[] { "remove", "rename" })
        {
            using var foreign = await analyst.PostAsync($"{Account}/passkeys/{device.Key}/{action}", new() { ["name"] = "Mine" }, Account);
            foreign.StatusCode.Should().Be(HttpStatusCode.NotFound);
            using var none = await analyst.PostAsync($"{Account}/passkeys/no%20key!/{action}", new() { ["name"] = "Mine" }, Account);
            none.StatusCode.Should().Be(HttpStatusCode.NotFound);
        }

        using var found = Browser(watchful);
        (await SignInAsync(found, device)).Should().Be(HttpStatusCode.Redirect, "it is still there");
        using var leader = Browser(watchful);
        await leader.SignInAsync("leader", Password);
        using var removed = await leader.PostAsync($"{Account}/passkeys/{device.Key}/remove", [], Account);
        removed.StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await leader.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await found.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.Redirect, "the session of the device has ended");
        (await SignInAsync(Browser(watchful), device)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await EventsAsync("leader")).Should().Contain(("person.passkey-removed", """{"name": "Laptop"}"""));
    }

    [Fact]
    public async Task Each_has_a_name_of_its_own_and_there_are_ten_at_most()
    {
        using var leader = await SignedInAsync("leader");
        foreach (var name in new[] { "", "   ", new string('x', Passkeys.NameLength + 1), "a\u0007b" })
            (await BegunAsync(leader, name, Password)).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        for (var i = 1; i <= Passkeys.Most; i++)
        {
            using var device = new PasskeyDevice();
            (await AddAsync(leader, device, $"Device {i}")).Should().Be(HttpStatusCode.Redirect);
            (await BegunAsync(leader, $"device {i}", Password)).Status.Should().Be(HttpStatusCode.UnprocessableEntity, "there is one of that name");
        }

        (await BegunAsync(leader, "Device 11", Password)).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await PasskeysAsync("leader")).Should().Be(Passkeys.Most);
        (await leader.PageAsync(Account)).QuerySelector("form[data-passkey]").Should().BeNull("no more are offered");
    }

    [Fact]
    public async Task It_is_both_factors_where_everybody_needs_them_and_stays_so()
    {
        using var device = await OwnedAsync("leader");
        await using var strict = new PlanApplication(_plan.ConnectionString, settings: ("Accounts:SecondFactor", "Required")) { SessionsCheckedAlways = true };
        using var byPassword = Browser(strict);
        await byPassword.SignInAsync("leader", Password);
        (await byPassword.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.Redirect);

        using var leader = Browser(strict);
        (await SignInAsync(leader, device)).Should().Be(HttpStatusCode.Redirect);
        (await leader.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await leader.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.OK, "the check of the session keeps it");
        using var changed = await leader.PostAsync($"{Account}/password", new() { ["password"] = Password, ["newPassword"] = "horses eat green staples" }, Account);
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        (await leader.GetAsync($"{Account}/tokens")).StatusCode.Should().Be(HttpStatusCode.OK, "and so does another password");
    }

    [Fact]
    public async Task A_password_that_is_too_old_is_replaced_first()
    {
        using var device = await OwnedAsync("leader");
        await using var strict = new PlanApplication(_plan.ConnectionString, settings: ("Accounts:PasswordPolicy", "Mlps"));
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.PasswordSetAt, TimeProvider.System.GetUtcNow().AddDays(-91))));
        using var leader = Browser(strict);

        using var answer = await AnsweredAsync(leader, device.Answer(await AskedAsync(leader)));

        (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent.Should().Contain("too old");
        (await leader.GetAsync(Account)).StatusCode.Should().Be(HttpStatusCode.Redirect, "nobody is signed in yet");
    }

    [Fact]
    public async Task A_security_administrator_sees_how_many_there_are_and_removes_all_of_them()
    {
        using var device = await OwnedAsync("leader");
        var page = $"/en/people/{await _plan.PersonAsync("leader")}";
        using var security = await SignedInAsync("security");
        (await security.PageAsync(page)).QuerySelector("form[action$='passkeys/remove'] button")!.TextContent.Should().Be("Remove 1 passkey");

        using var removed = await security.PostAsync($"{page}/passkeys/remove", [], page);

        removed.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await SignInAsync(Browser(_plan.Application), device)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await EventsAsync("leader")).Should().Contain(("person.passkeys-removed", "{}"));
    }

    [Fact]
    public async Task It_belongs_to_the_public_address_where_one_is_set()
    {
        await using var named = new PlanApplication(_plan.ConnectionString, settings: ("Mail:PublicBaseUrl", "https://plan.example.org/"));

        ((string)JsonNode.Parse(await AskedAsync(Browser(named)))!["rpId"]!).Should().Be("plan.example.org");
        ((string)JsonNode.Parse(await AskedAsync(Browser(_plan.Application)))!["rpId"]!).Should().Be("localhost");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{\"id\":null,\"type\":\"public-key\",\"response\":null}")]
    [InlineData("{\"id\":\"\\u0000\",\"rawId\":\"!\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{}}")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"AA\",\"attestationObject\":\"v_8\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"}}")]
    public async Task What_makes_no_sense_is_refused(string credential)
    {
        using var leader = await SignedInAsync("leader");
        await BegunAsync(leader, "Laptop", Password);
        using var made = await leader.PostAsync($"{Account}/passkeys", new() { ["name"] = "Laptop", ["credential"] = credential }, Account);
        using var visitor = Browser(_plan.Application);
        await AskedAsync(visitor);

        made.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await StatusAsync(visitor, credential)).Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>A browser says with each form from which page it comes.</summary>
    private static Visitor Browser(WebApplicationFactory<Program> application)
    {
        var visitor = new Visitor(application);
        visitor.Client.DefaultRequestHeaders.Add("Origin", "http://localhost");
        return visitor;
    }

    private Task<Visitor> SignedInAsync(string name) => Visitor.SignedInAsync(Browser(_plan.Application), name);

    private async Task<PasskeyDevice> OwnedAsync(string name)
    {
        var device = new PasskeyDevice();
        using var owner = await SignedInAsync(name);
        (await AddAsync(owner, device)).Should().Be(HttpStatusCode.Redirect);
        return device;
    }

    private static async Task<(HttpStatusCode Status, string Asked)> BegunAsync(Visitor visitor, string name, string password, string code = "")
    {
        using var begun = await visitor.PostAsync($"{Account}/passkeys/begin", new() { ["name"] = name, ["password"] = password, ["code"] = code }, Account);
        return (begun.StatusCode, await begun.Content.ReadAsStringAsync());
    }

    private static async Task<HttpStatusCode> AddAsync(Visitor visitor, PasskeyDevice device, string name = "Laptop", string code = "")
    {
        var (status, asked) = await BegunAsync(visitor, name, Password, code);
        status.Should().Be(HttpStatusCode.OK);
        using var added = await visitor.PostAsync($"{Account}/passkeys", new() { ["name"] = name, ["credential"] = device.Make(asked) }, Account);
        return added.StatusCode;
    }

    private static async Task<string> AskedAsync(Visitor visitor)
    {
        using var asked = await visitor.PostAsync($"{SignIn}/passkey/begin", [], SignIn);
        asked.StatusCode.Should().Be(HttpStatusCode.OK);
        return await asked.Content.ReadAsStringAsync();
    }

    private static Task<HttpResponseMessage> AnsweredAsync(Visitor visitor, string credential) => visitor.PostAsync($"{SignIn}/passkey", new() { ["credential"] = credential }, SignIn);

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string credential)
    {
        using var answer = await AnsweredAsync(visitor, credential);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> SignInAsync(Visitor visitor, PasskeyDevice device) => await StatusAsync(visitor, device.Answer(await AskedAsync(visitor)));

    /// <summary>A question that this site never asked.</summary>
    private static string Made(string owner) => new JsonObject
    {
        ["challenge"] = "AAAA",
        ["rp"] = new JsonObject { ["id"] = "localhost" },
        ["user"] = new JsonObject { ["id"] = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(owner)) },
    }.ToJsonString();

    private Task<int> PasskeysAsync(string name) => _plan.WithAsync((db, _) => db.UserPasskeys.CountAsync(k => db.Users.Any(p => p.Id == k.UserId && p.UserName == name)));

    private Task<List<(string Action, string Detail)>> EventsAsync(string name) => _plan.WithAsync(async (db, _) =>
        (await db.AuditEvents.Where(a => a.Subject == $"person/{name}").OrderBy(a => a.Id).Select(a => new { a.Action, a.Detail }).ToListAsync()).ConvertAll(a => (a.Action, a.Detail)));

    private static Regex Hidden() => new("<input[^>]*__RequestVerificationToken[^>]*>", RegexOptions.None, TimeSpan.FromSeconds(1));
}
