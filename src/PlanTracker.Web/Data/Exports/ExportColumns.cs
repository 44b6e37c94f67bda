using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>A column of a file: its name, and what stands in it.</summary>
/// <param name="Name">In files, and where they are read.</param>
/// <param name="Meaning">In words.</param>
/// <param name="Width">In a sheet, in characters.</param>
/// <param name="IsNumber">Numbers stand in it, not text.</param>
public sealed record ExportColumn(string Name, Bilingual Meaning, int Width, bool IsNumber = false);

/// <summary>The columns of readings, the same in every format that is a table.</summary>
public static class ExportColumns
{
    private static readonly IReadOnlyList<ExportColumn> Names =
    [
        new("indicator", new("Code of the indicator", "指标编号"), 12),
        new("indicator_en", new("Its name in English", "指标英文名称"), 36),
        new("indicator_zh", new("Its name in Chinese", "指标中文名称"), 28),
        new("region", new("Code of the region", "地区编号"), 10),
        new("region_en", new("Its name in English", "地区英文名称"), 18),
        new("region_zh", new("Its name in Chinese", "地区中文名称"), 18),
    ];

    private static readonly IReadOnlyList<ExportColumn> Unit =
        [new("unit_en", new("Unit in English", "英文计量单位"), 16), new("unit_zh", new("Unit in Chinese", "中文计量单位"), 12)];

    private static readonly ExportColumn Status = new(
        "series_status",
        new("Status of the indicator in the region by progress against the planned path: " + Kebab.Choices<Status>(), "按计划路径判断的该地区指标状态：" + Kebab.Choices<Status>()), 14);

    /// <summary>One row for each reading.</summary>
    public static IReadOnlyList<ExportColumn> Long { get; } =
    [
        .. Names,
        new("period", new("Period: 2023, 2023-S1 (half-year), 2023-Q1 (quarter) or 2023-01 (month)", "时期：2023、2023-S1（半年）、2023-Q1（季度）或 2023-01（月）"), 10),
        new("value", new("The value as its source stated it; empty where the observation status says why", "数值，与来源所述一致；无数值时见观测状态"), 14, IsNumber: true),
        .. Unit,
        new("observation_status", new("SDMX observation status (CL_OBS_STATUS), A is normal", "SDMX 观测状态（CL_OBS_STATUS），A 为正常"), 10),
        new("quality", new("How the figure came to be: " + Kebab.Choices<Quality>(), "数据来历：" + Kebab.Choices<Quality>()), 14),
        new("source", new("Where the figure was found", "数据来源"), 48),
        new("note", new("A remark on the figure", "备注"), 30),
        Status,
    ];

    /// <summary>One row for each indicator in each region: what stands before its periods.</summary>
    public static IReadOnlyList<ExportColumn> Wide { get; } = [.. Names, .. Unit, Status];
}
