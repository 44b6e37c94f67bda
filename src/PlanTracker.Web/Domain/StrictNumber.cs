using System.Globalization;

namespace PlanTracker.Domain;

/// <summary>Why a text is not accepted as a number.</summary>
public enum NumberFault
{
    None,

    /// <summary>Anything but an optional minus, digits, and an optional point with digits.</summary>
    NotANumber,

    /// <summary>More decimals than the column takes. Refused, not rounded.</summary>
    TooManyDecimals,

    /// <summary>More digits than can be kept exactly.</summary>
    TooLong,
}

/// <summary>
/// The one parser for figures, used by form, paste, file and API: optional minus, digits, optional point and decimals; nothing else.
/// <c>1,5</c>, <c>1.234,5</c>, full-width digits, <c>5-</c>, <c>(5)</c>, <c>1e3</c>, <c>NaN</c> and <c>12%</c> are refused, never coerced.
/// </summary>
public static class StrictNumber
{
    /// <summary>The most decimals any figure may have.</summary>
    public const int MaxDecimals = 10;

    /// <summary>The most digits before the point; with <see cref="MaxDecimals"/> behind it a decimal holds the figure exactly.</summary>
    public const int MaxIntegerDigits = 16;

    /// <summary>
    /// Reads <paramref name="text"/>. Empty text is "missing": no fault and <see langword="null"/>. <c>0</c> is zero.
    /// The scale is kept as written (<c>4.0810</c> stays <c>4.0810</c>).
    /// </summary>
    public static NumberFault Parse(string? text, int decimals, out decimal? value)
    {
        value = null;
        if (string.IsNullOrEmpty(text))
            return NumberFault.None;

        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (!AllDigits(whole) || (point >= 0 && !AllDigits(fraction)))
            return NumberFault.NotANumber;
        if (whole.TrimStart('0').Length > MaxIntegerDigits)
            return NumberFault.TooLong;
        if (fraction.Length > Math.Min(decimals, MaxDecimals))
            return NumberFault.TooManyDecimals;

        value = decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return NumberFault.None;
    }

    private static bool AllDigits(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
