using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;

namespace PlanTracker.Tests.Support;

/// <summary>A database of one's own with the shipped plan in it, the application on top, and each kind of user.</summary>
public sealed class SeededPlan(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>The application works as a role that can change neither the schema nor the audit; <see cref="ConnectionString"/> stays the owner's.</summary>
    public bool InItsOwnRole { get; init; }

    /// <summary>As whom the application works.</summary>
    public string ApplicationConnectionString { get; private set; } = "";

    public const string PlanCode = "14fyp-informatization";

    public PlanApplication Application { get; private set; } = null!;

    /// <inheritdoc cref="PlanApplication.ImportsWait"/>
    public bool ImportsWait { get; init; }

    public string ConnectionString { get; private set; } = "";

    public static string RepositoryRoot { get; } = FindRoot();

    public static string PackageFolder { get; } = Path.Combine(RepositoryRoot, "seed-data", "plans", PlanCode);

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await cluster.SeededDatabaseAsync();
        ApplicationConnectionString = InItsOwnRole ? await TestCluster.ApplicationRoleAsync(ConnectionString) : ConnectionString;
        Application = new PlanApplication(ApplicationConnectionString) { ImportsWait = ImportsWait };
    }

    public ValueTask DisposeAsync() => Application.DisposeAsync();

    /// <summary>Runs <paramref name="work"/> with a context and a store of its own.</summary>
    public async Task<T> WithAsync<T>(Func<PlanDbContext, ReadingStore, Task<T>> work)
    {
        await using var scope = Application.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<PlanDbContext>(), scope.ServiceProvider.GetRequiredService<ReadingStore>());
    }

    public Task<Guid> PersonAsync(string name) => WithAsync((db, _) => db.Users.Where(p => p.UserName == name).Select(p => p.Id).SingleAsync());

    public Task<int> IndicatorAsync(string code) => WithAsync((db, _) => db.Indicators.Where(i => i.Code == code).Select(i => i.Id).SingleAsync());

    public Task<int> RegionAsync(string code) => WithAsync((db, _) => db.Regions.Where(r => r.Code == code).Select(r => r.Id).SingleAsync());

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PlanTracker.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("PlanTracker.sln was not found above the tests.");
    }
}
