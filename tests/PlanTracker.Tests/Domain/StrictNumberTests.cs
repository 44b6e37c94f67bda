using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>Which texts are figures. What is not is refused, never bent into one.</summary>
public sealed class StrictNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("15", "15")]
    [InlineData("-15", "-15")]
    [InlineData("4.0810", "4.0810")]
    [InlineData("0.00", "0.00")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("007", "7")]
    [InlineData("000000000000000000000000000001.5", "1.5")]
    [InlineData("0.1234567891", "0.1234567891")]
    [InlineData("9999999999999999.9999999999", "9999999999999999.9999999999")]
    [InlineData("-9999999999999999.9999999999", "-9999999999999999.9999999999")]
    public void A_figure_keeps_its_value_and_its_decimals(string text, string kept)
    {
        StrictNumber.Parse(text, StrictNumber.MaxDecimals, out var value).Should().Be(NumberFault.None);

        value.Should().NotBeNull();
        Rounding.Exact(value!.Value).Should().Be(kept);
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("1.234,5")]
    [InlineData("1,234.5")]
    [InlineData("1 234")]
    [InlineData("1'234")]
    [InlineData("１５")]
    [InlineData("1５")]
    [InlineData("１.５")]
    [InlineData("15．5")]
    [InlineData("٣")]
    [InlineData("5-")]
    [InlineData("(5)")]
    [InlineData("+5")]
    [InlineData("--5")]
    [InlineData("- 5")]
    [InlineData("−5")]
    [InlineData("－5")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("0x1F")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("12%")]
    [InlineData("12％")]
    [InlineData("$12")]
    [InlineData("¥12")]
    [InlineData("十二")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("1..2")]
    [InlineData("1.-2")]
    [InlineData(" ")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("5\r\n")]
    [InlineData("5\t")]
    [InlineData("5\0")]
    [InlineData("\uFEFF5")]
    [InlineData("5\u00A0")]
    [InlineData("n/a")]
    [InlineData("…")]
    public void Anything_else_is_not_a_number(string text)
    {
        StrictNumber.Parse(text, StrictNumber.MaxDecimals, out var value).Should().Be(NumberFault.NotANumber);

        value.Should().BeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void An_empty_field_is_missing_and_no_fault(string? text)
    {
        StrictNumber.Parse(text, decimals: 2, out var value).Should().Be(NumberFault.None);

        value.Should().BeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0.0")]
    public void Zero_is_a_value(string text)
    {
        StrictNumber.Parse(text, decimals: 2, out var value).Should().Be(NumberFault.None);

        value.Should().Be(0m);
    }

    [Theory]
    [InlineData("1.2", 0)]
    [InlineData("1.0", 0)]
    [InlineData("1.234", 2)]
    [InlineData("1.230", 2)]
    [InlineData("0.12345678910", 10)]
    [InlineData("0.12345678910", 28)]
    public void More_decimals_than_the_column_takes_are_refused_and_not_rounded(string text, int decimals)
    {
        StrictNumber.Parse(text, decimals, out var value).Should().Be(NumberFault.TooManyDecimals);

        value.Should().BeNull();
    }

    [Theory]
    [InlineData("1.23", 2)]
    [InlineData("1.2", 2)]
    [InlineData("1", 0)]
    public void As_many_decimals_as_the_column_takes_are_taken(string text, int decimals) =>
        StrictNumber.Parse(text, decimals, out _).Should().Be(NumberFault.None);

    [Theory]
    [InlineData("10000000000000000")]
    [InlineData("-10000000000000000")]
    [InlineData("99999999999999999999999999999999999999.5")]
    public void More_digits_than_can_be_kept_exactly_are_refused(string text)
    {
        StrictNumber.Parse(text, StrictNumber.MaxDecimals, out var value).Should().Be(NumberFault.TooLong);

        value.Should().BeNull();
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("zh-CN")]
    [InlineData("fa-IR")]
    [InlineData("sv-SE")]
    public void The_language_of_the_reader_changes_nothing(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);

            StrictNumber.Parse("-1.5", decimals: 1, out var value).Should().Be(NumberFault.None);
            value.Should().Be(-1.5m);
            StrictNumber.Parse("1,5", decimals: 1, out _).Should().Be(NumberFault.NotANumber);
            Rounding.Text(-1234.56m, 1).Should().Be("-1234.6");
            Rounding.Exact(-1234.50m).Should().Be("-1234.50");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
