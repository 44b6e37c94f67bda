using System.Globalization;
using CsvHelper;
using PlanTracker.Platform.Start;

namespace PlanTracker.Tests.Platform;

/// <summary>The command with which experts check the arithmetic.</summary>
public sealed class AssessCommandTests
{
    private const string Header = "id,baseline,baseline_date,value,date,target,target_date,direction\n";

    [Fact]
    public async Task Each_row_comes_back_with_the_verdict_of_every_method()
    {
        var (code, rows, errors) = await AssessAsync("5g,15,2020,36,2023,56,2025,\nwomen,10.1,2015,13.7,2023,30,2030,increase\n");

        (code, errors).Should().Be((0, ""));
        rows[0].Should().Contain(new Dictionary<string, string>
        {
            ["id"] = "5g",
            ["path_status"] = "behind",
            ["path_ratio"] = "0.853658536585",
            ["growth-ratio_status"] = "on-track",
            ["un-projection_status"] = "on-track",
            ["trend-projection_status"] = "no-judgement",
            ["trend-projection_reason"] = "too-few-readings",
            ["current-status_score"] = "5.121951219512",
            ["agreement"] = "one-step-apart",
            ["error"] = "",
        });
        rows[1]["growth-ratio_ratio"].Should().StartWith("0.516006497194");
    }

    [Fact]
    public async Task Which_way_is_better_follows_from_the_target_unless_it_is_said()
    {
        var (_, rows, _) = await AssessAsync("a,14.5,2015,10.2,2023,7.25,2030,\nb,14.5,2015,10.2,2023,7.25,2030,increase\n");

        rows[0]["growth-ratio_status"].Should().Be("on-track");
        rows[1]["path_status"].Should().Be("achieved", "a value above the target has reached it when more is better");
    }

    [Fact]
    public async Task Without_a_target_only_growth_is_judged()
    {
        var (_, rows, _) = await AssessAsync("a,100,2020,110,2023,,,\n");

        (rows[0]["growth-ratio_status"], rows[0]["path_status"], rows[0]["path_reason"]).Should().Be(("on-track", "no-judgement", "no-target"));
    }

    [Theory]
    [InlineData("a,15,2020,3,6,2023,56,2025", "date '6' is not a period")]
    [InlineData("a,15,2020,36%,2023,56,2025,", "value '36%' is not a number")]
    [InlineData("a,15,2020,36,2023,56,2019,", "target_date 2019 is not later than baseline_date 2020")]
    [InlineData("a,15,2020,36,2023,56,2025,up", "direction 'up' is not one of increase, decrease")]
    [InlineData("a,15,2020", "value is missing")]
    public async Task A_row_that_cannot_be_read_says_why_and_the_others_are_judged(string row, string reason)
    {
        var (code, rows, errors) = await AssessAsync($"good,15,2020,36,2023,56,2025,\n{row}\n");

        code.Should().Be(1);
        errors.Should().StartWith("Line 3: ").And.Contain(reason);
        rows[0]["path_status"].Should().Be("behind");
        rows[1]["error"].Should().Contain(reason);
        rows[1]["path_status"].Should().BeEmpty();
    }

    [Fact]
    public async Task A_wrong_header_names_what_is_missing()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var code = await AssessCommand.RunAsync(new StringReader("id,value\n1,2\n"), output, errors);

        code.Should().Be(2);
        errors.ToString().Should().Contain("baseline, baseline_date, date, target, target_date");
        output.ToString().Should().BeEmpty();
    }

    private static async Task<(int Code, List<Dictionary<string, string>> Rows, string Errors)> AssessAsync(string rows)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = await AssessCommand.RunAsync(new StringReader(Header + rows), output, errors);

        using var csv = new CsvReader(new StringReader(output.ToString()), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        var read = new List<Dictionary<string, string>>();
        while (await csv.ReadAsync())
            read.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!, StringComparer.Ordinal));
        return (code, read, errors.ToString());
    }
}
