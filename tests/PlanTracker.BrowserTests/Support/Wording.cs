namespace PlanTracker.BrowserTests.Support;

/// <summary>The words a person looks for on the pages, in one language.</summary>
public sealed record Wording
{
    public required string Name { get; init; }

    public required string Password { get; init; }

    public required string SignIn { get; init; }

    public required string Work { get; init; }

    public required string Review { get; init; }

    public required string Data { get; init; }

    public required string Missing { get; init; }

    public required string Returned { get; init; }

    /// <summary>The nation in 2024, as the label of a cell.</summary>
    public required string Nation2024 { get; init; }

    public required string Source { get; init; }

    public required string Submit { get; init; }

    public required string Submitted { get; init; }

    public required string Approve { get; init; }

    public required string Approved { get; init; }

    public required string Return { get; init; }

    public required string Reason { get; init; }

    public required string ReasonMissing { get; init; }

    public required string WasReturned { get; init; }

    public required string Behind { get; init; }

    public required string Since { get; init; }

    public required string Indicator { get; init; }

    public required string Show { get; init; }

    public required string Download { get; init; }

    /// <summary>Labels that stand on many pages, and on none of the other language.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public Wording Other => this == English ? Chinese : English;

    public static Wording Of(string language) => language == "zh" ? Chinese : English;

    public static readonly Wording English = new()
    {
        Name = "Name",
        Password = "Password",
        SignIn = "Sign in",
        Work = "My work",
        Review = "Review",
        Data = "Data",
        Missing = "missing",
        Returned = "returned",
        Nation2024 = "China, 2024",
        Source = "Source of these figures",
        Submit = "Submit for review",
        Submitted = "Submitted for review: 1 reading of I13, 2024.",
        Approve = "Approve chosen",
        Approved = "Approved: 1 reading. The dashboards are up to date.",
        Return = "Return chosen",
        Reason = "Reason, needed to return",
        ReasonMissing = "Give a reason, so that the reporter knows what to correct.",
        WasReturned = "Returned with your reason: 1 reading.",
        Behind = "Behind",
        Since = "since",
        Indicator = "Indicator",
        Show = "Show",
        Download = "CSV",
        Labels =
        [
            "Indicator", "Region", "Period", "Value", "Unit", "Latest", "Trend", "Target", "Targets", "Status", "Change", "Source", "Note", "Before", "Approved",
            "Submitted", "Show", "Table", "Kind of figure", "Way to target", "Entered by", "Nothing", "Readings", "Choose", "Download",
        ],
    };

    public static readonly Wording Chinese = new()
    {
        Name = "用户名",
        Password = "密码",
        SignIn = "登录",
        Work = "我的工作",
        Review = "审核",
        Data = "数据",
        Missing = "缺",
        Returned = "被退回",
        Nation2024 = "全国，2024",
        Source = "数据来源",
        Submit = "提交审核",
        Submitted = "已提交审核：I13，2024，共 1 个数据。",
        Approve = "通过所选",
        Approved = "已审核通过 1 个数据，看板已更新。",
        Return = "退回所选",
        Reason = "理由（退回时必填）",
        ReasonMissing = "请填写理由，以便填报人更正。",
        WasReturned = "已附理由退回 1 个数据。",
        Behind = "落后",
        Since = "较",
        Indicator = "指标",
        Show = "显示",
        Download = "CSV",
        Labels =
        [
            "指标", "时期", "数值", "单位", "最新值", "趋势", "目标", "状态", "变化", "来源", "备注", "上期值", "已审核", "已提交", "显示", "数据表", "数据性质", "填报人", "下载",
        ],
    };
}
