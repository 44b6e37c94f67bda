using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>Reports of progress: what fits together, when the next is due, and what many of them say.</summary>
public sealed class ProgressTests
{
    [Theory]
    [InlineData(Stage.NotStarted, 0, true)]
    [InlineData(Stage.NotStarted, 1, false)]
    [InlineData(Stage.Preparing, 0, true)]
    [InlineData(Stage.UnderWay, 100, true)]
    [InlineData(Stage.UnderWay, 101, false)]
    [InlineData(Stage.UnderWay, -1, false)]
    [InlineData(Stage.InOperation, 60, true)]
    [InlineData(Stage.Completed, 99, false)]
    [InlineData(Stage.Completed, 100, true)]
    [InlineData(Stage.Stopped, 40, true)]
    public void A_stage_takes_the_per_cent_that_do_not_contradict_it(Stage stage, int percent, bool expected) => stage.Takes(percent).Should().Be(expected);

    [Fact]
    public void Nothing_lies_ahead_of_what_is_completed_or_stopped() =>
        Enum.GetValues<Stage>().Where(s => !s.IsOpen()).Should().Equal(Stage.Completed, Stage.Stopped);

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("2024-05-10", Stage.UnderWay, false)]
    [InlineData("2023-05-10", Stage.UnderWay, false)]
    [InlineData("2023-05-09", Stage.UnderWay, true)]
    [InlineData("2023-05-09", null, true)]
    [InlineData("2020-05-09", Stage.Completed, false)]
    [InlineData("2020-05-09", Stage.Stopped, false)]
    public void A_report_is_due_when_none_counts_or_the_one_that_does_is_older_than_a_year(string? approvedOn, Stage? stage, bool expected) =>
        ProgressRules.IsDue(approvedOn is null ? null : DateOnly.Parse(approvedOn, System.Globalization.CultureInfo.InvariantCulture), stage, new DateOnly(2024, 5, 10)).Should().Be(expected);

    [Fact]
    public void One_that_appears_unachievable_is_not_hidden_by_many_that_go_well()
    {
        var parts = Enumerable.Repeat(Part(Stage.UnderWay, DeliveryConfidence.HighlyLikely, 90), 50).Append(Part(Stage.Preparing, DeliveryConfidence.Unachievable, 5)).ToList();

        var rollup = ProgressRollup.Of(parts);

        rollup.Should().BeEquivalentTo(new { Reported = 51, Expected = 51, Worst = DeliveryConfidence.Unachievable, AtWorst = 1, MedianPercent = 90m, WithPercent = 51 });
        rollup.Stages.Should().BeEquivalentTo(new Dictionary<Stage, int> { [Stage.UnderWay] = 50, [Stage.Preparing] = 1 });
    }

    [Fact]
    public void What_is_not_reported_is_neither_not_started_nor_nothing_done()
    {
        var rollup = ProgressRollup.Of([default, default, Part(Stage.UnderWay, DeliveryConfidence.Probable, 40), Part(Stage.UnderWay, DeliveryConfidence.Probable, null)]);

        rollup.Should().BeEquivalentTo(new { Reported = 2, Expected = 4, Worst = DeliveryConfidence.Probable, AtWorst = 2, MedianPercent = 40m, WithPercent = 1 });
        rollup.Stages.Should().Equal(new Dictionary<Stage, int> { [Stage.UnderWay] = 2 });
    }

    [Fact]
    public void What_is_over_has_no_confidence_and_cannot_be_the_worst()
    {
        var rollup = ProgressRollup.Of([Part(Stage.Stopped, null, 10), Part(Stage.Completed, null, 100)]);

        rollup.Worst.Should().BeNull();
        rollup.AtWorst.Should().Be(0);
        rollup.MedianPercent.Should().Be(55m, "of an even number it is the mean of the two in the middle");
        rollup.Stages[Stage.Stopped].Should().Be(1);
    }

    [Fact]
    public void A_report_from_before_stages_counts_as_reported_only() =>
        ProgressRollup.Of([new ProgressPart(Reported: true)]).Should().BeEquivalentTo(new { Reported = 1, Expected = 1, Worst = (DeliveryConfidence?)null, MedianPercent = (decimal?)null });

    [Fact]
    public void Nothing_makes_an_empty_roll_up() =>
        ProgressRollup.Of([]).Should().BeEquivalentTo(new { Reported = 0, Expected = 0, AtWorst = 0, WithPercent = 0, MedianPercent = (decimal?)null });

    private static ProgressPart Part(Stage stage, DeliveryConfidence? confidence, int? percent) => new(Reported: true, stage, confidence, percent);
}
