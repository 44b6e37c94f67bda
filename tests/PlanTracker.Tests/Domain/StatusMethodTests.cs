using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>The published methods side by side: vectors of their sources, and the traps each has to step around. Points are written <c>2023=36</c>.</summary>
public sealed class StatusMethodTests
{
    private static readonly Random Dice = new(20261124);

    [Fact]
    public void Five_methods_judge_one_case_and_contradict()
    {
        var one = Case("2020=15", "2025=56", "2018=15 2019=19 2020=24 2021=28 2022=33 2023=36") with { Baseline = new(Period.Annual(2020), 15) };

        PathMethod.Judge(one).Should().BeEquivalentTo(new { Status = Status.Behind, Ratio = 0.853658536585m });
        Ratio(GrowthRatioMethod.Judge(one), 3).Should().Be("1.124");
        GrowthRatioMethod.Judge(one).Status.Should().Be(Status.OnTrack);
        Ratio(UnProjectionMethod.Judge(one), 3).Should().Be("1.208");
        UnProjectionMethod.Judge(one).Status.Should().Be(Status.OnTrack);
        TrendProjectionMethod.Judge(one).Should().BeEquivalentTo(new { Status = Status.FarBehind, Ratio = 0.58m });
        CurrentStatusMethod.Judge(one).Should().BeEquivalentTo(new { Status = Status.Behind, Score = 5.121951219512m });
        Assessment.Of(one).Agreement.Should().Be(Agreement.Contradict);
    }

    [Theory]
    [InlineData("2015=14.5", "2030=7.25", "2023=10.4", Better.Decrease, "0.9010899546976208", Status.Behind)]
    [InlineData("2015=14.5", "2030=7.25", "2023=10.2", Better.Decrease, "0.9525901792032172", Status.OnTrack)]
    [InlineData("2005=63", "2030=85", "2020=74", Better.Increase, "0.8949392974311927", Status.Behind)]
    [InlineData("2015=10.1", "2030=30", "2023=13.7", Better.Increase, "0.5160064971944834", Status.FarBehind)]
    [InlineData("2016=26866", "2028=13433", "2024=36058", Better.Decrease, "-0.6675781357974336", Status.MovingAway)]
    [InlineData("2015=0.37", "2030=60", "2025=9.53", Better.Increase, "0.9504069883014249", Status.OnTrack)]
    public void The_growth_ratio_gives_what_Statistics_Canada_published(string baseline, string target, string reading, Better better, string ratio, Status status)
    {
        var verdict = GrowthRatioMethod.Judge(Case(baseline, target, reading, better));

        verdict.Ratio!.Value.Should().BeApproximately(Number(ratio), 0.000000000001m);
        verdict.Status.Should().Be(status);
    }

    [Theory]
    [InlineData("2020=100 2023=104.6", Status.OnTrack)]
    [InlineData("2020=100 2023=101.6", Status.Behind)]
    [InlineData("2020=100 2023=100.1", Status.FarBehind)]
    [InlineData("2020=100 2023=99.9", Status.MovingAway)]
    public void Without_a_target_growth_alone_is_judged_and_the_other_methods_say_so(string readings, Status status)
    {
        var one = Case("2020=100", "", readings);

        GrowthRatioMethod.Judge(one).Status.Should().Be(status);
        PathMethod.Judge(one).Reason.Should().Be(NoJudgementReason.NoTarget);
    }

    [Fact]
    public void Growth_from_a_zero_baseline_is_no_judgement_and_not_on_track()
    {
        var one = Case("2020=0", "2030=80", "2021=1");

        GrowthRatioMethod.Judge(one).Should().BeEquivalentTo(new { Status = Status.NoJudgement, Reason = NoJudgementReason.ZeroBaseline });
        UnProjectionMethod.Judge(one).Reason.Should().Be(NoJudgementReason.ZeroBaseline);
        PathMethod.Judge(one).Status.Should().Be(Status.FarBehind);
    }

    [Theory]
    [InlineData("2020=-5", "2025=5", "2023=1")]
    [InlineData("2020=5", "2025=10", "2023=-1")]
    public void Growth_through_zero_is_no_judgement(string baseline, string target, string reading)
    {
        var one = Case(baseline, target, reading);

        GrowthRatioMethod.Judge(one).Reason.Should().Be(NoJudgementReason.NegativeValues);
        UnProjectionMethod.Judge(one).Reason.Should().Be(NoJudgementReason.NegativeValues);
    }

    [Theory]
    [InlineData("2020=60", "2025=50", "2023=55", Status.Achieved)]
    [InlineData("2020=60", "2025=50", "2023=45", Status.MovingAway)]
    [InlineData("2020=50", "2025=50", "2023=50", Status.Achieved)]
    [InlineData("2020=50", "2025=50", "2023=49", Status.MovingAway)]
    public void A_target_at_or_behind_the_baseline_is_kept_or_lost_by_every_method(string baseline, string target, string reading, Status status)
    {
        var one = Case(baseline, target, "2018=40 2019=41 2020=42 2021=43 2022=44 " + reading);

        foreach (var method in StatusMethods.All)
            method.Judge(one).Status.Should().Be(status, method.Code);
        one.AchievedAtBaseline.Should().Be(baseline != target.Replace("2025", "2020", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2020-12=0.1", "2025-12=0.9", "2021-01=0.35", Status.OnTrack)]
    [InlineData("2020-12=1", "2025-12=0.5", "2021-01=300", Status.MovingAway)]
    public void A_slip_of_the_pen_that_makes_a_rate_of_any_size_is_judged_all_the_same(string baseline, string target, string reading, Status status)
    {
        var one = Case(baseline, target, reading, status == Status.OnTrack ? Better.Increase : Better.Decrease);

        GrowthRatioMethod.Judge(one).Status.Should().Be(status);
        UnProjectionMethod.Judge(one).Status.Should().Be(status);
        Assessment.Of(one).Verdicts.Should().HaveCount(5);
    }

    [Fact]
    public void A_projection_never_leaves_the_bounds()
    {
        var one = Case("2020=50", "2030=99.9", "2017=60 2018=70 2019=80 2020=90 2021=98") with { Max = 100 };

        Ratio(UnProjectionMethod.Judge(one), 4).Should().Be(Rounding.Text(50 / 49.9m, 4));
        TrendProjectionMethod.Judge(one).Ratio.Should().Be(Math.Round((99.9m - 100) / 1.9m, 12));
        Pace.Of(one).Projections.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Value = 100m, High = 100m });
    }

    [Theory]
    [InlineData("2020=10 2021=11 2022=12", NoJudgementReason.TooFewReadings)]
    [InlineData("2020=10 2021=11 2022=12 2022-06=11.5", NoJudgementReason.TooFewReadings)]
    [InlineData("2021=10 2022=11 2023=12 2025=13", NoJudgementReason.TargetDatePassed)]
    public void A_trend_needs_four_yearly_readings_and_a_target_still_to_come(string readings, NoJudgementReason reason) =>
        TrendProjectionMethod.Judge(Case("2020=10", "2025=20", readings)).Reason.Should().Be(reason);

    [Theory]
    [InlineData("19.51", Status.OnTrack)]
    [InlineData("19.5", Status.Behind)]
    [InlineData("18", Status.Behind)]
    [InlineData("17.99", Status.FarBehind)]
    public void The_part_a_trend_leaves_open_is_cut_at_5_and_20_per_cent(string projected, Status status)
    {
        // One year before the target of 20 the series stands at 10, with an even change that leads to the projected value.
        var change = Number(projected) - 10;
        var readings = Enumerable.Range(0, 4).Select(i => new Observation(Period.Annual(2021 + i), 10 - (change * (3 - i))));

        var verdict = TrendProjectionMethod.Judge(Case("2020=-100", "2025=20", "") with { Readings = [.. readings] });

        verdict.Status.Should().Be(status);
        verdict.Ratio.Should().Be((20 - Number(projected)) / 10);
    }

    [Fact]
    public void A_trend_in_the_wrong_direction_moves_away() =>
        TrendProjectionMethod.Judge(Case("2019=4", "2026=20", "2020=9 2021=8 2022=7 2023=6")).Status.Should().Be(Status.MovingAway);

    [Theory]
    [InlineData("behind behind", Agreement.Agree)]
    [InlineData("on-track behind", Agreement.OneStepApart)]
    [InlineData("on-track far-behind", Agreement.Contradict)]
    [InlineData("on-track no-judgement", Agreement.NotComparable)]
    public void Methods_agree_stand_one_step_apart_or_contradict(string statuses, Agreement agreement) =>
        Assessment.AgreementOf(statuses.Split(' ').Select(s => new Verdict(PlanTracker.Data.Kebab.Parse<Status>(s)))).Should().Be(agreement);

    [Fact]
    public void Scaling_the_values_changes_no_verdict()
    {
        foreach (var one in RandomCases(2000))
        {
            var scaled = Mapped(one, v => v * 8);
            foreach (var method in StatusMethods.All)
                method.Judge(scaled).Status.Should().Be(method.Judge(one).Status, "{0} of {1}", method.Code, one);
        }
    }

    [Fact]
    public void A_better_reading_never_gives_a_worse_verdict()
    {
        foreach (var one in RandomCases(2000))
        {
            var better = one with { Readings = [.. one.Readings.SkipLast(1), one.Latest!.Value with { Value = one.Latest.Value.Value + (one.Better.Sign() * Dice.Next(1, 10)) }] };
            foreach (var method in StatusMethods.All)
            {
                var (before, after) = (method.Judge(one), method.Judge(better));
                if (before.Status != Status.NoJudgement && after.Status != Status.NoJudgement)
                    ((int)after.Status).Should().BeLessThanOrEqualTo((int)before.Status, "{0} of {1}", method.Code, one);
            }
        }
    }

    [Fact]
    public void Turning_better_round_mirrors_the_verdict_of_every_method_but_those_of_growth()
    {
        // Growth has no mirror image: below zero there is none.
        var mirrored = StatusMethods.All.Except([StatusMethods.GrowthRatio, StatusMethods.UnProjection]).ToList();
        foreach (var one in RandomCases(2000))
        {
            var mirror = Mapped(one, v => -v) with { Better = one.Better == Better.Increase ? Better.Decrease : Better.Increase };
            foreach (var method in mirrored)
                method.Judge(mirror).Status.Should().Be(method.Judge(one).Status, "{0} of {1}", method.Code, one);
        }
    }

    [Fact]
    public void The_projection_runs_year_by_year_from_the_latest_reading_to_the_final_target()
    {
        var one = Case("2020=15", "2025=56", "2018=15 2019=19 2020=24 2021=28 2022=33");

        var ahead = Pace.Ahead(one);

        ahead.Select(p => p.Period).Should().Equal(Period.Annual(2023), Period.Annual(2024), Period.Annual(2025));
        ahead.Select(p => p.Value).Should().Equal(37.5m, 42m, 46.5m);
        ahead[^1].Should().Be(Pace.Of(one).Projections[^1]);
        ahead.Select(p => p.High - p.Low).Should().BeInAscendingOrder("the further, the less is known");
        Pace.Ahead(Case("2020=15", "2025=56", "2020=24 2025=50")).Should().BeEmpty("the target's date has come");
        Pace.Ahead(Case("2020=15", "2025-06=56", "2022=24 2023=30")).Select(p => p.Period.ToString()).Should().Equal("2024", "2025-06");
    }

    [Fact]
    public void Required_and_achieved_pace_and_the_date_of_arrival_follow_from_the_readings()
    {
        var pace = Pace.Of(Case("2020=15", "2025=56", "2018=15 2019=19 2020=24 2021=28 2022=33 2023=36"));

        pace.Required.Should().Be(10m);
        pace.SinceBaseline.Should().Be(7m);
        pace.Recent.Should().Be(4.2m);
        Rounding.Text(pace.Arrival!.Value, 2).Should().Be("2027.76");
        pace.Projections.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Period = Period.Annual(2025), Value = 44.4m });
        pace.Projections[0].Low.Should().BeLessThan(44.4m);
        pace.Projections[0].High.Should().BeGreaterThan(44.4m);
    }

    [Fact]
    public void No_interval_is_given_from_three_readings_and_no_arrival_at_the_wrong_pace()
    {
        Pace.Of(Case("2020=15", "2025=56", "2021=20 2022=24 2023=28")).Projections.Should().ContainSingle().Which.Low.Should().BeNull();
        Pace.Of(Case("2020=15", "2025=56", "2021=20 2022=18")).Arrival.Should().BeNull();
    }

    [Theory]
    [InlineData(PathShape.Linear, "2022", "20")]
    [InlineData(PathShape.Manual, "2022", "20")]
    [InlineData(PathShape.Stepped, "2022", "10")]
    [InlineData(PathShape.Stepped, "2024", "30")]
    [InlineData(PathShape.Geometric, "2022", "17.3205")]
    [InlineData(PathShape.Geometric, "2024", "30.0000")]
    public void A_path_runs_in_its_shape(PathShape shape, string period, string value) =>
        Rounding.Text(new PlannedPath(new(Period.Annual(2020), 10), [new(Period.Annual(2024), 30)], shape).ValueAt(Period.Parse(period)), value.Contains('.', StringComparison.Ordinal) ? 4 : 0)
            .Should().Be(value);

    [Fact]
    public void A_geometric_path_cannot_pass_zero()
    {
        var path = () => new PlannedPath(new(Period.Annual(2020), 0), [new(Period.Annual(2024), 30)], PathShape.Geometric);

        path.Should().Throw<ArgumentException>().WithMessage("*above zero*");
    }

    private static IEnumerable<AssessmentCase> RandomCases(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new AssessmentCase
            {
                Better = Dice.Next(2) == 0 ? Better.Increase : Better.Decrease,
                Baseline = new(Period.Annual(2020), Dice.Next(1, 60)),
                Targets = [new(Period.Annual(2025), Dice.Next(1, 60))],
                Readings = [.. Enumerable.Range(2019, Dice.Next(3, 6)).Select(y => new Observation(Period.Annual(y), Dice.Next(1, 60)))],
            };
        }
    }

    private static AssessmentCase Mapped(AssessmentCase one, Func<decimal, decimal> map) => one with
    {
        Baseline = one.Baseline is { } b ? b with { Value = map(b.Value) } : null,
        Targets = [.. one.Targets.Select(t => t with { Value = map(t.Value) })],
        Readings = [.. one.Readings.Select(r => r with { Value = map(r.Value) })],
    };

    private static AssessmentCase Case(string baseline, string targets, string readings, Better better = Better.Increase) => new()
    {
        Better = better,
        Baseline = Points(baseline).Single(),
        Targets = Points(targets),
        Readings = [.. Points(readings).Select(p => new Observation(p.Period, p.Value))],
    };

    private static List<PathPoint> Points(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Select(p => new PathPoint(Period.Parse(p[0]), Number(p[1])))];

    private static string Ratio(Verdict verdict, int decimals) => Rounding.Text(verdict.Ratio!.Value, decimals);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
