using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>
/// The application or the database is killed in the middle of writing an import: nothing of it is there, and when both are back it is all there, once.
/// </summary>
public sealed class BrokenOffTests(PublishedApplication published, FilledCluster filled)
{
    [Fact]
    public async Task The_application_is_killed_while_it_writes()
    {
        await using var server = await filled.StartAsync();
        var import = await ImportToApply.MakeAsync(server);
        await using (var held = await server.HoldAsync(ImportToApply.LastStep))
        {
            await using var killed = await published.StartAsync(server.ConnectionString);
            await ImportToApply.WrittenAndWaitingAsync(server);
            // Disposing kills: no signal that could be caught.
        }

        await AloneAsync(server);
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(0, "nothing of it is there");
        (await server.AskAsync<string>($"select state from imports where id = {import}")).Should().Be("applying");
        await using var again = await published.StartAsync(server.ConnectionString);
        await OnceAsync(server, import);
    }

    [Fact]
    public async Task PostgreSQL_is_killed_while_it_writes()
    {
        await using var server = await filled.StartAsync();
        var import = await ImportToApply.MakeAsync(server);
        await using (var held = await server.HoldAsync(ImportToApply.LastStep))
        await using (var writing = await published.StartAsync(server.ConnectionString))
        {
            await ImportToApply.WrittenAndWaitingAsync(server);
            await server.KillAsync();
        }

        await server.ComeBackAsync();
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(0, "nothing of it is there");
        await using var again = await published.StartAsync(server.ConnectionString);
        await OnceAsync(server, import);
    }

    private static async Task OnceAsync(KeptServer server, int import)
    {
        await ImportToApply.AppliedAsync(server, import);
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(ImportToApply.Figures, "all of it is there, once");
        (await server.AskAsync<long>("select count(*) from audit_events where action = 'import.applied'")).Should().Be(1);
        (await server.AskAsync<bool>($"select interrupted_at is not null from imports where id = {import}")).Should().BeTrue("it says so");
    }

    /// <summary>Whoever wrote is gone, and what it had not committed with it.</summary>
    private static Task AloneAsync(KeptServer server) =>
        server.HoldsAsync("select count(*) = 0 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");
}
