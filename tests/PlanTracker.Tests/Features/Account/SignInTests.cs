using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>Whoever tries names, passwords and fields at the door gets nothing but the door.</summary>
public sealed class SignInTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string SignIn = "/en/account/sign-in";

    [Fact]
    public async Task Unknown_disabled_resting_and_mistaken_people_are_answered_in_the_same_words()
    {
        await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "leader").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true)));
        var later = TimeProvider.System.GetUtcNow().AddMinutes(10);
        await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "analyst").ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, later)));

        var answers = new List<string>();
        foreach (var (name, password) in new[] { ("auditor", "wrong"), ("nobody", "wrong"), ("leader", "demo plan tracker"), ("analyst", "demo plan tracker") })
        {
            using var visitor = new Visitor(plan.Application);
            using var answer = await visitor.SendFormAsync(SignIn, ("name", name), ("password", password));
            answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity, name);
            var told = Hidden().Replace(await answer.Content.ReadAsStringAsync(), "").Replace($"value=\"{name}\"", "", StringComparison.Ordinal);
            answers.Add(told);
        }

        answers.Distinct(StringComparer.Ordinal).Should().ContainSingle("an answer tells nothing about the account");
    }

    [Theory]
    [InlineData("https://example.org")]
    [InlineData("//example.org")]
    [InlineData("/\\example.org")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:example.org")]
    public async Task The_way_back_leads_to_this_site_only(string returnUrl)
    {
        using var visitor = new Visitor(plan.Application);
        using var answer = await visitor.SendFormAsync(SignIn, ("name", "reporter"), ("password", "demo plan tracker"), ("returnUrl", returnUrl));

        answer.Headers.Location!.OriginalString.Should().Be("/en");
    }

    [Fact]
    public async Task Of_many_guesses_at_once_five_are_looked_at()
    {
        var looks = new CountedLooks();
        await using var site = new PlanApplication(plan.ConnectionString).WithWebHostBuilder(host => host.ConfigureTestServices(services =>
            services.AddSingleton<IPasswordHasher<Person>>(looks)));
        using var first = await Visitor.SignedInAsync(new Visitor(site), "administrator");
        var guessing = Enumerable.Range(0, 20).Select(_ => new Visitor(site)).ToList();
        looks.Count = 0;

        var answers = await Task.WhenAll(guessing.Select(v => v.SendFormAsync("/en/account/sign-in", ("name", "administrator"), ("password", "a guess among many"))));

        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.UnprocessableEntity);
        looks.Count.Should().Be(5);
        (await guessing[0].SignInAsync("administrator", DemonstrationAccounts.Password)).Should().BeFalse("the account rests");
        await plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "administrator").ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, (DateTimeOffset?)null)));
        guessing.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task Whoever_signs_in_in_many_places_at_once_after_a_mistake_comes_in_everywhere()
    {
        using var mistaken = new Visitor(plan.Application);
        (await mistaken.SignInAsync("reviewer", "a mistake")).Should().BeFalse();

        var visitors = Enumerable.Range(0, 4).Select(_ => new Visitor(plan.Application)).ToList();
        (await Task.WhenAll(visitors.Select(v => v.SignInAsync("reviewer", DemonstrationAccounts.Password)))).Should().OnlyContain(inside => inside);
        visitors.ForEach(v => v.Dispose());
    }

    [Fact]
    public async Task Fields_that_no_form_has_change_nothing()
    {
        var id = await plan.PersonAsync("zhejiang");
        var before = await plan.WithAsync((db, _) => db.Users.AsNoTracking().SingleAsync(p => p.Id == id));
        using var zhejiang = await Visitor.SignedInAsync(plan.Application, "zhejiang");
        (string, string)[] more = [("Roles", Roles.Administrator), ("Disabled", "true"), ("PasswordHash", "x"), ("ReadsOwnScopeOnly", "true"), ("TwoFactorEnabled", "true"), ("Person.DisplayName", "Chief"), ("Id", $"{Guid.NewGuid()}")];

        using var own = await zhejiang.PostAsync("/en/account/password", Fields([("password", "demo plan tracker"), ("newPassword", "short"), .. more]), "/en/account");
        own.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var security = await Visitor.SignedInAsync(plan.Application, "security");
        using var shown = await security.PageAsync($"/en/people/{id}");
        using var changed = await security.PostAsync($"/en/people/{id}", Fields(
        [
            ("displayName", "Zhejiang reporter"), ("roles", Roles.Reporter), ("basedOn", shown.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!),
            ("Name", "chief"), ("Disabled", "true"), ("PasswordHash", "x"), ("SecurityStamp", "x"), ("TwoFactorEnabled", "true"),
        ]), $"/en/people/{id}");

        changed.StatusCode.Should().Be(HttpStatusCode.Redirect);
        var after = await plan.WithAsync((db, _) => db.Users.AsNoTracking().SingleAsync(p => p.Id == id));
        after.Should().BeEquivalentTo(before, o => o.Excluding(p => p.ConcurrencyStamp).Excluding(p => p.LastSignInAt).Excluding(p => p.Language).Excluding(p => p.AccessFailedCount));
        (await plan.WithAsync((db, _) => db.UserRoles.Where(m => m.UserId == id).Join(db.Roles, m => m.RoleId, r => r.Id, (_, r) => r.Name).ToListAsync())).Should().Equal(Roles.Reporter);
    }

    private static Dictionary<string, string> Fields((string Name, string Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    private static Regex Hidden() => new("<input[^>]*__RequestVerificationToken[^>]*>", RegexOptions.None, TimeSpan.FromSeconds(1));

    private sealed class CountedLooks : PasswordHasher<Person>
    {
        private int _count;

        public int Count { get => _count; set => _count = value; }

        public override PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _count);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
