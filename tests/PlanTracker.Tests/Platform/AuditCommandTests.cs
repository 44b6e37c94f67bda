using Npgsql;
using PlanTracker.Data.Audit;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>The chain verified and anchored from a shell, as the role of the application.</summary>
public sealed class AuditCommandTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster) { InItsOwnRole = true };
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"plantracker-anchor-{Guid.NewGuid():N}.txt");

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        File.Delete(_file);
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task An_anchor_that_was_kept_is_found_again()
    {
        var anchor = await RunAsync("audit", "anchor");
        await File.WriteAllTextAsync(_file, anchor.Output);

        var verified = await RunAsync("audit", "verify", "--anchor", _file);

        (anchor.Exit, anchor.Errors).Should().Be((0, ""));
        AuditAnchor.Read(anchor.Output).Anchors.Should().ContainSingle();
        (verified.Exit, verified.Errors).Should().Be((0, ""));
        verified.Output.Should().StartWith("The chain is whole: 1 event(s), 1 anchor(s) held.\nplantracker-audit-anchor 1 ");
    }

    [Fact]
    public async Task A_broken_chain_is_named_and_answered_with_one()
    {
        await TamperAsync("update audit_events set subject = 'another'");

        var (exit, output, errors) = await RunAsync("audit", "verify");

        (exit, output).Should().Be((1, ""));
        errors.Should().StartWith("The chain is broken at its first event");
    }

    [Fact]
    public async Task A_chain_that_lost_its_end_is_answered_with_one()
    {
        await File.WriteAllTextAsync(_file, (await RunAsync("audit", "anchor")).Output);
        await TamperAsync("delete from audit_events");

        var (exit, output, errors) = await RunAsync("audit", "verify", "--anchor", _file);

        (exit, output).Should().Be((1, ""));
        errors.Should().Contain("all of it was removed");
        (await RunAsync("audit", "verify")).Should().Be((0, "The chain is whole: 0 event(s), 0 anchor(s) held.\n", ""));
        (await RunAsync("audit", "anchor")).Should().Be((2, "", "There is no event yet.\n"));
    }

    [Theory]
    [InlineData("nothing of the kind\n", "Line 1 is no anchor")]
    [InlineData("# only a remark\n", "There is no anchor in the file")]
    [InlineData(null, "There is no file")]
    public async Task A_question_that_cannot_be_put_is_not_taken_for_a_broken_chain(string? content, string message)
    {
        if (content is not null)
            await File.WriteAllTextAsync(_file, content);

        var (exit, output, errors) = await RunAsync("audit", "verify", "--anchor", _file);

        (exit, output).Should().Be((2, ""));
        errors.Should().Contain(message);
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("audit", "verify", "--anchor")]
    [InlineData("audit", "verify", "file")]
    [InlineData("audit", "anchor", "file")]
    [InlineData("migrate", "--grant-to")]
    public async Task Whoever_calls_it_wrongly_is_told_how_to_call_it(params string[] args)
    {
        var (exit, output, errors) = await RunAsync(args);

        (exit, output).Should().Be((2, ""));
        errors.Should().ContainAll("audit verify [--anchor <file>]", "audit anchor", "migrate [--grant-to <role>]");
    }

    private async Task TamperAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_plan.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}", connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exit = await Commands.RunAsync(_plan.Application.Services, args, output, errors, CancellationToken.None);
        return (exit, output.ToString(), errors.ToString());
    }
}
