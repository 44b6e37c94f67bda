using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Platform.LocalPostgres;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>
/// The application or the database is killed in the middle of writing an import: nothing of it is there, and when both are back it is all there, once.
/// </summary>
[Collection(nameof(PublishedApplication))]
public sealed class BrokenOffTests(PublishedApplication published)
{
    private const int Regions = 31;
    private const int Figures = Regions * 12;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_application_is_killed_while_it_writes()
    {
        var server = await Server.StartAsync();
        await using var folder = server.Folder;
        await using var running = server;
        var (import, before) = await ToApplyAsync(server);

        await using (var held = await HoldLastStepAsync(server))
        {
            await using var killed = await published.StartAsync(server.ConnectionString);
            await WrittenAndWaitingAsync(server);
            // Disposing kills: no signal that could be caught.
        }

        await AloneAsync(server);
        (await AskAsync<long>(server, "select count(*) from reading_revisions")).Should().Be(before, "nothing of it is there");
        (await AskAsync<string>(server, $"select state from imports where id = {import}")).Should().Be("applying");
        await using var again = await published.StartAsync(server.ConnectionString);
        await AppliedAsync(server, import);
        (await AskAsync<long>(server, "select count(*) from reading_revisions")).Should().Be(before + Figures, "all of it is there, once");
        (await AskAsync<bool>(server, $"select interrupted_at is not null from imports where id = {import}")).Should().BeTrue("it says so");
    }

    [Fact]
    public async Task PostgreSQL_is_killed_while_it_writes()
    {
        var server = await Server.StartAsync();
        await using var folder = server.Folder;
        var (import, before) = await ToApplyAsync(server);
        await using (var held = await HoldLastStepAsync(server))
        await using (var writing = await published.StartAsync(server.ConnectionString))
        {
            await WrittenAndWaitingAsync(server);
            server.Kill();
            await server.DisposeAsync();
        }

        await using var back = await Server.StartAsync(folder);
        (await AskAsync<long>(back, "select count(*) from reading_revisions")).Should().Be(before, "nothing of it is there");
        await using var again = await published.StartAsync(back.ConnectionString);
        await AppliedAsync(back, import);
        (await AskAsync<long>(back, "select count(*) from reading_revisions")).Should().Be(before + Figures, "all of it is there, once");
        (await AskAsync<long>(back, "select count(*) from audit_events where action = 'import.applied'")).Should().Be(1);
        (await AskAsync<bool>(back, $"select interrupted_at is not null from imports where id = {import}")).Should().BeTrue("it says so");
    }

    /// <summary>An import that somebody has asked to apply, and that nobody works on yet.</summary>
    private async Task<(int Import, long Revisions)> ToApplyAsync(Server server)
    {
        // Else the import were applied before anything can be killed.
        await using var application = new PlanApplication(server.ConnectionString) { ImportsWait = true };
        await using var scope = application.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlanDbContext>();
        var store = scope.ServiceProvider.GetRequiredService<ImportStore>();
        var author = await db.Users.Where(p => p.UserName == "reporter").Select(p => p.Id).SingleAsync(Ct);
        var regions = await db.Cells().Where(c => c.Indicator.Code == "P-RD-INT" && c.Region.Kind == RegionKind.Unit)
            .OrderBy(c => c.Region.Position).Select(c => c.Region.Code).Take(Regions).ToListAsync(Ct);
        var text = new StringBuilder($"{ImportSteps.Header}\n");
        foreach (var region in regions)
        {
            for (var year = 1980; year < 1992; year++)
                text.Append(CultureInfo.InvariantCulture, $"P-RD-INT,{region},{year},1.{year % 10},A,Yearbook,,Counted.\n");
        }

        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString()));
        var shape = TableShape.Of(file);
        file.Position = 0;
        var import = await store.ReceiveAsync(await db.Plans.Select(p => p.Id).SingleAsync(Ct), author, "figures.csv", file, shape, Ct);
        (await store.ReadAsync(import.Id, new ColumnPlan { Columns = import.Columns }, Ct)).Should().BeNull();
        await scope.ServiceProvider.GetRequiredService<ImportRunner>().RunAsync(import.Id, Ct);
        (await store.ApplyAsync(import.Id, author, "Counted.", Ct)).Should().BeNull();
        (await db.ImportRows.CountAsync(r => r.ImportId == import.Id && r.Verdict == RowVerdict.New, Ct)).Should().Be(Figures);
        return (import.Id, await db.Revisions.LongCountAsync(Ct));
    }

    /// <summary>Holds what the last step of an import, its audit event, has to wait for: by then every figure is written, and nothing is committed.</summary>
    private static async Task<NpgsqlConnection> HoldLastStepAsync(Server server)
    {
        var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(7264001)", connection);
        await hold.ExecuteNonQueryAsync(Ct);
        return connection;
    }

    private static Task WrittenAndWaitingAsync(Server server) => HoldsAsync(server, "select exists (select from pg_stat_activity where wait_event = 'advisory' and query ilike '%audit_events%')");

    private static Task AppliedAsync(Server server, int import) => HoldsAsync(server, $"select state = 'applied' from imports where id = {import}");

    /// <summary>Whoever wrote is gone, and what it had not committed with it.</summary>
    private static Task AloneAsync(Server server) => HoldsAsync(server, "select count(*) = 0 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");

    private static async Task HoldsAsync(Server server, string question)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await AskAsync<bool>(server, question))
        {
            if (Stopwatch.GetElapsedTime(start) > Soon)
                throw new TimeoutException(question);
        }
    }

    private static async Task<T> AskAsync<T>(Server server, string question)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(question, connection);
        return (T)(await command.ExecuteScalarAsync(Ct))!;
    }

    /// <summary>A folder that goes at the end.</summary>
    private sealed class Removed(string path) : IAsyncDisposable
    {
        public string Path => path;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(path, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A PostgreSQL of one's own that keeps what it acknowledges, on a port that stays the same.</summary>
    private sealed class Server(LocalPostgresServer server, Removed folder) : IAsyncDisposable
    {
        public string ConnectionString => server.ConnectionString("plan");

        public Removed Folder => folder;

        public static async Task<Server> StartAsync(Removed? folder = null)
        {
            folder ??= new Removed(Path.Combine(Path.GetTempPath(), $"plantracker-killed-{Guid.NewGuid():N}"));
            var server = await LocalPostgresServer.StartAsync(new LocalPostgresOptions { Folder = folder.Path }, NullLogger.Instance, TimeProvider.System, Ct);
            await server.EnsureDatabaseAsync("plan", Ct);
            return new Server(server, folder);
        }

        public void Kill()
        {
            using var process = Process.GetProcessById(server.ProcessId);
            process.Kill();
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
