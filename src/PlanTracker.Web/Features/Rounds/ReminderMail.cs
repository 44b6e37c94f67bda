using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Utils;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;
using PlanTracker.Platform.Mail;

namespace PlanTracker.Features.Rounds;

/// <summary>A reminder as plain text: in the person's language, or in both where it is not known.</summary>
public static class ReminderMail
{
    public static MimeMessage Of(ClaimedReminder reminder, RoundDue due, MailOptions mail)
    {
        var from = MailboxAddress.Parse(mail.From!);
        Language[] languages = reminder.Language is { } known ? [known] : [Language.English, Language.Chinese];
        return new MimeMessage
        {
            From = { from },
            To = { new MailboxAddress(reminder.Name, reminder.Address!) },
            Subject = string.Join(" / ", languages.Select(l => SubjectOf(reminder.Kind, due).In(l))),
            // The part after the sign would be this machine's name otherwise.
            MessageId = MimeUtils.GenerateMessageId(from.Domain),
            Headers = { { HeaderId.AutoSubmitted, "auto-generated" } },
            Body = new TextPart("plain") { Text = string.Join("\n\n", languages.Select(l => BodyOf(reminder, due, mail, l))) },
        };
    }

    private static Bilingual SubjectOf(ReminderKind kind, RoundDue due)
    {
        var (deadline, left) = (Day(due.Deadline), DeadlineWords.Left(due.DaysLeft));
        return kind == ReminderKind.Opening && due.DaysLeft >= 0
            ? new($"Reporting has opened: {due.Name.En}, {left.En} ({deadline})", $"填报已开始：{due.Name.Zh}，{left.Zh}（{deadline}）")
            : new($"Reminder: {due.Name.En}, {left.En} ({deadline})", $"填报提醒：{due.Name.Zh}，{left.Zh}（{deadline}）");
    }

    private static string BodyOf(ClaimedReminder reminder, RoundDue due, MailOptions mail, Language language)
    {
        var to = new Links(language, reminder.PlanCode);
        var body = new StringBuilder();
        Line($"{reminder.Name}:", $"{reminder.Name}：");
        Line("", "");
        Line($"In the reporting round “{due.Name.En}” ({reminder.Plan.En}, period {due.Period}) figures are due from you: {DeadlineWords.Due(due.Missing, due.Returned).En}, of {Number(due.Expected)}.",
            $"在填报安排“{due.Name.Zh}”（{reminder.Plan.Zh}，时期 {due.Period}）中，您应填报 {Number(due.Expected)} 个数据，其中{DeadlineWords.Due(due.Missing, due.Returned).Zh}。");
        Line($"Deadline: {Day(due.Deadline)}, end of that day in UTC ({DeadlineWords.Left(due.DaysLeft).En}).", $"截止日期：{Day(due.Deadline)}，UTC 当日终了（{DeadlineWords.Left(due.DaysLeft).Zh}）。");
        if (due.Locked > 0)
        {
            Line($"{Number(due.Locked)} of them can no longer be entered. An administrator can grant an exception.", $"其中 {Number(due.Locked)} 个已不能填报，如需补报请联系管理员申请例外。");
        }
        else if (reminder.Locks && due.DaysLeft >= 0)
        {
            Line("After the deadline nothing is taken without an exception.", "截止后未经例外许可不再接收。");
        }

        foreach (var indicator in due.Indicators)
        {
            Line("", "");
            Line($"- {indicator.Name.En}: {DeadlineWords.Due(indicator.Missing, indicator.Returned).En}", $"- {indicator.Name.Zh}：{DeadlineWords.Due(indicator.Missing, indicator.Returned).Zh}");
            body.Append("  ").AppendLine(mail.Address(to.Entry(indicator.Code, due.Period)));
        }

        Line("", "");
        Line($"Everything that is due from you: {mail.Address(to.Work)}", $"您的全部待办：{mail.Address(to.Work)}");
        return body.ToString().TrimEnd();

        void Line(string en, string zh) => body.AppendLine(new Bilingual(en, zh).In(language));
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
