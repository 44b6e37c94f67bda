using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>What the application does from a shell: what it prints, what it answers, and what it leaves alone.</summary>
public sealed partial class CommandsTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Password = "forty two reading halls";

    private readonly SeededPlan _plan = new(cluster);
    private readonly SettableClock _clock = new(TimeProvider.System.GetUtcNow());
    private WebApplicationFactory<Program> _application = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _application = _plan.Application.WithWebHostBuilder(host => host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(_clock)));
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task A_faulty_package_is_refused_with_file_line_and_reason_and_nothing_is_loaded()
    {
        using var package = new TinyPlan();
        package.Change("targets.csv", "final,10,", "final,\"1,5\",");
        package.Change("readings/regional.csv", "BOOKS,SOUTH", "BOOKS,EAST");

        var (exit, output, errors) = await RunAsync("load-plan", package.Folder);

        exit.Should().Be(1);
        output.Should().BeEmpty();
        errors.Should().Contain("nothing was loaded").And.Contain("2 fault(s)");
        errors.Split('\n').Should().Contain("targets.csv:8: value '1,5' is not a number (optional minus, digits, optional point and decimals)")
            .And.Contain("readings/regional.csv:3: region 'EAST' is not known");
        (await PlansAsync()).Should().Equal(SeededPlan.PlanCode);
    }

    [Fact]
    public async Task A_good_package_is_loaded_and_counted_and_the_second_time_nothing_had_changed()
    {
        using var package = new TinyPlan();

        var first = await RunAsync("load-plan", package.Folder);
        var second = await RunAsync("load-plan", package.Folder);

        first.Exit.Should().Be(0);
        first.Errors.Should().BeEmpty();
        first.Output.Should().StartWith("isles-libraries: 5 elements, 3 indicators, 8 targets, 5 regions. ").And.EndWith("9 new statements of readings.\n");
        second.Should().Be((0, "isles-libraries: 5 elements, 3 indicators, 8 targets, 5 regions. Nothing had changed.\n", ""));
        (await PlansAsync()).Should().BeEquivalentTo(SeededPlan.PlanCode, TinyPlan.Code);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"plantracker-nowhere-{Guid.NewGuid():N}");

        var (exit, output, errors) = await RunAsync("load-plan", folder);

        (exit, output).Should().Be((1, ""));
        errors.Should().Contain(folder);
    }

    [Theory]
    [InlineData]
    [InlineData("launch")]
    [InlineData("load-plan")]
    [InlineData("load-plan", "one", "two")]
    [InlineData("create-admin")]
    [InlineData("create-admin", "one", "two")]
    [InlineData("migrate", "now")]
    [InlineData("Migrate")]
    [InlineData("rejudge", "one", "two")]
    public async Task Whoever_calls_it_wrongly_is_told_how_to_call_it(params string[] args)
    {
        var (exit, output, errors) = await RunAsync(args);

        (exit, output).Should().Be((2, ""));
        errors.Should().ContainAll("load-plan <folder>", "create-admin <name>", "migrate", "rejudge [plan]");
    }

    [Theory]
    [InlineData(true, "load-plan", "folder")]
    [InlineData(true, "launch")]
    [InlineData(false, "--urls", "http://localhost:5080")]
    [InlineData(false)]
    public void Options_of_the_host_are_no_command(bool command, params string[] args) => Commands.Named(args).Should().Be(command);

    [Fact]
    public async Task Migrate_brings_an_empty_database_up_to_date_and_can_be_repeated()
    {
        // The application would prepare the database when it starts; here only the command may.
        await using var source = NpgsqlDataSource.Create(await cluster.EmptyDatabaseAsync());
        await using var services = new ServiceCollection()
            .AddDbContext<PlanDbContext>(options => options.UsePlanDatabase(source).UseApplicationServiceProvider(_application.Services))
            .BuildServiceProvider();
        using var output = new StringWriter();

        (await Commands.RunAsync(services, ["migrate"], output, output, CancellationToken.None)).Should().Be(0);
        (await Commands.RunAsync(services, ["migrate"], output, output, CancellationToken.None)).Should().Be(0);

        (await PendingAsync(services)).Should().BeEmpty();
    }

    [Fact]
    public async Task Judging_anew_finds_nothing_that_differs_in_any_plan()
    {
        using var package = new TinyPlan();
        await RunAsync("load-plan", package.Folder);
        var standings = await StandingsAsync(SeededPlan.PlanCode);

        var all = await RunAsync("rejudge");
        var one = await RunAsync("rejudge", TinyPlan.Code);

        standings.Should().BeGreaterThan(500);
        all.Should().Be((0, string.Create(CultureInfo.InvariantCulture,
            $"{SeededPlan.PlanCode}: {standings:N0} series judged, 0 standings differed.\n{TinyPlan.Code}: 5 series judged, 0 standings differed.\n"), ""));
        one.Should().Be((0, $"{TinyPlan.Code}: 5 series judged, 0 standings differed.\n", ""));
    }

    [Fact]
    public async Task Judging_one_plan_anew_puts_its_standings_right_and_leaves_those_of_others()
    {
        using var package = new TinyPlan();
        await RunAsync("load-plan", package.Folder);
        await _plan.WithAsync((db, _) => db.Standings.ExecuteUpdateAsync(set => set.SetProperty(s => s.Receding, s => !s.Receding)));

        var standings = await StandingsAsync(SeededPlan.PlanCode);

        var wrong = await RunAsync("rejudge", TinyPlan.Code);
        var right = await RunAsync("rejudge", TinyPlan.Code);
        var other = await RunAsync("rejudge", SeededPlan.PlanCode);

        wrong.Should().Be((0, $"{TinyPlan.Code}: 5 series judged, 5 standings differed.\n", ""));
        right.Should().Be((0, $"{TinyPlan.Code}: 5 series judged, 0 standings differed.\n", ""));
        other.Output.Should().EndWith(string.Create(CultureInfo.InvariantCulture, $" {standings:N0} standings differed.\n"));
    }

    [Fact]
    public async Task A_plan_that_is_not_there_is_not_judged_anew()
    {
        (await RunAsync("rejudge", "15fyp")).Should().Be((1, "", "There is no plan 15fyp.\n"));
    }

    [Fact]
    public async Task The_code_of_a_new_administrator_works_once_and_lets_them_in()
    {
        var code = await CreateAdministratorAsync("amina");
        using var amina = new Visitor(_application);
        (await amina.SignInAsync("amina", Password)).Should().BeFalse("no password is set yet");

        (await SetUpAsync(amina, "amina", code)).Should().Be(HttpStatusCode.Redirect);
        (await amina.SignInAsync("amina", Password)).Should().BeTrue();

        using (var overview = await amina.PageAsync($"/en/plans/{SeededPlan.PlanCode}"))
            overview.QuerySelector(".masthead")!.TextContent.Should().Contain("amina");
        (await RolesAsync("amina")).Should().BeEquivalentTo(Roles.Administrator, Roles.SecurityAdministrator);
        (await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "amina").Select(p => p.SetupCodeHash).SingleAsync())).Should().BeNull();
        (await SetUpAsync(amina, "amina", code, "another password of hers")).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await amina.SignInAsync("amina", Password)).Should().BeTrue("the second use changed nothing");
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(e => e.Action == "person.password-set"))).Should().Be(1);
    }

    [Fact]
    public async Task A_code_is_good_for_twenty_four_hours_and_not_longer()
    {
        var code = await CreateAdministratorAsync("amina");
        using var amina = new Visitor(_application);

        _clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        (await SetUpAsync(amina, "amina", code)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await amina.SignInAsync("amina", Password)).Should().BeFalse();

        var fresh = await CreateAdministratorAsync("amina");
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await SetUpAsync(amina, "amina", fresh)).Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_new_code_takes_the_place_of_the_one_before()
    {
        var first = await CreateAdministratorAsync("amina");
        var second = await CreateAdministratorAsync("amina");
        using var amina = new Visitor(_application);

        second.Should().NotBe(first);
        (await SetUpAsync(amina, "amina", first)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(amina, "amina", second)).Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_code_belongs_to_one_name()
    {
        var code = await CreateAdministratorAsync("amina");
        await CreateAdministratorAsync("bruno");
        using var somebody = new Visitor(_application);

        (await SetUpAsync(somebody, "bruno", code)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(somebody, "nobody", code)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(somebody, "leader", code)).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(somebody, "amina", code[..^1])).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(somebody, "amina", "")).Should().Be(HttpStatusCode.UnprocessableEntity);
        (await SetUpAsync(somebody, "amina", code)).Should().Be(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("short", "too short")]
    [InlineData("aaaabbbbaaaabbbb", "too few different characters")]
    public async Task A_weak_password_is_refused_and_the_code_keeps_its_force(string password, string reason)
    {
        var code = await CreateAdministratorAsync("amina");
        using var amina = new Visitor(_application);

        (await SetUpAsync(amina, "amina", code, password)).Should().Be(HttpStatusCode.UnprocessableEntity, reason);
        (await SetUpAsync(amina, "amina", code)).Should().Be(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("leader", "exists and has a password")]
    [InlineData("a b", "a b")]
    public async Task A_name_that_is_taken_or_not_allowed_is_refused(string name, string reason)
    {
        var (exit, output, errors) = await RunAsync("create-admin", name);

        (exit, output).Should().Be((1, ""));
        errors.Should().Contain(reason);
        (await RolesAsync("leader")).Should().Equal(Roles.Leader);
    }

    [Fact]
    public async Task The_code_itself_is_not_kept()
    {
        var code = await CreateAdministratorAsync("amina");

        var kept = await _plan.WithAsync((db, _) => db.Users.SingleAsync(p => p.UserName == "amina"));

        kept.PasswordHash.Should().BeNull();
        kept.SetupCodeHash.Should().NotBeNull().And.NotContain(code);
        kept.SetupCodeExpiresAt.Should().BeCloseTo(_clock.GetUtcNow().AddHours(24), TimeSpan.FromMilliseconds(1));
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exit = await Commands.RunAsync(_application.Services, args, output, errors, CancellationToken.None);
        return (exit, output.ToString(), errors.ToString());
    }

    private async Task<string> CreateAdministratorAsync(string name)
    {
        var (exit, output, errors) = await RunAsync("create-admin", name);

        (exit, errors).Should().Be((0, ""));
        output.Should().ContainAll($"'{name}'", "/en/account/set-up", "24 hours");
        return CodeAtTheEnd().Match(output).Groups["code"].Value;
    }

    private static async Task<HttpStatusCode> SetUpAsync(Visitor visitor, string name, string code, string password = Password)
    {
        using var answer = await visitor.SendFormAsync("/en/account/set-up", ("name", name), ("code", code), ("password", password));
        return answer.StatusCode;
    }

    private static async Task<List<string>> PendingAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        return [.. await scope.ServiceProvider.GetRequiredService<PlanDbContext>().Database.GetPendingMigrationsAsync()];
    }

    private Task<int> StandingsAsync(string plan) => _plan.WithAsync((db, _) =>
        db.Standings.CountAsync(s => db.Plans.Any(p => p.Code == plan && p.Id == s.Indicator!.PlanId)));

    private Task<List<string>> PlansAsync() => _plan.WithAsync((db, _) => db.Plans.Select(p => p.Code).ToListAsync());

    private async Task<IList<string>> RolesAsync(string name)
    {
        await using var scope = _application.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        return await people.GetRolesAsync((await people.FindByNameAsync(name))!);
    }

    [GeneratedRegex(@"One-time code: (?<code>[A-Z2-9]{5}(-[A-Z2-9]{5}){3})\s*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeAtTheEnd();
}
