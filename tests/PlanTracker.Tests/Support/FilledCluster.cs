using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;

namespace PlanTracker.Tests.Support;

/// <summary>
/// The folder of a PostgreSQL with schema, plan and demonstration accounts, made when it is first needed: whoever wants a server to kill takes a copy.
/// </summary>
public sealed class FilledCluster : IAsyncDisposable
{
    private static readonly TimeSpan CopiedWithin = TimeSpan.FromMinutes(3);

    private readonly Lazy<Task<KeptServer>> _made;

    public FilledCluster() => _made = new Lazy<Task<KeptServer>>(MakeAsync);

    /// <summary>Tokens of the reporters for the whole country and for Zhejiang.</summary>
    public string ReporterToken { get; private set; } = "";

    public string ZhejiangToken { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        if (_made.IsValueCreated)
            await (await _made.Value).DisposeAsync();
    }

    /// <summary>A server of one's own with all of it.</summary>
    internal async Task<KeptServer> StartAsync(params (string Name, string Value)[] settings) => await KeptServer.StartAsync(await CopyAsync(KeptServer.NewFolder()), settings);

    /// <summary>Copies the folder of the server, which is at rest, to a folder that is not there yet.</summary>
    internal async Task<string> CopyAsync(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Servers are killed by signals.");
        var made = await _made.Value;
        var (exitCode, output) = await PublishedApplication.RunAsync(new ProcessStartInfo("cp", ["-a", made.Folder, folder]), CopiedWithin);
        exitCode.Should().Be(0, output);
        return folder;
    }

    private async Task<KeptServer> MakeAsync()
    {
        // Little log is kept: copies are small.
        var server = await KeptServer.StartAsync(folder: null, ("fsync", "off"), ("min_wal_size", "32MB"), ("max_wal_size", "64MB"));
        await using (var application = new PlanApplication(server.ConnectionString + ";Pooling=false"))
        {
            ReporterToken = await TokenAsync(application, "reporter");
            ZhejiangToken = await TokenAsync(application, "zhejiang");
        }

        await server.StopAsync();
        return server;
    }

    private static async Task<string> TokenAsync(PlanApplication application, string name)
    {
        await using var scope = application.Services.CreateAsyncScope();
        var person = await scope.ServiceProvider.GetRequiredService<PlanDbContext>().Users.Where(p => p.UserName == name).Select(p => p.Id).SingleAsync();
        return (await scope.ServiceProvider.GetRequiredService<ApiTokenStore>().MakeAsync("Writer", TokenAccess.ReadAndWrite, 30, person, CancellationToken.None)).Text!;
    }
}
