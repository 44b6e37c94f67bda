using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>From a shell comes the file that the page would give to the same person.</summary>
public sealed class ExportCommandTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    [Theory]
    [InlineData("csv", "csv", "")]
    [InlineData("csv", "csv", "layout=wide")]
    [InlineData("csv", "csv", "profile=spreadsheet&region=330000")]
    [InlineData("xlsx", "xlsx", "task=T05&from=2021&to=2025-06")]
    [InlineData("sdmx-csv", "sdmx.csv", "indicator=I13&observation=A")]
    [InlineData("json-stat", "json", "status=behind")]
    [InlineData("package", "zip", "asOf=2024-06-30")]
    public async Task It_writes_the_same_bytes_as_the_page_gives_to_that_person(string format, string extension, string query)
    {
        foreach (var (name, segment, language) in new[] { ("analyst", "en", "en"), ("zhejiang-analyst", "zh", "zh-Hans") })
        {
            using var person = await Visitor.SignedInAsync(plan.Application, name);
            var options = query.Split('&', StringSplitOptions.RemoveEmptyEntries).SelectMany(q => new[] { q.Split('=')[0] is "asOf" ? "--as-of" : "--" + q.Split('=')[0], q.Split('=')[1] });

            var (exit, output, _) = await RunAsync([SeededPlan.PlanCode, "--as", name, "--format", format, "--lang", language, .. options]);

            exit.Should().Be(0);
            output.Should().Equal(await person.Client.GetByteArrayAsync(new Uri($"/{segment}/plans/{SeededPlan.PlanCode}/readings.{extension}?{query}", UriKind.Relative)));
        }
    }

    [Fact]
    public async Task A_named_file_is_there_when_it_is_whole_and_the_output_stays_empty()
    {
        var file = Path.Combine(Path.GetTempPath(), $"plantracker-export-{Guid.NewGuid():N}.csv");
        try
        {
            var (exit, output, errors) = await RunAsync([SeededPlan.PlanCode, "--as", "analyst", "--indicator", "I13", "--output", file]);

            (exit, output.Length).Should().Be((0, 0));
            var rows = ExportedRows.Csv(await File.ReadAllBytesAsync(file));
            errors.Should().Be(string.Create(CultureInfo.InvariantCulture, $"{rows.Count:N0} readings\n"));
            File.Exists(file + ".part").Should().BeFalse();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("There is no plan 15fyp.", "15fyp", "--as", "analyst")]
    [InlineData("Nobody may sign in as nobody.", SeededPlan.PlanCode, "--as", "nobody")]
    [InlineData("--region: not known", SeededPlan.PlanCode, "--as", "zhejiang-analyst", "--region", "110000")]
    [InlineData("--from: not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01", SeededPlan.PlanCode, "--as", "analyst", "--from", "last year")]
    [InlineData("--to: ends before --from", SeededPlan.PlanCode, "--as", "analyst", "--from", "2024", "--to", "2023")]
    [InlineData("could not be written", SeededPlan.PlanCode, "--as", "analyst", "--output", "/nowhere/at/all.csv")]
    public async Task What_cannot_be_done_is_refused_with_the_reason(string reason, params string[] args)
    {
        var (exit, output, errors) = await RunAsync(args);

        (exit, output.Length).Should().Be((1, 0));
        errors.Should().Contain(reason);
    }

    [Theory]
    [InlineData]
    [InlineData(SeededPlan.PlanCode)]
    [InlineData(SeededPlan.PlanCode, "--as")]
    [InlineData("--as", "analyst", SeededPlan.PlanCode)]
    [InlineData(SeededPlan.PlanCode, "--format", "csv")]
    [InlineData(SeededPlan.PlanCode, "--as", "analyst", "--format", "pdf")]
    [InlineData(SeededPlan.PlanCode, "--as", "analyst", "--lang", "fr")]
    [InlineData(SeededPlan.PlanCode, "--as", "analyst", "--as-of", "yesterday")]
    [InlineData(SeededPlan.PlanCode, "--as", "analyst", "--colour", "red")]
    public async Task Whoever_calls_it_wrongly_is_told_how_to_call_it(params string[] args)
    {
        var (exit, output, errors) = await RunAsync(args);

        (exit, output.Length).Should().Be((2, 0));
        errors.Should().Contain("export <plan> --as <sign-in name>");
    }

    private async Task<(int Exit, byte[] Output, string Errors)> RunAsync(string[] args)
    {
        await using var scope = plan.Application.Services.CreateAsyncScope();
        using var output = new MemoryStream();
        await using var errors = new StringWriter(new StringBuilder()) { NewLine = "\n" };
        var exit = await ExportCommand.RunAsync(scope.ServiceProvider, args, output, errors, CancellationToken.None);
        return (exit, output.ToArray(), errors.ToString());
    }
}
