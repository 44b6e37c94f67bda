using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>The values of regions as one: by rule, with what it covers.</summary>
public sealed class RollupTests
{
    private static readonly RollupPart[] Parts = [new(10m, 1m), new(20m, 3m), new(null, 4m), new(40m, null)];

    [Fact]
    public void A_sum_takes_what_is_reported_and_says_how_many_that_are() =>
        Rollup.Of(Aggregation.Sum, Parts).Should().Be(new Rollup(70m, Reporting: 3, Expected: 4));

    [Fact]
    public void A_mean_counts_every_region_the_same() =>
        Rollup.Of(Aggregation.Mean, [new(10m), new(20m), new(null)]).Should().Be(new Rollup(15m, 2, 3));

    [Fact]
    public void A_weighted_mean_takes_regions_with_value_and_weight_and_says_what_share_of_the_weight_that_is() =>
        Rollup.Of(Aggregation.WeightedMean, Parts).Should().Be(new Rollup(17.5m, 2, 4, WeightShare: 0.5m));

    [Fact]
    public void A_figure_that_is_only_reported_is_never_computed() =>
        Rollup.Of(Aggregation.Reported, Parts).Should().Be(new Rollup(null, 3, 4));

    [Theory]
    [InlineData(Aggregation.Sum)]
    [InlineData(Aggregation.Mean)]
    [InlineData(Aggregation.WeightedMean)]
    [InlineData(Aggregation.Last)]
    public void Where_nobody_reports_there_is_no_total_rather_than_zero(Aggregation rule) =>
        Rollup.Of(rule, [new(null, 1m), new(null, 2m)]).Should().BeEquivalentTo(new { Value = (decimal?)null, Reporting = 0, Expected = 2 });

    [Fact]
    public void Long_figures_and_long_weights_stay_in_range()
    {
        var most = 9_999_999_999_999_999m;

        Rollup.Of(Aggregation.WeightedMean, [new(most, most), new(most, most)]).Value.Should().Be(most);
    }

    [Fact]
    public void It_is_whole_when_every_region_is_in_it()
    {
        Rollup.Of(Aggregation.Sum, [new(1m), new(0m)]).IsWhole.Should().BeTrue();
        Rollup.Of(Aggregation.Sum, [new(1m), new(null)]).IsWhole.Should().BeFalse();
    }
}
