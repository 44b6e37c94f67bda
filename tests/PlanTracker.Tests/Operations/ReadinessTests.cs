using System.Net;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Operations;

/// <summary>What the readiness check says beside "the database answers".</summary>
public sealed class ReadinessTests(TestCluster cluster)
{
    private const string Room = "Health:TemporaryMegabytes";

    [Fact]
    public async Task With_room_and_right_clocks_it_is_healthy() => (await ReadyAsync("0", TimeSpan.Zero)).Should().Be("Healthy");

    [Fact]
    public async Task Without_room_in_the_temporary_folder_it_serves_and_says_so() =>
        (await ReadyAsync(int.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero)).Should()
            .StartWith("Degraded\ntemporary folder: ").And.Contain(" MB are free, fewer than 2147483647.").And.NotContain(Path.GetTempPath());

    [Theory]
    [InlineData(+10, "behind")]
    [InlineData(-10, "ahead of")]
    public async Task With_clocks_apart_it_serves_and_says_by_how_much(int minutes, string which) =>
        (await ReadyAsync("0", TimeSpan.FromMinutes(minutes))).Should().StartWith("Degraded\ndatabase: Its clock is ").And.Contain($" seconds {which} this machine's.");

    private async Task<string> ReadyAsync(string room, TimeSpan ahead)
    {
        await using var plain = new PlanApplication(await cluster.SeededDatabaseAsync(), "Development", (Room, room));
        await using var application = plain.WithWebHostBuilder(host => host.ConfigureTestServices(s => s.AddSingleton<TimeProvider>(new Ahead(ahead))));
        using var client = application.CreateClient();
        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "people are served");
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
