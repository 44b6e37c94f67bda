using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests;

/// <summary>Rules of the house that no compiler keeps.</summary>
public sealed partial class HouseTests
{
    private static readonly string Web = Path.Combine(SeededPlan.RepositoryRoot, "src", "PlanTracker.Web");

    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Domain"] = [],
        ["Data"] = ["Domain"],
        ["Platform"] = ["Data", "Domain"],
        ["Features"] = ["Data", "Domain", "Platform"],
    };

    [Fact]
    public void Dependencies_point_one_way()
    {
        var wrong = from file in Sources()
                    let part = Part(file)
                    where MayUse.ContainsKey(part)
                    from used in Used(file)
                    let other = used.Split('.')[0]
                    where other != part && MayUse.ContainsKey(other) && !MayUse[part].Contains(other, StringComparer.Ordinal)
                    select $"{Relative(file)} uses {used}";

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void A_slice_uses_no_other_slice()
    {
        var wrong = from file in Sources()
                    where Part(file) == "Features"
                    let slice = Relative(file).Split('/')[1]
                    from used in Used(file)
                    let parts = used.Split('.')
                    where parts[0] == "Features" && parts.Length > 1 && parts[1] != slice && parts[1] != "Shared"
                    select $"{Relative(file)} uses {used}";

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void The_domain_knows_neither_framework_nor_database_nor_clock()
    {
        var wrong = from file in Sources()
                    where Part(file) == "Domain"
                    let text = File.ReadAllText(file)
                    where text.Contains("Microsoft.", StringComparison.Ordinal) || text.Contains("Npgsql", StringComparison.Ordinal)
                        || text.Contains("TimeProvider", StringComparison.Ordinal) || text.Contains("System.IO", StringComparison.Ordinal)
                    select Relative(file);

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Views_hold_neither_inline_script_nor_inline_style()
    {
        var wrong = Directory.GetFiles(Web, "*.cshtml", SearchOption.AllDirectories)
            .Where(f => Inline().IsMatch(File.ReadAllText(f))).Select(Relative);

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Every_vendored_file_is_the_one_its_package_holds()
    {
        var lib = Path.Combine(Web, "wwwroot", "lib");
        var wanted = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(lib, "hashes.json")))!;
        var found = Directory.GetFiles(lib, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(lib, f).Replace('\\', '/')).Where(f => f != "hashes.json")
            .ToDictionary(f => f, f => "sha384-" + Convert.ToBase64String(SHA384.HashData(File.ReadAllBytes(Path.Combine(lib, f)))), StringComparer.Ordinal);

        found.Should().BeEquivalentTo(wanted);
    }

    [Fact]
    public void The_manifest_names_every_vendored_file_at_the_version_it_has()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Web, "libman.json")));
        var hashes = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Web, "wwwroot", "lib", "hashes.json")))!;
        var listed = new List<string>();
        foreach (var library in manifest.RootElement.GetProperty("libraries").EnumerateArray())
        {
            var version = library.GetProperty("library").GetString()!.Split('@')[1];
            var home = library.GetProperty("destination").GetString()!;
            foreach (var file in library.GetProperty("files").EnumerateArray().Select(f => f.GetString()!))
            {
                listed.Add(home.Replace("wwwroot/lib/", "", StringComparison.Ordinal) + file);
                if (file.StartsWith("dist/", StringComparison.Ordinal))
                    File.ReadAllText(Path.Combine(Web, home, file))[..400].Should().Contain($"v{version}", $"{home}{file} carries its version");
            }
        }

        listed.Should().BeEquivalentTo(hashes.Keys);
    }

    [Fact]
    public async Task The_scripts_pass_their_own_tests()
    {
        Process node;
        try
        {
            node = Process.Start(new ProcessStartInfo("node", ["--test", "tests/js/"])
            {
                WorkingDirectory = SeededPlan.RepositoryRoot,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node.js 20 or newer is not installed, so the tests of the browser's scripts did not run.");
            return;
        }

        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        node.ExitCode.Should().Be(0, output);
    }

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(Web, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal))
            .Where(f => Part(f) is not ("obj" or "bin"))
            // The layout and the imports of views speak for all of them.
            .Where(f => Path.GetFileName(f) != "_ViewImports.cshtml");

    private static string Relative(string file) => Path.GetRelativePath(Web, file).Replace('\\', '/');

    private static string Part(string file) => Relative(file).Split('/')[0];

    private static IEnumerable<string> Used(string file) => Namespace().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value)
        .Where(n => !File.ReadAllText(file).Contains($"namespace PlanTracker.{n};", StringComparison.Ordinal));

    [GeneratedRegex(@"PlanTracker\.(?<name>(Domain|Data|Platform|Features)[A-Za-z.]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[""']", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Inline();
}
