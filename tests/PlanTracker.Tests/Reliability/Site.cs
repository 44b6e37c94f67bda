using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>The published application at a database, under whatever address it has after the last start.</summary>
internal sealed class Site(PublishedApplication published, string connectionString, params (string Name, string Value)[] variables) : IAsyncDisposable
{
    /// <summary>Writers that have to be kept busy are not to be told that they write too often.</summary>
    private static readonly (string Name, string Value) Unhindered = ("Api__WritesPerMinute", "1000000");

    public Running Running { get; private set; } = null!;

    public Uri Address => Running.Address;

    public static async Task<Site> StartAsync(PublishedApplication published, string connectionString, params (string Name, string Value)[] variables)
    {
        var site = new Site(published, connectionString, variables);
        await site.StartAsync();
        return site;
    }

    public async Task StartAsync() => Running = await published.StartAsync(connectionString, [Unhindered, .. variables]);

    /// <summary>Ends it with a signal that cannot be caught.</summary>
    public ValueTask KillAsync() => Running.DisposeAsync();

    public async Task<int> StatusAsync(string address)
    {
        using var client = Running.Client();
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    public Visitor Visitor() => new(Running.Client());

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
