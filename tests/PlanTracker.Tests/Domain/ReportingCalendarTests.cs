using PlanTracker.Domain;

namespace PlanTracker.Tests.Domain;

/// <summary>The days of a reporting round, and which reminder falls on which.</summary>
public sealed class ReportingCalendarTests
{
    private static readonly DateOnly Opens = new(2026, 3, 1);
    private static readonly DateOnly Deadline = new(2026, 3, 31);

    [Theory]
    [InlineData("2026-02-28", null, null)]
    [InlineData("2026-03-01", ReminderKind.Opening, "2026-03-01")]
    [InlineData("2026-03-23", ReminderKind.Opening, "2026-03-01")]
    [InlineData("2026-03-24", ReminderKind.WeekBefore, "2026-03-24")]
    [InlineData("2026-03-29", ReminderKind.WeekBefore, "2026-03-24")]
    [InlineData("2026-03-30", ReminderKind.DayBefore, "2026-03-30")]
    [InlineData("2026-03-31", ReminderKind.DayBefore, "2026-03-30")]
    [InlineData("2026-04-01", ReminderKind.DayAfter, "2026-04-01")]
    [InlineData("2026-04-07", ReminderKind.DayAfter, "2026-04-01")]
    [InlineData("2026-04-08", null, null)]
    public void The_last_reminder_whose_day_has_come_is_due(string today, ReminderKind? kind, string? on)
    {
        var due = ReportingCalendar.ReminderOn(Opens, Deadline, DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture));

        due?.Kind.Should().Be(kind);
        due?.On.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).Should().Be(on);
        (due is null).Should().Be(kind is null);
    }

    [Fact]
    public void A_round_of_a_few_days_has_no_week_before()
    {
        var kinds = Enumerable.Range(0, 5).Select(d => ReportingCalendar.ReminderOn(new(2026, 3, 28), Deadline, new DateOnly(2026, 3, 28).AddDays(d))!.Value.Kind);

        kinds.Should().Equal(ReminderKind.Opening, ReminderKind.Opening, ReminderKind.DayBefore, ReminderKind.DayBefore, ReminderKind.DayAfter);
    }

    [Fact]
    public void A_deadline_that_is_moved_gives_its_reminders_another_day()
    {
        var today = new DateOnly(2026, 3, 24);

        ReportingCalendar.ReminderOn(Opens, Deadline, today).Should().NotBe(ReportingCalendar.ReminderOn(Opens, Deadline.AddDays(-1), today));
        ReportingCalendar.ReminderOn(Opens, Deadline.AddDays(30), today).Should().Be(new ReminderDay(ReminderKind.Opening, Opens));
    }

    [Fact]
    public void What_was_returned_may_be_corrected_for_fourteen_days_after_the_day_of_its_return()
    {
        var returned = new DateTimeOffset(2026, 4, 2, 23, 59, 0, TimeSpan.Zero);
        var last = ReportingCalendar.CorrectableUntil(returned);

        last.Should().Be(new DateOnly(2026, 4, 16));
        (returned >= ReportingCalendar.CorrectableSince(last)).Should().BeTrue();
        (returned >= ReportingCalendar.CorrectableSince(last.AddDays(1))).Should().BeFalse();
    }

    [Fact]
    public void A_day_is_one_in_utc() =>
        ReportingCalendar.DayOf(new DateTimeOffset(2026, 4, 1, 7, 59, 0, TimeSpan.FromHours(8))).Should().Be(new DateOnly(2026, 3, 31));

    [Fact]
    public void A_mail_is_tried_again_a_few_times_with_growing_pauses()
    {
        var pauses = Enumerable.Range(1, 5).Select(ReportingCalendar.PauseAfter).ToList();

        pauses[4].Should().BeNull();
        pauses.Take(4).Should().OnlyContain(p => p > TimeSpan.Zero).And.BeInAscendingOrder();
    }
}
