using PlanTracker.Tests.Support;

namespace PlanTracker.BrowserTests.Support;

/// <summary>The application with the shipped plan on a port of this machine, and a database that nobody else touches.</summary>
public class ServedPlan(TestCluster cluster) : IAsyncLifetime
{
    public SeededPlan Plan { get; } = new(cluster);

    public Uri Address => Plan.Application.ClientOptions.BaseAddress;

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
