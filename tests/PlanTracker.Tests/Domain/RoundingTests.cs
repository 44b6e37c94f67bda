using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>Figures as they are shown: GB/T 8170, half to even, once, from the raw decimal.</summary>
public sealed class RoundingTests
{
    [Theory]
    [InlineData("12.1498", 1, "12.1")]
    [InlineData("1.050", 1, "1.0")]
    [InlineData("0.35", 1, "0.4")]
    [InlineData("0.125", 2, "0.12")]
    [InlineData("15.4546", 0, "15")]
    [InlineData("2.5", 0, "2")]
    [InlineData("3.5", 0, "4")]
    [InlineData("-0.0365", 3, "-0.036")]
    [InlineData("-2.5", 0, "-2")]
    [InlineData("-3.5", 0, "-4")]
    [InlineData("0.1250000000000000000000000001", 2, "0.13")]
    [InlineData("2.675", 2, "2.68")]
    [InlineData("1.005", 2, "1.00")]
    public void A_half_goes_to_the_even_neighbour(string value, int decimals, string shown) =>
        Rounding.Text(Number(value), decimals).Should().Be(shown);

    [Theory]
    [InlineData("12", 2, "12.00")]
    [InlineData("1234567.5", 1, "1234567.5")]
    [InlineData("0", 0, "0")]
    [InlineData("0.1", 10, "0.1000000000")]
    public void A_computed_figure_has_the_decimals_asked_for_and_no_separators(string value, int decimals, string shown) =>
        Rounding.Text(Number(value), decimals).Should().Be(shown);

    [Theory]
    [InlineData("-0.04", 1, "0.0")]
    [InlineData("-0.5", 0, "0")]
    [InlineData("-0.0", 1, "0.0")]
    public void A_figure_that_rounds_to_zero_carries_no_sign(string value, int decimals, string shown) =>
        Rounding.Text(Number(value), decimals).Should().Be(shown);

    [Theory]
    [InlineData("4.0810")]
    [InlineData("4.081")]
    [InlineData("100")]
    [InlineData("-0.50")]
    public void A_stated_figure_is_shown_as_it_was_stated(string value) => Rounding.Exact(Number(value)).Should().Be(value);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
