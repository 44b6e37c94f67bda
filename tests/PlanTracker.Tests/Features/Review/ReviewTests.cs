using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Review;

/// <summary>Approving and returning: what changes, who may, and what a refusal leaves untouched.</summary>
public sealed class ReviewTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_approved_reading_changes_the_standing_at_once()
    {
        var revision = await SubmitAsync("I03", "2025", "80.5");

        var result = await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([revision], id, CancellationToken.None));

        result.Should().BeEquivalentTo(new { Reviewed = 1, Fault = (ReviewFaultKind?)null });
        var standing = await StandingAsync("I03");
        standing.Should().BeEquivalentTo(new { Value = 80.5m, Period = Period.Annual(2025), PreviousValue = 72.1m, Status = Status.Achieved, Elapsed = 1m });
        standing.Attainment.Should().BeApproximately(1.597561m, 0.000001m);
    }

    [Fact]
    public async Task Until_a_revision_is_approved_the_earlier_value_counts_and_then_it_is_history()
    {
        var revision = await SubmitAsync("I13", "2025", "17.1", basedOn: 1);
        (await StandingAsync("I13")).Status.Should().Be(Status.Behind);

        await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([revision], id, CancellationToken.None));

        (await StandingAsync("I13")).Should().BeEquivalentTo(new { Value = 17.1m, Status = Status.Achieved });
        var history = await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.Reading!.Indicator!.Code == "I13" && r.Reading.Period == Period.Annual(2025))
            .OrderBy(r => r.Number).Select(r => new { r.Value, r.State }).ToListAsync());
        history.Should().BeEquivalentTo(
            new[] { new { Value = (decimal?)15.9722m, State = RevisionState.Superseded }, new { Value = (decimal?)17.1m, State = RevisionState.Approved } },
            o => o.WithStrictOrdering());
    }

    [Fact]
    public async Task A_returned_reading_goes_back_with_its_reason_and_the_dashboards_stay()
    {
        var revision = await SubmitAsync("I13", "2025", "17.1", basedOn: 1);

        var result = await ReviewAsync("reviewer", (store, id) => store.ReturnAsync([revision], "Which bulletin?", id, CancellationToken.None));

        result.Reviewed.Should().Be(1);
        (await RevisionAsync(revision)).Should().BeEquivalentTo(new { State = RevisionState.Returned, Reason = "Which bulletin?" });
        (await StandingAsync("I13")).Value.Should().Be(15.9722m);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public async Task Nothing_is_returned_without_a_reason(string? reason)
    {
        var revision = await SubmitAsync("I13", "2024", "15.5");

        var result = await ReviewAsync("reviewer", (store, id) => store.ReturnAsync([revision], reason, id, CancellationToken.None));

        result.Fault.Should().Be(ReviewFaultKind.ReasonMissing);
        (await RevisionAsync(revision)).State.Should().Be(RevisionState.Submitted);
    }

    [Fact]
    public async Task Nobody_approves_their_own_reading()
    {
        var revision = await SubmitAsync("I13", "2024", "15.5", author: "reviewer");

        var result = await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([revision], id, CancellationToken.None));

        result.Should().BeEquivalentTo(new { Reviewed = 0, Fault = ReviewFaultKind.OwnRevision, Cells = new[] { "I13/CN/2024" } });
        (await RevisionAsync(revision)).State.Should().Be(RevisionState.Submitted);
        (await StandingAsync("I13")).Period.Should().Be(Period.Annual(2025));
    }

    [Fact]
    public async Task The_database_itself_refuses_an_approval_by_the_author()
    {
        var revision = await SubmitAsync("I13", "2024", "15.5");

        var force = () => _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"update reading_revisions set reviewer_id = author_id where id = {revision}"));

        (await force.Should().ThrowAsync<Npgsql.PostgresException>()).Which.ConstraintName.Should().Be("ck_reading_revisions_own_approval");
    }

    [Fact]
    public async Task A_reviewer_without_scope_finds_nothing_to_decide()
    {
        var revision = await SubmitAsync("I13", "2024", "15.5");

        var result = await ReviewAsync("leader", (store, id) => store.ApproveAsync([revision], id, CancellationToken.None));

        result.Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await RevisionAsync(revision)).State.Should().Be(RevisionState.Submitted);
    }

    [Fact]
    public async Task One_that_no_longer_waits_keeps_the_whole_decision_out()
    {
        var first = await SubmitAsync("I13", "2024", "15.5");
        var second = await SubmitAsync("I03", "2025", "80.5");
        await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([first], id, CancellationToken.None));

        var result = await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([first, second], id, CancellationToken.None));

        result.Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await RevisionAsync(second)).State.Should().Be(RevisionState.Submitted);
    }

    [Fact]
    public async Task Every_step_leaves_an_audit_event_of_its_own()
    {
        var revision = await SubmitAsync("I13", "2024", "15.5");
        await ReviewAsync("reviewer", (store, id) => store.ReturnAsync([revision], "Source?", id, CancellationToken.None));
        revision = await SubmitAsync("I13", "2024", "15.5", basedOn: 1);
        await ReviewAsync("reviewer", (store, id) => store.ApproveAsync([revision], id, CancellationToken.None));

        var actions = await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "I13/CN/2024").OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
        actions.Should().Equal("reading.submitted", "reading.returned", "reading.submitted", "reading.approved");
    }

    [Fact]
    public async Task Two_reviewers_who_approve_in_one_series_at_once_leave_a_standing_that_knows_both()
    {
        var revisions = new List<long>();
        foreach (var (period, value) in new[] { ("2021", "36.1"), ("2022", "37.2"), ("2023", "38.3"), ("2024", "39.4") })
            revisions.Add(await SubmitAsync("I12", period, value[1..]));

        await Task.WhenAll(revisions.Select(r => ReviewAsync("reviewer", (store, id) => store.ApproveAsync([r], id, CancellationToken.None))));

        (await StandingAsync("I12")).Should().BeEquivalentTo(new { Period = Period.Annual(2024), Value = 9.4m, PreviousPeriod = Period.Annual(2023), PreviousValue = 8.3m });
    }

    private async Task<long> SubmitAsync(string indicator, string period, string text, string author = "reporter", int basedOn = 0)
    {
        var submission = new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(await _plan.IndicatorAsync(indicator), await _plan.RegionAsync("CN"), Period.Parse(period)), text) { Status = ObservationStatus.A, BasedOn = basedOn }],
        };
        var authorId = await _plan.PersonAsync(author);
        (await _plan.WithAsync((_, store) => store.SubmitAsync(submission, authorId, CancellationToken.None))).Submitted.Should().Be(1);
        return await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.RequestId == submission.RequestId).Select(r => r.Id).SingleAsync());
    }

    private async Task<ReviewResult> ReviewAsync(string person, Func<ReadingStore, Guid, Task<ReviewResult>> decide)
    {
        var id = await _plan.PersonAsync(person);
        return await _plan.WithAsync((_, store) => decide(store, id));
    }

    private Task<ReadingRevision> RevisionAsync(long id) => _plan.WithAsync((db, _) => db.Revisions.SingleAsync(r => r.Id == id));

    private Task<Standing> StandingAsync(string indicator) =>
        _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == indicator && s.Region!.Code == "CN"));
}
