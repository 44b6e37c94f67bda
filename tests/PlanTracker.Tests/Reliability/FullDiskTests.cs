using System.Diagnostics;
using System.Net;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>There is no room left, for the database or for a file to be made: it is said, nothing is half written, and with room it goes on by itself.</summary>
[Trait("Speed", "slow")]
public sealed class FullDiskTests(PublishedApplication published, FilledCluster filled)
{
    private const int DataMegabytes = 200;
    private const string Readings = $"/en/plans/{SeededPlan.PlanCode}/readings.csv";

    [Fact]
    public async Task The_disk_of_the_database_is_full()
    {
        // Its log of changes stands on another disk: the tables run out of room first.
        await using var log = new RemovedFolder(KeptServer.NewFolder());
        await using var disk = await SmallDisk.MountAsync(DataMegabytes);
        await using var server = await KeptServer.StartAsync(
            await MovedAsync(await filled.CopyAsync(Path.Combine(disk.Folder, "server")), "pg_wal", log.Path));
        var import = await ImportToApply.MakeAsync(server);
        // Held as by another process, so that it is taken up once the disk is full.
        var held = await server.HoldAsync($"7264010, {import}");
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        using var reporter = await Visitor.SignedInAsync(site.Visitor(), "reporter");
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(20);

        disk.Fill();
        await held.DisposeAsync();
        await Until.HoldsAsync(() => writers.Refusals.ContainsKey(HttpStatusCode.InsufficientStorage), "a writer is told that there is no room");
        writers.Refusals[HttpStatusCode.InsufficientStorage].Should().Contain("no room left").And.Contain("nothing was saved");
        await Until.HoldsAsync(() => site.Running.Output.Contains($"Import {import} was broken off", StringComparison.Ordinal), "the import is broken off");
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(0, "nothing is half written");
        var page = await reporter.PageAsync($"/en/plans/{SeededPlan.PlanCode}/imports/{import}");
        page.QuerySelector("[role=status].notice-warning")!.TextContent.Should().Contain("because a disk of the server is full").And.Contain("It is tried again");

        disk.MakeRoom();
        var room = Stopwatch.GetTimestamp();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(room);
        await ImportToApply.AppliedAsync(server, import);
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(ImportToApply.Figures, "all of it is there, once");
        (await Ledger.HoldAsync(await writers.StopAsync(), server)).ShouldBeKept().Tell("disk of the database full", again);
    }

    [Fact]
    public async Task The_disk_of_the_database_log_is_full()
    {
        await using var disk = await SmallDisk.MountAsync(DataMegabytes);
        await using var server = await KeptServer.StartAsync(await MovedAsync(await filled.CopyAsync(KeptServer.NewFolder()), "pg_wal", Path.Combine(disk.Folder, "log")));
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        await using var writers = Writers.Start(() => site.Address, filled.ReporterToken);
        await writers.MoreAsync(20);

        disk.Fill();
        await UseUpLogAsync(server);
        await Until.HoldsAsync(() => writers.Refusals.ContainsKey(HttpStatusCode.ServiceUnavailable), "a writer is told to come again");
        var ended = server.HasEnded;
        disk.MakeRoom();
        var room = Stopwatch.GetTimestamp();
        // Without room for its log PostgreSQL ends itself, and whoever runs it starts it again.
        if (server.HasEnded)
            await server.ComeBackAsync();
        await writers.MoreAsync(1);
        var again = Stopwatch.GetElapsedTime(room);

        (await Ledger.HoldAsync(await writers.StopAsync(), server)).ShouldBeKept().Tell($"disk of the database's log full (it {(ended ? "ended" : "restarted")} itself)", again);
    }

    [Fact]
    public async Task The_temporary_folder_is_full()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString, ("TMPDIR", disk.Folder));
        using var visitor = await Visitor.SignedInAsync(site.Visitor(), "leader");
        disk.Fill();

        using (var refused = await visitor.GetAsync(Readings))
        {
            refused.StatusCode.Should().Be(HttpStatusCode.InsufficientStorage);
            using var page = await Visitor.ReadAsync(refused);
            page.QuerySelector("h1")!.TextContent.Should().Be("No room left");
        }

        Directory.GetFiles(disk.Folder, "plantracker-*").Should().BeEmpty("nothing half made stays");
        disk.MakeRoom();
        using var file = await visitor.GetAsync(Readings);
        file.StatusCode.Should().Be(HttpStatusCode.OK);
        (await file.Content.ReadAsByteArrayAsync()).Should().NotBeEmpty();
    }

    /// <summary>Begins new files of the log until there is no room for another.</summary>
    private static async Task UseUpLogAsync(KeptServer server)
    {
        try
        {
            while (!server.HasEnded)
                await server.DoAsync("select pg_logical_emit_message(true, 'test', repeat('x', 100000)); select pg_switch_wal()");
        }
        catch (NpgsqlException)
        {
            // It has come to its end.
        }
    }

    /// <summary>Moves a folder of a server at rest, so that it stands on another disk than the rest.</summary>
    private static async Task<string> MovedAsync(string server, string name, string to)
    {
        var from = Path.Combine(server, "data", name);
        var (exitCode, output) = await PublishedApplication.RunAsync(new ProcessStartInfo("mv", [from, to]), TimeSpan.FromMinutes(1));
        exitCode.Should().Be(0, output);
        File.CreateSymbolicLink(from, to);
        return server;
    }
}
