using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>What the store takes, what it refuses, and that a refusal changes nothing.</summary>
public sealed class SubmissionTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_submitted_reading_waits_and_the_dashboards_keep_the_approved_one()
    {
        var result = await SubmitAsync("reporter", "I13", "2025", ("CN", "16.5"));

        result.Should().BeEquivalentTo(new { Submitted = 1, Unchanged = 0 });
        var reading = await ReadingAsync("I13", "CN", "2025");
        reading.Value.Should().Be(15.9722m);
        reading.PendingRevision.Should().BeEquivalentTo(new { Value = 16.5m, State = RevisionState.Submitted, Number = 2 });
        (await StandingAsync("I13", "CN")).Value.Should().Be(15.9722m);
    }

    [Theory]
    [InlineData("15,97", SubmissionFaultKind.NotANumber)]
    [InlineData("1.234,5", SubmissionFaultKind.NotANumber)]
    [InlineData("１５", SubmissionFaultKind.NotANumber)]
    [InlineData("1e3", SubmissionFaultKind.NotANumber)]
    [InlineData("12%", SubmissionFaultKind.NotANumber)]
    [InlineData("15.97225", SubmissionFaultKind.TooManyDecimals)]
    [InlineData("12345678901234567", SubmissionFaultKind.TooLong)]
    [InlineData("-1", SubmissionFaultKind.BelowMinimum)]
    public async Task A_bad_number_is_refused_with_its_reason_and_nothing_changes(string typed, SubmissionFaultKind kind)
    {
        var before = await FootprintAsync();

        var result = await SubmitAsync("reporter", "I13", "2024", ("CN", typed));

        result.Faults.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Kind = kind, Typed = typed });
        (await FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task One_bad_cell_keeps_the_good_ones_out_too()
    {
        var before = await FootprintAsync();

        var result = await SubmitAsync("reporter", "P-RD-INT", "2024", ("110000", "6.9"), ("310000", "4,5"));

        result.Faults.Should().ContainSingle().Which.Typed.Should().Be("4,5");
        (await FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_share_above_one_hundred_is_refused()
    {
        var result = await SubmitAsync("reporter", "I14", "2025", ("CN", "100.1"));

        result.Faults.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Kind = SubmissionFaultKind.AboveMaximum, Limit = 100m });
    }

    [Fact]
    public async Task A_region_outside_the_scope_is_refused_and_the_attempt_is_recorded()
    {
        var before = await RevisionsAsync();

        var result = await SubmitAsync("zhejiang", "P-RD-INT", "2024", ("330000", "3.3"), ("320000", "3.4"));

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.OutOfScope);
        (await RevisionsAsync()).Should().Be(before);
        (await AuditAsync("reading.out-of-scope")).Should().Be(1);
    }

    [Fact]
    public async Task A_national_figure_is_outside_the_scope_of_a_province()
    {
        var result = await SubmitAsync("zhejiang", "I13", "2024", ("CN", "15.5"));

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.OutOfScope);
    }

    [Fact]
    public async Task Zero_is_a_value_and_empty_is_not()
    {
        var result = await SubmitAsync("reporter", "P-RD-INT", "2024", ("110000", "0"), ("310000", ""));

        result.Should().BeEquivalentTo(new { Submitted = 1, Faults = Array.Empty<SubmissionFault>() });
        (await ReadingAsync("P-RD-INT", "110000", "2024")).PendingRevision!.Value.Should().Be(0m);
        (await _plan.WithAsync((db, _) => db.Readings.AnyAsync(r => r.Indicator!.Code == "P-RD-INT" && r.Region!.Code == "310000" && r.Period == Period.Annual(2024))))
            .Should().BeFalse();
    }

    [Fact]
    public async Task Why_there_is_no_value_can_be_stated_instead_of_one()
    {
        var result = await SubmitAsync("reporter", "I13", "2024", ObservationStatus.L, ("CN", ""));

        result.Submitted.Should().Be(1);
        (await ReadingAsync("I13", "CN", "2024")).PendingRevision.Should().BeEquivalentTo(new { Value = (decimal?)null, Status = ObservationStatus.L });
    }

    [Fact]
    public async Task A_period_that_is_not_over_is_refused()
    {
        var result = await SubmitAsync("reporter", "I13", "2090", ("CN", "20"));

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.PeriodNotOver);
    }

    [Fact]
    public async Task No_figure_is_taken_without_a_source()
    {
        var result = await SubmitAsync(new Submission
        {
            Source = "  ",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(await _plan.IndicatorAsync("I13"), await _plan.RegionAsync("CN"), Period.Annual(2024)), "15.5")],
        });

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.SourceMissing);
    }

    [Fact]
    public async Task The_second_of_two_people_is_told_who_when_and_what()
    {
        await SubmitAsync("reporter", "P-RD-INT", "2024", ("330000", "3.3"));

        var result = await SubmitAsync("zhejiang", "P-RD-INT", "2024", ("330000", "3.4"));

        var conflict = result.Faults.Should().ContainSingle().Which;
        conflict.Kind.Should().Be(SubmissionFaultKind.Conflict);
        conflict.Conflict.Should().BeEquivalentTo(new { Value = 3.3m, State = RevisionState.Submitted, Author = "National reporter" });
        (await ReadingAsync("P-RD-INT", "330000", "2024")).PendingRevision!.Value.Should().Be(3.3m);
    }

    [Fact]
    public async Task Of_many_racing_writers_of_one_cell_exactly_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SubmitAsync("reporter", "P-RD-INT", "2024", ("330000", $"3.{i}"))));

        results.Count(r => r.Submitted == 1).Should().Be(1);
        results.Count(r => r.Faults.Any(f => f.Kind == SubmissionFaultKind.Conflict)).Should().Be(19);
    }

    [Fact]
    public async Task The_same_request_twice_counts_once()
    {
        var submission = await SubmissionAsync("I13", "2024", ObservationStatus.A, ("CN", "15.5"));

        await SubmitAsync(submission);
        var again = await SubmitAsync(submission);

        again.Should().BeEquivalentTo(new { Submitted = 1, Faults = Array.Empty<SubmissionFault>() });
        (await ReadingAsync("I13", "CN", "2024")).LastNumber.Should().Be(1);
    }

    [Fact]
    public async Task The_same_request_with_other_figures_is_no_repetition()
    {
        var submission = await SubmissionAsync("I13", "2024", ObservationStatus.A, ("CN", "15.5"));
        await SubmitAsync(submission);

        var again = await SubmitAsync(submission with { Cells = [submission.Cells[0] with { Text = "15.6" }] });

        again.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.SentBefore);
        (await ReadingAsync("I13", "CN", "2024")).PendingRevision!.Value.Should().Be(15.5m);
    }

    [Fact]
    public async Task A_note_or_a_kind_without_a_value_is_not_dropped_in_silence()
    {
        var submission = await SubmissionAsync("I13", "2024", ObservationStatus.A, ("CN", ""));

        var noted = await SubmitAsync(submission with { Cells = [submission.Cells[0] with { Note = "see annex" }] });
        var provisional = await SubmitAsync(submission with { Cells = [submission.Cells[0] with { Status = ObservationStatus.P }] });

        noted.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.ValueMissing);
        provisional.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.ValueMissing);
    }

    [Fact]
    public async Task A_month_is_not_taken_for_a_year()
    {
        var result = await SubmitAsync("reporter", "I13", "2024-11", ("CN", "14"));

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.WrongFrequency);
    }

    [Theory]
    [InlineData("T03", true)]
    [InlineData("B08", false)]
    [InlineData("T05", false)]
    public async Task A_scope_that_names_an_element_reaches_what_speaks_for_it_and_nothing_else(string element, bool allowed)
    {
        var zhejiang = await _plan.PersonAsync("zhejiang");
        await _plan.WithAsync(async (db, _) =>
        {
            var elementId = await db.Elements.Where(e => e.Code == element).Select(e => e.Id).SingleAsync();
            var regionId = await db.Regions.Where(r => r.Code == "330000").Select(r => r.Id).SingleAsync();
            await db.ScopeGrants.Where(g => g.PersonId == zhejiang).ExecuteDeleteAsync();
            db.ScopeGrants.Add(new ScopeGrant { PersonId = zhejiang, RegionId = regionId, ElementId = elementId });
            return await db.SaveChangesAsync();
        });

        // R&D intensity speaks for T03.
        var result = await SubmitAsync("zhejiang", "P-RD-INT", "2024", ("330000", "3.3"));

        result.Submitted.Should().Be(allowed ? 1 : 0);
    }

    [Fact]
    public async Task A_region_that_does_not_report_is_in_nobodys_scope()
    {
        var result = await SubmitAsync("reporter", "P-RD-INT", "2024", ("710000", "3.1"));

        result.Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.OutOfScope);
    }

    [Fact]
    public async Task A_reporter_may_replace_what_still_waits()
    {
        await SubmitAsync("reporter", "I13", "2024", ("CN", "15.5"));
        var submission = await SubmissionAsync("I13", "2024", ObservationStatus.A, ("CN", "15.52"));

        await SubmitAsync(submission with { Cells = [submission.Cells[0] with { BasedOn = 1 }] });

        (await ReadingAsync("I13", "CN", "2024")).PendingRevision!.Value.Should().Be(15.52m);
        var states = await _plan.WithAsync((db, _) => db.Revisions
            .Where(r => r.Reading!.Indicator!.Code == "I13" && r.Reading.Period == Period.Annual(2024)).OrderBy(r => r.Number).Select(r => r.State).ToListAsync());
        states.Should().Equal(RevisionState.Replaced, RevisionState.Submitted);
    }

    private Task<SubmissionResult> SubmitAsync(string person, string indicator, string period, params (string Region, string Text)[] cells) =>
        SubmitAsync(person, indicator, period, ObservationStatus.A, cells);

    private async Task<SubmissionResult> SubmitAsync(
        string person, string indicator, string period, ObservationStatus status, params (string Region, string Text)[] cells) =>
        await SubmitAsync(await SubmissionAsync(indicator, period, status, cells), person);

    private async Task<SubmissionResult> SubmitAsync(Submission submission, string person = "reporter")
    {
        var author = await _plan.PersonAsync(person);
        return await _plan.WithAsync((_, store) => store.SubmitAsync(submission, author, CancellationToken.None));
    }

    private async Task<Submission> SubmissionAsync(string indicator, string period, ObservationStatus status, params (string Region, string Text)[] cells)
    {
        var parsed = Period.Parse(period);
        var typed = new List<TypedCell>();
        foreach (var (region, text) in cells)
        {
            var approved = await _plan.WithAsync((db, _) => db.Readings
                .Where(r => r.Indicator!.Code == indicator && r.Region!.Code == region && r.Period == parsed && r.PendingRevisionId == null)
                .Select(r => r.LastNumber).SingleOrDefaultAsync());
            typed.Add(new TypedCell(new CellKey(await _plan.IndicatorAsync(indicator), await _plan.RegionAsync(region), parsed), text) { Status = status, BasedOn = approved });
        }

        return new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = typed,
        };
    }

    private Task<Reading> ReadingAsync(string indicator, string region, string period)
    {
        var parsed = Period.Parse(period);
        return _plan.WithAsync((db, _) => db.Readings.Include(r => r.PendingRevision)
            .SingleAsync(r => r.Indicator!.Code == indicator && r.Region!.Code == region && r.Period == parsed));
    }

    private Task<Standing> StandingAsync(string indicator, string region) =>
        _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == indicator && s.Region!.Code == region));

    private Task<int> RevisionsAsync() => _plan.WithAsync((db, _) => db.Revisions.CountAsync());

    private Task<int> AuditAsync(string action) => _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(a => a.Action == action));

    private async Task<(int Revisions, int Readings, int Events)> FootprintAsync() =>
        await _plan.WithAsync(async (db, _) => (await db.Revisions.CountAsync(), await db.Readings.CountAsync(), await db.AuditEvents.CountAsync()));
}
