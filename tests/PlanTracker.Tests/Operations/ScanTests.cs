using System.Diagnostics;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Operations;

/// <summary>What <c>scripts/scan</c> finds, beside a package source that is played by a script.</summary>
public sealed class ScanTests : IAsyncLifetime
{
    private const string Sound = "echo 'The given project `P` has no vulnerable packages given the current sources.'";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"plantracker-scan-{Guid.NewGuid():N}");

    private string Tools => Path.Combine(_folder, "tools");

    private string Repository => Path.Combine(_folder, "repository");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scan is a script of bash.");
        Directory.CreateDirectory(Tools);
        Directory.CreateDirectory(Repository);
        (await RunAsync("git", "init", "--quiet")).ExitCode.Should().Be(0);
        await PackagesAsync(offered: true, Sound);
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Where_nothing_is_wrong_it_says_what_it_looked_for()
    {
        await FileAsync("docker-compose.yml", "password: \"${PASSWORD:?Set it}\"\n");

        (await ScanAsync()).Should().Be((0, "No vulnerable packages.\nNo deprecated packages.\nNo secrets.\n"));
    }

    [Theory]
    [InlineData("vulnerable")]
    [InlineData("deprecated")]
    public async Task A_package_that_should_not_be_used_is_a_finding(string kind)
    {
        await PackagesAsync(offered: true, $"case \"$*\" in *--{kind}*) echo 'Project `P` has the following {kind} packages'; echo '   > Leaky 1.0.0';; esac");

        var (exit, output) = await ScanAsync();

        exit.Should().Be(1);
        output.Should().Contain("> Leaky 1.0.0");
    }

    [Fact]
    public async Task A_source_without_the_data_is_said_not_taken_for_a_clean_answer()
    {
        await PackagesAsync(offered: false, Sound);

        var (exit, output) = await ScanAsync();

        exit.Should().Be(0);
        output.Should().StartWith("Not scanned for vulnerable packages: no package source that answers here offers vulnerability data.\n").And.NotContain("No vulnerable");
    }

    [Fact]
    public async Task A_question_that_fails_is_said()
    {
        await PackagesAsync(offered: true, "echo 'No assets file.'; exit 1");

        (await ScanAsync()).Output.Should().Contain("Not scanned for vulnerable packages, the question failed: No assets file.");
    }

    [Theory]
    [InlineData("notes.txt", "-----BEGIN RSA PRIVATE", " KEY-----")]
    [InlineData("src/Program.cs", "var key = \"AKIA", "ABCDEFGHIJKLMNOP\";")]
    [InlineData("src/appsettings.Production.json", "{ \"Mail\": { \"Pass", "word\": \"hunter2\" } }")]
    [InlineData("docker-compose.more.yml", "      POSTGRES_PASS", "WORD: hunter2")]
    [InlineData("docker-compose.yml", "      Connection: \"Host=db;Pass", "word=hunter2\"")]
    [InlineData(".env.example", "MAIL_PASS", "WORD=hunter2")]
    public async Task A_secret_is_found_by_its_place_and_not_repeated(string file, string text, string rest)
    {
        await FileAsync(file, $"first line\n{text}{rest}\n");

        var (exit, output) = await ScanAsync();

        exit.Should().Be(1);
        output.Should().EndWith($"What looks like a secret:\n{file}:2\n");
    }

    private async Task PackagesAsync(bool offered, string list)
    {
        await ToolAsync("curl", offered ? "echo '\"@type\":\"VulnerabilityInfo/6.7.0\"'" : "echo '\"@type\":\"PackageBaseAddress/3.0.0\"'");
        await ToolAsync("dotnet", $"if [ \"$1\" = nuget ]; then echo 'E https://packages.example.org/index.json'; exit; fi\n{list}");
    }

    private async Task ToolAsync(string name, string script)
    {
        var file = Path.Combine(Tools, name);
        await File.WriteAllTextAsync(file, $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task FileAsync(string name, string text)
    {
        var file = Path.Combine(Repository, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
        (await RunAsync("git", "add", "--all")).ExitCode.Should().Be(0);
    }

    private Task<(int ExitCode, string Output)> ScanAsync() => RunAsync("bash", Path.Combine(SeededPlan.RepositoryRoot, "scripts", "scan"), Repository);

    private Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository };
        start.Environment["PATH"] = Tools + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return PublishedApplication.RunAsync(start, TimeSpan.FromMinutes(1));
    }
}
