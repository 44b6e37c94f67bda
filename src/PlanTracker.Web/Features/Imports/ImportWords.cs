using PlanTracker.Data.Imports;
using PlanTracker.Domain;

namespace PlanTracker.Features.Imports;

/// <summary>What an import says of itself.</summary>
public static class ImportWords
{
    public static Bilingual Of(ImportState state) => state switch
    {
        ImportState.Received => new("Columns to be confirmed", "待确认列"),
        ImportState.Reading => new("Being read", "正在读取"),
        ImportState.Ready => new("To be looked at and applied", "待核对和应用"),
        ImportState.Applying => new("Being applied", "正在应用"),
        ImportState.Applied => new("Applied", "已应用"),
        ImportState.Reverting => new("Being taken back", "正在撤销"),
        ImportState.Reverted => new("Taken back", "已撤销"),
        ImportState.Refused => new("Could not be read", "无法读取"),
        ImportState.Cancelled => new("Cancelled", "已取消"),
        _ => new("Replaced by a corrected file", "已由更正文件取代"),
    };

    public static Bilingual Of(RowVerdict verdict) => verdict switch
    {
        RowVerdict.New => new("New", "新增"),
        RowVerdict.Changed => new("Changed", "更改"),
        RowVerdict.Same => new("Same", "相同"),
        RowVerdict.Blank => new("Blank", "空白"),
        _ => new("Error", "错误"),
    };

    public static Bilingual Of(ColumnUse use) => use switch
    {
        ColumnUse.Indicator => new("Indicator (code or name)", "指标（代码或名称）"),
        ColumnUse.Region => new("Region (code or name)", "地区（代码或名称）"),
        ColumnUse.Period => new("Period", "时期"),
        ColumnUse.Value => new("Value", "数值"),
        ColumnUse.Status => new("Kind of figure (A, P, E, …)", "数据性质（A、P、E 等）"),
        ColumnUse.Note => new("Note", "备注"),
        ColumnUse.Source => new("Source", "来源"),
        ColumnUse.Explanation => new("Why a questioned figure is right", "对存疑数据的说明"),
        ColumnUse.Figures => new("Figures of what the column is called", "以列名为时期、指标或地区的数值"),
        _ => new("Not read", "不读取"),
    };

    public static Bilingual Of(FileEncoding encoding) => encoding switch
    {
        FileEncoding.Utf8 => new("UTF-8", "UTF-8"),
        FileEncoding.Utf8Marked => new("UTF-8 with byte order mark", "UTF-8（带 BOM）"),
        FileEncoding.Utf16LittleEndian => new("UTF-16, little endian", "UTF-16（小端）"),
        FileEncoding.Utf16BigEndian => new("UTF-16, big endian", "UTF-16（大端）"),
        _ => new("GB 18030 (GBK, GB 2312)", "GB 18030（GBK、GB 2312）"),
    };

    /// <summary>How sure the encoding is.</summary>
    public static Bilingual Certainty(FileEncoding encoding) => encoding switch
    {
        FileEncoding.Utf8 => new("every byte of the file is valid UTF-8", "整个文件均为有效的 UTF-8"),
        FileEncoding.Gb18030 => new(
            "the file is not UTF-8, and all of it is valid GB 18030; check the names in the first rows", "文件不是 UTF-8，而整个文件均为有效的 GB 18030；请核对前几行中的名称"),
        _ => new("the file begins with the mark of this encoding, or is built as it is", "文件带有该编码的标记或具有其特征"),
    };

    public static Bilingual Of(Separator separator) => separator switch
    {
        Separator.Comma => new("comma", "逗号"),
        Separator.Semicolon => new("semicolon", "分号"),
        _ => new("tab", "制表符"),
    };
}
