using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Domain;

/// <summary>Which figures are questioned, and which are not.</summary>
public sealed class ReadingRulesTests
{
    /// <summary>Also read by the form's script: <c>tests/js/rules.test.js</c>.</summary>
    private static readonly string Vectors = Path.Combine(SeededPlan.RepositoryRoot, "tests", "vectors", "reading-rules.csv");

    [Theory]
    [InlineData("50 53 58 55 51 12 51 59 55 52 58 91", "12 91")]
    [InlineData("41 48 45 46 49 41 41 49 42 47 11 87", "11 87")]
    public void Exactly_the_values_far_from_the_others_are_outliers(string values, string outliers)
    {
        var numbers = Numbers(values);

        var z = Outliers.ModifiedZ(numbers)!;

        numbers.Where((_, i) => Math.Abs(z[i]) > Outliers.Threshold).Should().Equal(Numbers(outliers));
    }

    [Fact]
    public void The_usual_range_ends_where_the_modified_z_reaches_the_threshold()
    {
        // Median 54, MAD 3.5: 3.5 × 3.5 / 0.6745 = 18.1616... either way.
        Outliers.Usual(Numbers("50 53 58 55 51 12 51 59 55 52 58 91")).Should().Be(new Interval(35.8383988139m, 72.1616011861m));
    }

    [Theory]
    [InlineData("1 2 3", "fewer than four")]
    [InlineData("5 5 5 9", "more than half the same")]
    public void Values_that_say_nothing_about_what_is_usual_question_nothing(string values, string why) =>
        Outliers.Usual(Numbers(values)).Should().BeNull(why);

    [Fact]
    public void A_series_that_grows_by_the_same_share_is_not_questioned_for_its_growing_steps()
    {
        var usual = UsualChange.Of(Years(2015, "100 120 145 173 208 250"))!;

        usual.Steps.Holds(90).Should().BeFalse("that is far more than it ever grew in a year");
        usual.Holds(250, 340).Should().BeFalse("36 % is too much as well");
        usual.Holds(250, 302).Should().BeTrue("20.8 % is what it does");
    }

    [Fact]
    public void A_gap_of_years_is_no_step()
    {
        UsualChange.Of([.. Years(2010, "1 2 3 5"), .. Years(2018, "90")]).Should().BeNull("there are three steps, and the jump over the gap is none");
    }

    [Fact]
    public void Every_vector_is_answered_as_written()
    {
        var wrong = new List<string>();
        var lines = File.ReadAllLines(Vectors);
        foreach (var line in lines.Skip(1))
        {
            var f = line.Split(',');
            var rules = new ReadingRules
            {
                AskOutlier = f[3] == "yes",
                AskUnitSlip = f[4] == "yes",
                AskJump = Number(f[5]),
                Cumulative = f[6] == "yes",
            };
            var usual = f[7].Length == 0 ? null
                : new UsualChange(new Interval(Number(f[7])!.Value, Number(f[8])!.Value), f[9].Length == 0 ? null : new Interval(Number(f[9])!.Value, Number(f[10])!.Value));

            var asked = string.Join(' ', rules.Ask(Number(f[1])!.Value, Number(f[2]), usual));
            if (asked != f[11])
                wrong.Add($"{f[0]}: {asked}");
        }

        lines.Should().HaveCountGreaterThan(20);
        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData("100", "101", false)]
    [InlineData("100", "101.01", true)]
    [InlineData("-100", "-99", false)]
    [InlineData("0", "0.01", true)]
    public void Regions_may_be_off_the_whole_by_the_tolerance(string whole, string sum, bool asks) =>
        new ReadingRules { SumTolerance = 0.01m }.AsksAboutSum(Number(whole)!.Value, Number(sum)!.Value).Should().Be(asks);

    [Fact]
    public void Without_a_tolerance_nobody_asks_about_the_sum() => new ReadingRules().AsksAboutSum(1, 100).Should().BeFalse();

    private static decimal[] Numbers(string text) => [.. text.Split(' ').Select(t => Number(t)!.Value)];

    private static decimal? Number(string text)
    {
        StrictNumber.Parse(text, StrictNumber.MaxDecimals, out var value).Should().Be(NumberFault.None);
        return value;
    }

    private static IEnumerable<Observation> Years(int first, string values) => Numbers(values).Select((v, i) => new Observation(Period.Annual(first + i), v));
}
