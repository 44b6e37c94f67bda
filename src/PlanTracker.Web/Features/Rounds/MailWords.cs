using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Rounds;

/// <summary>Reminders by mail, as the administrator reads of them.</summary>
public static class MailWords
{
    public static Bilingual Of(ReminderKind kind) => kind switch
    {
        ReminderKind.Opening => new("at the opening", "开始当日"),
        ReminderKind.WeekBefore => new("a week before the deadline", "截止前七日"),
        ReminderKind.DayBefore => new("the day before the deadline", "截止前一日"),
        ReminderKind.DayAfter => new("the day after the deadline", "截止次日"),
        _ => new("on request", "临时提醒"),
    };

    public static Bilingual Of(ReminderState state) => state switch
    {
        ReminderState.Waiting => new("waiting", "待发送"),
        ReminderState.Sending => new("being sent, or interrupted", "发送中或已中断"),
        ReminderState.Sent => new("sent", "已发送"),
        ReminderState.Failed => new("not taken by the server", "服务器未接收"),
        ReminderState.Unknown => new("the connection broke; it may have arrived", "连接中断，可能已送达"),
        _ => new("no longer needed", "已无需发送"),
    };
}
