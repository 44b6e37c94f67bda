using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>What is wrong with an entry, and what to do about it.</summary>
public static class SubmissionWords
{
    public static Bilingual Of(SubmissionFault fault)
    {
        var (typed, limit) = (fault.Typed ?? "", fault.Limit is { } l ? Rounding.Exact(l) : "");
        return fault.Kind switch
        {
            SubmissionFaultKind.NothingEntered => new("Nothing was entered. Type a value in at least one row.", "未填写任何数据，请至少填写一行。"),
            SubmissionFaultKind.SourceMissing => new("Name the source of these figures.", "请填写数据来源。"),
            SubmissionFaultKind.SourceTooLong => new(
                $"The source is longer than {Text(ReadingRevision.SourceLength)} characters.", $"来源超过 {Text(ReadingRevision.SourceLength)} 个字符。"),
            SubmissionFaultKind.NoteTooLong => new(
                $"The note is longer than {Text(ReadingRevision.NoteLength)} characters.", $"备注超过 {Text(ReadingRevision.NoteLength)} 个字符。"),
            SubmissionFaultKind.ExplanationTooLong => new(
                $"The explanation is longer than {Text(ReadingRevision.ReasonLength)} characters.", $"说明超过 {Text(ReadingRevision.ReasonLength)} 个字符。"),
            SubmissionFaultKind.UnsafeText => new("The text holds a character that cannot be kept. Type it again.", "文字中含有无法保存的字符，请重新输入。"),
            SubmissionFaultKind.PeriodNotOver => new("The period is not over yet. Choose one that has ended.", "该时期尚未结束，请选择已结束的时期。"),
            SubmissionFaultKind.OutOfScope => new("This region is not in your scope.", "该地区不在您的填报范围内。"),
            SubmissionFaultKind.NotANumber => new(
                $"“{typed}” is not a number. Use digits, one point and a minus only, for example 78.5.", $"“{typed}”不是数字。只用数字、小数点和负号，例如 78.5。"),
            SubmissionFaultKind.TooManyDecimals => new(
                $"“{typed}” has more than {limit} decimals, and this indicator takes {limit}. Give the figure as it is published.",
                $"“{typed}”的小数超过 {limit} 位，本指标最多 {limit} 位。请按公布数填写。"),
            SubmissionFaultKind.TooLong => new($"“{typed}” has more than {limit} digits before the point.", $"“{typed}”整数部分超过 {limit} 位。"),
            SubmissionFaultKind.BelowMinimum => new($"{typed} is below the least possible value, {limit}.", $"{typed} 低于可能的最小值 {limit}。"),
            SubmissionFaultKind.AboveMaximum => new($"{typed} is above the greatest possible value, {limit}.", $"{typed} 高于可能的最大值 {limit}。"),
            SubmissionFaultKind.ValueMissing => new(
                "A note or a kind of figure was given, but no value. Type the value, or choose a kind that says why there is none.", "填写了备注或数据性质，但没有数值。请填写数值，或选择说明无数据原因的性质。"),
            SubmissionFaultKind.ValueCleared => new(
                "An empty cell says nothing, and the figure that stands would stay. Put a figure back, or choose a kind of figure that says why there is none.",
                "空单元格不表示任何内容，现值仍将保留。请填回数值，或选择说明无数据原因的数据性质。"),
            SubmissionFaultKind.Unexplained => new(
                $"{string.Join(" ", fault.Warnings.Select(w => Words.Of(w).En))} Correct it, or say why it is right.",
                $"{string.Concat(fault.Warnings.Select(w => Words.Of(w).Zh))}请更正，或说明其无误的原因。"),
            SubmissionFaultKind.WrongFrequency => new("This indicator is reported for other periods. Choose one from the list.", "本指标不按此类时期填报，请从列表中选择。"),
            SubmissionFaultKind.SentBefore => new(
                "This form was sent before with other figures. Open it again to see what stands now.", "此表此前已提交过不同的数据，请重新打开以查看现值。"),
            SubmissionFaultKind.ValueAndNoValue => new(
                "The status says there is no value, but one was typed. Clear the value or change the status.", "状态表示没有数据，但填写了数值。请清空数值或更改状态。"),
            SubmissionFaultKind.PeriodLocked => OfLock(fault.Lock!),
            _ => OfConflict(fault.Conflict!),
        };
    }

    private static Bilingual OfConflict(WhatStands now)
    {
        var told = WhoAndWhat(now);
        return now.State is null
            ? new(
                $"{told.En} Yours was not saved; send it again to go on from their draft, or type theirs to leave it.",
                $"{told.Zh}您的数据未保存；再次提交将取代该草稿，填回其数值则保留。")
            : new(
                $"{told.En} Yours was not saved; submit again to replace it, or type theirs to keep it.",
                $"{told.Zh}您的数据未保存；再次提交将替换现值，填回现值则保留。");
    }

    /// <summary>Who has changed a cell meanwhile, when, and what it holds now.</summary>
    public static Bilingual WhoAndWhat(WhatStands now)
    {
        var at = now.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        var value = now.Value is { } v ? new Bilingual(Figures.Stated(v), Figures.Stated(v)) : Words.Of(now.Status);
        var author = new Bilingual(now.Author ?? "The plan package", now.Author ?? "规划数据包");
        if (now.State is not { } known)
            return new($"{author.En} has drafted {value.En} here on {at}.", $"{author.Zh}已于 {at} 在此起草 {value.Zh}。");
        var state = Words.Of(known);
        return new(
            $"{author.En} changed this cell on {at}: it now holds {value.En} ({state.En.ToLowerInvariant()}).",
            $"{author.Zh}已于 {at} 修改此项，现值为 {value.Zh}（{state.Zh}）。");
    }

    public static Bilingual OfLock(RoundLock round)
    {
        var deadline = round.Deadline.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new(
            $"The reporting round “{round.Name.En}” is over: its deadline was {deadline} (end of that day, UTC), and nothing is taken after it. Ask {round.Administrator} for an exception.",
            $"填报安排“{round.Name.Zh}”已截止：截止日期为 {deadline}（UTC 当日终了），此后不再接收。如需补报，请联系 {round.Administrator} 申请例外。");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
