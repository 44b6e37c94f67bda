using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rules;

/// <summary>An administrator sets what is taken of an indicator's figures and what is asked about them.</summary>
public sealed class RuleTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Address = $"/en/plans/{SeededPlan.PlanCode}/indicators/I13/rules";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task What_is_set_is_taken_asked_shown_and_kept_over_a_new_load()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        (await SendAsync(administrator, ("jumpPercent", "12.5"), ("askOutlier", ""), ("max", "90"), ("reason", "The sector moves slowly."))).Should().Be(HttpStatusCode.Redirect);

        (await IndicatorAsync()).Should().BeEquivalentTo(new
        {
            Max = 90m,
            RulesKept = true,
            Rules = new ReadingRules { AskJump = 0.125m, AskOutlier = false, AskUnitSlip = true },
        }, o => o.WithStrictOrdering());
        using var page = await administrator.PageAsync(Address);
        page.QuerySelector("#jumpPercent")!.GetAttribute("value").Should().Be("12.5");
        page.QuerySelector("section[aria-labelledby=history]")!.TextContent.Should().Contain("The sector moves slowly.").And.Contain("Administrator");

        var package = new PackageReader(SeededPlan.PackageFolder).Read();
        await _plan.WithAsync(async (db, _) => await new PlanLoader(db, TimeProvider.System).LoadAsync(package, CancellationToken.None));
        (await IndicatorAsync()).Max.Should().Be(90m);
    }

    [Theory]
    [InlineData("decimals", "1.5", "Decimals are a whole number")]
    [InlineData("decimals", "11", "Decimals are a whole number")]
    [InlineData("min", "1,5", "“1,5” is not a number")]
    [InlineData("max", "-3", "The least possible value has to be below the greatest")]
    [InlineData("max", "14", "An approved figure lies outside these bounds (CN, ")]
    [InlineData("jumpPercent", "50 %", "“50 %” is not a percentage")]
    [InlineData("tolerancePercent", "-1", "“-1” is not a percentage")]
    [InlineData("reason", " ", "Give a reason")]
    public async Task What_makes_no_sense_is_refused_by_name_and_stays_in_the_form(string field, string value, string message)
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var before = await IndicatorAsync();

        using var answer = await PostAsync(administrator, (field, value));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain(message);
        (page.QuerySelector($"#{field}")!.GetAttribute("value") ?? "").Should().Be(value.Trim());
        (await IndicatorAsync()).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task The_second_of_two_administrators_is_told_and_goes_on_from_what_stands()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using var before = await administrator.PageAsync(Address);
        var basedOn = before.QuerySelector("input[name=basedOn]")!.GetAttribute("value")!;
        await SendAsync(administrator, ("max", "90"));

        using var answer = await PostAsync(administrator, ("max", "95"), ("basedOn", basedOn));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await IndicatorAsync()).Max.Should().Be(90m);
        using var told = await Visitor.ReadAsync(answer);
        told.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Somebody else has changed the rules");
        told.QuerySelector("input[name=basedOn]")!.GetAttribute("value").Should().NotBe(basedOn);
    }

    [Fact]
    public async Task A_bound_that_changes_judges_anew_in_the_same_transaction()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        await _plan.WithAsync((db, _) => db.Standings.Where(s => s.Indicator!.Code == "I13").ExecuteUpdateAsync(s => s.SetProperty(x => x.Status, Status.NoJudgement)));

        await SendAsync(administrator, ("max", "90"));

        (await _plan.WithAsync((db, _) => db.Standings.Where(s => s.Indicator!.Code == "I13").Select(s => s.Status).SingleAsync())).Should().Be(Status.Behind);
    }

    [Fact]
    public async Task Only_administrators_come_here()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");

        using var answer = await reporter.GetAsync(Address);

        answer.StatusCode.Should().BeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Redirect);
    }

    private Task<Indicator> IndicatorAsync() => _plan.WithAsync((db, _) => db.Indicators.AsNoTracking().SingleAsync(i => i.Code == "I13"));

    private static async Task<HttpStatusCode> SendAsync(Visitor administrator, params (string Name, string Value)[] changes)
    {
        using var answer = await PostAsync(administrator, changes);
        return answer.StatusCode;
    }

    /// <summary>Sends the form as it stands, with some fields filled in anew; an empty box is one that is not ticked.</summary>
    private static async Task<HttpResponseMessage> PostAsync(Visitor administrator, params (string Name, string Value)[] changes)
    {
        using var page = await administrator.PageAsync(Address);
        var fields = page.QuerySelectorAll("main form input[name]")
            .Where(i => i.GetAttribute("type") != "checkbox" || i.HasAttribute("checked"))
            .ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);
        fields["reason"] = "Because.";
        foreach (var (name, value) in changes)
            fields[name] = value;
        if (fields.TryGetValue("askOutlier", out var asked) && asked.Length == 0)
            fields.Remove("askOutlier");
        return await administrator.PostAsync(Address, fields);
    }
}
