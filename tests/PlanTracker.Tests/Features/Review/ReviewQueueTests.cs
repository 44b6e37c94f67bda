using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Review;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Review;

/// <summary>The list of what waits: filtered, in pages, and decided as a whole.</summary>
public sealed class ReviewQueueTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Queue = $"/en/plans/{SeededPlan.PlanCode}/review";

    private readonly SeededPlan _plan = new(cluster);

    private Visitor _reviewer = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
    }

    public ValueTask DisposeAsync()
    {
        _reviewer.Dispose();
        return _plan.DisposeAsync();
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("?indicator=P-POP", 4)]
    [InlineData("?region=330000", 3)]
    [InlineData("?period=1951", 3)]
    [InlineData("?indicator=P-POP&region=330000&period=1951", 1)]
    [InlineData("?indicator=I13", 0)]
    public async Task A_filter_leaves_what_it_names(string filter, int left)
    {
        await SubmitAsync("reporter", ["P-POP"], ["320000", "330000"], [1950, 1951]);
        await SubmitAsync("reporter", ["P-HTM-FIRMS"], ["330000"], [1951]);
        await SubmitAsync("reporter", ["P-HTM-FIRMS"], ["320000"], [1950]);

        using var page = await _reviewer.PageAsync(Queue + filter);

        Lines(page).Should().HaveCount(left);
    }

    [Fact]
    public async Task A_page_shows_two_hundred_and_no_line_twice()
    {
        var all = await SubmitAsync("reporter", ["P-POP"], ["320000", "330000"], Enumerable.Range(1850, 125));

        var shown = new List<long>();
        foreach (var number in new[] { 1, 2 })
        {
            using var page = await _reviewer.PageAsync($"{Queue}?page={number}");
            shown.AddRange(Lines(page));
        }

        shown.Should().HaveCount(250).And.BeEquivalentTo(all);
        using var last = await _reviewer.PageAsync($"{Queue}?page=99");
        Lines(last).Should().HaveCount(50, "behind the last page is the last page");
    }

    [Fact]
    public async Task A_thousand_are_approved_in_one_action_and_every_standing_follows()
    {
        var regions = await _plan.WithAsync((db, _) => db.Cells().Where(c => c.Indicator.Code == "P-POP").OrderBy(c => c.Region.Id).Select(c => c.Region.Code).Take(25).ToListAsync());
        var all = await SubmitAsync("reporter", ["P-POP", "P-HTM-FIRMS"], regions, Enumerable.Range(1926, 20));
        all.Should().HaveCount(1000);

        using var answer = await DecideAllAsync("", ReviewForm.ApproveAll);

        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().Should().Contain("approved=1000");
        (await StatesAsync(all)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Approved] = 1000 });
        (await _plan.WithAsync((db, _) => db.Readings.CountAsync(r => all.Contains(r.ApprovedRevisionId!.Value) && r.PendingRevisionId == null && r.Value == r.ApprovedRevision!.Value)))
            .Should().Be(1000);
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "reading.approved"))).Should().Be(1000);
    }

    [Fact]
    public async Task What_a_filter_leaves_is_approved_and_the_rest_waits_on()
    {
        var approved = await SubmitAsync("reporter", ["P-POP"], ["320000", "330000"], Enumerable.Range(1850, 110));
        var rest = await SubmitAsync("reporter", ["P-HTM-FIRMS"], ["330000"], [1950]);

        using var answer = await DecideAllAsync("?indicator=P-POP", ReviewForm.ApproveAll);

        answer.Headers.Location!.ToString().Should().Contain("approved=220").And.Contain("indicator=P-POP");
        (await StatesAsync(approved)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Approved] = 220 });
        (await StatesAsync(rest)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Submitted] = 1 });
    }

    [Fact]
    public async Task What_a_filter_leaves_is_returned_with_one_reason_and_not_without()
    {
        var returned = await SubmitAsync("reporter", ["P-POP"], ["330000"], [1950, 1951]);
        var rest = await SubmitAsync("reporter", ["P-POP"], ["320000"], [1950]);

        using var refused = await DecideAllAsync("?region=330000", ReviewForm.ReturnAll, reason: " ");
        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await StatesAsync(returned)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Submitted] = 2 });
        using var answer = await DecideAllAsync("?region=330000", ReviewForm.ReturnAll, reason: "Which bulletin?");

        answer.Headers.Location!.ToString().Should().Contain("returned=2");
        (await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.Reason == "Which bulletin?").Select(r => r.Id).ToListAsync())).Should().BeEquivalentTo(returned);
        (await StatesAsync(rest)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Submitted] = 1 });
    }

    [Theory]
    [InlineData("came")]
    [InlineData("left")]
    [InlineData("left and came")]
    [InlineData("replaced")]
    public async Task Nothing_is_decided_as_a_whole_when_something_came_or_left_since_the_page_was_made(string meanwhile)
    {
        var seen = await SubmitAsync("reporter", ["P-POP"], ["330000"], [1950, 1951]);

        using var answer = await DecideAllAsync("", ReviewForm.ApproveAll, meanwhile: async () =>
        {
            if (meanwhile.Contains("left", StringComparison.Ordinal))
                await ReviewAsync((store, id) => store.ReturnAsync([seen[0]], "Which bulletin?", id, CancellationToken.None));
            if (meanwhile.Contains("came", StringComparison.Ordinal))
                await SubmitAsync("reporter", ["P-POP"], ["330000"], [1952]);
            if (meanwhile == "replaced")
                await SubmitAsync("reporter", ["P-POP"], ["330000"], [1951], basedOn: 1, first: 700);
        });

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("Something came into this list or left it since you opened it.");
        (await _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == "reading.approved"))).Should().Be(0);
    }

    [Fact]
    public async Task Of_more_than_five_thousand_none_is_decided_about_by_one_word()
    {
        await SubmitAsync("reporter", ["P-POP", "P-HTM-FIRMS"], ["310000", "320000", "330000"], Enumerable.Range(1000, 850));

        (await _reviewer.PageAsync(Queue)).QuerySelector($"button[value={ReviewForm.ApproveAll}]").Should().BeNull("what would be refused is not offered");
        using var answer = await DecideAllAsync("", ReviewForm.ApproveAll);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("More than 5,000 are not decided about at once.");
        using var narrowed = await DecideAllAsync("?region=330000", ReviewForm.ApproveAll);

        narrowed.Headers.Location!.ToString().Should().Contain("approved=1700");
    }

    [Fact]
    public async Task What_came_outside_the_filter_is_in_nobodys_way()
    {
        await SubmitAsync("reporter", ["P-POP"], ["330000"], [1950]);

        using var answer = await DecideAllAsync("?region=330000", ReviewForm.ApproveAll, meanwhile: () => SubmitAsync("reporter", ["P-POP"], ["320000"], [1950]));

        answer.Headers.Location!.ToString().Should().Contain("approved=1");
    }

    [Fact]
    public async Task Ones_own_are_shown_and_left_out_of_what_is_decided_as_a_whole()
    {
        var others = await SubmitAsync("reporter", ["P-POP"], ["330000"], [1950]);
        var own = await SubmitAsync("reviewer", ["P-POP"], ["330000"], [1951]);

        using var page = await _reviewer.PageAsync(Queue);
        page.QuerySelector($"input[name=revisions][value='{own[0]}']")!.HasAttribute("disabled").Should().BeTrue();
        page.QuerySelector($"input[name=revisions][value='{others[0]}']")!.HasAttribute("disabled").Should().BeFalse();
        using var answer = await DecideAllAsync("", ReviewForm.ApproveAll);

        answer.Headers.Location!.ToString().Should().Contain("approved=1");
        (await StatesAsync(own)).Should().Equal(new Dictionary<RevisionState, int> { [RevisionState.Submitted] = 1 });
    }

    [Fact]
    public async Task A_line_says_what_the_figure_would_do_to_the_status_and_approval_does_just_that()
    {
        var revision = (await SubmitAsync("reporter", ["I13"], ["CN"], [2025], basedOn: 1, first: 17))[0];
        var reviewer = await _plan.PersonAsync("reviewer");

        var line = (await _plan.WithAsync(async (db, _) => await db.ReviewPageAsync(
            await db.CurrentPlans().SingleAsync(), new ReviewFilter(), reviewer, CancellationToken.None))).Lines.Single();

        line.Effect.Now.Should().Be(await StatusAsync());
        await ReviewAsync((store, id) => store.ApproveAsync([revision], id, CancellationToken.None));
        line.Effect.Then.Should().Be(await StatusAsync()).And.NotBe(line.Effect.Now);
    }

    private Task<Status> StatusAsync() => _plan.WithAsync((db, _) => db.Standings.Where(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN").Select(s => s.Status).SingleAsync());

    private static List<long> Lines(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("input[name=revisions]").Select(i => long.Parse(i.GetAttribute("value")!, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Opens the queue, and decides about all the filter leaves, as the page knew it.</summary>
    private async Task<HttpResponseMessage> DecideAllAsync(string filter, string decision, string reason = "", Func<Task>? meanwhile = null)
    {
        using var page = await _reviewer.PageAsync(Queue + filter);
        string Hidden(string name) => page.QuerySelector($"input[name={name}]")!.GetAttribute("value")!;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["expected"] = Hidden("expected"),
            ["lastSeen"] = Hidden("lastSeen"),
            ["decision"] = decision,
            ["reason"] = reason,
        };
        if (meanwhile is not null)
            await meanwhile();
        return await _reviewer.PostAsync(Queue + filter, fields);
    }

    /// <summary>Submits a figure of its own for every cell.</summary>
    /// <returns>The revisions, in order of their cells.</returns>
    private async Task<List<long>> SubmitAsync(
        string person, IReadOnlyList<string> indicators, IReadOnlyList<string> regions, IEnumerable<int> years, int basedOn = 0, int first = 500)
    {
        var author = await _plan.PersonAsync(person);
        var ids = await _plan.WithAsync(async (db, _) => (
            Indicators: await db.Indicators.Where(i => indicators.Contains(i.Code)).Select(i => i.Id).ToListAsync(),
            Regions: await db.Regions.Where(r => regions.Contains(r.Code)).Select(r => r.Id).ToListAsync()));
        var cells =
            from indicator in ids.Indicators
            from region in ids.Regions
            from year in years
            select new CellKey(indicator, region, Period.Annual(year));
        var submission = new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [.. cells.Select((key, n) => new TypedCell(key, $"{first + n}") { BasedOn = basedOn })],
        };
        var result = await _plan.WithAsync((_, store) => store.SubmitAsync(submission, author, CancellationToken.None));
        result.Should().BeEquivalentTo(new { Submitted = submission.Cells.Count, Faults = Array.Empty<SubmissionFault>() });
        return await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.RequestId == submission.RequestId).OrderBy(r => r.Id).Select(r => r.Id).ToListAsync());
    }

    private async Task ReviewAsync(Func<ReadingStore, Guid, Task<ReviewResult>> decide)
    {
        var reviewer = await _plan.PersonAsync("reviewer");
        (await _plan.WithAsync((_, store) => decide(store, reviewer))).Reviewed.Should().Be(1);
    }

    private Task<Dictionary<RevisionState, int>> StatesAsync(IReadOnlyCollection<long> revisions) => _plan.WithAsync((db, _) =>
        db.Revisions.Where(r => revisions.Contains(r.Id)).GroupBy(r => r.State).ToDictionaryAsync(g => g.Key, g => g.Count()));
}
