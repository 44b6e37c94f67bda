using Microsoft.EntityFrameworkCore;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>Figures from a shell: the same steps, the same refusals as on the page.</summary>
public sealed class ImportCommandTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Header = "indicator,region,period,value,observation_status,source,note,explanation\n";

    private readonly SeededPlan _plan = new(cluster);
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"plantracker-figures-{Guid.NewGuid():N}.csv");

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_read_and_told_and_changes_nothing_until_it_is_asked_for()
    {
        var before = await RevisionsAsync();

        var (exit, output, _) = await RunAsync("I13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,,,,,\n", "--as", "reporter");

        exit.Should().Be(0);
        output.Should().ContainAll("utf8, separated by comma", "value: value", "2 figures: 0 new, 1 changed, 0 the same, 1 blank, 0 errors, 0 questioned.");
        (await RevisionsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task It_applies_and_the_same_file_again_changes_nothing()
    {
        var first = await RunAsync("I13,CN,2025,16.5,A,Yearbook,,\n", "--as", "reporter", "--apply");
        var after = await RevisionsAsync();
        var again = await RunAsync("I13,CN,2025,16.5,A,Yearbook,,\n", "--as", "reporter", "--apply");

        first.Exit.Should().Be(0);
        first.Output.Should().Contain("1 figures wait for review.");
        again.Exit.Should().Be(0);
        again.Output.Should().Contain("1 the same").And.NotContain("wait for review");
        (await RevisionsAsync()).Should().Be(after);
    }

    [Fact]
    public async Task A_reviewer_named_beside_the_author_approves_in_the_same_step()
    {
        var (exit, output, _) = await RunAsync("I13,CN,2025,16.5,A,Yearbook,,\n", "--as", "reporter", "--approve-as", "reviewer");

        exit.Should().Be(0);
        output.Should().Contain("1 figures are approved.");
        (await _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN"))).Value.Should().Be(16.5m);
    }

    [Theory]
    [InlineData("I13,CN,2025,\"1,5\",A,Yearbook,,\n", "reporter", "row 2, column 4: “1,5” is not a number")]
    [InlineData("P-RD-INT,110000,2024,6.5,A,Yearbook,,\n", "zhejiang", "row 2, column 4: This figure is not yours to report")]
    [InlineData("I13,CN,2025,159.722,A,Yearbook,,\n", "reporter", "Say why they are right")]
    [InlineData("I13,CN,2025,16.5,A,\"Yearbook,,\n", "reporter", "Line 2: a quote is out of place")]
    [InlineData("I13,CN,2025,16.5,A,Yearbook,,\n", "leader", "There is no reporter leader.")]
    public async Task What_the_page_refuses_is_refused_with_its_place(string rows, string who, string reason)
    {
        var before = await RevisionsAsync();

        var (exit, _, errors) = await RunAsync(rows, "--as", who, "--apply");

        exit.Should().Be(1);
        errors.Should().Contain(reason);
        (await RevisionsAsync()).Should().Be(before);
    }

    [Theory]
    [InlineData]
    [InlineData("--as")]
    [InlineData("--as", "reporter", "--now")]
    [InlineData("--apply")]
    public async Task Whoever_calls_it_wrongly_is_told_how_to_call_it(params string[] options)
    {
        var (exit, output, errors) = await RunAsync("", options);

        (exit, output).Should().Be((2, ""));
        errors.Should().Contain("import <plan> <file> --as <name>");
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(string rows, params string[] options)
    {
        await File.WriteAllTextAsync(_file, Header + rows);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await Commands.RunAsync(_plan.Application.Services, ["import", SeededPlan.PlanCode, _file, .. options], output, errors, CancellationToken.None);
        return (exit, output.ToString(), errors.ToString());
    }

    private Task<int> RevisionsAsync() => _plan.WithAsync((db, _) => db.Revisions.CountAsync());
}
