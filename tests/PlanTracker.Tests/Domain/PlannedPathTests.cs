using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>What a plan expects between its baseline and its targets.</summary>
public sealed class PlannedPathTests
{
    private static readonly PathPoint Baseline = At("2020", 15);

    [Theory]
    [InlineData("2021", "23.2")]
    [InlineData("2022", "31.4")]
    [InlineData("2023", "39.6")]
    [InlineData("2024", "47.8")]
    [InlineData("2025", "56")]
    public void Without_interim_targets_the_path_is_one_straight_line(string period, string planned) =>
        Planned(new PlannedPath(Baseline, [At("2025", 56)]), period).Should().Be(planned);

    [Theory]
    [InlineData("2021", "5.81")]
    [InlineData("2022", "7")]
    [InlineData("2023", "7.5")]
    [InlineData("2024", "8")]
    [InlineData("2025", "8")]
    public void The_path_goes_through_every_interim_target(string period, string planned)
    {
        var path = new PlannedPath(At("2020", 4.62m), [At("2022", 7), At("2023", 7.5m), At("2024", 8), At("2025", 8)]);

        Planned(path, period).Should().Be(planned);
    }

    [Theory]
    [InlineData("2021-01", "16")]
    [InlineData("2021-02", "17")]
    [InlineData("2021-Q1", "18")]
    [InlineData("2021-S1", "21")]
    [InlineData("2021-S2", "27")]
    [InlineData("2021", "27")]
    [InlineData("2022-06", "33")]
    public void Within_a_year_the_path_moves_by_the_month(string period, string planned) =>
        Planned(new PlannedPath(Baseline, [At("2025", 75)]), period).Should().Be(planned);

    [Theory]
    [InlineData("2019", "15")]
    [InlineData("2020-Q3", "15")]
    [InlineData("2020", "15")]
    [InlineData("2025", "56")]
    [InlineData("2025-12", "56")]
    [InlineData("2026-01", "56")]
    [InlineData("2035", "56")]
    public void Before_the_baseline_it_is_the_baseline_and_after_the_final_target_what_was_reached_is_to_be_kept(string period, string planned) =>
        Planned(new PlannedPath(Baseline, [At("2025", 56)]), period).Should().Be(planned);

    [Fact]
    public void The_order_in_which_targets_are_stated_does_not_matter()
    {
        var path = new PlannedPath(Baseline, [At("2025", 56), At("2022", 20), At("2023", 40)]);

        path.Final.Should().Be(At("2025", 56));
        Planned(path, "2021").Should().Be("17.5");
        Planned(path, "2022-S1").Should().Be("18.75");
        Planned(path, "2024").Should().Be("48");
    }

    [Fact]
    public void A_path_may_fall()
    {
        var path = new PlannedPath(At("2020", 6.1m), [At("2025", 5.1m)]);

        Planned(path, "2023").Should().Be("5.5");
    }

    [Fact]
    public void A_path_without_a_target_is_refused()
    {
        var path = () => new PlannedPath(Baseline, []);

        path.Should().Throw<ArgumentException>().WithMessage("*target later than its baseline*");
    }

    [Theory]
    [InlineData("2019")]
    [InlineData("2020")]
    [InlineData("2020-S2")]
    [InlineData("2020-12")]
    public void A_target_that_is_not_later_than_the_baseline_is_refused(string period)
    {
        var path = () => new PlannedPath(Baseline, [At("2025", 56), At(period, 20)]);

        path.Should().Throw<ArgumentException>().WithMessage("*target later than its baseline*");
    }

    private static PathPoint At(string period, decimal value) => new(Period.Parse(period), value);

    // Rounding.Exact would tell 27 from 27.00; here only the value counts.
    private static string Planned(PlannedPath path, string period) => path.ValueAt(Period.Parse(period)).ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture);
}
