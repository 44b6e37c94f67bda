using System.Net;
using System.Net.Http.Json;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>A page by another method: its own verdicts, named as such, kept by every link; an unknown method is refused.</summary>
public sealed class MethodInAddressTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private const string Overview = "/en/plans/14fyp-informatization";

    public static TheoryData<string> Methods => [.. StatusMethods.All.Select(m => m.Code)];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_statuses_of_a_page_are_those_of_the_method_in_its_address(string method)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var rows = (await leader.PageAsync($"{Overview}?method={method}")).QuerySelectorAll("#headlines ~ table tr[data-indicator]");

        rows.Should().HaveCount(17);
        foreach (var row in rows)
        {
            var code = row.GetAttribute("data-indicator");
            using var answer = await leader.GetAsync($"{Overview}/indicators/{code}/why.json");
            var verdict = (await answer.Content.ReadFromJsonAsync<WhyDocument>())!.Methods.Single(m => m.Method == method);
            row.QuerySelector(".status")!.ClassList.Should().Contain(verdict.Status == "no-judgement" ? "status-none" : $"status-{verdict.Status}", "{0} by {1}", code, method);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/elements/T05")]
    [InlineData("/indicators")]
    [InlineData("/indicators/I13")]
    [InlineData("/regions/330000")]
    [InlineData("/report")]
    [InlineData("/regions/330000/report")]
    public async Task A_page_by_another_method_says_so_and_its_links_keep_it(string address)
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        var page = await leader.PageAsync($"{Overview}{address}?method=current-status");

        page.QuerySelector(".notice strong")!.TextContent.Should().Be("Judged by the method Current status.");
        page.QuerySelectorAll(".main-nav a").Where(a => !a.GetAttribute("href")!.Contains("/work")).Should().OnlyContain(a => a.GetAttribute("href")!.EndsWith("method=current-status"));
        page.QuerySelectorAll("main section a[href*='/indicators/']").Should().OnlyContain(a => a.GetAttribute("href")!.Contains("method=current-status"));
        (await leader.PageAsync($"{Overview}{address}")).QuerySelector(".notice strong").Should().BeNull();
    }

    [Fact]
    public async Task An_unknown_method_is_refused_and_an_empty_one_is_the_default()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        await leader.PageAsync($"{Overview}?method=best", HttpStatusCode.BadRequest);
        (await leader.PageAsync($"{Overview}?method=")).QuerySelector(".notice").Should().BeNull();
    }

    [Fact]
    public async Task What_the_path_alone_says_does_not_stand_beside_another_methods_verdict()
    {
        using var leader = await Visitor.SignedInAsync(plan.Application, "leader");

        (await leader.PageAsync(Overview)).Body!.TextContent.Should().Contain("of what was planned by");
        (await leader.PageAsync($"{Overview}?method=growth-ratio")).Body!.TextContent.Should().NotContain("of what was planned by");
    }
}
