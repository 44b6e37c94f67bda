using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Features.Shared;

namespace PlanTracker.Features.Api;

public sealed record ElementItem
{
    [Says("Code.", "编码。", "T01")]
    public required string Code { get; init; }

    [Says("What kind of part of the plan it is.", "内容类别。", "task")]
    public required ElementKind Kind { get; init; }

    [Says("Code of the element it is part of; empty at the top.", "上级内容编码；顶层为空。")]
    public required string? Parent { get; init; }

    [Says("Order in the plan, from 1.", "在规划中的顺序，从 1 起。", 13)]
    public required int Position { get; init; }

    [Says("Title.", "标题。")]
    public required Bilingual Title { get; init; }

    [Says("Where the Chinese wording of the title comes from.", "中文标题的依据。", "published")]
    public required TitleBasis TitleBasis { get; init; }

    [Says("What it is, in our words.", "内容概述。")]
    public required Bilingual Summary { get; init; }

    [Says("Where it stands in the plan.", "在规划文本中的出处。", "V(1)")]
    public required string Source { get; init; }

    [Says("Codes of the elements it serves that are not its parents.", "所服务的其他内容编码。", new[] { "D1" })]
    public required IReadOnlyList<string> Serves { get; init; }

    [Says("Codes of the indicators that speak for it.", "作为其依据的指标编码。", new[] { "I05" })]
    public required IReadOnlyList<string> Indicators { get; init; }

    [Says("Who is responsible.", "责任单位。")]
    public required IReadOnlyList<ResponsibleItem> Responsible { get; init; }

    [Says("Where it stands, by its national indicators and goals; empty for readers of a part of the country.", "总体状态，依据全国指标与目标；仅可查看部分地区者为空。")]
    public required RolledUpStatus? Status { get; init; }

    [Says("Of a project item: the report that counts.", "工程内容当前有效的进展报告。")]
    public required ReportItem? Report { get; init; }
}

public sealed record ResponsibleItem
{
    [Says("Code of the department.", "单位编码。", "MIIT")]
    public required string Department { get; init; }

    [Says("Its name.", "单位名称。")]
    public required Bilingual Name { get; init; }

    [Says("Its part.", "职责。", "lead")]
    public required AssignmentRole Role { get; init; }

    [Says("No published division of work says so.", "没有公开分工依据。", true)]
    public required bool Illustrative { get; init; }

    [Says("What it rests on.", "依据。", "from its name only")]
    public required string Basis { get; init; }
}

/// <summary>Counts and the worst one; never an average.</summary>
public sealed record RolledUpStatus
{
    [Says("Indicators and goals judged.", "已判断的指标与目标数。", 5)]
    public required int Judged { get; init; }

    [Says("Of them achieved or on track.", "其中已达成或进展正常。", 3)]
    public required int Good { get; init; }

    [Says("How many have each status.", "各状态的数量。")]
    public required IReadOnlyList<StatusCount> Counts { get; init; }

    [Says("The worst one, where anything is behind.", "最差一项；无落后者为空。")]
    public required WorstItem? Worst { get; init; }
}

public sealed record StatusCount
{
    [Says("The status.", "状态。", "on-track")]
    public required Status Status { get; init; }

    [Says("How many.", "数量。", 3)]
    public required int Count { get; init; }
}

public sealed record WorstItem
{
    [Says("Indicator or goal in words.", "指标或定性目标。", "indicator")]
    public required StatusItemKind Kind { get; init; }

    [Says("Its code.", "编码。", "I05")]
    public required string Code { get; init; }

    [Says("Its name.", "名称。")]
    public required Bilingual Name { get; init; }

    [Says("Its status.", "状态。", "far-behind")]
    public required Status Status { get; init; }
}

public sealed record GoalItem
{
    [Says("Code.", "编码。", "A01-2023")]
    public required string Code { get; init; }

    [Says("Code of its element.", "所属内容编码。", "A01")]
    public required string Element { get; init; }

    [Says("Year by the end of which it is to be reached.", "应达成的年份。", 2023)]
    public required int Year { get; init; }

    [Says("The goal in words.", "目标文字。")]
    public required Bilingual Text { get; init; }

    [Says("Where it stands.", "出处。", "VI(1)")]
    public required string Source { get; init; }

    [Says("The report that counts; empty where none was approved, and for readers of a part of the country.", "当前有效的进展报告；尚无审核通过者为空，仅可查看部分地区者亦为空。")]
    public required ReportItem? Report { get; init; }
}

public sealed record ReportItem
{
    [Says("Number of the report about its subject.", "报告序号。", 2)]
    public required int Number { get; init; }

    [Says("How a goal stands; empty for items.", "目标状态；工程内容为空。", "on-track")]
    public required Status? Status { get; init; }

    [Says("The stage.", "阶段。", "under-way")]
    public required Stage? Stage { get; init; }

    [Says("Per cent complete, where it makes sense.", "完成百分比。", 60)]
    public required int? Percent { get; init; }

    [Says("Delivery confidence.", "完成把握。", "probable")]
    public required DeliveryConfidence? Confidence { get; init; }

    [Says("What was done.", "进展陈述。", "Nine of ten sites are in operation.")]
    public required string Statement { get; init; }

    [Says("Evidence: one link or reference a line.", "依据：每行一条链接或文献。", "https://example.org/bulletin")]
    public required string Evidence { get; init; }

    [Says("What comes next.", "下一步。", "The tenth site opens.")]
    public required string? NextStep { get; init; }

    [Says("When.", "预计日期。", "2026-06-30")]
    public required DateOnly? NextStepOn { get; init; }

    [Says("Who reported.", "报告人。", "National reporter")]
    public required string Author { get; init; }

    [Says("When it was reported.", "报告时间。", "2026-01-12T08:30:00+00:00")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Says("Who approved.", "审核人。", "National reviewer")]
    public required string? Reviewer { get; init; }

    [Says("When it was approved.", "审核时间。", "2026-01-13T08:30:00+00:00")]
    public required DateTimeOffset? ReviewedAt { get; init; }

    public static ReportItem? Of(ReportLine? line) => line is null ? null : new ReportItem
    {
        Number = line.Number,
        Status = line.Progress.Status,
        Stage = line.Progress.Stage,
        Percent = line.Progress.Percent,
        Confidence = line.Progress.Confidence,
        Statement = line.Statement,
        Evidence = line.Evidence,
        NextStep = line.NextStep,
        NextStepOn = line.NextStepOn,
        Author = line.Author,
        CreatedAt = line.CreatedAt,
        Reviewer = line.Reviewer,
        ReviewedAt = line.ReviewedAt,
    };
}

public sealed record IndicatorItem
{
    [Says("Code.", "编码。", "P-RD-INT")]
    public required string Code { get; init; }

    [Says("Name.", "名称。")]
    public required Bilingual Name { get; init; }

    [Says("Unit.", "单位。")]
    public required Bilingual Unit { get; init; }

    [Says("Definition; empty where none was found.", "定义；未见者为空。")]
    public required Bilingual Definition { get; init; }

    [Says("Group it is shown in.", "所属类别。")]
    public required Bilingual Group { get; init; }

    [Says("Decimals a value may have.", "数值允许的小数位数。", 2)]
    public required int Decimals { get; init; }

    [Says("No value below this is taken.", "可接受的最小值。", "0")]
    public required decimal? Min { get; init; }

    [Says("No value above this is taken.", "可接受的最大值。", "100")]
    public required decimal? Max { get; init; }

    [Says("Which way is better.", "何种方向为好。", "increase")]
    public required Better Better { get; init; }

    [Says("How often it is reported.", "填报频率。", "annual")]
    public required Frequency Frequency { get; init; }

    [Says("What kind of quantity it is.", "量的类型。", "rate")]
    public required Measure Measure { get; init; }

    [Says("How regions are put together.", "地区汇总方式。", "weighted-mean")]
    public required Aggregation Aggregation { get; init; }

    [Says("Code of the indicator it is weighted by.", "权重指标编码。", "P-GDP")]
    public required string? Weight { get; init; }

    [Says("Code of the indicator a value is divided by, per head or as a share.", "人均或占比所用分母指标编码。")]
    public required string? Denominator { get; init; }

    [Says("Who reports it.", "由谁填报。", "regional")]
    public required ReportedBy ReportedBy { get; init; }

    [Says("Readings are expected for every period of the plan.", "规划期内每个时期均应填报。", true)]
    public required bool Due { get; init; }

    [Says("One of the plan's main indicators.", "是否为规划主要指标。", false)]
    public required bool Headline { get; init; }

    [Says("How far its figures were found: yes, target only, no.", "数据查证情况：yes、target only、no。", "yes")]
    public required string Verified { get; init; }

    [Says("What is asked about a figure.", "对数值的核对规则。")]
    public required RulesItem Rules { get; init; }

    [Says("Codes of the elements it speaks for.", "所支撑的内容编码。", new[] { "T05" })]
    public required IReadOnlyList<string> Elements { get; init; }

    [Says("Baseline and targets for each region.", "各地区的基期值与目标。")]
    public required IReadOnlyList<TargetItem> Targets { get; init; }
}

public sealed record RulesItem
{
    [Says("Asks about a change unlike the series.", "变动异于序列历来情况时核对。", true)]
    public required bool AskOutlier { get; init; }

    [Says("Asks about 10 to 10,000 times the figure before.", "为上期值 10 至 1 万倍时核对。", true)]
    public required bool AskUnitSlip { get; init; }

    [Says("Asks about a change of more than this share.", "变动超过该比例时核对。", "0.5")]
    public required decimal? AskJump { get; init; }

    [Says("Asks when it falls.", "下降时核对。", false)]
    public required bool Cumulative { get; init; }

    [Says("Asks when the regions are off the reported whole by more than this share.", "地区合计偏离上报总数超过该比例时核对。", "0.01")]
    public required decimal? SumTolerance { get; init; }

    public static RulesItem Of(ReadingRules rules) => new()
    {
        AskOutlier = rules.AskOutlier,
        AskUnitSlip = rules.AskUnitSlip,
        AskJump = rules.AskJump,
        Cumulative = rules.Cumulative,
        SumTolerance = rules.SumTolerance,
    };
}

public sealed record TargetItem
{
    [Says("Code of the indicator.", "指标编码。", "P-RD-INT")]
    public required string Indicator { get; init; }

    [Says("Code of the region.", "地区编码。", "330000")]
    public required string Region { get; init; }

    [Says("Code of the target within the indicator.", "目标编码，在指标内唯一。", "zj-2025")]
    public required string Code { get; init; }

    [Says("Baseline, interim or final; reference stands beside the plan and is not judged against.", "基期、中期或最终；reference 为其他文件所列，不作判断依据。", "final")]
    public required TargetRole Role { get; init; }

    [Says("Period by the end of which it counts.", "计至该时期终了。", "2025")]
    public required Period Period { get; init; }

    [Says("The value, exactly as stated.", "数值，与原文一致。", "3.30")]
    public required decimal Value { get; init; }

    [Says("How the planned path runs to it.", "计划路径形状。", "linear")]
    public required PathShape Shape { get; init; }

    [Says("The document that states it.", "规定该值的文件。")]
    public required Bilingual Document { get; init; }

    [Says("Where it was found.", "出处。", "Outline of the plan, table 1")]
    public required string Source { get; init; }

    [Says("How far it was checked.", "查证情况。", "yes")]
    public required string Verified { get; init; }

    public static TargetItem Of(TargetPoint target, string indicator, string region) => new()
    {
        Indicator = indicator,
        Region = region,
        Code = target.Code,
        Role = target.Role,
        Period = target.Period,
        Value = target.Value,
        Shape = target.Shape,
        Document = target.Document,
        Source = target.Source,
        Verified = target.Verified,
    };
}

public sealed record RegionItem
{
    [Says("Code.", "编码。", "330000")]
    public required string Code { get; init; }

    [Says("Country, unit or grouping.", "国家、地区或分组。", "unit")]
    public required RegionKind Kind { get; init; }

    [Says("Of a grouping: whether it divides the country or may overlap.", "分组类型。")]
    public required GroupType? GroupType { get; init; }

    [Says("Code of the region it lies in.", "上级地区编码。", "CN")]
    public required string? Parent { get; init; }

    [Says("Full name.", "全称。")]
    public required Bilingual Name { get; init; }

    [Says("Short name.", "简称。")]
    public required Bilingual Short { get; init; }

    [Says("ISO 3166-2 code.", "ISO 3166-2 代码。", "CN-ZJ")]
    public required string? Iso { get; init; }

    [Says("Readings are expected from it.", "应填报数据。", true)]
    public required bool Reports { get; init; }

    [Says("Codes of the groupings it belongs to.", "所属分组编码。", new[] { "CN-EAST" })]
    public required IReadOnlyList<string> Groupings { get; init; }

    [Says("Of a grouping: codes of its members.", "分组成员编码。")]
    public required IReadOnlyList<string> Members { get; init; }
}
