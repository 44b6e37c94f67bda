using System.Globalization;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Domain;

/// <summary>Progress against the schedule of the plan. Points are written <c>2023=36</c>.</summary>
public sealed class PathMethodTests
{
    /// <summary>From the best verdict to the worst.</summary>
    private static readonly Status[] Ladder = [Status.Achieved, Status.OnTrack, Status.Behind, Status.FarBehind, Status.MovingAway];

    [Fact]
    public void A_reading_is_held_against_what_the_plan_expected_for_its_time()
    {
        var judgement = Judge("2020=15", "2025=56", "2020=15 2021=19 2022=24 2023=36");

        judgement.Status.Should().Be(Status.Behind);
        judgement.Planned.Should().Be(39.6m);
        judgement.PaceRatio.Should().BeApproximately(0.8537m, 0.00005m);
        judgement.Attainment.Should().BeApproximately(21m / 41m, 0.0000000001m);
        judgement.Elapsed.Should().Be(0.6m);
        judgement.Reason.Should().Be(NoJudgementReason.None);
        judgement.Receding.Should().BeFalse();
        judgement.AchievedAtBaseline.Should().BeFalse();
    }

    [Theory]
    [InlineData("2021=6.08", Status.OnTrack, "5.81", "1.2269")]
    [InlineData("2022=7.0", Status.OnTrack, "7", "1.0000")]
    [InlineData("2023=7.78", Status.OnTrack, "7.5", "1.0972")]
    [InlineData("2024-11=8.22", Status.Achieved, "7.9583333333", "1.0784")]
    [InlineData("2025=8.69", Status.Achieved, "8", "1.2041")]
    public void The_users_of_IPv6_are_held_against_the_milestones_on_the_way(string reading, Status status, string planned, string pace)
    {
        var judgement = Judge("2020=4.62", "2022=7 2023=7.5 2024=8 2025=8", reading);

        judgement.Status.Should().Be(status);
        judgement.Planned.Should().BeApproximately(Number(planned), 0.0000000001m);
        Rounding.Text(judgement.PaceRatio!.Value, 4).Should().Be(pace);
    }

    [Theory]
    [InlineData("2024-11=8.22", Status.OnTrack)]
    [InlineData("2025=8.49", Status.OnTrack)]
    [InlineData("2025=8.5", Status.Achieved)]
    public void With_a_higher_final_target_an_interim_one_is_no_arrival(string reading, Status status) =>
        Judge("2020=4.62", "2022=7 2023=7.5 2024=8 2025=8.5", reading).Status.Should().Be(status);

    [Theory]
    [InlineData("100", Status.Achieved)]
    [InlineData("99.9999999999", Status.OnTrack)]
    [InlineData("19", Status.OnTrack)]
    [InlineData("18.9999999999", Status.Behind)]
    [InlineData("12", Status.Behind)]
    [InlineData("11.9999999999", Status.FarBehind)]
    [InlineData("0", Status.FarBehind)]
    [InlineData("-0.0000000001", Status.MovingAway)]
    public void The_limits_belong_to_the_better_side_whichever_way_is_better(string value, Status status)
    {
        // The plan expected 20 of 100 by then.
        Judge("2020=0", "2025=100", $"2021={value}").Status.Should().Be(status);

        var mirrored = Rounding.Exact(100 - Number(value));
        Judge(Better.Decrease, "2020=100", "2025=0", $"2021={mirrored}").Status.Should().Be(status);
    }

    [Theory]
    [InlineData("100.4", Status.Behind)]
    [InlineData("100.3999999999", Status.FarBehind)]
    public void A_limit_is_met_exactly_even_where_the_planned_value_has_no_end(string value, Status status)
    {
        // A third of the way to 102 is 100.666…, and 0.4 of 0.666… is 0.60.
        var judgement = Judge("2020=100", "2023=102", $"2021={value}");

        judgement.Status.Should().Be(status);
    }

    [Fact]
    public void Where_less_is_better_a_falling_reading_is_progress()
    {
        var judgement = Judge(Better.Decrease, "2020=6.0", "2025=5.0", "2022=5.7");

        judgement.Should().BeEquivalentTo(new { Status = Status.Behind, Planned = 5.6m, PaceRatio = 0.75m, Attainment = 0.3m, Elapsed = 0.4m, Receding = false });
        Judge(Better.Decrease, "2020=6.0", "2025=5.0", "2021=5.7 2022=6.1").Should().BeEquivalentTo(new { Status = Status.MovingAway, Receding = true });
        Judge(Better.Decrease, "2020=6.0", "2025=5.0", "2022=5.0").Status.Should().Be(Status.Achieved);
    }

    [Theory]
    [InlineData(Better.Increase, "2020=60", "2025=50", "2023=55", Status.Achieved)]
    [InlineData(Better.Increase, "2020=60", "2025=50", "2023=50", Status.Achieved)]
    [InlineData(Better.Increase, "2020=60", "2025=50", "2023=49.9", Status.MovingAway)]
    [InlineData(Better.Decrease, "2020=40", "2025=50", "2023=45", Status.Achieved)]
    [InlineData(Better.Decrease, "2020=40", "2025=50", "2023=50.1", Status.MovingAway)]
    public void A_baseline_already_past_the_target_is_marked_as_a_target_to_revisit(
        Better better, string baseline, string target, string reading, Status status)
    {
        var judgement = Judge(better, baseline, target, reading);

        judgement.Status.Should().Be(status);
        judgement.AchievedAtBaseline.Should().BeTrue();
    }

    [Theory]
    [InlineData(Better.Increase, "50", Status.Achieved)]
    [InlineData(Better.Increase, "50.1", Status.Achieved)]
    [InlineData(Better.Increase, "49.9", Status.MovingAway)]
    [InlineData(Better.Decrease, "50", Status.Achieved)]
    [InlineData(Better.Decrease, "49.9", Status.Achieved)]
    [InlineData(Better.Decrease, "50.1", Status.MovingAway)]
    public void A_target_equal_to_the_baseline_is_to_be_maintained(Better better, string value, Status status)
    {
        var judgement = Judge(better, "2020=50", "2025=50", $"2023={value}");

        judgement.Status.Should().Be(status);
        judgement.AchievedAtBaseline.Should().BeFalse();
        judgement.Attainment.Should().BeNull();
        judgement.PaceRatio.Should().BeNull();
    }

    [Fact]
    public void What_was_achieved_and_is_now_worse_than_the_target_is_not_achieved()
    {
        var judgement = Judge("2020=15", "2025=56", "2022=57 2023=55");

        judgement.Should().BeEquivalentTo(new { Status = Status.OnTrack, Receding = true });
        Judge("2020=15", "2025=56", "2022=57 2025=55").Status.Should().Be(Status.OnTrack);
        Judge("2020=15", "2025=56", "2022=57 2025=30").Status.Should().Be(Status.FarBehind);
    }

    [Fact]
    public void What_is_achieved_and_getting_worse_is_achieved_and_marked_as_receding()
    {
        Judge("2020=15", "2025=56", "2022=60 2023=57").Should().BeEquivalentTo(new { Status = Status.Achieved, Receding = true });
        Judge("2020=15", "2025=56", "2022=57 2023=57").Should().BeEquivalentTo(new { Status = Status.Achieved, Receding = false });
        Judge("2020=15", "2025=56", "2023=57").Should().BeEquivalentTo(new { Status = Status.Achieved, Receding = false });
    }

    [Theory]
    [InlineData("2020=15")]
    [InlineData("2019=14 2020=15")]
    [InlineData("2018=60")]
    [InlineData("2020-12=15")]
    [InlineData("2020-S2=99")]
    public void Without_a_reading_since_the_baseline_there_is_no_judgement(string readings)
    {
        var judgement = Judge("2020=15", "2025=56", readings);

        judgement.Should().Be(PathJudgement.None(NoJudgementReason.NoReadingSinceBaseline));
    }

    [Fact]
    public void A_month_after_the_baseline_is_a_reading_since_it() =>
        Judge("2020=0", "2025=60", "2021-01=1").Should().BeEquivalentTo(new { Status = Status.OnTrack, Planned = 1m, PaceRatio = 1m });

    [Theory]
    [InlineData(Better.Increase, "56", Status.Achieved, NoJudgementReason.None)]
    [InlineData(Better.Increase, "55.9", Status.NoJudgement, NoJudgementReason.NoBaseline)]
    [InlineData(Better.Decrease, "56", Status.Achieved, NoJudgementReason.None)]
    [InlineData(Better.Decrease, "56.1", Status.NoJudgement, NoJudgementReason.NoBaseline)]
    public void Without_a_baseline_only_an_arrival_can_be_seen(Better better, string value, Status status, NoJudgementReason reason)
    {
        var judgement = Judge(better, baseline: null, "2025=56", $"2023={value}");

        judgement.Should().BeEquivalentTo(new
        {
            Status = status,
            Reason = reason,
            Attainment = (decimal?)null,
            Elapsed = (decimal?)null,
            Planned = (decimal?)null,
            PaceRatio = (decimal?)null,
        });
    }

    [Fact]
    public void Without_a_baseline_too_what_recedes_is_marked() =>
        Judge(Better.Increase, baseline: null, "2025=56", "2022=60 2023=57").Should().BeEquivalentTo(new { Status = Status.Achieved, Receding = true });

    [Fact]
    public void Without_a_target_or_a_reading_there_is_no_judgement()
    {
        Judge("2020=15", "", "2023=36").Should().Be(PathJudgement.None(NoJudgementReason.NoTarget));
        Judge("2020=15", "2025=56", "").Should().Be(PathJudgement.None(NoJudgementReason.NoReading));
    }

    [Fact]
    public void Growth_from_nothing_is_measured_along_the_path_and_one_of_eighty_is_far_behind() =>
        Judge("2020=0", "2025=80", "2021=1").Should().BeEquivalentTo(new { Status = Status.FarBehind, PaceRatio = 0.0625m });

    [Fact]
    public void A_change_of_sign_on_the_way_is_measured_like_any_other()
    {
        var judgement = Judge("2020=-5", "2025=5", "2023=0");

        judgement.Should().BeEquivalentTo(new { Status = Status.Behind, Planned = 1m, Attainment = 0.5m });
        judgement.PaceRatio.Should().BeApproximately(5m / 6m, 0.0000000001m);
    }

    [Theory]
    [InlineData("10", Status.OnTrack)]
    [InlineData("10.5", Status.OnTrack)]
    [InlineData("9.9", Status.MovingAway)]
    public void While_the_path_is_flat_being_no_worse_than_planned_is_on_track(string value, Status status)
    {
        var judgement = Judge("2020=10", "2022=10 2025=20", $"2021={value}");

        judgement.Status.Should().Be(status);
        judgement.PaceRatio.Should().BeNull();
    }

    [Theory]
    [InlineData(Better.Increase, "2020=100", "2022=90 2025=120", "2022=95", Status.OnTrack)]
    [InlineData(Better.Increase, "2020=100", "2022=90 2025=120", "2022=90", Status.OnTrack)]
    [InlineData(Better.Increase, "2020=100", "2022=90 2025=120", "2022=85", Status.MovingAway)]
    [InlineData(Better.Increase, "2020=100", "2022=90 2025=120", "2022=105", Status.OnTrack)]
    [InlineData(Better.Decrease, "2020=100", "2022=110 2025=80", "2022=105", Status.OnTrack)]
    [InlineData(Better.Decrease, "2020=100", "2022=110 2025=80", "2022=111", Status.MovingAway)]
    public void Where_the_plan_itself_expects_a_setback_being_no_worse_than_planned_is_on_track(
        Better better, string baseline, string targets, string reading, Status status) =>
        Judge(better, baseline, targets, reading).Status.Should().Be(status);

    [Fact]
    public void After_the_final_target_what_was_to_be_reached_is_still_to_be_kept()
    {
        var judgement = Judge("2020=15", "2025=56", "2027=40");

        judgement.Should().BeEquivalentTo(new { Planned = 56m, Elapsed = 1m, Status = Status.Behind });
    }

    [Fact]
    public void The_order_in_which_readings_and_targets_are_given_does_not_matter() =>
        Judge("2020=4.62", "2025=8.5 2022=7 2024=8 2023=7.5", "2023=7.78 2021=6.08 2022=7.9")
            .Should().Be(Judge("2020=4.62", "2022=7 2023=7.5 2024=8 2025=8.5", "2021=6.08 2022=7.9 2023=7.78"));

    [Fact]
    public void Of_readings_that_end_together_the_one_of_the_whole_year_counts() =>
        Judge("2020=0", "2025=50", "2021=10 2021-S2=2 2021-12=1").Should().BeEquivalentTo(new { Status = Status.OnTrack, PaceRatio = 1m });

    [Fact]
    public void The_largest_figures_the_parser_takes_can_be_judged()
    {
        var judge = () => Judge("2020=-9999999999999999.9999999999", "2025=9999999999999999.9999999999", "2021=-9999999999999999.9999999998");

        judge.Should().NotThrow().Which.Status.Should().Be(Status.FarBehind);
    }

    [Fact]
    public void Another_unit_or_another_zero_changes_no_verdict()
    {
        var random = new Random(20211227);
        foreach (var scene in Enumerable.Range(0, 3000).Select(_ => Scene.From(random)))
        {
            var (factor, shift) = (random.Next(4) switch { 0 => 10m, 1 => 0.1m, 2 => 3m, _ => 10000m }, random.Next(-1000, 1000) / 8m);
            var (plain, moved) = (scene.Judge(), scene.Map(v => (v * factor) + shift).Judge());

            moved.Status.Should().Be(plain.Status, "{0} is the same after times {1} plus {2}", scene, factor, shift);
            (moved.Receding, moved.AchievedAtBaseline, moved.Elapsed).Should().Be((plain.Receding, plain.AchievedAtBaseline, plain.Elapsed));
            Close(moved.PaceRatio, plain.PaceRatio).Should().BeTrue("{0} keeps its pace", scene);
            Close(moved.Attainment, plain.Attainment).Should().BeTrue("{0} keeps its share", scene);
        }
    }

    [Fact]
    public void Turning_the_direction_round_turns_the_verdict_round()
    {
        var random = new Random(20251231);
        foreach (var scene in Enumerable.Range(0, 3000).Select(_ => Scene.From(random)))
        {
            var plain = scene.Judge();
            var mirrored = (scene.Map(v => -v) with { Better = scene.Better == Better.Increase ? Better.Decrease : Better.Increase }).Judge();

            mirrored.Should().Be(plain with { Planned = -plain.Planned }, "{0} is the same in the mirror", scene);
        }
    }

    [Fact]
    public void A_better_reading_never_gives_a_worse_verdict()
    {
        var random = new Random(20261001);
        foreach (var scene in Enumerable.Range(0, 3000).Select(_ => Scene.From(random)))
        {
            var gain = random.Next(1, 40) / 4m;
            var better = scene with { Latest = scene.Latest + (scene.Better == Better.Increase ? gain : -gain) };
            var (before, after) = (scene.Judge().Status, better.Judge().Status);

            Array.IndexOf(Ladder, after).Should().BeLessThanOrEqualTo(Array.IndexOf(Ladder, before), "{0} is better than {1}", better, scene);
        }
    }

    [Fact]
    public void The_scenes_of_these_trials_show_every_verdict()
    {
        var random = new Random(20211227);

        Enumerable.Range(0, 3000).Select(_ => Scene.From(random).Judge().Status).Distinct().Should().BeEquivalentTo(Ladder);
    }

    private static bool Close(decimal? one, decimal? other) =>
        one is { } a && other is { } b ? Math.Abs(a - b) <= 0.00000000001m : one is null && other is null;

    private static PathJudgement Judge(string? baseline, string targets, string readings) => Judge(Better.Increase, baseline, targets, readings);

    private static PathJudgement Judge(Better better, string? baseline, string targets, string readings) =>
        PathJudgement.Of(better, baseline is null ? null : Points(baseline).Single(), Points(targets), Points(readings).Select(p => new Observation(p.Period, p.Value)));

    private static List<PathPoint> Points(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Select(p => new PathPoint(Period.Parse(p[0]), Number(p[1])))];

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A made-up indicator over 2020 to 2025: whole numbers, so that limits are met exactly now and then.</summary>
    private sealed record Scene(Better Better, decimal Baseline, decimal? Interim, decimal Final, decimal Previous, decimal Latest, Period At)
    {
        private static readonly Period[] Times = [.. new[] { "2021", "2021-S1", "2022", "2022-Q3", "2023", "2023-11", "2024", "2025", "2026" }.Select(Period.Parse)];

        public static Scene From(Random random) => new(
            random.Next(2) == 0 ? Better.Increase : Better.Decrease, random.Next(-20, 21), random.Next(2) == 0 ? null : random.Next(-20, 21),
            random.Next(-20, 21), random.Next(-20, 21), random.Next(-20, 21), Times[random.Next(Times.Length)]);

        public Scene Map(Func<decimal, decimal> map) => this with
        {
            Baseline = map(Baseline),
            Interim = Interim is { } i ? map(i) : null,
            Final = map(Final),
            Previous = map(Previous),
            Latest = map(Latest),
        };

        public PathJudgement Judge()
        {
            List<PathPoint> targets = [new(Period.Annual(2025), Final)];
            if (Interim is { } interim)
                targets.Add(new(Period.Annual(2023), interim));
            return PathJudgement.Of(Better, new PathPoint(Period.Annual(2020), Baseline), targets, [new(Period.Annual(2020), Previous), new(At, Latest)]);
        }
    }
}
