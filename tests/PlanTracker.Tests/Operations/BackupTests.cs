using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Platform.LocalPostgres;
using PlanTracker.Tests.Reliability;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Operations;

/// <summary>The commands of docs/operations.md: a dump is restored, and is the same; so is the moment before an accident.</summary>
public sealed partial class BackupTests(PublishedApplication published, TestCluster cluster, FilledCluster filled) : IAsyncLifetime
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    private readonly string _dump = Path.Combine(Path.GetTempPath(), $"plantracker-{Guid.NewGuid():N}.dump");
    private readonly string _anchors = Path.Combine(Path.GetTempPath(), $"plantracker-anchors-{Guid.NewGuid():N}.txt");
    private string _tools = "";

    public async ValueTask InitializeAsync()
    {
        var options = new LocalPostgresOptions { Folder = Path.GetTempPath(), AllowDownload = false };
        var server = await PostgresBinaries.FindAsync(options, clusterMajor: null, NullLogger.Instance, CancellationToken.None);
        _tools = Path.GetDirectoryName(server.Postgres)!;
        Assert.SkipUnless(File.Exists(Path.Combine(_tools, "pg_dump")), $"There is no pg_dump in {_tools}.");
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(_dump);
        File.Delete(_anchors);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_dump_restored_into_an_empty_database_holds_the_same_and_the_application_works_on_it()
    {
        var source = await cluster.SeededDatabaseAsync();
        await UseAsync(await published.MigrateAsync(source));
        await File.WriteAllTextAsync(_anchors, await CommandAsync(source, "audit", "anchor"));
        var before = await DigestAsync(source);

        await ToolAsync("pg_dump", source, "--format=custom", $"--file={_dump}");
        var restored = await cluster.EmptyDatabaseAsync();
        await ToolAsync("pg_restore", restored, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", _dump);
        var asSite = await published.MigrateAsync(restored);

        var after = await DigestAsync(restored);
        after.Should().Equal(before);
        (await DigestAsync(asSite)).Should().Equal(before, "the role of the site may ask as well");
        before.Should().HaveCountGreaterThan(30).And.Contain(l => l.StartsWith("reading_revisions ", StringComparison.Ordinal)).And.Contain(l => l.StartsWith("audit_events_id_seq ", StringComparison.Ordinal));
        (await CommandAsync(asSite, "audit", "verify", "--anchor", _anchors)).Should().Contain("The chain is whole");
        await UseAsync(asSite);

        // The control: one changed row is noticed, and where it is.
        var used = await DigestAsync(restored);
        await DoAsync(restored, "update readings set value = value + 1 where id = (select min(id) from readings where value is not null)");
        (await DigestAsync(restored)).Except(used, StringComparer.Ordinal).Should().HaveCount(2).And.SatisfyRespectively(
            l => l.Should().StartWith("readings "), l => l.Should().StartWith("all "));
        await DoAsync(restored, "update audit_events set subject = 'another' where id = (select min(id) from audit_events)");
        (await published.CommandAsync(restored, "audit", "verify")).ExitCode.Should().Be(1);
    }

    [Fact]
    public async Task A_base_backup_and_the_kept_log_bring_back_the_moment_before_an_accident()
    {
        await using var archive = new RemovedFolder(KeptServer.NewFolder());
        Directory.CreateDirectory(archive.Path);
        await using var server = await filled.StartAsync(("archive_mode", "on"), ("archive_command", $"test ! -f {archive.Path}/%f && cp %p {archive.Path}/%f"));
        await GiveAsync(archive.Path, server.Folder);
        // Beside the folder of a server there is its password.
        await using var backup = new RemovedFolder(await filled.CopyAsync(KeptServer.NewFolder()));
        var data = Path.Combine(backup.Path, "data");
        Directory.Delete(data, recursive: true);
        await ToolAsync("pg_basebackup", server.ConnectionString, $"--pgdata={data}", "--checkpoint=fast", "--wal-method=stream");
        await RunAsync(Path.Combine(_tools, "pg_verifybackup"), data);
        await GiveAsync(data, server.Folder);

        await UseAsync(server.ConnectionString);
        var before = Tables(await DigestAsync(server.ConnectionString));
        var moment = await server.AskAsync<string>("select clock_timestamp()::text");
        await server.DoAsync("set session_replication_role = replica; update readings set value = 0 where value is not null");
        var last = await server.AskAsync<string>("select pg_walfile_name(pg_switch_wal())");
        await Until.HoldsAsync(() => File.Exists(Path.Combine(archive.Path, last)), "the log is kept");
        await server.StopAsync();

        // The control: without a moment the log leads to its end, and the accident is there.
        await using (var end = await RecoverAsync(data, archive.Path, server.Folder, target: ""))
            Tables(await DigestAsync(end.ConnectionString)).Except(before, StringComparer.Ordinal).Should().ContainSingle().Which.Should().StartWith("readings ");
        await using var restored = await RecoverAsync(data, archive.Path, server.Folder, $"recovery_target_time = '{moment}'\n");

        Tables(await DigestAsync(restored.ConnectionString)).Should().Equal(before);
        (await CommandAsync(restored.ConnectionString, "audit", "verify")).Should().Contain("The chain is whole");
        await UseAsync(restored.ConnectionString);

        foreach (var setting in new[] { "recovery_target_time", "recovery_target_action", "restore_command" })
            await restored.DoAsync($"alter system reset {setting}");
        await using var standby = await FollowAsync(restored);
        await restored.DoAsync("update plan_elements set title_en = 'After the recovery' where code = 'T01'");
        await standby.HoldsAsync("select title_en = 'After the recovery' from plan_elements where code = 'T01'");
        (await standby.AskAsync<bool>("select pg_is_in_recovery()")).Should().BeTrue("it follows and is no second primary");
    }

    /// <summary>A standby made of a copy, as <c>deploy/standby.sh</c> makes it.</summary>
    private async Task<KeptServer> FollowAsync(KeptServer primary)
    {
        await primary.DoAsync("select pg_create_physical_replication_slot('standby')");
        var folder = await filled.CopyAsync(KeptServer.NewFolder());
        var data = Path.Combine(folder, "data");
        Directory.Delete(data, recursive: true);
        await ToolAsync("pg_basebackup", primary.ConnectionString, $"--pgdata={data}", "--checkpoint=fast", "--wal-method=stream", "--slot=standby");
        var to = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        await File.AppendAllTextAsync(
            Path.Combine(data, "postgresql.auto.conf"),
            string.Create(CultureInfo.InvariantCulture, $"primary_conninfo = 'host={to.Host} port={to.Port} user={to.Username} password={to.Password}'\nprimary_slot_name = 'standby'\n"));
        await File.WriteAllTextAsync(Path.Combine(data, "standby.signal"), "");
        await GiveAsync(data, primary.Folder);
        return await KeptServer.StartAsync(folder, ("wal_retrieve_retry_interval", "200ms"));
    }

    /// <summary>A server made of a base backup and the log that was kept.</summary>
    private async Task<KeptServer> RecoverAsync(string backup, string archive, string like, string target)
    {
        var folder = await filled.CopyAsync(KeptServer.NewFolder());
        var data = Path.Combine(folder, "data");
        Directory.Delete(data, recursive: true);
        await RunAsync("cp", "-a", backup, data);
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.auto.conf"), $"restore_command = 'cp {archive}/%f %p'\n{target}recovery_target_action = promote\n");
        await File.WriteAllTextAsync(Path.Combine(data, "recovery.signal"), "");
        await GiveAsync(data, like);
        var server = await KeptServer.StartAsync(folder);
        await server.HoldsAsync("select not pg_is_in_recovery()");
        return server;
    }

    /// <summary>A server that does not run as root needs its files to be its own.</summary>
    private static Task GiveAsync(string folder, string like) => RunAsync("chown", "-R", $"--reference={Path.Combine(like, "data")}", folder);

    /// <summary>Numbers that were handed out in advance are not taken back by a recovery.</summary>
    private static List<string> Tables(List<string> digest) => digest.FindAll(l => !l.StartsWith("all ", StringComparison.Ordinal) && !l.Contains("_seq ", StringComparison.Ordinal));

    /// <summary>Somebody signs in and looks: keys, sessions and audit get their rows.</summary>
    private async Task UseAsync(string connection)
    {
        await using var site = await Site.StartAsync(published, connection);
        using var visitor = await Visitor.SignedInAsync(site.Visitor(), "leader");
        using var page = await visitor.PageAsync($"/en/plans/{SeededPlan.PlanCode}");
        (await site.Running.StopAsync(Enough)).Should().Be(0);
    }

    private async Task<List<string>> DigestAsync(string connection) => [.. (await CommandAsync(connection, "digest")).Split('\n').Where(l => Line().IsMatch(l))];

    private async Task<string> CommandAsync(string connection, params string[] arguments)
    {
        var (exitCode, output) = await published.CommandAsync(connection, arguments);
        exitCode.Should().Be(0, output);
        return output;
    }

    private async Task ToolAsync(string tool, string connection, params string[] arguments)
    {
        var to = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(Path.Combine(_tools, tool), [.. arguments, $"--dbname=dbname={to.Database}"])
        {
            Environment = { ["PGHOST"] = to.Host, ["PGPORT"] = to.Port.ToString(CultureInfo.InvariantCulture), ["PGUSER"] = to.Username, ["PGPASSWORD"] = to.Password },
        };
        await RunAsync(start);
    }

    private static Task RunAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        var (exitCode, output) = await PublishedApplication.RunAsync(start, Enough);
        exitCode.Should().Be(0, output);
    }

    private static async Task DoAsync(string connection, string statement)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand($"set session_replication_role = replica; {statement}");
        (await command.ExecuteNonQueryAsync()).Should().Be(1);
    }

    [GeneratedRegex(@"\A(?:\w+ [0-9]+ (?:[0-9a-f]{64}|-)|all [0-9a-f]{64})\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
