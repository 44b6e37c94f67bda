using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>Reporting progress and reviewing what was said: what counts, who may, and what a refusal leaves untouched.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private readonly SeededPlan _plan;
    private readonly ProgressSteps _steps;

    public ReportTests(TestCluster cluster)
    {
        _plan = new SeededPlan(cluster);
        _steps = new ProgressSteps(_plan);
    }

    public static TheoryData<string, StatedReport, ReportFaultKind> Refusals => new()
    {
        { "no status", Whole with { Status = "" }, ReportFaultKind.StatusMissing },
        { "a status that says nothing", Whole with { Status = "no-judgement" }, ReportFaultKind.StatusMissing },
        { "a status nobody knows", Whole with { Status = "splendid" }, ReportFaultKind.StatusMissing },
        { "no stage", Whole with { Stage = "" }, ReportFaultKind.StageMissing },
        { "a stage nobody knows", Whole with { Stage = "almost" }, ReportFaultKind.StageMissing },
        { "no confidence", Whole with { Confidence = "" }, ReportFaultKind.ConfidenceMissing },
        { "confidence after the end", Whole with { Stage = "completed" }, ReportFaultKind.ConfidenceAgainstStage },
        { "confidence after a stop", Whole with { Stage = "stopped" }, ReportFaultKind.ConfidenceAgainstStage },
        { "a part of a per cent", Whole with { Percent = "12.5" }, ReportFaultKind.PercentNotWhole },
        { "more than all", Whole with { Percent = "101" }, ReportFaultKind.PercentNotWhole },
        { "less than nothing", Whole with { Percent = "-1" }, ReportFaultKind.PercentNotWhole },
        { "full-width digits", Whole with { Percent = "５０" }, ReportFaultKind.PercentNotWhole },
        { "completed and not all", Whole with { Stage = "completed", Confidence = "", Percent = "99" }, ReportFaultKind.PercentAgainstStage },
        { "not started and something", Whole with { Stage = "not-started", Percent = "1" }, ReportFaultKind.PercentAgainstStage },
        { "no statement", Whole with { Statement = " \r\n " }, ReportFaultKind.StatementMissing },
        { "a long statement", Whole with { Statement = new string('x', ProgressReport.StatementLength + 1) }, ReportFaultKind.StatementTooLong },
        { "a statement with NUL", Whole with { Statement = "Words\0" }, ReportFaultKind.StatementUnsafe },
        { "no evidence", Whole with { Evidence = "" }, ReportFaultKind.EvidenceMissing },
        { "long evidence", Whole with { Evidence = new string('x', ProgressReport.EvidenceLength + 1) }, ReportFaultKind.EvidenceTooLong },
        { "evidence with half a character", Whole with { Evidence = "Report \ud83d" }, ReportFaultKind.EvidenceUnsafe },
        { "a long next step", Whole with { NextStep = new string('x', ProgressReport.NextStepLength + 1) }, ReportFaultKind.NextStepTooLong },
        { "a next step with NUL", Whole with { NextStep = "\0x" }, ReportFaultKind.NextStepUnsafe },
        { "a day that is none", Whole with { NextStepOn = "2024-02-30" }, ReportFaultKind.NextStepOnNotADay },
        { "yesterday", Whole with { NextStepOn = "2024-02-29" }, ReportFaultKind.NextStepOnPast },
    };

    private static StatedReport Whole => new()
    {
        Subject = default,
        Status = "on-track",
        Stage = "under-way",
        Confidence = "probable",
        Statement = "Words",
        Evidence = "Report",
        BasedOn = 0,
        RequestId = Guid.Empty,
    };

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task An_approved_report_counts_from_the_day_of_its_review()
    {
        var stated = await _steps.StatedAsync(statement: "  First line.\r\nSecond line. ");
        var report = await _steps.TakenAsync(stated);
        _steps.Clock.Advance(TimeSpan.FromHours(20));

        (await _steps.ApproveAsync(report)).Should().BeEquivalentTo(new { Reviewed = 1, Fault = (ReviewFaultKind?)null });

        (await _steps.ReportAsync(stated.RequestId)).Should().BeEquivalentTo(new
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
        var stated = await _steps.StatedAsync(statement: string.Concat(Enumerable.Repeat("x\r\n", ProgressReport.StatementLength / 2)));

        (await _steps.SubmitAsync(stated)).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_newer_submission_takes_the_place_of_one_that_waits_or_was_returned()
    {
        await _steps.TakenAsync(await _steps.StatedAsync());
        var second = await _steps.TakenAsync(await _steps.StatedAsync(statement: "Better words.", basedOn: 1));
        await _steps.ReturnAsync("Which report?", second);
        await _steps.GrantAsync("administrator", "CN");
        await _steps.TakenAsync(await _steps.StatedAsync(statement: "Best words.", basedOn: 2), "administrator");

        (await _steps.StatesAsync()).Should().Equal(RevisionState.Replaced, RevisionState.Replaced, RevisionState.Submitted);
    }

    [Fact]
    public async Task Until_a_newer_one_is_approved_the_earlier_counts_and_then_it_is_history()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: "behind")));
        _steps.Clock.Advance(TimeSpan.FromDays(10));
        var second = await _steps.TakenAsync(await _steps.StatedAsync(status: "achieved", basedOn: 1));
        (await KnownAsync(null)).Should().Be(Status.Behind);

        (await _steps.ApproveAsync(second)).Fault.Should().BeNull();

        (await KnownAsync(null)).Should().Be(Status.Achieved);
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
    }

    [Fact]
    public async Task On_a_past_day_the_one_counts_that_was_last_approved_by_then()
    {
        foreach (var (status, number, days) in new[] { ("far-behind", 0, 10), ("behind", 1, 0), ("on-track", 2, 10) })
        {
            await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: status, basedOn: number)));
            _steps.Clock.Advance(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1));
        }

        (await KnownAsync("2024-02-29")).Should().BeNull();
        (await KnownAsync("2024-03-01")).Should().Be(Status.FarBehind);
        (await KnownAsync("2024-03-10")).Should().Be(Status.FarBehind);
        (await KnownAsync("2024-03-11")).Should().Be(Status.OnTrack, "of two approved on one day the later counts");
        (await KnownAsync(null)).Should().Be(Status.OnTrack);
    }

    [Fact]
    public async Task A_returned_report_goes_back_with_its_reason_and_the_approved_one_stays()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(status: "behind")));
        var stated = await _steps.StatedAsync(status: "achieved", basedOn: 1);
        var second = await _steps.TakenAsync(stated);

        (await _steps.ReturnAsync(" Which report? ", second)).Reviewed.Should().Be(1);

        (await _steps.ReportAsync(stated.RequestId)).Should().BeEquivalentTo(new { State = RevisionState.Returned, Reason = "Which report?", KnownOn = (DateOnly?)null });
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Approved, RevisionState.Returned);
        (await KnownAsync(null)).Should().Be(Status.Behind);
    }

    [Fact]
    public async Task The_same_request_twice_has_no_second_effect_even_at_once_and_after_its_review()
    {
        var stated = await _steps.StatedAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _steps.SubmitAsync(stated)));
        await _steps.ApproveAsync((await _steps.ReportAsync(stated.RequestId)).Id);
        var footprint = await _steps.FootprintAsync();
        var late = await _steps.SubmitAsync(stated);

        results.Append(late).Should().OnlyContain(r => r.Faults.Count == 0);
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Approved);
        (await _steps.FootprintAsync()).Should().Be(footprint);
    }

    [Fact]
    public async Task The_same_request_with_other_words_is_refused()
    {
        var stated = await _steps.StatedAsync();
        await _steps.TakenAsync(stated);

        await RefusedAsync(ReportFaultKind.SentBefore, stated with { Statement = "Other words.", BasedOn = 1 });
        await RefusedAsync(ReportFaultKind.SentBefore, stated with { Evidence = "Report 2", BasedOn = 1 });
        await RefusedAsync(ReportFaultKind.SentBefore, stated with { Status = "behind", BasedOn = 1 });
        await RefusedAsync(ReportFaultKind.SentBefore, stated with { Subject = ReportSubject.Goal(await _steps.GoalAsync("A02-2023")) });
        await _steps.GrantAsync("administrator", "CN");
        await RefusedAsync(ReportFaultKind.SentBefore, stated, "administrator");
    }

    [Fact]
    public async Task Of_two_who_report_at_once_one_is_told_what_the_other_said()
    {
        await _steps.GrantAsync("administrator", "CN");
        var (one, other) = (await _steps.StatedAsync(status: "behind"), await _steps.StatedAsync(status: "behind"));

        var results = await Task.WhenAll(_steps.SubmitAsync(one), _steps.SubmitAsync(other, "administrator"));

        var refused = results.Should().ContainSingle(r => r.Faults.Count == 1).Which;
        refused.Faults.Should().Equal(new ReportFault(ReportFaultKind.Conflict));
        refused.Last.Should().BeEquivalentTo(new { Number = 1, Status = Status.Behind, State = RevisionState.Submitted });
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Submitted);
    }

    [Fact]
    public async Task What_was_based_on_an_older_report_is_refused_with_what_stands_now()
    {
        await _steps.TakenAsync(await _steps.StatedAsync(status: "far-behind"));
        var late = await _steps.StatedAsync(basedOn: 0);

        await RefusedAsync(ReportFaultKind.Conflict, late);

        (await _steps.SubmitAsync(late)).Last.Should().BeEquivalentTo(new { Author = "National reporter", Status = Status.FarBehind });
    }

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public async Task What_lacks_or_contradicts_something_is_refused_and_nothing_changes(string lack, StatedReport stated, ReportFaultKind fault) =>
        await RefusedAsync(fault, stated with { Subject = (await _steps.StatedAsync()).Subject, RequestId = Guid.NewGuid() }, because: lack);

    [Theory]
    [InlineData("completed", "100", "", "2020-01-01")]
    [InlineData("completed", "", "", "")]
    [InlineData("stopped", "40", "", "2020-01-01")]
    [InlineData("not-started", "0", "unachievable", "")]
    [InlineData("in-operation", "100", "highly-likely", "2024-03-01")]
    [InlineData("under-way", " 7 ", "in-doubt", "2024-03-02")]
    public async Task What_fits_together_is_taken_as_it_was_stated(string stage, string percent, string confidence, string nextStepOn)
    {
        var stated = (await _steps.StatedAsync("B01.1", stage: stage, percent: percent, confidence: confidence)) with { NextStep = " Tender.\r\nAward. ", NextStepOn = nextStepOn };

        await _steps.TakenAsync(stated);

        (await _steps.ReportAsync(stated.RequestId)).Should().BeEquivalentTo(new
        {
            MilestoneId = (int?)null,
            ItemId = await _steps.ItemAsync("B01.1"),
            Status = (Status?)null,
            Stage = Kebab.Parse<Stage>(stage),
            PercentComplete = percent.Length == 0 ? (int?)null : int.Parse(percent, CultureInfo.InvariantCulture),
            Confidence = confidence.Length == 0 ? (DeliveryConfidence?)null : Kebab.Parse<DeliveryConfidence>(confidence),
            NextStep = "Tender.\nAward.",
            NextStepOn = nextStepOn.Length == 0 ? (DateOnly?)null : DateOnly.Parse(nextStepOn, CultureInfo.InvariantCulture),
        });
    }

    [Fact]
    public async Task What_has_not_begun_needs_no_evidence() =>
        (await _steps.SubmitAsync(await _steps.StatedAsync("B01.1", stage: "not-started", evidence: ""))).Faults.Should().BeEmpty();

    [Fact]
    public async Task An_item_is_reported_and_reviewed_like_a_goal_and_only_items_are()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync("B01.1", stage: "preparing")));
        _steps.Clock.Advance(TimeSpan.FromDays(3));
        var (item, goal) = (await _steps.TakenAsync(await _steps.StatedAsync("B01.1", basedOn: 1)), await _steps.TakenAsync(await _steps.StatedAsync()));

        (await _steps.ApproveAsync(goal, item)).Should().BeEquivalentTo(new { Reviewed = 2, Fault = (ReviewFaultKind?)null });

        (await _steps.StatesAsync("B01.1")).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
        (await _steps.StatesAsync()).Should().Equal(RevisionState.Approved);
        (await StageAsync("2024-03-03")).Should().Be(Stage.Preparing);
        (await StageAsync(null)).Should().Be(Stage.UnderWay);
        var events = await _steps.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "B01.1").OrderBy(a => a.Id).Select(a => a.Action).ToListAsync());
        events.Should().Equal("item.submitted", "item.approved", "item.submitted", "item.approved");
        foreach (var other in new[] { "B01", "A01", "T01" })
            await RefusedAsync(ReportFaultKind.OutOfScope, await _steps.StatedAsync(other));
        await RefusedAsync(ReportFaultKind.OutOfScope, await _steps.StatedAsync("B01.1", basedOn: 2), "zhejiang");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var result = await _steps.SubmitAsync(await _steps.StatedAsync(status: "", stage: "", confidence: "", statement: "", evidence: ""));

        result.Faults.Select(f => f.Kind).Should().Equal(
            ReportFaultKind.StatusMissing, ReportFaultKind.StageMissing, ReportFaultKind.ConfidenceMissing, ReportFaultKind.StatementMissing, ReportFaultKind.EvidenceMissing);
    }

    [Theory]
    [InlineData("zhejiang")]
    [InlineData("leader")]
    public async Task Nobody_reports_about_a_goal_outside_their_scope(string person) =>
        await RefusedAsync(ReportFaultKind.OutOfScope, await _steps.StatedAsync(), person);

    [Fact]
    public async Task A_goal_that_is_not_there_is_out_of_scope() =>
        await RefusedAsync(ReportFaultKind.OutOfScope, (await _steps.StatedAsync()) with { Subject = ReportSubject.Goal(int.MaxValue) });

    [Fact]
    public async Task Only_a_grant_on_the_whole_reaches_goals_and_items_and_where_it_names_an_element_those_of_it_and_below()
    {
        await LoadTinyPlanAsync();
        await AddGoalAsync("A01.1", "A01.1-2025");
        await _steps.GrantAsync("leader", "330000");
        await _steps.GrantAsync("analyst", "CN", "A01");
        await _steps.GrantAsync("auditor", "ISLES");
        await _steps.GrantAsync("security", "CN", "T01");

        (await _steps.ReachAsync("reporter")).Should().HaveCount(21 + 60).And.Contain(["A01-2023", "A10-2025", "A01.1-2025", "B01.1"]).And.NotContain(["HALLS-2031", "K-BOATS.1", "B01", "A01"]);
        (await _steps.ReachAsync("zhejiang")).Should().BeEmpty();
        (await _steps.ReachAsync("leader")).Should().BeEmpty();
        (await _steps.ReachAsync("analyst")).Should().Equal("A01-2023", "A01-2025", "A01.1-2025");
        (await _steps.ReachAsync("auditor")).Should().Equal("HALLS-2031", "K-BOATS.1");
        (await _steps.ReachAsync("security")).Should().StartWith("B01.1").And.HaveCountLessThan(60).And.OnlyContain(c => c.StartsWith('B'));
        (await _steps.ReachAsync("administrator")).Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_decides_about_their_own_report()
    {
        var own = await _steps.TakenAsync(await _steps.StatedAsync(), "reviewer");
        var other = await _steps.TakenAsync(await _steps.StatedAsync("A02-2023"));
        var before = await _steps.FootprintAsync();

        (await _steps.ApproveAsync(own, other)).Should().BeEquivalentTo(new { Reviewed = 0, Fault = ReviewFaultKind.OwnRevision, Cells = new[] { "A01-2023" } });
        (await _steps.ReturnAsync("Why?", own)).Fault.Should().Be(ReviewFaultKind.OwnRevision);

        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_reviewer_without_scope_finds_nothing_to_decide()
    {
        var report = await _steps.TakenAsync(await _steps.StatedAsync());
        await _steps.GrantAsync("leader", "CN", "A02");
        var before = await _steps.FootprintAsync();

        (await _steps.ApproveAsync("leader", report)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _steps.ApproveAsync("zhejiang", report)).Fault.Should().Be(ReviewFaultKind.NotWaiting);

        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task One_that_no_longer_waits_keeps_the_whole_decision_out()
    {
        var first = await _steps.TakenAsync(await _steps.StatedAsync());
        var second = await _steps.TakenAsync(await _steps.StatedAsync("A02-2023"));
        await _steps.ApproveAsync(first);
        var before = await _steps.FootprintAsync();

        (await _steps.ApproveAsync(first, second)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _steps.ApproveAsync(second, long.MaxValue)).Fault.Should().Be(ReviewFaultKind.NotWaiting);
        (await _steps.ApproveAsync()).Fault.Should().Be(ReviewFaultKind.NothingChosen);

        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Several_are_decided_at_once_and_each_supersedes_its_own()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync()), await _steps.TakenAsync(await _steps.StatedAsync("A02-2023")));
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync("A03-2023")));

        var (one, two) = (await _steps.TakenAsync(await _steps.StatedAsync(basedOn: 1)), await _steps.TakenAsync(await _steps.StatedAsync("A02-2023", basedOn: 1)));
        (await _steps.ApproveAsync(two, one)).Reviewed.Should().Be(2);

        (await _steps.StatesAsync()).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
        (await _steps.StatesAsync("A02-2023")).Should().Equal(RevisionState.Superseded, RevisionState.Approved);
        (await _steps.StatesAsync("A03-2023")).Should().Equal(RevisionState.Approved);
    }

    [Fact]
    public async Task Of_two_decisions_at_once_one_is_taken()
    {
        var report = await _steps.TakenAsync(await _steps.StatedAsync());

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => i % 2 == 0 ? _steps.ApproveAsync(report) : _steps.ReturnAsync("Why?", report)));

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
        var report = await _steps.TakenAsync(await _steps.StatedAsync());
        var before = await _steps.FootprintAsync();

        (await _steps.ReturnAsync(reason == "long" ? new string('x', ProgressReport.ReasonLength + 1) : reason, report)).Fault.Should().Be(fault);

        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Every_step_leaves_an_audit_event_of_its_own()
    {
        await _steps.ReturnAsync("Which report?", await _steps.TakenAsync(await _steps.StatedAsync()));
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync(basedOn: 1)));

        var events = await _steps.WithAsync((db, _) => db.AuditEvents.Where(a => a.Subject == "A01-2023").OrderBy(a => a.Id).Select(a => new { a.Action, a.ActorId, a.Detail }).ToListAsync());
        var (reporter, reviewer) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"));
        events.Select(e => (e.Action, e.ActorId)).Should().Equal(
            ("milestone.submitted", reporter), ("milestone.returned", reviewer), ("milestone.submitted", reporter), ("milestone.approved", reviewer));
        events[1].Detail.Should().Contain("Which report?");
    }

    [Fact]
    public async Task What_was_said_can_be_neither_altered_nor_removed()
    {
        await _steps.ApproveAsync(await _steps.TakenAsync(await _steps.StatedAsync()));

        await RefusedBySqlAsync($"update progress_reports set statement = 'another'");
        await RefusedBySqlAsync($"update progress_reports set status = 'achieved'");
        await RefusedBySqlAsync($"update progress_reports set evidence = 'another'");
        await RefusedBySqlAsync($"update progress_reports set stage = 'in-operation'");
        await RefusedBySqlAsync($"update progress_reports set percent_complete = 90");
        await RefusedBySqlAsync($"update progress_reports set confidence = 'highly-likely'");
        await RefusedBySqlAsync($"update progress_reports set next_step = 'another'");
        await RefusedBySqlAsync($"update progress_reports set next_step_on = '2030-01-01'");
        await RefusedBySqlAsync($"update progress_reports set milestone_id = null, item_id = (select min(id) from plan_elements)");
        await RefusedBySqlAsync($"update progress_reports set author_id = (select id from people where user_name = 'leader')");
        await RefusedBySqlAsync($"update progress_reports set created_at = created_at - interval '1 day'");
        await RefusedBySqlAsync($"update progress_reports set known_on = known_on - 1");
        await RefusedBySqlAsync($"delete from progress_reports");
        await RefusedBySqlAsync($"truncate progress_reports, report_files");
    }

    [Fact]
    public async Task The_database_itself_refuses_an_approval_by_the_author_and_a_status_that_says_nothing()
    {
        await _steps.TakenAsync(await _steps.StatedAsync());

        (await SqlFaultAsync($"update progress_reports set reviewer_id = author_id")).ConstraintName.Should().Be("ck_progress_reports_own_approval");
        (await SqlFaultAsync($"insert into progress_reports select (json_populate_record(a, json_build_object('id', 99, 'number', 9, 'status', 'no-judgement', 'request_id', gen_random_uuid(), 'state', 'replaced'))).* from progress_reports a"))
            .ConstraintName.Should().Be("ck_progress_reports_status");
        foreach (var (column, value, constraint) in new[]
        {
            ("percent_complete", "101", "percent"), ("stage", "'completed'", "confidence"), ("confidence", "null", "confidence"), ("item_id", "1", "subject"),
        })
        {
            var sql = $"insert into progress_reports select (json_populate_record(a, json_build_object('id', 99, 'number', 9, '{column}', {value}, 'request_id', gen_random_uuid(), 'state', 'replaced'))).* from progress_reports a";
            (await SqlFaultAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(sql))).ConstraintName.Should().Be($"ck_progress_reports_{constraint}", column);
        }
    }

    private async Task RefusedAsync(ReportFaultKind fault, StatedReport stated, string author = "reporter", string because = "")
    {
        var before = await _steps.FootprintAsync();

        (await _steps.SubmitAsync(stated, author)).Faults.Select(f => f.Kind).Should().Equal([fault], because);

        (await _steps.FootprintAsync()).Should().Be(before);
    }

    private async Task RefusedBySqlAsync(FormattableString sql)
    {
        var fault = await SqlFaultAsync(sql);
        fault.SqlState.Should().Be(PostgresErrorCodes.RestrictViolation, sql.Format);
        fault.MessageText.Should().Be("progress_reports is append-only");
    }

    private async Task<PostgresException> SqlFaultAsync(FormattableString sql)
    {
        var force = () => _steps.WithAsync((db, _) => db.Database.ExecuteSqlAsync(sql));
        return (await force.Should().ThrowAsync<PostgresException>("{0} is refused", sql.Format)).Which;
    }

    private Task<Status?> KnownAsync(string? day) => _steps.WithAsync((db, _) =>
        db.KnownReports(day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture)).Where(a => a.Milestone!.Code == "A01-2023")
            .Select(a => (Status?)a.Status).SingleOrDefaultAsync());

    private Task<Stage?> StageAsync(string? day) => _steps.WithAsync((db, _) =>
        db.KnownReports(day is null ? null : DateOnly.Parse(day, CultureInfo.InvariantCulture)).Where(r => r.Item!.Code == "B01.1").Select(r => r.Stage).SingleOrDefaultAsync());

    private Task<int> AddGoalAsync(string element, string code) => _steps.WithAsync(async (db, _) =>
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
