using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Data.Exports;

/// <summary>What a file says about itself.</summary>
internal static class ExportWords
{
    public static string Licence(ExportContents contents) => contents.T(
        "The figures belong to the sources named with them, and so do the terms for using them; PlanTracker grants no licence of its own.",
        "数据归所注来源所有，使用条件以来源规定为准；本系统不另行授权。");

    public static string Method(ExportContents contents) => contents.T(StatusMethods.Path.Rule);

    /// <summary>Plan, day, source, method and terms, each under its name.</summary>
    public static IEnumerable<(string Name, string Text)> About(ExportContents contents)
    {
        var export = contents.Export;
        yield return (contents.T("plan", "规划"), $"{export.Plan.Code} {contents.T(export.Plan.Name)}");
        if (export.AsOf is { } day)
            yield return (contents.T("as of", "截至"), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (var (name, value) in export.Filter.Query().Where(q => !string.IsNullOrEmpty(q.Value) && q.Name is not "profile"))
            yield return (contents.T("filter", "条件"), $"{name}={value}");
        yield return (contents.T("source", "来源"), export.Plan.Source);
        yield return (contents.T("method", "方法"), Method(contents));
        yield return (contents.T("terms", "使用条件"), Licence(contents));
    }
}
