using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>How periods are written, when they end, and which comes first.</summary>
public sealed class PeriodTests
{
    [Theory]
    [InlineData("2023", Frequency.Annual, 2023, 1, 2023, 12, 31)]
    [InlineData("2023-S1", Frequency.Semester, 2023, 1, 2023, 6, 30)]
    [InlineData("2023-S2", Frequency.Semester, 2023, 7, 2023, 12, 31)]
    [InlineData("2023-Q1", Frequency.Quarter, 2023, 1, 2023, 3, 31)]
    [InlineData("2023-Q4", Frequency.Quarter, 2023, 10, 2023, 12, 31)]
    [InlineData("2023-01", Frequency.Month, 2023, 1, 2023, 1, 31)]
    [InlineData("2023-12", Frequency.Month, 2023, 12, 2023, 12, 31)]
    [InlineData("2024-02", Frequency.Month, 2024, 2, 2024, 2, 29)]
    [InlineData("2023-02", Frequency.Month, 2023, 2, 2023, 2, 28)]
    [InlineData("0001", Frequency.Annual, 1, 1, 1, 12, 31)]
    [InlineData("9990", Frequency.Annual, 9990, 1, 9990, 12, 31)]
    public void A_period_says_how_long_it_is_and_when_it_starts_and_ends(
        string text, Frequency frequency, int startYear, int startMonth, int endYear, int endMonth, int endDay)
    {
        var period = Period.Parse(text);

        period.Frequency.Should().Be(frequency);
        period.Start.Should().Be(new DateOnly(startYear, startMonth, 1));
        period.End.Should().Be(new DateOnly(endYear, endMonth, endDay));
        period.Year.Should().Be(startYear);
    }

    [Fact]
    public void Every_period_of_a_year_is_written_the_way_it_was_read()
    {
        string[] all =
        [
            "2023", "2023-S1", "2023-S2", "2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4",
            .. Enumerable.Range(1, 12).Select(m => $"2023-{m:00}"),
        ];

        all.Select(text => Period.Parse(text).ToString()).Should().Equal(all);
        all.Select(Period.Parse).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("23")]
    [InlineData("202")]
    [InlineData("20233")]
    [InlineData("0000")]
    [InlineData("9991")]
    [InlineData("-202")]
    [InlineData("+202")]
    [InlineData("２０２３")]
    [InlineData("2023-０１")]
    [InlineData("2023-Q１")]
    [InlineData("٢٠٢٣")]
    [InlineData("2023\n")]
    [InlineData("2023-Q1\n")]
    [InlineData("2023-01\n")]
    [InlineData(" 2023")]
    [InlineData("2023 ")]
    [InlineData("2023-")]
    [InlineData("2023-1")]
    [InlineData("2023-00")]
    [InlineData("2023-13")]
    [InlineData("2023-S0")]
    [InlineData("2023-S3")]
    [InlineData("2023-Q0")]
    [InlineData("2023-Q5")]
    [InlineData("2023-s1")]
    [InlineData("2023-q1")]
    [InlineData("2023-W1")]
    [InlineData("2023-H1")]
    [InlineData("2023-A1")]
    [InlineData("2023/01")]
    [InlineData("2023S1")]
    [InlineData("2023-S11")]
    [InlineData("2023-01-01")]
    [InlineData("2023-+1")]
    [InlineData("2023--1")]
    [InlineData("2023- 1")]
    [InlineData("2023-1 ")]
    [InlineData("2023年")]
    public void Nothing_else_is_a_period(string? text)
    {
        Period.TryParse(text, out var period).Should().BeFalse();
        period.Should().Be(default(Period));
    }

    [Fact]
    public void A_text_that_is_no_period_is_named_in_the_refusal()
    {
        var parse = () => Period.Parse("2023-S3");

        parse.Should().Throw<FormatException>().WithMessage("*2023-S3*2023-S1*");
    }

    [Fact]
    public void Periods_are_ordered_by_their_ends_and_of_two_that_end_together_the_longer_is_later()
    {
        string[] ordered =
        [
            "2022", "2023-01", "2023-02", "2023-03", "2023-Q1", "2023-04", "2023-05", "2023-06", "2023-Q2", "2023-S1",
            "2023-09", "2023-Q3", "2023-12", "2023-Q4", "2023-S2", "2023", "2024-01",
        ];

        ordered.Reverse().Select(Period.Parse).Order().Select(p => p.ToString()).Should().Equal(ordered);
    }

    [Fact]
    public void The_comparison_signs_agree_with_the_order()
    {
        var (half, year) = (Period.Parse("2023-S2"), Period.Parse("2023"));

        (half < year).Should().BeTrue();
        (half <= year).Should().BeTrue();
        (half > year).Should().BeFalse();
        (half >= year).Should().BeFalse();
        (year > half).Should().BeTrue();
        (year >= Period.Annual(2023)).Should().BeTrue();
        (year <= Period.Annual(2023)).Should().BeTrue();
        (year == Period.Annual(2023)).Should().BeTrue();
    }

    [Theory]
    [InlineData("2023", "2024")]
    [InlineData("2023-S1", "2023-S2")]
    [InlineData("2023-S2", "2024-S1")]
    [InlineData("2023-Q4", "2024-Q1")]
    [InlineData("2023-12", "2024-01")]
    public void The_next_period_follows_without_a_gap(string text, string next)
    {
        var period = Period.Parse(text);

        period.Next().ToString().Should().Be(next);
        period.Next().Start.Should().Be(period.End.AddDays(1));
    }

    [Theory]
    [InlineData("2023", "2023")]
    [InlineData("2022-12", "2022")]
    [InlineData("2023-S1", "2022.5")]
    [InlineData("2023-06", "2022.5")]
    [InlineData("2023-S2", "2023")]
    [InlineData("2023-Q1", "2022.25")]
    [InlineData("2023-Q3", "2022.75")]
    public void On_the_axis_a_reading_stands_where_its_period_ends(string text, string year) =>
        Rounding.Exact(Period.Parse(text).AxisYear).Should().Be(year);

    [Fact]
    public void Distances_between_ends_are_whole_months()
    {
        var start = Period.Annual(2020);

        (Period.Parse("2025").EndMonth - start.EndMonth).Should().Be(60);
        (Period.Parse("2021-S1").EndMonth - start.EndMonth).Should().Be(6);
        (Period.Parse("2021-Q1").EndMonth - start.EndMonth).Should().Be(3);
        (Period.Parse("2021-01").EndMonth - start.EndMonth).Should().Be(1);
        (Period.Parse("2020-S2").EndMonth - start.EndMonth).Should().Be(0);
    }

    [Theory]
    [InlineData(Frequency.Annual, "2024-12-30", "2023")]
    [InlineData(Frequency.Annual, "2024-12-31", "2024")]
    [InlineData(Frequency.Annual, "2025-01-01", "2024")]
    [InlineData(Frequency.Semester, "2024-06-29", "2023-S2")]
    [InlineData(Frequency.Semester, "2024-06-30", "2024-S1")]
    [InlineData(Frequency.Quarter, "2024-03-30", "2023-Q4")]
    [InlineData(Frequency.Quarter, "2024-03-31", "2024-Q1")]
    [InlineData(Frequency.Quarter, "2024-11-15", "2024-Q3")]
    [InlineData(Frequency.Month, "2024-02-28", "2024-01")]
    [InlineData(Frequency.Month, "2024-02-29", "2024-02")]
    [InlineData(Frequency.Month, "2024-01-01", "2023-12")]
    public void The_last_ended_period_ends_on_that_day_or_before(Frequency frequency, string day, string expected) =>
        Period.LastEnded(frequency, DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).ToString().Should().Be(expected);

    [Theory]
    [InlineData("2023")]
    [InlineData("2023-S2")]
    [InlineData("2023-Q3")]
    [InlineData("2023-11")]
    public void A_period_is_found_again_by_its_length_and_first_day(string text)
    {
        var period = Period.Parse(text);

        Period.Of(period.Frequency, period.Start).Should().Be(period);
    }

    [Theory]
    [InlineData(Frequency.Annual, 2023, 2, 1)]
    [InlineData(Frequency.Semester, 2023, 4, 1)]
    [InlineData(Frequency.Quarter, 2023, 2, 1)]
    [InlineData(Frequency.Month, 2023, 2, 2)]
    public void No_period_starts_in_the_middle_of_another(Frequency frequency, int year, int month, int day)
    {
        var of = () => Period.Of(frequency, new DateOnly(year, month, day));

        of.Should().Throw<ArgumentException>().WithMessage("*No period of frequency*");
    }
}
