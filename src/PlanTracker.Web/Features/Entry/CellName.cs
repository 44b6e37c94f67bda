using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Features.Entry;

/// <summary>
/// How a form names a cell: <c>cell:I13|330000|2024:3:0</c> is indicator, region and period, the revision it is based on and the draft it saw.
/// </summary>
public readonly record struct CellName(string Indicator, string Region, Period Period, int BasedOn, int Draft)
{
    private const string Prefix = "cell:";

    public static bool TryParse(string text, out CellName name)
    {
        name = default;
        var parts = text.Split(':');
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || parts.Length != 4
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var basedOn)
            || !int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var draft)
            || !TryParseKey(parts[1], out var indicator, out var region, out var period))
        {
            return false;
        }

        name = new CellName(indicator, region, period, basedOn, draft);
        return true;
    }

    /// <summary>Reads the part that names the cell alone: <c>I13|330000|2024</c>.</summary>
    public static bool TryParseKey(string? key, out string indicator, out string region, out Period period)
    {
        (indicator, region, period) = ("", "", default);
        if (key?.Split('|') is not [var i, var r, var p] || !Period.TryParse(p, out period))
            return false;
        (indicator, region) = (i, r);
        return true;
    }

    public override string ToString() => FormattableString.Invariant($"{Prefix}{Indicator}|{Region}|{Period}:{BasedOn}:{Draft}");
}
