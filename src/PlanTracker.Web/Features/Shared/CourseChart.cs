using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <param name="Period">When.</param>
/// <param name="Value">What is drawn.</param>
/// <param name="Text">What is written: a figure as its source states it, or a computed one rounded once.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record CoursePoint(Period Period, decimal Value, string Text, string Source)
{
    public static CoursePoint Stated(Period period, decimal value, string source) => new(period, value, Figures.Stated(value), source);

    /// <summary>Rounded to about four digits, in even steps over the whole of a drawing, of which <paramref name="greatest"/> is the greatest value.</summary>
    public static CoursePoint Computed(Period period, decimal value, decimal greatest, string source)
    {
        var decimals = Math.Abs(greatest) switch { >= 1000 => 0, >= 100 => 1, >= 10 => 2, >= 1 => 3, _ => 4 };
        var rounded = Rounding.Round(value, decimals);
        return new CoursePoint(period, rounded, rounded.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture).TrimEnd('.').Replace('-', '−'), source);
    }
}

/// <summary>Courses on one scale.</summary>
public sealed record CourseChart
{
    /// <summary>As many lines as can be told apart.</summary>
    public const int MostLines = 8;

    public required Bilingual Title { get; init; }

    public required Bilingual Unit { get; init; }

    public required string File { get; init; }

    public required IReadOnlyList<CourseLine> Lines { get; init; }

    /// <summary>Where every line of an index starts.</summary>
    public decimal? Base { get; init; }

    public IEnumerable<Period> Periods => Lines.SelectMany(l => l.Points.Keys).Distinct().Order();
}

public sealed record CourseLine(Bilingual Name, IReadOnlyDictionary<Period, CoursePoint> Points);
