using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Rounds;

/// <summary>After the deadline nothing is taken, save by exception, and review goes on.</summary>
public sealed class LockTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    private RoundSteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _steps = new RoundSteps(_plan);
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [InlineData("2026-03-31", true)]
    [InlineData("2026-04-01", false)]
    public async Task The_day_of_the_deadline_counts_and_the_day_after_does_not(string day, bool taken)
    {
        await _steps.OpenAsync();
        _steps.ItIs(day);

        var result = await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4");

        result.Submitted.Should().Be(taken ? 1 : 0);
        result.Faults.Select(f => f.Kind).Should().Equal(taken ? [] : [SubmissionFaultKind.PeriodLocked]);
    }

    [Fact]
    public async Task The_refusal_names_the_round_its_deadline_and_whom_to_ask()
    {
        await _steps.OpenAsync();
        _steps.ItIs("2026-04-02");

        var fault = (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Faults.Should().ContainSingle().Which;

        SubmissionWords.Of(fault).En.Should().Contain("Year 2025").And.Contain("2026-03-31").And.Contain("Administrator");
        SubmissionWords.Of(fault).Zh.Should().Contain("2025 年报").And.Contain("2026-03-31");
    }

    [Fact]
    public async Task What_no_locking_round_asks_for_is_free()
    {
        await _steps.OpenAsync(RoundSteps.Round with { Regions = ["330000"], Indicators = ["P-RD-INT"] });
        await _steps.OpenAsync(RoundSteps.Round with { Code = "soft", Locks = false });
        _steps.ItIs("2026-04-02");

        (await _steps.SubmitAsync("reporter", "P-RD-INT", "320000", "3.4")).Submitted.Should().Be(1, "the round asks another region");
        (await _steps.SubmitAsync("reporter", "P-RD-EXP", "330000", "3400")).Submitted.Should().Be(1, "the round asks for another indicator");
        (await _steps.SubmitAsync("reporter", "P-RD-INT", "330000", "3.4", "2024")).Submitted.Should().Be(1, "the round asks for another period");
        (await _steps.SubmitAsync("reporter", "I13", "CN", "16.1")).Submitted.Should().Be(1, "the round that asks for it does not lock");
        (await _steps.SubmitAsync("reporter", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(0, "a round that does not lock opens nothing");
    }

    [Fact]
    public async Task Of_several_rounds_the_last_deadline_counts_once_it_has_opened()
    {
        await _steps.OpenAsync();
        await _steps.OpenAsync(RoundSteps.Round with { Code = "again", NameEn = "Second call", OpensOn = "2026-04-10", Deadline = "2026-04-20" });

        _steps.ItIs("2026-04-05");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Faults.Should().ContainSingle().Which.Lock!.Code.Should().Be(RoundSteps.Code);
        _steps.ItIs("2026-04-20");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(1);
        _steps.ItIs("2026-04-21");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.5")).Faults.Should().ContainSingle().Which.Lock!.Code.Should().Be("again");
    }

    [Fact]
    public async Task An_exception_opens_for_one_person_until_its_day()
    {
        await _steps.OpenAsync();
        _steps.ItIs("2026-04-02");
        (await _steps.GrantAsync("zhejiang", null, "2026-04-05")).Should().BeEmpty();

        (await _steps.SubmitAsync("reporter", "P-RD-INT", "330000", "3.3")).Submitted.Should().Be(0, "it is not theirs");
        _steps.ItIs("2026-04-05");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(1);
        _steps.ItIs("2026-04-06");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.5")).Submitted.Should().Be(0);
    }

    [Fact]
    public async Task An_exception_for_a_region_opens_it_and_no_other_for_everybody()
    {
        await _steps.OpenAsync();
        _steps.ItIs("2026-04-02");
        (await _steps.GrantAsync(null, "330000", "2026-04-05")).Should().BeEmpty();

        (await _steps.SubmitAsync("reporter", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(1);
        (await _steps.SubmitAsync("reporter", "P-RD-INT", "320000", "3.4")).Submitted.Should().Be(0);
    }

    [Fact]
    public async Task A_closed_round_is_over_before_its_deadline()
    {
        await _steps.OpenAsync();
        await _steps.CloseAsync();

        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.PeriodLocked);
        (await _steps.DueAsync("zhejiang")).Should().BeEmpty();
    }

    [Fact]
    public async Task Review_goes_on_after_the_deadline_and_what_is_returned_may_be_corrected_for_fourteen_days()
    {
        await _steps.OpenAsync();
        await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "34");
        await _steps.SubmitAsync("reporter", "P-RD-INT", "320000", "3.3");
        _steps.ItIs("2026-04-10");

        (await _steps.ReturnAsync("P-RD-INT", "330000")).Reviewed.Should().Be(1);
        (await _steps.ApproveAsync("P-RD-INT", "320000")).Reviewed.Should().Be(1);

        _steps.ItIs("2026-04-25");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(0, "fourteen days have passed");
        _steps.ItIs("2026-04-24");
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.4")).Submitted.Should().Be(1);
        (await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "3.5")).Submitted.Should().Be(0, "what is submitted waits for review");
    }

    [Fact]
    public async Task Several_indicators_regions_and_periods_are_asked_at_once()
    {
        await _steps.OpenAsync();
        var (person, rd, i13) = (await _plan.PersonAsync("reporter"), await _plan.IndicatorAsync("P-RD-INT"), await _plan.IndicatorAsync("I13"));
        var (nation, zhejiang) = (await _plan.RegionAsync("CN"), await _plan.RegionAsync("330000"));
        _steps.ItIs("2026-04-10");

        var locked = await _plan.WithAsync((db, _) => db.LockedCellsAsync(
            [rd, i13], [nation, zhejiang], [Period.Annual(2024), Period.Annual(2025)], person, _steps.Clock.GetUtcNow(), CancellationToken.None));

        locked.Select(c => (c.IndicatorId, c.RegionId, c.Period)).Should().BeEquivalentTo([(rd, zhejiang, Period.Annual(2025)), (i13, nation, Period.Annual(2025))]);
    }

    [Fact]
    public async Task What_is_due_is_counted_in_the_persons_scope_and_by_the_deadline()
    {
        await _steps.OpenAsync();
        await _steps.SubmitAsync("zhejiang", "P-RD-INT", "330000", "34");

        (await _steps.DueAsync("zhejiang")).Should().BeEmpty("it waits for review");
        (await _steps.DueAsync("reporter")).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Code = "y2025", DaysLeft = 21, Missing = 30, Returned = 0, Expected = 32, Locked = 0 });

        _steps.ItIs("2026-04-10");
        await _steps.ReturnAsync("P-RD-INT", "330000");
        (await _steps.DueAsync("zhejiang")).Should().ContainSingle().Which.Should().BeEquivalentTo(new { DaysLeft = -10, Missing = 0, Returned = 1, Locked = 0 });
        (await _steps.DueAsync("reporter")).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Missing = 30, Returned = 1, Locked = 30 });

        (await _plan.WithAsync((db, _) => db.AuditEvents.Where(a => a.Action == "round.created").Select(a => a.Subject).SingleAsync()))
            .Should().Be("round/14fyp-informatization/y2025");
    }
}
