using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Targets;

/// <summary>Targets as an administrator keeps them: judged anew at once, with history, never a path that cannot be.</summary>
public sealed class TargetTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Page = "/en/plans/14fyp-informatization/indicators/I13/targets?region=CN";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_changed_target_judges_anew_at_once_and_leaves_its_history()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        (await StandingAsync("I13", "CN")).Status.Should().Be(Status.Behind);

        (await SendAsync(administrator, code: "I13", role: "final", period: "2025", value: "15.5")).Should().Be(HttpStatusCode.Redirect);

        (await StandingAsync("I13", "CN")).Status.Should().Be(Status.Achieved);
        var page = await administrator.PageAsync(Page);
        page.QuerySelectorAll("#history ~ table tbody tr")[0].TextContent.Should().Contain("15.5").And.Contain("Administrator").And.Contain("because of the test");
        page.QuerySelectorAll("#history ~ table tbody tr").Select(r => r.TextContent).Should().Contain(t => t.Contains("17") && t.Contains("plan package"));
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "target.set"))).Should().Be(1);
    }

    [Fact]
    public async Task A_region_gets_a_target_of_its_own_and_is_judged()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var page = "/zh/plans/14fyp-informatization/indicators/P-RD-INT/targets?region=330000";

        await SendAsync(administrator, code: "", role: "baseline", period: "2020", value: "2.88", page: page);
        await SendAsync(administrator, code: "", role: "final", period: "2025", value: "3.3", page: page);

        (await StandingAsync("P-RD-INT", "330000")).Should().BeEquivalentTo(new { Status = Status.OnTrack, Value = 3.2m, Planned = 3.132m });
    }

    [Theory]
    [InlineData("", "final", "2026", "18", "There is a final target already")]
    [InlineData("", "baseline", "2019", "10", "There is a baseline already")]
    [InlineData("", "interim", "2025", "16", "There is a value for that period already")]
    [InlineData("", "interim", "2019", "10", "must be later than the baseline")]
    [InlineData("", "interim", "2026", "18", "cannot be later than the final one")]
    [InlineData("", "interim", "2023", "15,5", "“15,5” is not a number")]
    [InlineData("", "interim", "2023", "15.12345", "more decimals than the indicator takes")]
    [InlineData("", "interim", "2023", "-1", "outside the indicator's bounds")]
    [InlineData("", "interim", "202x", "15", "Fill in role, period")]
    [InlineData("nowhere", "interim", "2023", "15", "taken this target away")]
    public async Task A_target_that_cannot_be_is_refused_with_its_reason_and_nothing_changes(string code, string role, string period, string value, string message)
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var before = await FootprintAsync();

        using var answer = await PostAsync(administrator, code, role, period, value, "because of the test", Page);

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Visitor.ReadAsync(answer)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("Nothing was changed").And.Contain(message);
        (await FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_reference_that_is_sent_twice_because_its_answer_was_lost_is_there_once()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        foreach (var value in new[] { "15.5", "15.5", "15.6" })
            (await SendAsync(administrator, code: "", role: "reference", period: "2023", value: value)).Should().Be(HttpStatusCode.Redirect);

        (await _plan.WithAsync((db, _) => db.Targets.Where(t => t.Indicator!.Code == "I13" && t.Role == TargetRole.Reference && t.Code.StartsWith("set-")).OrderBy(t => t.Value).Select(t => t.Value).ToListAsync()))
            .Should().Equal(15.5m, 15.6m);
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "target.set"))).Should().Be(2);
    }

    [Fact]
    public async Task No_change_goes_without_its_reason()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var before = await FootprintAsync();

        using var answer = await PostAsync(administrator, "I13", "final", "2025", "15.5", reason: " ", Page);

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_target_that_is_taken_away_no_longer_judges_and_stays_in_the_history()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");

        using var answer = await administrator.PostAsync(Page, new() { ["target"] = "I13", ["basedOn"] = await BasedOnAsync("I13"), ["reason"] = "withdrawn by the test", ["remove"] = "true" });

        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await StandingAsync("I13", "CN")).Should().BeEquivalentTo(new { Status = Status.NoJudgement, Reason = NoJudgementReason.NoTarget });
        (await administrator.PageAsync(Page)).QuerySelectorAll("#history ~ table tbody tr")[0].TextContent.Should().Contain("taken away").And.Contain("withdrawn by the test");
    }

    [Fact]
    public async Task Loading_the_package_again_keeps_what_people_have_decided()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        await SendAsync(administrator, code: "I13", role: "final", period: "2025", value: "15.5");
        using (await administrator.PostAsync(Page.Replace("I13", "I02", StringComparison.Ordinal), new() { ["target"] = "I02", ["basedOn"] = await BasedOnAsync("I02"), ["reason"] = "withdrawn", ["remove"] = "true" }))
        {
        }

        await using var scope = _plan.Application.Services.CreateAsyncScope();
        var report = await scope.ServiceProvider.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(SeededPlan.PackageFolder), CancellationToken.None);

        (report.Changes, report.NewStatements).Should().Be((0, 0));
        (await StandingAsync("I13", "CN")).Status.Should().Be(Status.Achieved);
        (await StandingAsync("I02", "CN")).Status.Should().Be(Status.NoJudgement);
    }

    [Fact]
    public async Task A_national_target_of_a_rate_judges_the_regions_that_have_none_and_says_so()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        const string National = "/en/plans/14fyp-informatization/indicators/P-RD-INT/targets?region=CN";
        const string Gansu = "/en/plans/14fyp-informatization/indicators/P-RD-INT";

        await SendAsync(administrator, code: "", role: "baseline", period: "2020", value: "2.4", page: National);
        await SendAsync(administrator, code: "", role: "final", period: "2025", value: "3", page: National);

        // Gansu: 1.22 in 2020 by its own reading, 1.32 in 2023; three fifths of the way to 3 are 2.288.
        (await StandingAsync("P-RD-INT", "620000")).Should().BeEquivalentTo(new { Status = Status.FarBehind, NationalTarget = true, Value = 1.32m, Planned = 2.288m });
        (await administrator.PageAsync(Gansu + "?region=620000")).QuerySelector("#standing")!.ParentElement!.TextContent.Should().Contain("against the national target");
        var why = await administrator.PageAsync(Gansu + "/why?region=620000");
        why.QuerySelector("#inputs")!.ParentElement!.TextContent.Should().Contain("has no target of its own").And.Contain("the region's own reading").And.Contain("1.22");

        using (await administrator.PostAsync(National, new() { ["target"] = await CodeAsync("P-RD-INT", TargetRole.Final), ["basedOn"] = await BasedOnAsync(await CodeAsync("P-RD-INT", TargetRole.Final)), ["reason"] = "withdrawn", ["remove"] = "true" }))
        {
        }

        (await StandingAsync("P-RD-INT", "620000")).Should().BeEquivalentTo(new { Status = Status.NoJudgement, Reason = NoJudgementReason.NoTarget, NationalTarget = false });
    }

    [Fact]
    public async Task A_national_target_of_an_amount_says_nothing_about_a_region()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        const string National = "/en/plans/14fyp-informatization/indicators/P-PAT-GRANT/targets?region=CN";

        await SendAsync(administrator, code: "", role: "final", period: "2025", value: "5000000", page: National);

        (await StandingAsync("P-PAT-GRANT", "330000")).Should().BeEquivalentTo(new { Status = Status.NoJudgement, Reason = NoJudgementReason.NoTarget, NationalTarget = false });
    }

    [Fact]
    public async Task The_shape_of_the_path_decides_what_was_planned()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        const string Region = "/en/plans/14fyp-informatization/indicators/P-RD-INT/targets?region=620000";
        await SendAsync(administrator, code: "", role: "baseline", period: "2020", value: "1.22", page: Region);
        await SendAsync(administrator, code: "", role: "final", period: "2025", value: "1.6", page: Region);
        var final = await CodeAsync("P-RD-INT", TargetRole.Final);
        (await StandingAsync("P-RD-INT", "620000")).Planned.Should().Be(1.448m);

        (await ShapeAsync("stepped")).Should().Be(HttpStatusCode.Redirect);
        (await StandingAsync("P-RD-INT", "620000")).Should().BeEquivalentTo(new { Planned = 1.22m, Status = Status.OnTrack });
        (await ShapeAsync("geometric")).Should().Be(HttpStatusCode.Redirect);
        (await StandingAsync("P-RD-INT", "620000")).Planned.Should().BeApproximately(1.22m * (decimal)Math.Pow(1.6 / 1.22, 0.6), 1e-9m);
        (await ShapeAsync("manual")).Should().Be(HttpStatusCode.UnprocessableEntity, "the years between are not stated");

        async Task<HttpStatusCode> ShapeAsync(string shape)
        {
            using var answer = await PostAsync(administrator, final, "final", "2025", "1.6", "because of the test", Region, shape);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Of_two_who_change_one_target_the_second_is_told_and_chooses()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var seen = await BasedOnAsync("I13");
        await SendAsync(administrator, code: "I13", role: "final", period: "2025", value: "15.5");
        var fields = new Dictionary<string, string>
        {
            ["target"] = "I13",
            ["basedOn"] = seen,
            ["role"] = "final",
            ["period"] = "2025",
            ["value"] = "16.1",
            ["documentEn"] = "Second",
            ["documentZh"] = "第二",
            ["source"] = "p. 2",
            ["reason"] = "second",
        };

        using var refused = await administrator.PostAsync(Page, fields);

        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(refused);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Administrator changed this target").And.Contain("15.5 for 2025");
        page.QuerySelector("#value-I13")!.GetAttribute("value").Should().Be("16.1", "what was typed stays");
        (await StandingAsync("I13", "CN")).Status.Should().Be(Status.Achieved, "the first change stands");

        fields["basedOn"] = page.QuerySelector("form:has(#value-I13) [name=basedOn]")!.GetAttribute("value")!;
        using var taken = await administrator.PostAsync(Page, fields);
        taken.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await StandingAsync("I13", "CN")).Status.Should().Be(Status.OnTrack);
    }

    [Theory]
    [InlineData("leader")]
    [InlineData("reporter")]
    [InlineData("security")]
    public async Task Others_do_not_even_see_the_page(string person)
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);

        await visitor.PageAsync(Page, HttpStatusCode.Forbidden);
    }

    private async Task<HttpStatusCode> SendAsync(Visitor visitor, string code, string role, string period, string value, string page = Page)
    {
        using var answer = await PostAsync(visitor, code, role, period, value, "because of the test", page);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(Visitor visitor, string code, string role, string period, string value, string reason, string page,
        string shape = "linear") =>
        await visitor.PostAsync(page, new()
        {
            ["basedOn"] = await BasedOnAsync(code),
            ["shape"] = shape,
            ["statedOn"] = "2024-03-01",
            ["target"] = code,
            ["role"] = role,
            ["period"] = period,
            ["value"] = value,
            ["documentEn"] = "Document of the test",
            ["documentZh"] = "测试文件",
            ["source"] = "Page 1",
            ["reason"] = reason,
        });

    private Task<Standing> StandingAsync(string indicator, string region) =>
        _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == indicator && s.Region!.Code == region));

    /// <summary>The last change of a target, as its form carries it; nothing for a new one.</summary>
    private async Task<string> BasedOnAsync(string code) =>
        (await _plan.WithAsync((db, _) => db.TargetChanges.Where(c => c.Code == code).MaxAsync(c => (int?)c.Id)))?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private Task<string> CodeAsync(string indicator, TargetRole role) =>
        _plan.WithAsync((db, _) => db.Targets.Where(t => t.Indicator!.Code == indicator && t.Role == role).Select(t => t.Code).SingleAsync());

    private Task<(int Targets, int Changes, int Events)> FootprintAsync() => _plan.WithAsync(async (db, _) =>
        (await db.Targets.CountAsync(), await db.TargetChanges.CountAsync(), await db.AuditEvents.CountAsync()));
}
