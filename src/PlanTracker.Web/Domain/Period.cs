using System.Globalization;

namespace PlanTracker.Domain;

/// <summary>How often a figure is due; the length of a <see cref="Period"/>.</summary>
public enum Frequency
{
    Annual,
    Semester,
    Quarter,
    Month,
}

/// <summary>
/// A reporting period: a frequency and the month it starts in. Written <c>2023</c>, <c>2023-S1</c>, <c>2023-Q1</c>, <c>2023-01</c>
/// (the notation of SDMX, without its frequency prefix).
/// </summary>
/// <remarks>
/// A reading counts from the end of its period: <c>2023</c> is the end of 2023, <c>2023-S1</c> the end of June 2023.
/// Distances are whole months, so a share of elapsed time is an exact decimal.
/// </remarks>
public readonly record struct Period : IComparable<Period>
{
    private readonly int _startMonth;

    private Period(Frequency frequency, int startMonth)
    {
        Frequency = frequency;
        _startMonth = startMonth;
    }

    public Frequency Frequency { get; }

    /// <summary>First day of the period.</summary>
    public DateOnly Start => new(_startMonth / 12, (_startMonth % 12) + 1, 1);

    /// <summary>Last day of the period.</summary>
    public DateOnly End => Start.AddMonths(Months(Frequency)).AddDays(-1);

    /// <summary>Months from year 0 to the end of the period; the scale on which paths and paces are computed.</summary>
    public int EndMonth => _startMonth + Months(Frequency);

    /// <summary>Position on a time axis in years, where <c>2023</c> stands at 2023 and <c>2023-06</c> at 2022.5.</summary>
    public decimal AxisYear => (EndMonth / 12m) - 1;

    /// <summary>Years from the end of <paramref name="earlier"/> to the end of this period; whole months, so exact in twelfths.</summary>
    public decimal YearsSince(Period earlier) => (EndMonth - earlier.EndMonth) / 12m;

    public int Year => _startMonth / 12;

    public static Period Annual(int year) => new(Frequency.Annual, year * 12);

    public static Period Month(int year, int month) => new(Frequency.Month, (year * 12) + month - 1);

    /// <summary>The period of <paramref name="frequency"/> that starts on <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">No period of that frequency starts on that day.</exception>
    public static Period Of(Frequency frequency, DateOnly start)
    {
        var month = (start.Year * 12) + start.Month - 1;
        return start.Day == 1 && month % Months(frequency) == 0
            ? new Period(frequency, month)
            : throw new ArgumentException($"No period of frequency {frequency} starts on {start:yyyy-MM-dd}.", nameof(start));
    }

    /// <summary>The last period of <paramref name="frequency"/> that has ended by <paramref name="day"/>.</summary>
    public static Period LastEnded(Frequency frequency, DateOnly day)
    {
        var months = Months(frequency);
        var tomorrow = day.AddDays(1);
        var current = ((tomorrow.Year * 12) + tomorrow.Month - 1) / months * months;
        return new Period(frequency, current - months);
    }

    public Period Next() => new(Frequency, _startMonth + Months(Frequency));

    /// <summary>The period so many periods earlier, but none before year 1.</summary>
    public Period Back(int periods) => new(Frequency, Math.Max(_startMonth - (periods * Months(Frequency)), 12));

    /// <summary>Reads the written form. Anything else, including full-width digits and surrounding blanks, is refused.</summary>
    public static bool TryParse(string? text, out Period period)
    {
        period = default;
        if (text is null || text.Length < 4 || !Digits(text.AsSpan(0, 4), out var year) || year is < 1 or > 9990)
            return false;

        if (text.Length == 4)
        {
            period = Annual(year);
            return true;
        }

        if (text[4] != '-' || text.Length != 7)
            return false;

        var tail = text.AsSpan(5, 2);
        (Frequency Frequency, int Number)? part = tail[0] switch
        {
            'S' when tail[1] is '1' or '2' => (Frequency.Semester, tail[1] - '0'),
            'Q' when tail[1] is >= '1' and <= '4' => (Frequency.Quarter, tail[1] - '0'),
            _ when Digits(tail, out var month) && month is >= 1 and <= 12 => (Frequency.Month, month),
            _ => null,
        };
        if (part is not { } found)
            return false;

        period = new Period(found.Frequency, (year * 12) + ((found.Number - 1) * Months(found.Frequency)));
        return true;
    }

    /// <exception cref="FormatException">The text is not a period.</exception>
    public static Period Parse(string text) =>
        TryParse(text, out var period) ? period : throw new FormatException($"'{text}' is not a period such as 2023, 2023-S1, 2023-Q1 or 2023-01.");

    /// <summary>Earlier end first; of two that end together the shorter first, so the whole year is the later statement.</summary>
    public int CompareTo(Period other) =>
        (EndMonth, Months(Frequency)).CompareTo((other.EndMonth, Months(other.Frequency)));

    public override string ToString()
    {
        var year = Year.ToString("0000", CultureInfo.InvariantCulture);
        var part = _startMonth % 12;
        return Frequency switch
        {
            Frequency.Annual => year,
            Frequency.Semester => $"{year}-S{(part / 6) + 1}",
            Frequency.Quarter => $"{year}-Q{(part / 3) + 1}",
            _ => $"{year}-{(part + 1).ToString("00", CultureInfo.InvariantCulture)}",
        };
    }

    public static bool operator <(Period left, Period right) => left.CompareTo(right) < 0;

    public static bool operator >(Period left, Period right) => left.CompareTo(right) > 0;

    public static bool operator <=(Period left, Period right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Period left, Period right) => left.CompareTo(right) >= 0;

    private static int Months(Frequency frequency) => frequency switch
    {
        Frequency.Annual => 12,
        Frequency.Semester => 6,
        Frequency.Quarter => 3,
        _ => 1,
    };

    private static bool Digits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < '0' or > '9')
                return false;
            value = (value * 10) + (c - '0');
        }

        return true;
    }
}
