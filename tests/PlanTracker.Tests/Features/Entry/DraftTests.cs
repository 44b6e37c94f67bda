using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>What is kept while it is typed: whose it is, when it is in conflict, and when it goes.</summary>
public sealed class DraftTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    private EntrySteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _steps = new EntrySteps(_plan);
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_draft_saved_again_is_the_same_draft_and_only_its_beginning_is_an_event()
    {
        await _steps.SaveAsync("zhejiang", "3.1");

        // From another tab, which has not seen it: people do not get into each other's way by themselves.
        var again = await _steps.SaveAsync("zhejiang", await Plain("3.2"));

        again.Should().BeEquivalentTo(new { Outcome = DraftOutcome.Saved, Draft = 2 });
        (await _steps.DraftAsync()).Should().BeEquivalentTo(new { Value = 3.2m, Version = 2 });
        (await _steps.AuditAsync()).Should().Equal("reading.drafted");
        (await _steps.ReadingAsync()).Should().BeNull("nothing is stated yet");
    }

    [Fact]
    public async Task A_colleagues_draft_that_was_seen_can_be_taken_over()
    {
        await _steps.SaveAsync("zhejiang", "3.1");

        (await _steps.SaveAsync("reporter", "3.2")).Should().BeEquivalentTo(new { Outcome = DraftOutcome.Saved, Draft = 2 });

        (await _steps.DraftAsync()).Should().BeEquivalentTo(new { Value = 3.2m, Author = new { UserName = "reporter" } });
        (await _steps.AuditAsync()).Should().Equal("reading.drafted", "reading.draft-taken-over");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_colleagues_draft_that_was_not_seen_is_in_the_way_of_a_draft_and_of_a_submission(bool submits)
    {
        await _steps.SaveAsync("zhejiang", "3.1");

        var fault = submits ? (await _steps.SubmitAsync("reporter", await Plain("3.2"))).Faults.Single() : (await _steps.SaveAsync("reporter", await Plain("3.2"))).Fault!;

        fault.Kind.Should().Be(SubmissionFaultKind.Conflict);
        fault.Conflict.Should().BeEquivalentTo(new { Value = 3.1m, State = (RevisionState?)null, Author = "Zhejiang reporter", Draft = 1 });
        (await _steps.DraftAsync()).Should().BeEquivalentTo(new { Value = 3.1m, Version = 1 });
        (await _steps.ReadingAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_draft_older_than_what_stands_is_told_so_when_it_is_submitted_and_stays()
    {
        await _steps.SubmitAsync("reporter", "3.3");
        await _steps.SaveAsync("zhejiang", "3.1");
        await _plan.WithAsync((db, _) => db.Drafts.ExecuteUpdateAsync(s => s.SetProperty(d => d.BasedOn, 0)));

        var result = await _steps.SubmitAsync("zhejiang", (await Plain("3.1")) with { Draft = 1 });

        result.Faults.Should().ContainSingle().Which.Conflict.Should().BeEquivalentTo(
            new { Value = 3.3m, State = RevisionState.Submitted, Author = "National reporter", LastNumber = 1 });
        (await _steps.DraftAsync())!.Value.Should().Be(3.1m);
    }

    [Theory]
    [InlineData("zhejiang")]
    [InlineData("reporter")]
    public async Task An_emptied_draft_is_gone(string person)
    {
        await _steps.SaveAsync("zhejiang", "3.1");

        (await _steps.SaveAsync(person, "")).Outcome.Should().Be(DraftOutcome.Nothing);

        (await _steps.DraftAsync()).Should().BeNull();
        (await _steps.AuditAsync()).Should().Equal("reading.drafted", "reading.draft-discarded");
    }

    [Fact]
    public async Task A_draft_that_comes_to_say_what_stands_disappears()
    {
        await _steps.StandAsync((EntrySteps.Cell, "3"));
        await _steps.SaveAsync("zhejiang", "3.1");

        var result = await _steps.SaveAsync("zhejiang", "3.0");

        result.Should().BeEquivalentTo(new { Outcome = DraftOutcome.Nothing, Draft = 0, Stands = new { Value = 3m, State = RevisionState.Approved, LastNumber = 1 } });
        (await _steps.DraftAsync()).Should().BeNull();
    }

    [Fact]
    public async Task The_same_figure_with_another_kind_note_or_source_is_a_draft()
    {
        await _steps.StandAsync((EntrySteps.Cell, "3"));
        var same = await _steps.TypedAsync("3");

        (await _steps.SaveAsync("zhejiang", same with { Status = ObservationStatus.P })).Outcome.Should().Be(DraftOutcome.Saved);
        (await _steps.SaveAsync("zhejiang", same with { Status = ObservationStatus.A, Note = "Revised series" })).Outcome.Should().Be(DraftOutcome.Saved);
        (await _steps.SaveAsync("zhejiang", same with { Status = ObservationStatus.A, Note = "", Source = "Yearbook" })).Outcome.Should().Be(DraftOutcome.Saved);
        (await _steps.SaveAsync("zhejiang", same with { Status = ObservationStatus.A, Note = "", Source = "" })).Outcome.Should().Be(DraftOutcome.Nothing);
    }

    [Fact]
    public async Task What_was_returned_may_be_drafted_again_as_it_is_with_an_explanation()
    {
        await _steps.SubmitAsync("zhejiang", "3.1");
        await _steps.ReturnAsync();

        (await _steps.SaveAsync("zhejiang", await _steps.TypedAsync("3.1"))).Outcome.Should().Be(DraftOutcome.Nothing);
        (await _steps.SaveAsync("zhejiang", (await _steps.TypedAsync("3.1")) with { Explanation = "The statistics bureau confirms it." })).Outcome.Should().Be(DraftOutcome.Saved);

        (await _steps.DraftAsync())!.Explanation.Should().Be("The statistics bureau confirms it.");
    }

    [Fact]
    public async Task A_form_that_is_kept_leaves_alone_what_nobody_touched()
    {
        const string empty = "P-RD-INT/330000/1951", standing = "P-RD-INT/330000/1952", theirs = "P-RD-INT/330000/1953", meanwhile = "P-RD-INT/330000/1954";
        await _steps.StandAsync((standing, "3"));
        await _steps.SaveAsync("zhejiang", "3.1", theirs);
        TypedCell[] form = [await _steps.TypedAsync("", empty), await _steps.TypedAsync("3", standing), await _steps.TypedAsync("3.1", theirs), await _steps.TypedAsync("", meanwhile)];
        await _steps.SubmitAsync("zhejiang", "3.4", meanwhile);

        var reporter = await _plan.PersonAsync("reporter");
        var results = await _plan.WithAsync((_, store) => store.SaveDraftsAsync(form, reporter, CancellationToken.None));

        results.Should().OnlyContain(r => r.Outcome == DraftOutcome.Nothing);
        results.Select(r => r.Draft).Should().Equal([0, 0, 1, 0], "what was seen stays seen");
        (await _steps.DraftAsync(theirs)).Should().BeEquivalentTo(new { Value = 3.1m, Version = 1, Author = new { UserName = "zhejiang" } });
        (await _plan.WithAsync((db, _) => db.Drafts.CountAsync())).Should().Be(1);
    }

    [Fact]
    public async Task A_form_saved_without_a_script_keeps_what_was_typed_and_refuses_nothing_that_is_empty()
    {
        const string address = $"/en/plans/{SeededPlan.PlanCode}/work/P-RD-INT?period=1950";
        using var visitor = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var page = await visitor.PageAsync(address);
        var fields = page.QuerySelectorAll("input[name^='cell:']").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);
        fields.Should().HaveCountGreaterThan(30);
        fields["cell:P-RD-INT|330000|1950:0:0"] = "3.1";
        fields["decision"] = "save";
        fields["requestId"] = $"{Guid.NewGuid()}";

        using var answer = await visitor.PostAsync(address, fields);

        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Redirect);
        (await _plan.WithAsync((db, _) => db.Drafts.Select(d => d.Value).ToListAsync())).Should().Equal(3.1m);
    }

    [Fact]
    public async Task An_earlier_revision_is_restored_as_a_draft_with_all_it_said()
    {
        var first = (await Plain("3.1")) with { Status = ObservationStatus.P, Note = "First count", Source = "Yearbook 1951" };
        await _steps.SubmitAsync("zhejiang", first);
        await _steps.SubmitAsync("zhejiang", "3.2");

        (await _steps.RestoreAsync("reporter", 1))!.Outcome.Should().Be(DraftOutcome.Saved);

        (await _steps.DraftAsync()).Should().BeEquivalentTo(new
        {
            Value = 3.1m,
            Status = ObservationStatus.P,
            Note = "First count",
            Source = "Yearbook 1951",
            BasedOn = 2,
            Author = new { UserName = "reporter" },
        });
        (await _steps.ReadingAsync())!.PendingRevision!.Value.Should().Be(3.2m, "a draft states nothing");
    }

    [Fact]
    public async Task A_revision_is_not_restored_over_a_draft_that_was_not_seen_nor_out_of_scope()
    {
        await _steps.SubmitAsync("reporter", "3.1");
        await _steps.SubmitAsync("reporter", "3.2");
        await _steps.SaveAsync("zhejiang", "3.3");
        await _steps.StandAsync(("P-RD-INT/320000/1950", "3"));

        (await _steps.RestoreAsync("reporter", 1, seenDraft: 0))!.Fault!.Kind.Should().Be(SubmissionFaultKind.Conflict);
        (await _steps.RestoreAsync("reporter", 1, seenDraft: 1))!.Outcome.Should().Be(DraftOutcome.Saved);
        (await _steps.RestoreAsync("zhejiang", 1, cell: "P-RD-INT/320000/1950")).Should().BeNull();
    }

    [Fact]
    public async Task What_is_withdrawn_is_its_authors_draft_again()
    {
        await _steps.StandAsync((EntrySteps.Cell, "3"));
        await _steps.SubmitAsync("zhejiang", (await _steps.TypedAsync("3.1")) with { Status = ObservationStatus.E, Note = "Estimate", Source = "Own count" });

        (await _steps.WithdrawAsync("zhejiang")).Reviewed.Should().Be(1);

        var reading = (await _steps.ReadingAsync())!;
        reading.Should().BeEquivalentTo(new { Value = 3m, PendingRevisionId = (long?)null, LastNumber = 2 });
        (await _steps.DraftAsync()).Should().BeEquivalentTo(
            new { Value = 3.1m, Status = ObservationStatus.E, Note = "Estimate", Source = "Own count", BasedOn = 2, Version = 1, Author = new { UserName = "zhejiang" } });
        (await _steps.AuditAsync()).Should().Equal("reading.submitted", "reading.approved", "reading.submitted", "reading.withdrawn");
        (await _steps.SubmitAsync("zhejiang", "3.1")).Submitted.Should().Be(1, "the draft can be submitted again");
    }

    [Fact]
    public async Task What_is_withdrawn_does_not_go_over_a_draft_that_came_since()
    {
        await _steps.SubmitAsync("zhejiang", "3.1");
        await _steps.SaveAsync("reporter", "3.2");

        (await _steps.WithdrawAsync("zhejiang")).Reviewed.Should().Be(1);

        (await _steps.DraftAsync()).Should().BeEquivalentTo(new { Value = 3.2m, Version = 1, Author = new { UserName = "reporter" } });
        (await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.State == RevisionState.Withdrawn).Select(r => r.Value).ToListAsync())).Should().Equal(3.1m);
    }

    [Theory]
    [InlineData("zhejiang")]
    [InlineData("reporter")]
    public async Task A_figure_that_was_withdrawn_and_discarded_can_be_typed_again(string person)
    {
        await _steps.SubmitAsync("zhejiang", "3.1");
        await _steps.WithdrawAsync("zhejiang");
        await _steps.SaveAsync("zhejiang", "");

        (await _steps.SaveAsync(person, "3.1")).Outcome.Should().Be(DraftOutcome.Saved);
        await _steps.SaveAsync(person, "");
        (await _steps.SubmitAsync(person, "3.1")).Submitted.Should().Be(1);
    }

    [Fact]
    public async Task A_form_that_still_shows_what_its_author_has_withdrawn_submits_nothing_when_it_is_left_alone()
    {
        await _steps.SubmitAsync("zhejiang", "3.1");
        var shown = await _steps.TypedAsync("3.1");
        await _steps.WithdrawAsync("zhejiang");

        (await _steps.SubmitAsync("reporter", shown)).Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.NothingEntered);
    }

    [Fact]
    public async Task Only_its_author_withdraws_what_waits()
    {
        await _steps.SubmitAsync("zhejiang", "3.1");

        (await _steps.WithdrawAsync("reporter")).Should().BeEquivalentTo(new { Reviewed = 0, Fault = ReviewFaultKind.NotOwnRevision, Cells = new[] { EntrySteps.Cell } });
        await _steps.ApproveAsync();
        (await _steps.WithdrawAsync("zhejiang")).Fault.Should().Be(ReviewFaultKind.NothingChosen, "it no longer waits");
    }

    [Fact]
    public async Task Kind_note_and_source_go_over_from_what_was_returned_and_from_a_draft()
    {
        var stated = (await Plain("3.1")) with { Status = ObservationStatus.P, Note = "First count", Source = "Yearbook 1951" };
        await _steps.SubmitAsync("zhejiang", stated);
        await _steps.ReturnAsync();

        await _steps.SubmitAsync("zhejiang", "3.2");
        (await _steps.ReadingAsync())!.PendingRevision.Should().BeEquivalentTo(
            new { Value = 3.2m, Status = ObservationStatus.P, Note = "First count", Source = "Yearbook 1951", State = RevisionState.Submitted });

        await _steps.SaveAsync("zhejiang", (await _steps.TypedAsync("3.3")) with { Note = "Second count", Source = "Yearbook 1952" });
        await _steps.SubmitAsync("zhejiang", "3.3");
        (await _steps.ReadingAsync())!.PendingRevision.Should().BeEquivalentTo(
            new { Value = 3.3m, Status = ObservationStatus.A, Note = "Second count", Source = "Yearbook 1952" });
    }

    [Fact]
    public async Task A_draft_may_say_why_there_is_no_value_and_gives_way_to_one_that_is_typed()
    {
        await _steps.SaveAsync("zhejiang", (await Plain("")) with { Status = ObservationStatus.L });
        (await _steps.DraftAsync()).Should().BeEquivalentTo(new { Value = (decimal?)null, Status = ObservationStatus.L });

        (await _steps.SubmitAsync("zhejiang", "")).Submitted.Should().Be(1);
        (await _steps.ReadingAsync())!.PendingRevision.Should().BeEquivalentTo(new { Value = (decimal?)null, Status = ObservationStatus.L });

        await _steps.SaveAsync("zhejiang", (await _steps.TypedAsync("")) with { Status = ObservationStatus.M });
        await _steps.SubmitAsync("zhejiang", "3.1");
        (await _steps.ReadingAsync())!.PendingRevision.Should().BeEquivalentTo(new { Value = 3.1m, Status = ObservationStatus.A });
    }

    [Fact]
    public async Task A_figure_that_stands_is_not_emptied()
    {
        await _steps.StandAsync((EntrySteps.Cell, "3"));

        (await _steps.SaveAsync("zhejiang", "")).Fault!.Kind.Should().Be(SubmissionFaultKind.ValueCleared);
        (await _steps.SubmitAsync("zhejiang", "")).Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.ValueCleared);

        (await _steps.ReadingAsync())!.Value.Should().Be(3m);
    }

    [Fact]
    public async Task Only_ones_own_drafts_are_submitted_with_a_form_and_a_cell_left_alone_is_not()
    {
        const string own = "P-RD-INT/330000/1951", theirs = "P-RD-INT/330000/1952", standing = "P-RD-INT/330000/1953";
        await _steps.StandAsync((standing, "3"));
        await _steps.SaveAsync("reporter", "3.1", own);
        await _steps.SaveAsync("zhejiang", "3.2", theirs);

        var result = await _steps.SubmitAsync(
            "reporter", await _steps.TypedAsync("3.1", own), await _steps.TypedAsync("3.2", theirs), await _steps.TypedAsync("3", standing));

        result.Should().BeEquivalentTo(new { Submitted = 1, Unchanged = 0, Faults = Array.Empty<SubmissionFault>() });
        (await _steps.DraftAsync(own)).Should().BeNull();
        (await _steps.DraftAsync(theirs))!.Author!.UserName.Should().Be("zhejiang");
        (await _steps.AuditAsync(own)).Should().Equal("reading.drafted", "reading.submitted");
        (await _steps.AuditAsync(theirs)).Should().Equal("reading.drafted");
        (await _steps.ReadingAsync(standing))!.LastNumber.Should().Be(1);
    }

    [Fact]
    public async Task A_change_that_leaves_no_trace_does_not_happen()
    {
        await _steps.SubmitAsync("zhejiang", "3.1", "P-RD-INT/330000/1951");
        await _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync($"alter table audit_events add constraint ck_no_more check (action = 'test') not valid"));

        Func<Task>[] changes =
        [
            () => _steps.SaveAsync("zhejiang", "3.1"), () => _steps.SubmitAsync("zhejiang", "3.1"), () => _steps.WithdrawAsync("zhejiang", "P-RD-INT/330000/1951"),
            () => _steps.ApproveAsync("P-RD-INT/330000/1951"), () => _steps.ReturnAsync("P-RD-INT/330000/1951"),
        ];
        foreach (var change in changes)
            await change.Should().ThrowAsync<DbUpdateException>();

        (await _steps.DraftAsync()).Should().BeNull();
        (await _steps.ReadingAsync()).Should().BeNull();
        (await _steps.ReadingAsync("P-RD-INT/330000/1951"))!.PendingRevision!.State.Should().Be(RevisionState.Submitted);
    }

    /// <summary>A cell as a form sends it that saw it empty.</summary>
    private async Task<TypedCell> Plain(string text) => new(await _steps.KeyAsync(), text);
}
