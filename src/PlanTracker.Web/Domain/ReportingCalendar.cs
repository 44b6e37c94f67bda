namespace PlanTracker.Domain;

/// <summary>When a person is reminded of a reporting round by mail.</summary>
public enum ReminderKind
{
    /// <summary>The round has opened.</summary>
    Opening,

    /// <summary>Seven days before the deadline.</summary>
    WeekBefore,

    /// <summary>One day before the deadline.</summary>
    DayBefore,

    /// <summary>The day after the deadline.</summary>
    DayAfter,

    /// <summary>An administrator asked for it.</summary>
    Asked,
}

/// <summary>A reminder and the day on which it falls due.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="On">Its day: a deadline that is moved gives the reminders before it a new one.</param>
public readonly record struct ReminderDay(ReminderKind Kind, DateOnly On);

/// <summary>The days of a reporting round. Every day is one in UTC and belongs to the round until it ends.</summary>
public static class ReportingCalendar
{
    /// <summary>So many days after the day of its return, a figure may be corrected although its round is over.</summary>
    public const int CorrectionDays = 14;

    /// <summary>A reminder of the day after the deadline that could not be made in time is made up to so many days after it.</summary>
    public const int DaysAfter = 7;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    /// <summary>The day of a moment.</summary>
    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    /// <summary>Days until the deadline: 0 on its day, negative after it.</summary>
    public static int DaysLeft(DateOnly deadline, DateOnly today) => deadline.DayNumber - today.DayNumber;

    /// <summary>The last day on which what was returned at <paramref name="returnedAt"/> may be corrected after the deadline.</summary>
    public static DateOnly CorrectableUntil(DateTimeOffset returnedAt) => DayOf(returnedAt).AddDays(CorrectionDays);

    /// <summary>What was returned at this moment or later may still be corrected on <paramref name="today"/>.</summary>
    public static DateTimeOffset CorrectableSince(DateOnly today) => new(today.AddDays(-CorrectionDays), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>
    /// The reminder that is due on <paramref name="today"/>: the last one whose day has come, so that a missed day is made up for and nobody gets
    /// two at once.
    /// </summary>
    /// <returns>None before the round opens and once <see cref="DaysAfter"/> days have passed since the deadline.</returns>
    public static ReminderDay? ReminderOn(DateOnly opensOn, DateOnly deadline, DateOnly today)
    {
        if (today < opensOn || today > deadline.AddDays(DaysAfter))
            return null;
        ReminderDay[] days =
        [
            new(ReminderKind.DayAfter, deadline.AddDays(1)), new(ReminderKind.DayBefore, deadline.AddDays(-1)),
            new(ReminderKind.WeekBefore, deadline.AddDays(-7)),
        ];
        // A round that is shorter than a week opens later than its week before: the opening says it all.
        return days.Where(d => d.On <= today && d.On > opensOn).Select(d => (ReminderDay?)d).FirstOrDefault() ?? new ReminderDay(ReminderKind.Opening, opensOn);
    }

    /// <summary>How long to wait before a mail that was not accepted is tried again.</summary>
    /// <param name="attempts">Attempts that failed, from 1.</param>
    /// <returns>None when it has been tried often enough.</returns>
    public static TimeSpan? PauseAfter(int attempts) => attempts > Pauses.Length ? null : Pauses[attempts - 1];
}
