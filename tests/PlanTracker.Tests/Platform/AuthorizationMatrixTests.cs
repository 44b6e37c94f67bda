using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Features.Imports;
using PlanTracker.Tests.Features.Rounds;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>
/// Every address and verb the running application answers, asked by everybody there is, compared with <c>authz-matrix.csv</c>. An address that is not
/// in the file fails, and so does one that answers otherwise. Forms are sent without their token: whoever may send them is refused for that, and only for that.
/// </summary>
public sealed class AuthorizationMatrixTests(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>Writes the file anew instead of comparing; what changed is looked at in review.</summary>
    private const string WriteVariable = "PLANTRACKER_WRITE_MATRIX";

    private static readonly string File = Path.Combine(SeededPlan.RepositoryRoot, "tests", "PlanTracker.Tests", "Platform", "authz-matrix.csv");

    private readonly SeededPlan _plan = new(cluster);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private PlanApplication _application = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        // What was taken from somebody counts with their next request here.
        _application = new PlanApplication(_plan.ConnectionString, settings: [("Api:ReadsPerMinute", "100000"), ("Api:WritesPerMinute", "100000")]) { SessionsCheckedAlways = true };
        await new RoundSteps(_plan).OpenAsync();
        var import = await new ImportSteps(_plan).BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        foreach (var (name, value) in new[]
        {
            ("lang", "en"), ("plan", SeededPlan.PlanCode), ("indicator", "I13"), ("region", "330000"), ("period", "2023"), ("kind", "goals"), ("extension", "csv"),
            ("id", $"{import.Id}"), ("grant", "1"), ("key", "none"), ("requestId", $"{Guid.NewGuid()}"), ("path", "none"), ("status", "404"),
        })
            _values[name] = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task Every_address_answers_everybody_as_the_matrix_says()
    {
        var routes = SiteRoute.Of(_application.Services);
        var identities = await IdentitiesAsync();
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var route in routes)
        {
            var answers = new List<string>();
            foreach (var (_, client) in identities)
                answers.Add(await AskAsync(client, route));
            found[route.ToString()] = string.Join(',', answers);
        }

        var header = $"route,{string.Join(',', identities.Select(i => i.Name))}";
        var lines = found.Select(f => $"{f.Key},{f.Value}").Prepend(header).ToList();
        identities.ForEach(i => i.Client.Dispose());
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 })
            await System.IO.File.WriteAllLinesAsync(File, lines);

        var listed = await System.IO.File.ReadAllLinesAsync(File);
        lines.Except(listed, StringComparer.Ordinal).Should().BeEmpty("every address is listed and answers so");
        listed.Except(lines, StringComparer.Ordinal).Should().BeEmpty("what is listed is there");
    }

    /// <summary>What the matrix must say, whatever it says: a mistake in the file is a mistake too.</summary>
    [Fact]
    public async Task The_matrix_itself_is_sound()
    {
        var rows = (await System.IO.File.ReadAllLinesAsync(File)).Select(l => l.Split(',')).ToList();
        var (names, answers) = (rows[0], rows.Skip(1).ToDictionary(r => r[0], r => r, StringComparer.Ordinal));
        string Of(string route, string who) => answers[route][Array.IndexOf(names, who)];

        var open = answers.Keys.Where(r => Of(r, "anonymous") is not ("sign-in" or "401")).ToList();
        open.Should().BeEquivalentTo(Open, "nothing else is open without signing in");
        foreach (var route in answers.Keys)
        {
            Of(route, "disabled").Should().Be(Of(route, "anonymous"), "{0}: a disabled account is none", route);
            if (!route.Contains("/api/", StringComparison.Ordinal))
                Of(route, "revoked-token").Should().BeOneOf([Of(route, "anonymous"), "401"], "{0}: a revoked token is none", route);
            Of(route, "role-removed").Should().Be(Of(route, "leader"), "{0}: a role that was removed opens nothing", route);
            if (route.StartsWith("POST", StringComparison.Ordinal) && !route.Contains(" api/", StringComparison.Ordinal))
                answers[route].Skip(1).Should().NotContain("200", "{0}: no form is taken without its token", route);
        }
    }

    private static readonly string[] Open =
    [
        "GET health/live", "GET health/ready", "GET error", "GET error/{status}",
        "GET {lang}/account/set-up", "POST {lang}/account/set-up", "GET {lang}/account/sign-in", "POST {lang}/account/sign-in", "POST {lang}/account/sign-in/second",
        "POST {lang}/account/sign-in/passkey", "POST {lang}/account/sign-in/passkey/begin", "GET {lang}/account/sign-in/service", "POST {lang}/account/expired",
    ];

    private async Task<string> AskAsync(HttpClient client, SiteRoute route)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Verb), new Uri(route.With(name => ValueOf(route, name)), UriKind.Relative));
        if (route.Verb is "POST" or "PUT" or "PATCH")
            request.Content = new StringContent("{}", Encoding.UTF8, route.Pattern.StartsWith("api/", StringComparison.Ordinal) ? "application/json" : "application/x-www-form-urlencoded");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var to = answer.Headers.Location?.OriginalString ?? "";
        return answer.StatusCode switch
        {
            HttpStatusCode.Redirect when to.Contains("/account/sign-in", StringComparison.Ordinal) => "sign-in",
            var status => ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private string ValueOf(SiteRoute route, string name) => (name, route.Pattern) switch
    {
        ("code", var p) when p.Contains("/elements/", StringComparison.Ordinal) => "T05",
        ("code", var p) when p.Contains("/indicators/", StringComparison.Ordinal) => "I13",
        ("code", var p) when p.Contains("/regions/", StringComparison.Ordinal) => "330000",
        ("code", var p) when p.Contains("/rounds/", StringComparison.Ordinal) => "y2025",
        ("code", var p) when p.Contains("/items/", StringComparison.Ordinal) || p.Contains("{kind", StringComparison.Ordinal) => "A01-2023",
        ("code", _) => "A01-2023",
        ("id", var p) when p.Contains("/people/", StringComparison.Ordinal) => _values["person"],
        ("id", var p) when p.Contains("{id:guid", StringComparison.Ordinal) => "8d5b7c0e-5a2d-4a3e-9a67-0f8f5b1f7b1d",
        ("indicator", var p) when p.Contains("{region", StringComparison.Ordinal) => "P-RD-INT",
        _ => _values.TryGetValue(name, out var value) ? value : throw new InvalidOperationException($"{route}: nothing stands for {{{name}}} yet."),
    };

    /// <summary>Everybody there is: each role with a scope of the whole country, one of a region, two who see only that, tokens, and nobody.</summary>
    private async Task<List<(string Name, HttpClient Client)>> IdentitiesAsync()
    {
        _values["person"] = $"{await _plan.PersonAsync("auditor")}";
        var identities = new List<(string, HttpClient)> { ("anonymous", Client()) };
        foreach (var name in new[] { "reporter", "reviewer", "leader", "analyst", "administrator", "security", "auditor", "zhejiang", "zhejiang-analyst" })
            identities.Add((name, (await Visitor.SignedInAsync(new Visitor(_application), name)).Client));
        await MakeAsync("zhejiang-only", Roles.Reporter, Roles.Reviewer);
        await _plan.WithAsync(async (db, _) =>
        {
            var only = await db.Users.SingleAsync(p => p.UserName == "zhejiang-only");
            only.ReadsOwnScopeOnly = true;
            db.ScopeGrants.Add(new ScopeGrant { PersonId = only.Id, RegionId = await db.Regions.Where(r => r.Code == "330000").Select(r => r.Id).SingleAsync() });
            return await db.SaveChangesAsync();
        });
        identities.Add(("zhejiang-only", (await Visitor.SignedInAsync(new Visitor(_application), "zhejiang-only")).Client));
        await MakeAsync("was-disabled", Roles.Reviewer);
        await MakeAsync("was-reviewer", Roles.Reviewer, Roles.Leader);
        var (disabled, removed) = ((await Visitor.SignedInAsync(new Visitor(_application), "was-disabled")).Client, (await Visitor.SignedInAsync(new Visitor(_application), "was-reviewer")).Client);
        var revoked = await TokenAsync("reporter", TokenAccess.ReadAndWrite);
        await _plan.WithAsync(async (db, _) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            await db.ApiTokens.ExecuteUpdateAsync(t => t.SetProperty(x => x.RevokedAt, now));
            await db.Users.Where(p => p.UserName == "was-disabled").ExecuteUpdateAsync(p => p.SetProperty(x => x.Disabled, true));
            return await db.UserRoles.Where(m => db.Users.Any(p => p.Id == m.UserId && p.UserName == "was-reviewer") && db.Roles.Any(r => r.Id == m.RoleId && r.Name == Roles.Reviewer)).ExecuteDeleteAsync();
        });
        identities.Add(("disabled", disabled));
        identities.Add(("role-removed", removed));
        identities.Add(("read-token", Client(await TokenAsync("reporter", TokenAccess.Read))));
        identities.Add(("write-token", Client(await TokenAsync("reporter", TokenAccess.ReadAndWrite))));
        identities.Add(("revoked-token", Client(revoked)));
        return identities;
    }

    private HttpClient Client(string? token = null)
    {
        var client = _application.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task MakeAsync(string name, params string[] roles)
    {
        await using var scope = _application.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Person>>();
        var person = new Person { UserName = name, DisplayName = name, CreatedAt = TimeProvider.System.GetUtcNow() };
        (await people.CreateAsync(person, "demo plan tracker")).Succeeded.Should().BeTrue();
        (await people.AddToRolesAsync(person, roles)).Succeeded.Should().BeTrue();
    }

    private async Task<string> TokenAsync(string name, TokenAccess access)
    {
        var id = await _plan.PersonAsync(name);
        await using var scope = _application.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiTokenStore>().MakeAsync($"{access} {Guid.NewGuid():N}", access, 30, id, CancellationToken.None)).Text!;
    }
}
