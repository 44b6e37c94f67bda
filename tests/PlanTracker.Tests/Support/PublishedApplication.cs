using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using PlanTracker.Tests.Support;

[assembly: AssemblyFixture(typeof(PublishedApplication))]
[assembly: AssemblyFixture(typeof(FilledCluster))]

namespace PlanTracker.Tests.Support;

/// <summary>
/// The application as it is shipped: published once, when it is first needed, then run as a process of its own with the environment of the compose file.
/// </summary>
public sealed class PublishedApplication : IAsyncDisposable
{
    private static readonly TimeSpan PublishWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(3);

    public static ComposeFile Compose { get; } = ComposeFile.Read();

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"plantracker-published-{Guid.NewGuid():N}");

    private static Dictionary<string, string> Passwords { get; } = new(StringComparer.Ordinal)
    {
        ["POSTGRES_PASSWORD"] = Guid.NewGuid().ToString("N"),
        ["APPLICATION_PASSWORD"] = Guid.NewGuid().ToString("N"),
    };

    // One role for all databases of a server.
    private static readonly SemaphoreSlim s_migrating = new(1);

    private readonly Lazy<Task> _published;

    public PublishedApplication() => _published = new Lazy<Task>(PublishAsync);

    private static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Does what the compose file does before the site starts: migrates as the owner and makes the role of the site.</summary>
    /// <returns>The connection string of that role.</returns>
    public async Task<string> MigrateAsync(string ownersConnection)
    {
        await _published.Value;
        await s_migrating.WaitAsync();
        try
        {
            var (exitCode, output) = await RunAsync(Describe(ownersConnection, [], [.. Compose.List("services/migrate/command")], "migrate"), AnswerWithin);
            if (exitCode != 0)
                throw new InvalidOperationException($"migrate failed:\n{output}");
        }
        finally
        {
            s_migrating.Release();
        }

        var site = new NpgsqlConnectionStringBuilder(ComposeFile.PutIn(Compose["services/web/environment/ConnectionStrings__PlanTracker"], Passwords));
        return new NpgsqlConnectionStringBuilder(ownersConnection) { Username = site.Username, Password = site.Password }.ConnectionString;
    }

    /// <summary>Starts the application on a free port of this machine and waits until it listens.</summary>
    public async Task<Running> StartAsync(string connectionString, params (string Name, string Value)[] variables)
    {
        await _published.Value;
        return await Running.StartAsync(Describe(connectionString, variables, ["--urls=http://127.0.0.1:0"]), AnswerWithin);
    }

    /// <summary>Runs one of the application's commands to its end.</summary>
    public async Task<(int ExitCode, string Output)> CommandAsync(string connectionString, params string[] arguments)
    {
        await _published.Value;
        return await RunAsync(Describe(connectionString, [], arguments), AnswerWithin);
    }

    /// <summary>Runs a program to its end, which must come in time.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, TimeSpan within)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var limit = new CancellationTokenSource(within);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private async Task PublishAsync()
    {
        var project = Path.Combine(SeededPlan.RepositoryRoot, "src", "PlanTracker.Web");
        // Build servers would outlive the test and hold its output open.
        var start = new ProcessStartInfo(DotNet, ["publish", project, "-c", "Release", "--no-restore", "-o", Folder, "--disable-build-servers"]);
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        var (exitCode, output) = await RunAsync(start, PublishWithin);
        if (exitCode != 0)
            throw new InvalidOperationException($"dotnet publish failed:\n{output}");
    }

    /// <summary>
    /// Nothing is inherited but what finds the runtime; every name comes from the compose file, only the database is another. What is no name of the
    /// file is set as it is.
    /// </summary>
    private ProcessStartInfo Describe(string connectionString, (string Name, string Value)[] variables, string[] arguments, string service = "web")
    {
        var environment = $"services/{service}/environment";
        var given = variables.Concat(Passwords.Select(p => (p.Key, p.Value))).ToDictionary(v => v.Item1, v => v.Item2, StringComparer.Ordinal);
        var start = new ProcessStartInfo(DotNet, [Path.Combine(Folder, "PlanTracker.Web.dll"), .. arguments]) { WorkingDirectory = Folder };
        foreach (var name in start.Environment.Keys.Where(n => n is not ("PATH" or "DOTNET_ROOT" or "SystemRoot")).ToList())
            start.Environment.Remove(name);
        foreach (var name in Compose.Names(environment))
        {
            start.Environment[name] = name == "ConnectionStrings__PlanTracker"
                ? connectionString
                : ComposeFile.PutIn(Compose[$"{environment}/{name}"], given);
        }

        foreach (var (name, value) in variables.Where(v => v.Name.Contains("__", StringComparison.Ordinal) || v.Name == "TMPDIR"))
            start.Environment[name] = value;

        return start;
    }
}

/// <summary>The application at work; killed at the latest when the test is over.</summary>
public sealed partial class Running : IAsyncDisposable
{
    private const int SigTerm = 15;

    private const int MostErrorLines = 200;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Running(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The application ended before it listened."));
    }

    public Uri Address => _listening.Task.Result;

    /// <summary>What the application has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Bytes of memory it holds.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>A browser of its own, with cookies, that shows redirects instead of following them.</summary>
    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public static async Task<Running> StartAsync(ProcessStartInfo start, TimeSpan within)
    {
        var running = new Running(start);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        try
        {
            await running._listening.Task.WaitAsync(within);
            return running;
        }
        catch (Exception failure)
        {
            await running.DisposeAsync();
            throw new InvalidOperationException($"The published application does not serve:\n{running.Output}", failure);
        }
    }

    /// <summary>Asks it to stop, as docker does, and returns its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        _ = Kill(_process.Id, SigTerm);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        foreach (var line in Errors().TakeLast(MostErrorLines))
            TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    /// <summary>The errors it logged, with our own lines of where: who looks for why a test failed finds them with it.</summary>
    private IEnumerable<string> Errors()
    {
        var inError = false;
        foreach (var line in Output.Split('\n'))
        {
            inError = line.StartsWith('[') ? line.Contains(" ERR]", StringComparison.Ordinal) : inError;
            if (inError && (!line.TrimStart().StartsWith("at ", StringComparison.Ordinal) || line.Contains(" PlanTracker.", StringComparison.Ordinal)))
                yield return line;
        }
    }

    private void Take(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
        if (line is not null && Listening().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
