namespace PlanTracker.Features.Api;

/// <summary>What parameters mean that several addresses take.</summary>
internal static class Parameters
{
    public const string PlanEn = "Code of the plan.";
    public const string PlanZh = "规划编码。";
    public const string PlanExample = "14fyp-informatization";

    public const string LimitEn = "Most entries of a page, 1 to 5000; 500 when not said.";
    public const string LimitZh = "每页最多条目，1 至 5000；缺省 500。";

    public const string AfterEn = "Cursor from the address in next; take it as it is.";
    public const string AfterZh = "next 地址中的游标，原样使用。";

    public const string AsOfEn = "Shows what was known at the end of this day (UTC); what is known now when not said.";
    public const string AsOfZh = "按该日终了（UTC）时所知作答；缺省为当前。";

    public const string IndicatorEn = "Code of an indicator.";
    public const string IndicatorZh = "指标编码。";
    public const string IndicatorExample = "P-RD-INT";

    public const string ElementEn = "Code of an element: what speaks for it or for something below it.";
    public const string ElementZh = "规划内容编码：为其或其下级内容作依据者。";

    public const string RegionEn = "Code of a region: itself with all below it, or the members of a grouping.";
    public const string RegionZh = "地区编码：含其下级；分组则为其成员。";

    public const string OneRegionEn = "Code of a region.";
    public const string OneRegionZh = "地区编码。";
    public const string RegionExample = "330000";

    public const string PeriodEn = "Period: 2023, 2023-S1, 2023-Q1 or 2023-01.";
    public const string PeriodZh = "时期：2023、2023-S1、2023-Q1 或 2023-01。";

    public const string ChangedFromEn = "Changes after this day.";
    public const string ChangedFromZh = "该日之后的变化。";

    public const string ChangedToEn = "Up to the end of this day; today when not said.";
    public const string ChangedToZh = "截至该日终了；缺省为今日。";
}
