using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>Another target, another date, another reading: the case as it would be.</summary>
public sealed class WhatIfTests
{
    private static readonly AssessmentCase Case = new()
    {
        Better = Better.Increase,
        Baseline = At("2020", 15),
        Targets = [At("2023", 40), At("2025", 56)],
        Readings = [new(Period.Parse("2022"), 28), new(Period.Parse("2023"), 36)],
    };

    [Fact]
    public void Another_target_keeps_the_date_and_the_interim_targets() =>
        new WhatIf(60, null, null).Of(Case)!.Targets.Should().Equal(At("2023", 40), At("2025", 60));

    [Fact]
    public void An_earlier_date_drops_the_interim_targets_that_are_not_before_it() =>
        new WhatIf(null, Period.Parse("2023"), null).Of(Case)!.Targets.Should().Equal(At("2023", 56));

    [Fact]
    public void A_next_reading_is_judged_as_the_latest()
    {
        var then = new WhatIf(null, null, new Observation(Period.Parse("2024"), 55)).Of(Case)!;

        then.Latest.Should().Be(new Observation(Period.Parse("2024"), 55));
        Assessment.Of(then).Default.Status.Should().Be(Status.OnTrack);
        Assessment.Of(Case).Default.Status.Should().Be(Status.Behind);
    }

    [Fact]
    public void A_reading_for_a_period_that_has_one_takes_its_place() =>
        new WhatIf(null, null, new Observation(Period.Parse("2023"), 41)).Of(Case)!.Readings.Should().HaveCount(2).And.Contain(new Observation(Period.Parse("2023"), 41));

    [Fact]
    public void Where_there_is_no_target_one_can_be_tried_with_value_and_date()
    {
        var without = Case with { Targets = [] };

        new WhatIf(60, null, null).Of(without).Should().BeNull();
        new WhatIf(60, Period.Parse("2025"), null).Of(without)!.Targets.Should().Equal(At("2025", 60));
    }

    [Fact]
    public void A_target_not_later_than_the_baseline_leads_nowhere() => new WhatIf(60, Period.Parse("2020"), null).Of(Case).Should().BeNull();

    [Fact]
    public void A_shape_that_no_longer_fits_gives_way_to_a_straight_line() =>
        new WhatIf(-5, null, null).Of(Case with { Shape = PathShape.Geometric })!.Shape.Should().Be(PathShape.Linear);

    private static PathPoint At(string period, decimal value) => new(Period.Parse(period), value);
}
