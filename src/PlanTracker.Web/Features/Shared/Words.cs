using PlanTracker.Data;
using PlanTracker.Domain;

namespace PlanTracker.Features.Shared;

/// <summary>The product's vocabulary in both languages.</summary>
public static class Words
{
    public static Bilingual Of(Status status) => status switch
    {
        Status.Achieved => new("Achieved", "已达成"),
        Status.OnTrack => new("On track", "进展正常"),
        Status.Behind => new("Behind", "落后"),
        Status.FarBehind => new("Far behind", "严重落后"),
        Status.MovingAway => new("Moving away", "背离目标"),
        _ => new("No judgement", "无法判断"),
    };

    public static Bilingual Of(Stage stage) => stage switch
    {
        Stage.NotStarted => new("Not started", "未启动"),
        Stage.Preparing => new("Preparing", "前期准备"),
        Stage.UnderWay => new("Under way", "实施中"),
        Stage.InOperation => new("In operation", "已投入运行"),
        Stage.Completed => new("Completed", "已完成"),
        _ => new("Stopped", "已停止"),
    };

    public static Bilingual Definition(Stage stage) => stage switch
    {
        Stage.NotStarted => new("nothing has been done yet", "尚未开展任何工作"),
        Stage.Preparing => new("being designed, approved, funded or procured", "正在设计、审批、筹资或采购"),
        Stage.UnderWay => new("the work itself goes on", "正在实施"),
        Stage.InOperation => new("what was built is used; work may go on", "成果已投入使用，后续工作可继续"),
        Stage.Completed => new("all that was to be done is done", "应做工作全部完成"),
        _ => new("given up", "已放弃"),
    };

    public static Bilingual Of(DeliveryConfidence confidence) => confidence switch
    {
        DeliveryConfidence.HighlyLikely => new("Highly likely", "把握很大"),
        DeliveryConfidence.Probable => new("Probable", "较有把握"),
        DeliveryConfidence.Feasible => new("Feasible", "有望实现"),
        DeliveryConfidence.InDoubt => new("In doubt", "存在疑问"),
        _ => new("Unachievable", "难以实现"),
    };

    public static Bilingual Definition(DeliveryConfidence confidence) => confidence switch
    {
        DeliveryConfidence.HighlyLikely => new(
            "Delivery in time and as intended is highly likely; no major open issue threatens it.", "按期按要求完成的可能性很大，没有影响完成的重大未决问题。"),
        DeliveryConfidence.Probable => new(
            "Delivery is probable; risks need constant attention so that they do not grow into major issues.", "有较大可能完成，但须持续关注风险，防止演变为重大问题。"),
        DeliveryConfidence.Feasible => new(
            "Delivery is feasible; there are significant issues, which can be resolved if somebody acts on them now.", "可以完成，但已存在明显问题，及时处理即可解决。"),
        DeliveryConfidence.InDoubt => new(
            "Delivery is in doubt; major risks or issues in several key areas need urgent action.", "能否完成存在疑问，多个关键方面有重大风险或问题，须紧急采取措施。"),
        _ => new(
            "Delivery appears unachievable; the issues do not look manageable, and scope or purpose have to be reconsidered.", "看来无法完成，问题难以控制，须重新考虑范围或必要性。"),
    };

    public static Bilingual Several(SubjectKind kind, int count) => kind switch
    {
        SubjectKind.Item => new(count == 1 ? "project item" : "project items", "工程内容"),
        _ => new(count == 1 ? "goal in words" : "goals in words", "定性目标"),
    };

    public static Bilingual Of(NoJudgementReason reason) => reason switch
    {
        NoJudgementReason.NoTarget => new("no target stated", "未规定目标"),
        NoJudgementReason.NoBaseline => new("no baseline known", "基期值未知"),
        NoJudgementReason.NoReading => new("no reading", "无数据"),
        NoJudgementReason.NoReadingSinceBaseline => new("no reading since the baseline", "基期以来无数据"),
        NoJudgementReason.ZeroBaseline => new("growth from a zero baseline has no rate", "基期为零，无法计算增长率"),
        NoJudgementReason.ZeroTarget => new("growth towards zero has no comparable rate", "目标为零，增长率不可比"),
        NoJudgementReason.NegativeValues => new("growth of negative values has no rate", "数值为负，无法计算增长率"),
        NoJudgementReason.TooFewReadings => new("needs at least four yearly readings", "至少需要四个年度数据"),
        NoJudgementReason.TargetDatePassed => new("the target's date has come: nothing left to project", "目标时点已到，无可外推"),
        _ => new("", ""),
    };

    public static Bilingual Of(Agreement agreement) => agreement switch
    {
        Agreement.Agree => new("All methods that can judge agree.", "能够判断的各方法结论一致。"),
        Agreement.OneStepApart => new("The methods stand one step apart.", "各方法结论相差一级。"),
        Agreement.Contradict => new("The methods contradict each other.", "各方法结论相互矛盾。"),
        _ => new("Fewer than two methods can judge.", "能够判断的方法不足两种。"),
    };

    public static Bilingual Of(ElementKind kind) => kind switch
    {
        ElementKind.Direction => new("Primary direction", "主攻方向"),
        ElementKind.Objective => new("Objective", "发展目标"),
        ElementKind.Task => new("Major task", "重大任务"),
        ElementKind.FocusArea => new("Focus area", "任务重点"),
        ElementKind.Project => new("Boxed project", "专栏工程"),
        ElementKind.ProjectItem => new("Project item", "工程内容"),
        ElementKind.Action => new("Priority action", "优先行动"),
        ElementKind.ActionMeasure => new("Measure", "行动措施"),
        _ => new("Implementation measure", "实施措施"),
    };

    public static Bilingual Several(ElementKind kind) => kind switch
    {
        ElementKind.Direction => new("Primary directions", "主攻方向"),
        ElementKind.Objective => new("Objectives", "发展目标"),
        ElementKind.Task => new("Major tasks", "重大任务"),
        ElementKind.FocusArea => new("Focus areas", "任务重点"),
        ElementKind.Project => new("Boxed projects", "专栏工程"),
        ElementKind.ProjectItem => new("Project items", "工程内容"),
        ElementKind.Action => new("Priority actions", "优先行动"),
        ElementKind.ActionMeasure => new("Measures", "行动措施"),
        _ => new("Implementation measures", "实施措施"),
    };

    public static Bilingual Of(TitleBasis basis) => basis switch
    {
        TitleBasis.Published => new("Chinese title as published", "中文标题见于公开发布的文本"),
        TitleBasis.Unverified => new("Chinese title not yet checked against the original", "中文标题尚未与原文核对"),
        _ => new("Chinese title is our translation", "中文标题为本系统译文"),
    };

    public static Bilingual Of(TargetRole role) => role switch
    {
        TargetRole.Baseline => new("Baseline", "基期值"),
        TargetRole.Interim => new("Interim target", "中期目标"),
        TargetRole.Final => new("Final target", "最终目标"),
        _ => new("Stated elsewhere", "其他文件目标"),
    };

    public static Bilingual Of(PathShape shape) => shape switch
    {
        PathShape.Geometric => new("even growth in per cent", "按比例均匀增长"),
        PathShape.Stepped => new("in steps: a value holds until the next is due", "阶梯式：到期前保持不变"),
        PathShape.Manual => new("stated year by year", "逐年给定"),
        _ => new("even steps (linear)", "线性均匀推进"),
    };

    public static Bilingual Of(Aggregation aggregation) => aggregation switch
    {
        Aggregation.Sum => new("sum", "合计"),
        Aggregation.Mean => new("mean", "平均"),
        Aggregation.WeightedMean => new("weighted mean", "加权平均"),
        Aggregation.Last => new("sum of the last known values", "最近已知值合计"),
        _ => new("reported only", "仅采用上报值"),
    };

    public static Bilingual Of(ObservationStatus status) => status switch
    {
        ObservationStatus.A => new("Normal", "正常"),
        ObservationStatus.B => new("Break in series", "序列中断"),
        ObservationStatus.D => new("Definition differs", "口径不同"),
        ObservationStatus.E => new("Estimated", "估计值"),
        ObservationStatus.F => new("Forecast", "预测值"),
        ObservationStatus.I => new("Imputed", "插补值"),
        ObservationStatus.L => new("Exists, not collected", "存在但未收集"),
        ObservationStatus.M => new("Cannot exist", "不可能存在"),
        ObservationStatus.O => new("Missing", "缺失"),
        ObservationStatus.P => new("Provisional", "初步数"),
        ObservationStatus.Q => new("Suppressed", "保密"),
        ObservationStatus.U => new("Low reliability", "可靠性低"),
        _ => new("Not validated", "未核实"),
    };

    public static Bilingual Of(Quality quality) => quality switch
    {
        Quality.Published => new("published", "公开发布"),
        Quality.PlanBaseline => new("plan baseline", "规划基期值"),
        Quality.Quoted => new("known from a quotation", "转引"),
        Quality.Implied => new("follows from published figures", "由公布数推得"),
        Quality.Derived => new("computed from other series", "由其他序列计算"),
        Quality.Bound => new("a bound, as stated", "原文为界限值"),
        Quality.About => new("about, as stated", "原文为约数"),
        Quality.Conflicting => new("contradicts another source", "与其他来源不一致"),
        Quality.Stated => new("stated in a report", "报告文字所述"),
        _ => new("reported by the responsible office", "责任单位填报"),
    };

    public static Bilingual Of(RevisionState state) => state switch
    {
        RevisionState.Submitted => new("Submitted", "已提交"),
        RevisionState.Returned => new("Returned", "已退回"),
        RevisionState.Approved => new("Approved", "已审核"),
        RevisionState.Superseded => new("Superseded", "已被更新"),
        RevisionState.Reverted => new("Taken back with its import", "已随导入撤销"),
        RevisionState.Withdrawn => new("Withdrawn", "已撤回"),
        _ => new("Replaced before review", "审核前已替换"),
    };

    /// <summary>What is questionable about a figure.</summary>
    public static Bilingual Of(Warning warning) => warning switch
    {
        Warning.Outlier => new("It changes more than this series usually does.", "变动幅度与该序列历来情况不符。"),
        Warning.UnitSlip => new("It is about 10, 100, 1,000 or 10,000 times the figure before, or that part of it: is the unit right?", "约为上期值的 10、100、1000 或 1 万倍（或其分之一），请核对单位。"),
        Warning.Jump => new("It changes by more than this indicator usually may.", "变动超过本指标设定的幅度。"),
        Warning.Falling => new("A cumulative count falls.", "累计数下降。"),
        _ => new("The regions do not add up to the reported figure of the whole.", "各地区合计与上报的总数不符。"),
    };

    /// <summary>What was questioned, as a revision keeps it.</summary>
    public static Bilingual OfQuestions(string questions)
    {
        var words = questions.Split(' ').Select(q => Of(Enum.Parse<Warning>(q))).ToList();
        return new(string.Join(' ', words.Select(w => w.En)), string.Concat(words.Select(w => w.Zh)));
    }

    public static Bilingual Of(Measure measure) => measure switch
    {
        Measure.Stock => new("amount at the end of the period", "时点数"),
        Measure.Flow => new("amount over the period", "时期数"),
        Measure.Rate => new("share, ratio or amount per head", "比率"),
        _ => new("score or rank", "指数或位次"),
    };

    public static Bilingual Of(Frequency frequency) => frequency switch
    {
        Frequency.Annual => new("yearly", "年度"),
        Frequency.Semester => new("half-yearly", "半年度"),
        Frequency.Quarter => new("quarterly", "季度"),
        _ => new("monthly", "月度"),
    };
}
