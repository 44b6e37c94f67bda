using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>The application with the shipped plan on a port of this machine, and a database that nobody else touches.</summary>
public class ServedPlan(TestCluster cluster) : IAsyncLifetime
{
    public SeededPlan Plan { get; } = new(cluster);

    /// <summary>By name, since a passkey belongs to one and not to a number.</summary>
    public Uri Address => new UriBuilder(Plan.Application.ClientOptions.BaseAddress) { Host = "localhost" }.Uri;

    /// <summary>Cookies of people who have signed in, by name.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public virtual async ValueTask InitializeAsync()
    {
        await Plan.InitializeAsync();
        Plan.Application.UseKestrel(0);
        Plan.Application.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        await Plan.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
