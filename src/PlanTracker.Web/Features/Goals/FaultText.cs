using System.Globalization;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Goals;

/// <summary>What is wrong with an assessment, and what to do about it.</summary>
public static class FaultText
{
    public static Bilingual Of(AssessmentFault fault, LastAssessment? last) => fault switch
    {
        AssessmentFault.StatusMissing => new("Choose how far the goal is.", "请选择目标的进展状态。"),
        AssessmentFault.StatementMissing => new("Say what was done and what is open.", "请说明已完成和尚未完成的工作。"),
        AssessmentFault.StatementTooLong => TooLong("statement", "说明", MilestoneAssessment.StatementLength),
        AssessmentFault.StatementUnsafe => Unsafe("statement", "说明"),
        AssessmentFault.EvidenceMissing => new("Name the evidence: documents or addresses, one on a line.", "请填写证据：文件或网址，每行一项。"),
        AssessmentFault.EvidenceTooLong => TooLong("evidence", "证据", MilestoneAssessment.EvidenceLength),
        AssessmentFault.EvidenceUnsafe => Unsafe("evidence", "证据"),
        AssessmentFault.OutOfScope => new("This goal is not in your scope.", "该目标不在您的填报范围内。"),
        AssessmentFault.SentBefore => new(
            "This form was sent before with other words, and those were taken. Submit again to put these in their place.", "此表此前已提交过不同的内容，且已被接收。再次提交将以现在的内容替换。"),
        _ => OfConflict(last!),
    };

    /// <summary>The field a fault speaks of; none where it speaks of the whole form.</summary>
    public static string? FieldOf(AssessmentFault fault) => fault switch
    {
        AssessmentFault.StatusMissing => "status",
        AssessmentFault.StatementMissing or AssessmentFault.StatementTooLong or AssessmentFault.StatementUnsafe => "statement",
        AssessmentFault.EvidenceMissing or AssessmentFault.EvidenceTooLong or AssessmentFault.EvidenceUnsafe => "evidence",
        _ => null,
    };

    private static Bilingual TooLong(string field, string zh, int limit)
    {
        var text = limit.ToString("#,0", CultureInfo.InvariantCulture);
        return new($"The {field} is longer than {text} characters.", $"{zh}超过 {text} 个字符。");
    }

    private static Bilingual Unsafe(string field, string zh) =>
        new($"The {field} holds a character that cannot be kept. Type it again.", $"{zh}中含有无法保存的字符，请重新输入。");

    private static Bilingual OfConflict(LastAssessment last)
    {
        var at = last.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
        var (status, state) = (Words.Of(last.Status), Words.Of(last.State));
        return new(
            $"{last.Author} assessed this goal on {at}: {status.En.ToLowerInvariant()} ({state.En.ToLowerInvariant()}). Yours was not saved; submit again to put it in its place.",
            $"{last.Author}已于 {at} 评估此目标：{status.Zh}（{state.Zh}）。您的评估未保存；再次提交将予以替换。");
    }
}
