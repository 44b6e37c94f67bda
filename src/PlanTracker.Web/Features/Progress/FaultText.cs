using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Progress;

/// <summary>What is wrong with a report of progress, and what to do about it.</summary>
public static class FaultText
{
    public static Bilingual Of(ReportFault fault, LastReport? last) => fault.Kind switch
    {
        ReportFaultKind.StatusMissing => new("Choose how far the goal is.", "请选择目标的进展状态。"),
        ReportFaultKind.StageMissing => new("Choose the stage.", "请选择所处阶段。"),
        ReportFaultKind.PercentNotWhole => new("Per cent complete is a whole number from 0 to 100, or empty.", "完成比例须为 0 至 100 的整数，或留空。"),
        ReportFaultKind.PercentAgainstStage => new(
            "Per cent complete contradicts the stage: completed is 100 or empty, not started is 0 or empty.", "完成比例与阶段不符：已完成须为 100 或留空，未启动须为 0 或留空。"),
        ReportFaultKind.ConfidenceMissing => new("Choose the delivery confidence.", "请选择完成把握。"),
        ReportFaultKind.ConfidenceAgainstStage => new(
            "What is completed or stopped has no delivery ahead: choose no confidence.", "已完成或已停止者不再涉及完成把握，请选择“不适用”。"),
        ReportFaultKind.StatementMissing => new("Say what was done and what is open.", "请说明已完成和尚未完成的工作。"),
        ReportFaultKind.StatementTooLong => TooLong("statement", "说明", ProgressReport.StatementLength),
        ReportFaultKind.StatementUnsafe => Unsafe("statement", "说明"),
        ReportFaultKind.EvidenceMissing => new("Give evidence: documents or addresses, one on a line, or a file.", "请提供证据：文件名称或网址（每行一项），或上传文件。"),
        ReportFaultKind.EvidenceTooLong => TooLong("evidence", "证据", ProgressReport.EvidenceLength),
        ReportFaultKind.EvidenceUnsafe => Unsafe("evidence", "证据"),
        ReportFaultKind.TooManyFiles => new(
            $"A report takes at most {EvidenceFile.MostInReport} files, those that are kept included.", $"每份报告最多 {EvidenceFile.MostInReport} 个文件，含保留的文件。"),
        ReportFaultKind.FileNameUnsafe => new(
            $"{fault.File}: the file has no name, one longer than {EvidenceFile.NameLength} characters, or one with a character that cannot be kept. Rename it.",
            $"{fault.File}：文件名为空、超过 {EvidenceFile.NameLength} 个字符或含无法保存的字符，请重新命名。"),
        ReportFaultKind.FileEmpty => new($"{fault.File}: the file is empty.", $"{fault.File}：文件为空。"),
        ReportFaultKind.FileTooLarge => new($"{fault.File}: the file is larger than {Figures.Bytes(EvidenceFile.MostBytes)}.", $"{fault.File}：文件超过 {Figures.Bytes(EvidenceFile.MostBytes)}。"),
        ReportFaultKind.FileKind => new($"{fault.File}: files of that kind are not taken; these are: {Extensions}.", $"{fault.File}：不接受此类文件，可上传：{Extensions}。"),
        ReportFaultKind.FileContent => new($"{fault.File}: the file is not what its name says. Save it again in that format.", $"{fault.File}：文件内容与扩展名不符，请按该格式重新保存。"),
        ReportFaultKind.NextStepTooLong => TooLong("next step", "下一步", ProgressReport.NextStepLength),
        ReportFaultKind.NextStepUnsafe => Unsafe("next step", "下一步"),
        ReportFaultKind.NextStepOnNotADay => new("The date of the next step is not a day (2026-06-30).", "下一步的日期格式不正确（如 2026-06-30）。"),
        ReportFaultKind.NextStepOnPast => new("The date of the next step has passed.", "下一步的日期已过。"),
        ReportFaultKind.OutOfScope => new("This is not in your scope.", "不在您的填报范围内。"),
        ReportFaultKind.SentBefore => new(
            "This form was sent before with other words, and those were taken. Submit again to put these in their place.", "此表此前已提交过不同的内容，且已被接收。再次提交将以现在的内容替换。"),
        _ => OfConflict(last!),
    };

    /// <summary>The field a fault speaks of; none where it speaks of the whole form.</summary>
    public static string? FieldOf(ReportFault fault) => fault.Kind switch
    {
        ReportFaultKind.StatusMissing => "status",
        ReportFaultKind.StageMissing => "stage",
        ReportFaultKind.PercentNotWhole or ReportFaultKind.PercentAgainstStage => "percent",
        ReportFaultKind.ConfidenceMissing or ReportFaultKind.ConfidenceAgainstStage => "confidence",
        ReportFaultKind.StatementMissing or ReportFaultKind.StatementTooLong or ReportFaultKind.StatementUnsafe => "statement",
        ReportFaultKind.EvidenceMissing or ReportFaultKind.EvidenceTooLong or ReportFaultKind.EvidenceUnsafe => "evidence",
        ReportFaultKind.TooManyFiles or ReportFaultKind.FileNameUnsafe or ReportFaultKind.FileEmpty or ReportFaultKind.FileTooLarge or ReportFaultKind.FileKind
            or ReportFaultKind.FileContent => "files",
        ReportFaultKind.NextStepTooLong or ReportFaultKind.NextStepUnsafe => "nextStep",
        ReportFaultKind.NextStepOnNotADay or ReportFaultKind.NextStepOnPast => "nextStepOn",
        _ => null,
    };

    /// <summary>The extensions that are taken, as a file field names them.</summary>
    public static string Extensions { get; } = string.Join(", ", EvidenceFormat.All.SelectMany(f => f.Extensions));

    private static Bilingual TooLong(string field, string zh, int limit)
    {
        var text = limit.ToString("#,0", CultureInfo.InvariantCulture);
        return new($"The {field} is longer than {text} characters.", $"{zh}超过 {text} 个字符。");
    }

    private static Bilingual Unsafe(string field, string zh) =>
        new($"The {field} holds a character that cannot be kept. Type it again.", $"{zh}中含有无法保存的字符，请重新输入。");

    private static Bilingual OfConflict(LastReport last)
    {
        var at = last.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        var said = last.Status is { } status ? Words.Of(status) : Words.Of(last.Stage!.Value);
        var state = Words.Of(last.State);
        return new(
            $"{last.Author} reported on {at}: {said.En.ToLowerInvariant()} ({state.En.ToLowerInvariant()}). Yours was not saved; submit again to put it in its place.",
            $"{last.Author}已于 {at} 报告：{said.Zh}（{state.Zh}）。您的报告未保存；再次提交将予以替换。");
    }
}
