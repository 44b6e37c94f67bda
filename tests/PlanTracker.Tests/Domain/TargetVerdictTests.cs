using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>Each interim target judged by what was read by its date: the users of IPv6, with the figures of the plan.</summary>
public sealed class TargetVerdictTests
{
    private static readonly AssessmentCase Ipv6 = new()
    {
        Better = Better.Increase,
        Baseline = At("2020", 4.62m),
        Targets = [At("2022", 7m), At("2023", 7.5m), At("2024", 8m), At("2025", 8m)],
        Readings = [Read("2021", 6.08m), Read("2022", 7.0m), Read("2023", 7.78m), Read("2024-11", 8.22m)],
    };

    [Fact]
    public void Milestones_whose_date_has_come_are_judged_by_what_was_read_by_then()
    {
        var verdicts = TargetVerdict.Of(Ipv6);

        verdicts[0].Should().BeEquivalentTo(new { Target = At("2022", 7m), Reading = Read("2022", 7.0m), Verdict = new { Status = Status.Achieved } });
        verdicts[1].Should().BeEquivalentTo(new { Target = At("2023", 7.5m), Reading = Read("2023", 7.78m), Verdict = new { Status = Status.Achieved } });
    }

    [Fact]
    public void A_milestone_later_than_every_reading_is_still_to_come_and_shows_where_the_pace_leads()
    {
        var verdicts = TargetVerdict.Of(Ipv6);

        verdicts[2].Verdict.Should().BeNull("November is not the end of the year");
        verdicts[3].Should().BeEquivalentTo(new { Verdict = (Verdict?)null, Reading = (Observation?)null });
    }

    [Fact]
    public void A_later_reading_lets_the_year_before_be_judged_from_its_last_reading()
    {
        var later = Ipv6 with { Readings = [.. Ipv6.Readings, Read("2025", 8.69m)] };

        TargetVerdict.Of(later)[2].Should().BeEquivalentTo(new { Reading = Read("2024-11", 8.22m), Verdict = new { Status = Status.Achieved } });
    }

    [Fact]
    public void A_milestone_that_was_missed_stays_missed_though_the_final_target_is_reached()
    {
        var missed = Ipv6 with { Readings = [Read("2022", 5.0m), Read("2025", 8.69m)] };

        TargetVerdict.Of(missed).Select(v => v.Verdict!.Status).Should().Equal(Status.FarBehind, Status.FarBehind, Status.FarBehind, Status.Achieved);
    }

    private static PathPoint At(string period, decimal value) => new(Period.Parse(period), value);

    private static Observation Read(string period, decimal value) => new(Period.Parse(period), value);
}
