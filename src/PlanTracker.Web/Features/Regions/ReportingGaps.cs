using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Regions;

/// <summary>Periods of the plan for which a region owes an indicator's reading and none is held.</summary>
/// <param name="Indicator">What is due from every region for every period of the plan.</param>
/// <param name="Missing">Periods that are over, earliest first.</param>
/// <param name="Due">How many periods are over.</param>
public sealed record ReportingGap(Indicator Indicator, IReadOnlyList<Period> Missing, int Due)
{
    /// <summary>The gaps of one region, in the order of the plan; an indicator without a gap is left out.</summary>
    /// <param name="due">Indicators that are due from regions.</param>
    /// <param name="held">What the region has stated, also where it stated that no figure exists.</param>
    /// <param name="first">First day that counts.</param>
    /// <param name="last">Periods that ended by this day are due.</param>
    public static IReadOnlyList<ReportingGap> Of(IEnumerable<Indicator> due, IEnumerable<(int IndicatorId, Period Period)> held, DateOnly first, DateOnly last)
    {
        var stated = held.ToHashSet();
        return [.. from indicator in due
                   let periods = Periods(indicator.Frequency, first, last)
                   let missing = periods.FindAll(p => !stated.Contains((indicator.Id, p)))
                   where missing.Count > 0
                   select new ReportingGap(indicator, missing, periods.Count)];
    }

    private static List<Period> Periods(Frequency frequency, DateOnly first, DateOnly last)
    {
        var periods = new List<Period>();
        for (var period = Period.LastEnded(frequency, first.AddDays(-1)).Next(); period.End <= last; period = period.Next())
            periods.Add(period);
        return periods;
    }
}
