using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Changes;

/// <summary>What changed between two days: verdicts, readings and targets, with who and why.</summary>
public sealed class ChangesTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Page = "/plans/14fyp-informatization/changes";

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_approval_shows_the_reading_with_who_and_the_verdict_it_changed()
    {
        await ApproveAsync("I13", "2025", "17.5");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync("/en" + Page + $"?from={Day(-1)}&to={Day(0)}");

        var verdict = page.QuerySelectorAll("#verdicts ~ table tbody tr").Single(r => r.TextContent.Contains("Online retail"));
        verdict.TextContent.Should().Contain("17.5 · 2025");
        var reading = page.QuerySelectorAll("#readings ~ table tbody tr")[0].TextContent;
        reading.Should().Contain("→ 17.5").And.Contain("National reporter → National reviewer").And.Contain("Bulletin of the test");
    }

    [Fact]
    public async Task Between_two_past_days_it_tells_what_became_known_from_publications()
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        var page = await leader.PageAsync("/en" + Page + "?from=2023-05-23&to=2023-05-24");

        page.QuerySelector(".finding")!.TextContent.Should().Contain("From 23 May 2023 to 24 May 2023");
        page.QuerySelectorAll("#readings ~ table tbody tr").Select(r => r.TextContent).Should().HaveCount(5)
            .And.OnlyContain(t => t.Contains("2023-05-24") && t.Contains("plan package"))
            .And.Contain(t => t.Contains("Internet users") && t.Contains("none → 10.67"));
        page.QuerySelectorAll("#verdicts ~ table tbody tr").Select(r => r.TextContent).Should().Contain(t => t.Contains("Internet users") && t.Contains("Behind"));
        page.QuerySelector("#targets ~ .empty").Should().NotBeNull();
    }

    [Fact]
    public async Task A_changed_target_stands_with_its_reason_and_what_it_was()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        using (await administrator.PostAsync("/en/plans/14fyp-informatization/indicators/I13/targets?region=CN", new()
        {
            ["target"] = "I13",
            ["basedOn"] = (await _plan.WithAsync((db, _) => db.TargetChanges.Where(c => c.Code == "I13").MaxAsync(c => c.Id))).ToString(CultureInfo.InvariantCulture),
            ["role"] = "final",
            ["period"] = "2025",
            ["value"] = "15.5",
            ["documentEn"] = "Amendment",
            ["documentZh"] = "修订",
            ["source"] = "Page 1",
            ["reason"] = "amended in spring",
        }))
        {
        }

        var page = await administrator.PageAsync("/zh" + Page + $"?from={Day(-1)}");

        page.QuerySelectorAll("#targets ~ table tbody tr")[0].TextContent.Should().Contain("17 → 15.5").And.Contain("amended in spring").And.Contain("Administrator");
    }

    [Theory]
    [InlineData("?from=2024-01-02&to=2024-01-01")]
    [InlineData("?from=1.1.2024")]
    [InlineData("?to=never")]
    public async Task Days_that_make_no_span_are_refused(string query)
    {
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");

        await leader.PageAsync("/en" + Page + query, HttpStatusCode.BadRequest);
    }

    private static string Day(int offset) => TimeProvider.System.GetUtcNow().AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task ApproveAsync(string indicator, string period, string value)
    {
        var (reporter, reviewer) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"));
        var (indicatorId, regionId, at) = (await _plan.IndicatorAsync(indicator), await _plan.RegionAsync("CN"), Period.Parse(period));
        await _plan.WithAsync(async (db, store) =>
        {
            var based = await db.Readings.Where(r => r.IndicatorId == indicatorId && r.RegionId == regionId && r.Period == at).Select(r => r.LastNumber).SingleAsync();
            (await store.SubmitAsync(
                new Submission
                {
                    Source = "Bulletin of the test",
                    Explanation = "As counted.",
                    RequestId = Guid.NewGuid(),
                    Cells = [new TypedCell(new CellKey(indicatorId, regionId, at), value) { BasedOn = based }],
                },
                reporter, CancellationToken.None)).Submitted.Should().Be(1);
            var pending = await db.Readings.Where(r => r.IndicatorId == indicatorId && r.PendingRevisionId != null).Select(r => r.PendingRevisionId!.Value).ToListAsync();
            return await store.ApproveAsync(pending, reviewer, CancellationToken.None);
        });
    }
}
