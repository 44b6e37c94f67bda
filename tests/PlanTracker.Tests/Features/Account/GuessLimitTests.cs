using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PlanTracker.Platform.Security;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Account;

/// <summary>Who tries one password with many names is stopped by where they come from.</summary>
public sealed class GuessLimitTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const int Most = 3;
    private const string SignIn = "/en/account/sign-in", Peer = "X-Test-Peer", Proxy = "10.1.2.3";

    [Fact]
    public async Task After_so_many_refusals_an_address_waits_whatever_it_says_next()
    {
        await using var application = Application();
        var tried = await TryAsync(application, "203.0.113.7", ["leader", "analyst", "nobody"]);
        tried.Should().OnlyContain(status => status == HttpStatusCode.UnprocessableEntity);

        using var visitor = VisitorFrom(application, "203.0.113.7");
        using var refused = await visitor.SendFormAsync(SignIn, ("name", "reporter"), ("password", DemonstrationAccounts.Password));
        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "a right one among many guesses is a guess");
        refused.Headers.RetryAfter!.Delta.Should().BeGreaterThan(TimeSpan.FromMinutes(10)).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(15));
        using var code = await visitor.SendFormAsync("/en/account/set-up", ("name", "reporter"), ("code", "1"), ("password", "x"));
        code.StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "all doors count together");

        using var another = VisitorFrom(application, "203.0.113.8");
        (await another.SignInAsync("reporter", DemonstrationAccounts.Password)).Should().BeTrue();
    }

    [Fact]
    public async Task Of_many_guesses_at_the_same_moment_ten_are_looked_at()
    {
        using var limit = new GuessLimit(Options.Create(new AccountOptions { RefusalsPerAddress = Most }), Options.Create(new TrustedProxies()), new StoppedClock());
        var (answer, looked) = (new TaskCompletionSource(), 0);
        List<DefaultHttpContext> guesses = [.. Enumerable.Range(0, 60).Select(_ => new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("203.0.113.7") } })];

        var tried = guesses.ConvertAll(guess =>
        {
            var action = new ActionContext(guess, new RouteData(), new ActionDescriptor());
            return limit.OnActionExecutionAsync(new ActionExecutingContext(action, [], new Dictionary<string, object?>(StringComparer.Ordinal), this), async () =>
            {
                Interlocked.Increment(ref looked);
                await answer.Task;
                guess.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                return new ActionExecutedContext(action, [], this);
            });
        });
        looked.Should().Be(10, "the others wait for what these come to");
        answer.SetResult();
        await Task.WhenAll(tried);

        looked.Should().BeLessThan(10 + Most, "each of these makes room for another until there were too many refusals");
    }

    [Fact]
    public async Task Who_signs_in_is_not_counted()
    {
        await using var application = Application();
        for (var time = 0; time <= Most; time++)
        {
            using var visitor = VisitorFrom(application, "203.0.113.7");
            (await visitor.SignInAsync("reporter", DemonstrationAccounts.Password)).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", HttpStatusCode.TooManyRequests)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", HttpStatusCode.UnprocessableEntity)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", HttpStatusCode.TooManyRequests)]
    public async Task A_network_that_one_person_has_counts_as_one(string first, string next, HttpStatusCode answer)
    {
        await using var application = Application();
        await TryAsync(application, first, ["a", "b", "c"]);

        (await TryAsync(application, next, ["d"])).Should().Equal(answer);
    }

    [Fact]
    public async Task A_trusted_proxy_says_for_whom_it_asks()
    {
        await using var application = Application();
        await TryAsync(application, Proxy, ["a", "b", "c"], forwardedFor: "203.0.113.7");

        (await TryAsync(application, Proxy, ["d"], forwardedFor: "203.0.113.7")).Should().Equal(HttpStatusCode.TooManyRequests);
        (await TryAsync(application, Proxy, ["d"], forwardedFor: "203.0.113.8")).Should().Equal(HttpStatusCode.UnprocessableEntity);
        (await TryAsync(application, Proxy, ["d"], forwardedFor: "198.51.100.1, 203.0.113.7")).Should().Equal(
            [HttpStatusCode.TooManyRequests], "what the client wrote before the proxy's own word is not the proxy's");
    }

    [Fact]
    public async Task Nobody_else_does()
    {
        await using var application = Application();
        await TryAsync(application, "203.0.113.7", ["a", "b", "c"]);

        (await TryAsync(application, "203.0.113.7", ["d"], forwardedFor: "203.0.113.8")).Should().Equal(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_proxy_that_says_nothing_does_not_shut_out_everybody()
    {
        await using var application = Application();

        (await TryAsync(application, Proxy, ["a", "b", "c", "d", "e"])).Should().OnlyContain(status => status == HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_refusal_takes_as_long_whatever_was_wrong()
    {
        var clock = new StoppedClock();
        await using var application = new PlanApplication(plan.ConnectionString).WithWebHostBuilder(host => host.ConfigureTestServices(services =>
            services.AddSingleton(s => new GuessLimit(s.GetRequiredService<IOptions<AccountOptions>>(), s.GetRequiredService<IOptions<TrustedProxies>>(), clock))));
        using var visitor = new Visitor(application);

        using var unknown = await visitor.SendFormAsync(SignIn, ("name", "nobody"), ("password", "letmein"));
        using var known = await visitor.SendFormAsync(SignIn, ("name", "auditor"), ("password", "letmein"));
        using var code = await visitor.SendFormAsync("/en/account/set-up", ("name", "auditor"), ("code", "1"), ("password", "x"));
        clock.Waits.Should().Equal(Enumerable.Repeat(TimeSpan.FromMilliseconds(250), 3), "on a clock that stands still each is waited for in full");

        (await visitor.SignInAsync("auditor", DemonstrationAccounts.Password)).Should().BeTrue();
        clock.Waits.Should().HaveCount(3, "who comes in does not wait");
    }

    private WebApplicationFactory<Program> Application() =>
        new PlanApplication(plan.ConnectionString, "Development", ("Accounts:RefusalsPerAddress", $"{Most}"), ("Site:Proxies", $"192.0.2.0/24, {Proxy}"))
            .WithWebHostBuilder(host => host.ConfigureTestServices(services => services.AddSingleton<IStartupFilter, Peers>()));

    private static Visitor VisitorFrom(WebApplicationFactory<Program> application, string peer, string? forwardedFor = null)
    {
        var visitor = new Visitor(application);
        visitor.Client.DefaultRequestHeaders.Add(Peer, peer);
        if (forwardedFor is not null)
            visitor.Client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        return visitor;
    }

    private static async Task<List<HttpStatusCode>> TryAsync(WebApplicationFactory<Program> application, string peer, string[] names, string? forwardedFor = null)
    {
        var answers = new List<HttpStatusCode>();
        foreach (var name in names)
        {
            using var visitor = VisitorFrom(application, peer, forwardedFor);
            using var answer = await visitor.SendFormAsync(SignIn, ("name", name), ("password", "letmein"));
            answers.Add(answer.StatusCode);
        }

        return answers;
    }

    /// <summary>Time does not pass, and whoever waits is told at once that it has.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Requests in a test come from nowhere: a header says where from.</summary>
    private sealed class Peers : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, on) =>
            {
                if (context.Request.Headers.TryGetValue(Peer, out var peer))
                    context.Connection.RemoteIpAddress = IPAddress.Parse(peer.ToString());
                return on(context);
            });
            next(app);
        };
    }
}
