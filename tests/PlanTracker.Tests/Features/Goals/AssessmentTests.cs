using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Goals;

/// <summary>Assessing goals in words and reviewing what was said: what counts, who may, and what a refusal leaves untouched.</summary>
public sealed class AssessmentTests : IAsyncLifetime
{
    private readonly SeededPlan _plan;
    private readonly GoalSteps _goals;

    public AssessmentTests(TestCluster cluster)
    {
        _plan = new SeededPlan(cluster);
        _goals = new GoalSteps(_plan);
    }

    public static TheoryData<string, string, string, AssessmentFault> Refusals => new()
    {
        { "", "Words", "Report", AssessmentFault.StatusMissing },
        { "no-judgement", "Words", "Report", AssessmentFault.StatusMissing },
        { "splendid", "Words", "Report", AssessmentFault.StatusMissing },
        { "on-track", " \r\n ", "Report", AssessmentFault.StatementMissing },
        { "on-track", new string('x', MilestoneAssessment.StatementLength + 1), "Report", AssessmentFault.StatementTooLong },
        { "on-track", "Words\0", "Report", AssessmentFault.StatementUnsafe },
        { "on-track", "Words", "", AssessmentFault.EvidenceMissing },
        { "on-track", "Words", new string('x', MilestoneAssessment.EvidenceLength + 1), AssessmentFault.EvidenceTooLong },
        { "on-track", "Words", "Report \ud83d", AssessmentFault.EvidenceUnsafe },
    };

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_approved_assessment_counts_from_the_day_of_its_review()
    {
        var stated = await _goals.StatedAsync(statement: "  First line.\r\nSecond line. ");
        var assessment = await _goals.TakenAsync(stated);
        _goals.Clock.Advance(TimeSpan.FromHours(20));

        (await _goals.ApproveAsync(assessment)).Should().BeEquivalentTo(new { Reviewed = 1, Fault = (ReviewFaultKind?)null });

        (await _goals.AssessmentAsync(stated.RequestId)).Should().BeEquivalentTo(new
        {
            Number = 1,
            Status = Status.OnTrack,
            Statement = "First line.\nSecond line.",
            Evidence = "Report 1",
            State = RevisionState.Approved,
            AuthorId = await _plan.PersonAsync("reporter"),
            ReviewerId = await _plan.PersonAsync("reviewer"),
            CreatedAt = new DateTimeOffset(2024, 3, 1, 9, 0, 0, TimeSpan.Zero),
            KnownOn = new DateOnly(2024, 3, 2),
        });
    }

    [Fact]
    public async Task A_line_break_counts_once_against_the_limit()
    {
        var stated = await _goals.StatedAsync(statement: string.Concat(Enumerable.Repeat("x\r\n", MilestoneAssessment.StatementLength / 2)));

        (await _goals.SubmitAsync(stated)).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_newer_submission_takes_the_place_of_one_that_waits_or_was_returned()
    {
        await _goals.TakenAsync(await _goals.StatedAsync());
        var second = await _goals.TakenAsync(await _goals.StatedAsync(statement: "Better words.", basedOn: 1));
        await _goals.ReturnAsync("Which report?", second);
        await _goals.GrantAsync("administrator", "CN");
        await _goals.TakenAsync(await _goals.StatedAsync(statement: "Best words.", basedOn: 2), "administrator");

        (await _goals.StatesAsync()).Should().Equal(RevisionState.Replaced, RevisionState.Replaced, RevisionState.Submitted);
    }

    [Fact]
    public async Task Until_a_newer_one_is_approved_the_earlier_counts_and_then_it_is_history()
    {
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync(status: "behind")));
        _goals.Clock.Advance(TimeSpan.FromDays(10));
        var second = await _goals.TakenAsync(await _goals.StatedAsync(status: "achieved", basedOn: 1));
        (await KnownAsync(null)).Should().Be(Status.Behind);

        (await _goals.ApproveAsync(second)).Fault.Should().BeNull();

        (await KnownAsync(null)).Should().Be(Status.Achieved);
        (await _goals.StatesAsync()).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
    }

    [Fact]
    public async Task On_a_past_day_the_one_counts_that_was_last_approved_by_then()
    {
        foreach (var (status, number, days) in new[] { ("far-behind", 0, 10), ("behind", 1, 0), ("on-track", 2, 10) })
        {
            await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync(status: status, basedOn: number)));
            _goals.Clock.Advance(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1));
        }

        (await KnownAsync("2024-02-29")).Should().BeNull();
        (await KnownAsync("2024-03-01")).Should().Be(Status.FarBehind);
        (await KnownAsync("2024-03-10")).Should().Be(Status.FarBehind);
        (await KnownAsync("2024-03-11")).Should().Be(Status.OnTrack, "of two approved on one day the later counts");
        (await KnownAsync(null)).Should().Be(Status.OnTrack);
    }

    [Fact]
    public async Task A_returned_assessment_goes_back_with_its_reason_and_the_approved_one_stays()
    {
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync(status: "behind")));
        var stated = await _goals.StatedAsync(status: "achieved", basedOn: 1);
        var second = await _goals.TakenAsync(stated);

        (await _goals.ReturnAsync(" Which report? ", second)).Reviewed.Should().Be(1);

        (await _goals.AssessmentAsync(stated.RequestId)).Should().BeEquivalentTo(new { State = RevisionState.Returned, Reason = "Which report?", KnownOn = (DateOnly?)null });
        (await _goals.StatesAsync()).Should().Equal(RevisionState.Approved, RevisionState.Returned);
        (await KnownAsync(null)).Should().Be(Status.Behind);
    }

    [Fact]
    public async Task The_same_request_twice_has_no_second_effect_even_at_once_and_after_its_review()
    {
        var stated = await _goals.StatedAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _goals.SubmitAsync(stated)));
        await _goals.ApproveAsync((await _goals.AssessmentAsync(stated.RequestId)).Id);
        var footprint = await _goals.FootprintAsync();
        var late = await _goals.SubmitAsync(stated);

        results.Append(late).Should().OnlyContain(r => r.Faults.Count == 0);
        (await _goals.StatesAsync()).Should().Equal(RevisionState.Approved);
        (await _goals.FootprintAsync()).Should().Be(footprint);
    }

    [Fact]
    public async Task The_same_request_with_other_words_is_refused()
    {
        var stated = await _goals.StatedAsync();
        await _goals.TakenAsync(stated);

        await RefusedAsync(AssessmentFault.SentBefore, stated with { Statement = "Other words.", BasedOn = 1 });
        await RefusedAsync(AssessmentFault.SentBefore, stated with { Evidence = "Report 2", BasedOn = 1 });
        await RefusedAsync(AssessmentFault.SentBefore, stated with { Status = "behind", BasedOn = 1 });
        await RefusedAsync(AssessmentFault.SentBefore, stated with { MilestoneId = await _goals.GoalAsync("A02-2023") });
        await _goals.GrantAsync("administrator", "CN");
        await RefusedAsync(AssessmentFault.SentBefore, stated, "administrator");
    }

    [Fact]
    public async Task Of_two_who_assess_at_once_one_is_told_what_the_other_said()
    {
        await _goals.GrantAsync("administrator", "CN");
        var (one, other) = (await _goals.StatedAsync(status: "behind"), await _goals.StatedAsync(status: "behind"));

        var results = await Task.WhenAll(_goals.SubmitAsync(one), _goals.SubmitAsync(other, "administrator"));

        var refused = results.Should().ContainSingle(r => r.Faults.Count == 1).Which;
        refused.Faults.Should().Equal(AssessmentFault.Conflict);
        refused.Last.Should().BeEquivalentTo(new { Number = 1, Status = Status.Behind, State = RevisionState.Submitted });
        (await _goals.StatesAsync()).Should().Equal(RevisionState.Submitted);
    }

    [Fact]
    public async Task What_was_based_on_an_older_assessment_is_refused_with_what_stands_now()
    {
        await _goals.TakenAsync(await _goals.StatedAsync(status: "far-behind"));
        var late = await _goals.StatedAsync(basedOn: 0);

        await RefusedAsync(AssessmentFault.Conflict, late);

        (await _goals.SubmitAsync(late)).Last.Should().BeEquivalentTo(new { Author = "National reporter", Status = Status.FarBehind });
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task What_lacks_something_is_refused_and_nothing_changes(string status, string statement, string evidence, AssessmentFault fault) =>
        await RefusedAsync(fault, await _goals.StatedAsync(status: status, statement: statement, evidence: evidence));

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var result = await _goals.SubmitAsync(await _goals.StatedAsync(status: "", statement: "", evidence: ""));

        result.Faults.Should().Equal(AssessmentFault.StatusMissing, AssessmentFault.StatementMissing, AssessmentFault.EvidenceMissing);
    }

    [Theory]
    [InlineData("zhejiang")]
    [InlineData("leader")]
    public async Task Nobody_assesses_a_goal_outside_their_scope(string person) =>
        await RefusedAsync(AssessmentFault.OutOfScope, await _goals.StatedAsync(), person);

    [Fact]
    public async Task A_goal_that_is_not_there_is_out_of_scope() =>
        await RefusedAsync(AssessmentFault.OutOfScope, (await _goals.StatedAsync()) with { MilestoneId = int.MaxValue });

    [Fact]
    public async Task Only_a_grant_on_the_whole_reaches_goals_and_where_it_names_an_element_those_of_it_and_below()
    {
        await LoadTinyPlanAsync();
        await AddGoalAsync("A01.1", "A01.1-2025");
        await _goals.GrantAsync("leader", "330000");
        await _goals.GrantAsync("analyst", "CN", "A01");
        await _goals.GrantAsync("auditor", "ISLES");

        (await _goals.ReachAsync("reporter")).Should().HaveCount(21).And.Contain(["A01-2023", "A10-2025", "A01.1-2025"]).And.NotContain("HALLS-2031");
        (await _goals.ReachAsync("zhejiang")).Should().BeEmpty();
        (await _goals.ReachAsync("leader")).Should().BeEmpty();
        (await _goals.ReachAsync("analyst")).Should().Equal("A01-2023", "A01-2025", "A01.1-2025");
        (await _goals.ReachAsync("auditor")).Should().Equal("HALLS-2031");
        (await _goals.ReachAsync("administrator")).Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_decides_about_their_own_assessment()
    {
        var own = await _goals.TakenAsync(await _goals.StatedAsync(), "reviewer");
        var other = await _goals.TakenAsync(await _goals.StatedAsync("A02-2023"));
        var before = await _goals.FootprintAsync();

        (await _goals.ApproveAsync(own, other)).Should().BeEquivalentTo(new { Reviewed = 0, Fault = ReviewFaultKind.OwnRevision, Cells = new[] { "A01-2023" } });
        (await _goals.ReturnAsync("Why?", own)).Fault.Should().Be(ReviewFaultKind.OwnRevision);

        (await _goals.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_reviewer_without_scope_finds_nothing_to_decide()
    {
        var assessment = await _goals.TakenAsync(await _goals.StatedAsync());
        await _goals.GrantAsync("leader", "CN", "A02");
        var before = await _goals.FootprintAsync();

        (await _goals.ApproveAsync("leader", assessment)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _goals.ApproveAsync("zhejiang", assessment)).Fault.Should().Be(ReviewFaultKind.NotWaiting);

        (await _goals.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task One_that_no_longer_waits_keeps_the_whole_decision_out()
    {
        var first = await _goals.TakenAsync(await _goals.StatedAsync());
        var second = await _goals.TakenAsync(await _goals.StatedAsync("A02-2023"));
        await _goals.ApproveAsync(first);
        var before = await _goals.FootprintAsync();

        (await _goals.ApproveAsync(first, second)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _goals.ApproveAsync(second, long.MaxValue)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _goals.ApproveAsync()).Fault.Should().Be(ReviewFaultKind.NothingChosen);

        (await _goals.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Several_are_decided_at_once_and_each_supersedes_its_own()
    {
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync()), await _goals.TakenAsync(await _goals.StatedAsync("A02-2023")));
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync("A03-2023")));

        var (one, two) = (await _goals.TakenAsync(await _goals.StatedAsync(basedOn: 1)), await _goals.TakenAsync(await _goals.StatedAsync("A02-2023", basedOn: 1)));
        (await _goals.ApproveAsync(two, one)).Reviewed.Should().Be(2);

        (await _goals.StatesAsync()).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
        (await _goals.StatesAsync("A02-2023")).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
        (await _goals.StatesAsync("A03-2023")).Should().Equal(RevisionState.Approved);
    }

    [Fact]
    public async Task Of_two_decisions_at_once_one_is_taken()
    {
        var assessment = await _goals.TakenAsync(await _goals.StatedAsync());

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => i % 2 == 0 ? _goals.ApproveAsync(assessment) : _goals.ReturnAsync("Why?", assessment)));

        results.Count(r => r.Fault is null).Should().Be(1);
        results.Count(r => r.Fault == ReviewFaultKind.NotWaiting).Should().Be(3);
    }

    [Theory]
    [InlineData(null, ReviewFaultKind.ReasonMissing)]
    [InlineData(" \r\n", ReviewFaultKind.ReasonMissing)]
    [InlineData("a\0b", ReviewFaultKind.UnsafeText)]
    [InlineData("long", ReviewFaultKind.ReasonTooLong)]
    public async Task Nothing_is_returned_without_a_reason_that_can_be_kept(string? reason, ReviewFaultKind fault)
    {
        var assessment = await _goals.TakenAsync(await _goals.StatedAsync());
        var before = await _goals.FootprintAsync();

        (await _goals.ReturnAsync(reason == "long" ? new string('x', MilestoneAssessment.ReasonLength + 1) : reason, assessment)).Fault.Should().Be(fault);

        (await _goals.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Every_step_leaves_an_audit_event_of_its_own()
    {
        await _goals.ReturnAsync("Which report?", await _goals.TakenAsync(await _goals.StatedAsync()));
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync(basedOn: 1)));

        var events = await _goals.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "A01-2023").OrderBy(a => a.Id).Select(a => new { a.Action, a.ActorId, a.Detail }).ToListAsync());
        var (reporter, reviewer) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"));
        events.Select(e => (e.Action, e.ActorId)).Should().Equal(
            ("milestone.submitted", reporter), ("milestone.returned", reviewer), ("milestone.submitted", reporter), ("milestone.approved", reviewer));
        events[1].Detail.Should().Contain("Which report?");
    }

    [Fact]
    public async Task What_was_said_about_a_goal_can_be_neither_altered_nor_removed()
    {
        await _goals.ApproveAsync(await _goals.TakenAsync(await _goals.StatedAsync()));

        await RefusedBySqlAsync($"update milestone_assessments set statement = 'another'");
        await RefusedBySqlAsync($"update milestone_assessments set status = 'achieved'");
        await RefusedBySqlAsync($"update milestone_assessments set evidence = 'another'");
        await RefusedBySqlAsync($"update milestone_assessments set author_id = (select id from people where user_name = 'leader')");
        await RefusedBySqlAsync($"update milestone_assessments set created_at = created_at - interval '1 day'");
        await RefusedBySqlAsync($"update milestone_assessments set known_on = known_on - 1");
        await RefusedBySqlAsync($"delete from milestone_assessments");
        await RefusedBySqlAsync($"truncate milestone_assessments");
    }

    [Fact]
    public async Task The_database_itself_refuses_an_approval_by_the_author_and_a_status_that_says_nothing()
    {
        await _goals.TakenAsync(await _goals.StatedAsync());

        (await SqlFaultAsync($"update milestone_assessments set reviewer_id = author_id")).ConstraintName.Should().Be("ck_milestone_assessments_own_approval");
        (await SqlFaultAsync($"insert into milestone_assessments select (json_populate_record(a, json_build_object('id', 99, 'number', 9, 'status', 'no-judgement', 'request_id', gen_random_uuid(), 'state', 'replaced'))).* from milestone_assessments a"))
            .ConstraintName.Should().Be("ck_milestone_assessments_status");
    }

    private async Task RefusedAsync(AssessmentFault fault, StatedAssessment stated, string author = "reporter")
    {
        var before = await _goals.FootprintAsync();

        (await _goals.SubmitAsync(stated, author)).Faults.Should().Equal(fault);

        (await _goals.FootprintAsync()).Should().Be(before);
    }

    private async Task RefusedBySqlAsync(FormattableString sql)
    {
        var fault = await SqlFaultAsync(sql);
        fault.SqlState.Should().Be(PostgresErrorCodes.RestrictViolation, sql.Format);
        fault.MessageText.Should().Be("milestone_assessments is append-only");
    }

    private async Task<PostgresException> SqlFaultAsync(FormattableString sql)
    {
        var force = () => _goals.WithAsync((db, _) => db.Database.ExecuteSqlAsync(sql));
        return (await force.Should().ThrowAsync<PostgresException>("{0} is refused", sql.Format)).Which;
    }

    private Task<Status?> KnownAsync(string? day) => _goals.WithAsync((db, _) =>
        db.KnownAssessments(day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture)).Where(a => a.Milestone!.Code == "A01-2023")
            .Select(a => (Status?)a.Status).SingleOrDefaultAsync());

    private Task<int> AddGoalAsync(string element, string code) => _goals.WithAsync(async (db, _) =>
    {
        var elementId = await db.Elements.Where(e => e.Code == element).Select(e => e.Id).SingleAsync();
        db.Milestones.Add(new Milestone { ElementId = elementId, Code = code, Year = 2025, GoalEn = "A goal", GoalZh = "目标", Source = "Page 1" });
        return await db.SaveChangesAsync();
    });

    private async Task LoadTinyPlanAsync()
    {
        using var package = new TinyPlan();
        await using var scope = _plan.Application.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PlanLoader>().LoadAsync(PlanPackage.Read(package.Folder), CancellationToken.None);
    }
}
