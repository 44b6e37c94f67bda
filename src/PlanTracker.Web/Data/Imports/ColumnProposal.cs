using System.Text;

namespace PlanTracker.Data.Imports;

/// <summary>What the columns of a file mean by their names: those of our own files, of SDMX, and the usual words in English and Chinese.</summary>
internal static class ColumnProposal
{
    private static readonly Dictionary<string, ColumnUse> Words = new Dictionary<ColumnUse, string[]>
    {
        [ColumnUse.Indicator] = ["indicator", "indicator code", "indicator name", "指标", "指标代码", "指标编码", "指标编号", "指标名称"],
        [ColumnUse.Region] = ["region", "region code", "region name", "ref area", "area", "province", "地区", "地区代码", "行政区划代码", "行政区划", "省份", "省", "地区名称", "省级行政区"],
        [ColumnUse.Period] = ["period", "time period", "time", "year", "date", "时期", "时间", "年份", "年度", "报告期", "期间", "统计时期"],
        [ColumnUse.Value] = ["value", "obs value", "figure", "数值", "数据", "指标值", "值", "实际值", "填报值"],
        [ColumnUse.Status] = ["observation status", "obs status", "status", "数据性质", "数据状态", "状态"],
        [ColumnUse.Note] = ["note", "notes", "comment", "comment obs", "remark", "备注", "注释", "附注"],
        [ColumnUse.Source] = ["source", "data source", "来源", "数据来源", "资料来源"],
        [ColumnUse.Explanation] = ["explanation", "reason for the figure", "说明", "解释", "情况说明"],
    }.SelectMany(u => u.Value.Select(w => (Word: w, Use: u.Key))).ToDictionary(w => w.Word, w => w.Use, StringComparer.Ordinal);

    public static IEnumerable<ColumnUse> Of(IReadOnlyList<string> header, PlanNames names)
    {
        var uses = header.Select(name => Words.GetValueOrDefault(Plain(name))).ToArray();
        // Of two columns for one thing the first is read: a code, then its name.
        for (var i = 0; i < uses.Length; i++)
        {
            if (uses[i] != ColumnUse.Ignored && Array.IndexOf(uses, uses[i]) < i)
                uses[i] = ColumnUse.Ignored;
        }

        if (uses.Contains(ColumnUse.Value))
            return uses;
        foreach (var spread in (ReadOnlySpan<ColumnUse>)[ColumnUse.Period, ColumnUse.Indicator, ColumnUse.Region])
        {
            if (uses.Contains(spread) || !header.Where((_, i) => uses[i] == ColumnUse.Ignored).Any(name => names.Names(spread, name)))
                continue;
            for (var i = 0; i < uses.Length; i++)
            {
                if (uses[i] == ColumnUse.Ignored && names.Names(spread, header[i]))
                    uses[i] = ColumnUse.Figures;
            }

            break;
        }

        return uses;
    }

    private static string Plain(string name) =>
        name.Trim().Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('_', ' ').Replace('-', ' ');
}
