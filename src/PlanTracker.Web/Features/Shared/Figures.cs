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

    /// <summary>A change with its sign, with as many decimals as the figures it is the difference of.</summary>
    public static string Change(decimal from, decimal to)
    {
        var change = to - from;
        var text = Grouped(Math.Abs(change), Math.Max(from.Scale, to.Scale));
        return change > 0 ? "+" + text : change < 0 ? "−" + text : "±0";
    }

    public static string Percent(decimal share, Language language)
    {
        var number = Rounding.Text(share * 100, 0).Replace('-', '−');
        return language == Language.Chinese ? number + "%" : number + " %";
    }

    public static string Day(DateOnly day, Language language) => language == Language.Chinese
        ? $"{day.Year.ToString(CultureInfo.InvariantCulture)} 年 {day.Month.ToString(CultureInfo.InvariantCulture)} 月 {day.Day.ToString(CultureInfo.InvariantCulture)} 日"
        : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Grouped(decimal value, int decimals) =>
        value.ToString(decimals == 0 ? "#,0" : "#,0." + new string('0', decimals), CultureInfo.InvariantCulture).Replace('-', '−');
}
