namespace PlanTracker.Tests.Support;

/// <summary>One page of each kind that shows the plan, and who reads it.</summary>
public static class ReadPages
{
    public static readonly IReadOnlyList<(string Page, string Reader)> All =
    [
        ("", "leader"), ("?map=P-RD-EXP", "leader"), ("/elements", "leader"), ("/elements/D1", "leader"), ("/elements/O1", "leader"), ("/elements/T01", "leader"),
        ("/elements/T01", "administrator"), ("/elements/T01.1", "leader"), ("/elements/B01", "leader"), ("/elements/B01.1", "leader"), ("/elements/A01", "leader"),
        ("/elements/A01.1", "leader"), ("/elements/M1", "leader"), ("/indicators", "leader"), ("/indicators/I05", "leader"), ("/indicators/P-RD-EXP", "leader"),
        ("/indicators/P-RD-INT?region=330000", "leader"), ("/indicators/P-HTM-REV", "leader"), ("/indicators/I05/why", "leader"),
        ("/indicators/P-RD-INT/why?region=330000", "leader"), ("/regions", "leader"), ("/regions/330000", "leader"), ("/regions/CN-EAST", "leader"),
        ("/regions/CN", "leader"), ("/report", "leader"), ("/elements/T03/report", "leader"), ("/regions/330000/report", "leader"), ("/regions/CN/report", "leader"), ("/compare?indicator=P-RD-INT&indicator=P-PAT-GRANT&region=330000&per=true", "leader"), ("/search?q=5G", "leader"), ("/readings", "leader"), ("/readings?task=T01&region=CN&from=2023&status=behind", "leader"), ("/readings?status=behind&layout=wide", "leader"), ("/readings", "zhejiang-analyst"), ("/readings?task=T01&status=behind&layout=wide", "zhejiang-analyst"), ("/changes", "leader"),
        ("/changes?from=2021-01-01", "leader"), ("/method", "leader"), ("/goals/A01-2023", "reporter"), ("/items/B01.1", "reporter"), ("/work", "reporter"), ("/work/P-RD-INT?from=2021&to=2025", "reporter"), ("/work/regions/330000", "reporter"), ("/work/P-RD-INT/330000/2023", "reporter"), ("/rounds", "reporter"), ("/rounds", "administrator"), ("/rounds/new", "administrator"), ("/review", "reviewer"),
    ];

    public static string Address(string page, string? asOf = null) =>
        $"/en/plans/{SeededPlan.PlanCode}{page}{(asOf is null ? "" : $"{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}asOf={asOf}")}";
}
