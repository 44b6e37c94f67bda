using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>Figures as pages show them. Exact values for programs stand in attributes and files, never here.</summary>
public static class Figures
{
    /// <summary>Computed values show two decimals more than nothing, and never more than the indicator takes.</summary>
    public const int ComputedDecimals = 2;

    /// <summary>A figure as its source stated it, digits grouped by thousands.</summary>
    public static string Stated(decimal value) => Grouped(value, value.Scale);

    /// <summary>A computed figure, rounded once.</summary>
    public static string Computed(decimal value, int indicatorDecimals)
    {
        var decimals = Math.Min(ComputedDecimals, indicatorDecimals);
        return Grouped(Rounding.Round(value, decimals), decimals);
    }

    /// <summary>A figure that has little room: three digits and, for large ones, the language's own large unit (k, M; 万, 亿).</summary>
    public static string Short(decimal value, Language language)
    {
        var (size, unit) = Math.Abs(value) switch
        {
            >= 100_000_000m when language == Language.Chinese => (100_000_000m, "亿"),
            >= 10_000m when language == Language.Chinese => (10_000m, "万"),
            >= 1_000_000_000m => (1_000_000_000m, "bn"),
            >= 1_000_000m => (1_000_000m, "M"),
            >= 10_000m => (1_000m, "k"),
            _ => (1m, ""),
        };
        var scaled = value / size;
        var decimals = Math.Min(value.Scale + (size > 1 ? 2 : 0), Math.Abs(scaled) switch { >= 100 => 0, >= 10 => 1, _ => 2 });
        return Grouped(Rounding.Round(scaled, decimals), decimals) + unit;
    }

    /// <summary>A change with its sign, with as many decimals as the figures it is the difference of.</summary>
    public static string Change(decimal from, decimal to)
    {
        var change = to - from;
        var text = Grouped(Math.Abs(change), Math.Max(from.Scale, to.Scale));
        return change > 0 ? "+" + text : change < 0 ? "−" + text : "±0";
    }

    public static string Percent(decimal share, Language language, int decimals = 0)
    {
        var number = Rounding.Text(share * 100, decimals).Replace('-', '−');
        return language == Language.Chinese ? number + "%" : number + " %";
    }

    /// <summary>The size of a file.</summary>
    public static string Bytes(long size) => size switch
    {
        >= 1 << 20 => Rounding.Text(size / (decimal)(1 << 20), size % (1 << 20) == 0 ? 0 : 1) + " MB",
        >= 1 << 10 => Rounding.Text(size / (decimal)(1 << 10), 0) + " kB",
        _ => size.ToString(CultureInfo.InvariantCulture) + " B",
    };

    public static string Day(DateOnly day, Language language) => language == Language.Chinese
        ? $"{day.Year.ToString(CultureInfo.InvariantCulture)} 年 {day.Month.ToString(CultureInfo.InvariantCulture)} 月 {day.Day.ToString(CultureInfo.InvariantCulture)} 日"
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A period inside a Chinese sentence: a year says that it is one.</summary>
    public static string Spoken(Period period) => period.Frequency == Frequency.Annual ? $"{period} 年" : period.ToString();

    private static string Grouped(decimal value, int decimals) =>
        value.ToString(decimals == 0 ? "#,0" : "#,0." + new string('0', decimals), CultureInfo.InvariantCulture).Replace('-', '−');
}
