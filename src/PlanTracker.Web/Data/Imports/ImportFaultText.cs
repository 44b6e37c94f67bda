using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>What is wrong with a file, its columns, a row or a step, and what to do: the same words on the page, in the file of problems and in the shell.</summary>
public static class ImportFaultText
{
    /// <summary>Why the file is no table, where, and what to do.</summary>
    public static Bilingual Of(FileFaultKind kind, int? line, int? column, string? detail)
    {
        var at = line is null ? new Bilingual("", "") : column is { } c
            ? new Bilingual($"Line {N(line)}, column {N(c)}: ", $"第 {N(line)} 行第 {N(c)} 列：")
            : new Bilingual($"Line {N(line)}: ", $"第 {N(line)} 行：");
        var said = kind switch
        {
            FileFaultKind.Empty => new Bilingual("there is nothing in it, or nothing below the names of its columns.", "文件为空，或列名之下没有数据。"),
            FileFaultKind.TooLarge => new($"the file is larger than {Import.MostBytes >> 20} MB. Split it.", $"文件超过 {Import.MostBytes >> 20} MB，请拆分。"),
            FileFaultKind.UnpacksTooLarge => new("the workbook unpacks to far more than a table of figures takes. Save only the sheet with the figures, or use CSV.", "工作簿解压后远超数据表所需大小。请只保存数据工作表，或改用 CSV。"),
            FileFaultKind.NotATable => new("this is neither CSV, TSV nor XLSX. Save old XLS files as XLSX, and workbooks without their password.", "不是 CSV、TSV 或 XLSX 文件。旧版 XLS 请另存为 XLSX，加密工作簿请先去除密码。"),
            FileFaultKind.BrokenWorkbook => new("the workbook is damaged. Open it in a spreadsheet program and save it anew.", "工作簿已损坏，请用电子表格软件打开后重新保存。"),
            FileFaultKind.WrongEncoding => new("bytes that are no text in this encoding. Choose another encoding, or save the file as UTF-8.", "存在不符合该编码的字节。请选择其他编码，或将文件另存为 UTF-8。"),
            FileFaultKind.QuoteOutOfPlace => new("a quote is out of place or never closed. A field that holds a quote, a separator or a line break is put in quotes, and quotes inside are doubled.", "引号位置不当或未闭合。含引号、分隔符或换行的字段须用引号括起，其中的引号写两遍。"),
            FileFaultKind.FieldTooLong => new("a field is longer than any that can be kept; a quote before it may never be closed.", "字段过长，可能是前面的引号未闭合。"),
            FileFaultKind.RowTooLong => new("a row is longer than any table has; a quote before it may never be closed, or the file has no line ends.", "行过长，可能是前面的引号未闭合，或文件没有换行。"),
            FileFaultKind.TooManyColumns => new($"more than {N(TableShape.MostColumns)} columns.", $"列数超过 {N(TableShape.MostColumns)}。"),
            FileFaultKind.ColumnWithoutName => new("a column has no name, or one that cannot be kept. The first row names every column.", "列名为空或无法保存。首行须为每列命名。"),
            FileFaultKind.ColumnTwice => new($"two columns are called “{detail}”. Give each a name of its own.", $"有两列同名：“{detail}”。请分别命名。"),
            FileFaultKind.MergedCells => new($"the cells {detail} are merged, and which rows or columns they speak for cannot be told. Take the merge apart and fill in every cell.", $"单元格 {detail} 已合并，无法判断其所属行列。请取消合并并逐格填写。"),
            FileFaultKind.NoSuchSheet => new("there is no such worksheet.", "没有该工作表。"),
            FileFaultKind.TooManyRows => new($"more than {N(TableShape.MostRows)} figures. Split the file.", $"数据超过 {N(TableShape.MostRows)} 个，请拆分文件。"),
            _ => new("reading it was broken off several times. Upload it again, or ask the administrator.", "读取多次中断。请重新上传，或联系管理员。"),
        };
        return new(at.En.Length == 0 ? char.ToUpperInvariant(said.En[0]) + said.En[1..] : at.En + said.En, at.Zh + said.Zh);
    }

    public static Bilingual Of(ColumnFault fault) => fault switch
    {
        ColumnFault.NoFigures => new("No column holds values. Choose one as “Value”, or choose the columns that hold figures.", "没有数值列。请将一列选为“数值”，或选择存放数值的各列。"),
        ColumnFault.BothLayouts => new("There is a column of values and there are columns of figures as well. Keep one way.", "既有数值列又有多个数据列，请只保留一种。"),
        ColumnFault.UseTwice => new("Two columns are chosen for the same thing. Set one of them to “Not read”.", "有两列选为同一用途，请将其中一列设为“不读取”。"),
        ColumnFault.IndicatorMissing => new("No column says which indicator. Choose one, or name the indicator of all rows below.", "没有指标列。请选择，或在下方指定全部行的指标。"),
        ColumnFault.RegionMissing => new("No column says which region. Choose one, or name the region of all rows below.", "没有地区列。请选择，或在下方指定全部行的地区。"),
        ColumnFault.PeriodMissing => new("No column says which period. Choose one, or name the period of all rows below.", "没有时期列。请选择，或在下方指定全部行的时期。"),
        ColumnFault.NothingLeftForFigures => new("Each row says indicator, region and period already, so the columns of figures have nothing to stand for. Choose one column as “Value”.", "每行已有指标、地区和时期，数据列无从对应。请将一列选为“数值”。"),
        ColumnFault.FiguresUnnamed => new("A column of figures is called neither a period, an indicator nor a region. Set it to “Not read” or correct its name in the file.", "有数据列的列名不是时期、指标或地区。请设为“不读取”，或在文件中更正列名。"),
        ColumnFault.IndicatorUnknown => new("There is no such indicator in this plan.", "本规划没有该指标。"),
        ColumnFault.RegionUnknown => new("There is no such region.", "没有该地区。"),
        ColumnFault.PeriodUnknown => new("That is no period. Periods are written 2023, 2023-S1, 2023-Q1 or 2023-01.", "不是有效时期。时期写作 2023、2023-S1、2023-Q1 或 2023-01。"),
        ColumnFault.SourceTooLong => new($"The source is longer than {N(ReadingRevision.SourceLength)} characters.", $"来源超过 {N(ReadingRevision.SourceLength)} 个字符。"),
        ColumnFault.UnsafeText => new("The text holds a character that cannot be kept. Type it again.", "文字中含有无法保存的字符，请重新输入。"),
        _ => new("The import has gone on in the meantime. This is how it stands now.", "该导入已有进展，现显示当前状态。"),
    };

    public static Bilingual Of(ImportFault fault) => fault switch
    {
        ImportFault.ReadAnew => new(
            "The file has been read anew since you looked at it. Nothing was applied; look at what it would change now, then decide.",
            "该文件在您查看之后已重新读取，未应用任何数据。请查看现在的更改内容后再决定。"),
        ImportFault.HasErrors => new("There are rows with errors, so nothing was applied. Correct the file and upload it again.", "存在错误行，未应用任何数据。请更正文件后重新上传。"),
        ImportFault.NothingToApply => new("Nothing in it would change anything.", "没有需要更改的数据。"),
        ImportFault.ExplanationMissing => new("Some figures are questioned. Say why they are right, or correct the file.", "部分数据存疑，请说明其无误的原因，或更正文件。"),
        ImportFault.ExplanationTooLong or ImportFault.ReasonTooLong => new($"The text is longer than {N(ReadingRevision.ReasonLength)} characters.", $"文字超过 {N(ReadingRevision.ReasonLength)} 个字符。"),
        ImportFault.ReasonMissing => new("Say why.", "请填写理由。"),
        ImportFault.UnsafeText => new("The text holds a character that cannot be kept. Type it again.", "文字中含有无法保存的字符，请重新输入。"),
        ImportFault.OwnImport => new("You have imported these figures yourself; somebody else approves or returns them.", "这些数据由您导入，须由他人审核。"),
        ImportFault.OutOfScope => new("It holds figures outside your scope.", "其中含有超出您权限范围的数据。"),
        ImportFault.Approved => new("Figures of it are approved by now. Ask a reviewer to take them back.", "其中部分数据已审核通过，请由审核员撤销。"),
        ImportFault.PeriodLocked => new("Its reporting round is over: what was reported in time stays reported. Ask a reviewer to return or take it back.", "填报安排已截止，按期填报的数据保留。请由审核员退回或撤销。"),
        _ => new("The import has gone on in the meantime. This is how it stands now.", "该导入已有进展，现显示当前状态。"),
    };

    /// <summary>What is wrong with a row, and what to do.</summary>
    public static Bilingual Of(RowFault fault, string? typed, decimal? limit)
    {
        var bound = limit is { } l ? Rounding.Exact(l) : "";
        return fault switch
        {
            RowFault.Ragged => new($"{typed} cells where the header names {bound}. A comma in a text has to stand in quotes.", $"有 {typed} 个单元格，而列名有 {bound} 个。文字中的分隔符须用引号括起。"),
            RowFault.UnsafeText => new("A character that cannot be kept. Type the cell again.", "含有无法保存的字符，请重新输入。"),
            RowFault.ErrorInCell => new($"The cell holds the error {typed}. Correct the formula or type the figure.", $"单元格为错误值 {typed}，请更正公式或填写数值。"),
            RowFault.FormulaWithoutResult => new("A formula whose result is not in the file. Open it in a spreadsheet program and save it, or type the figure.", "公式结果未保存在文件中。请用电子表格软件打开并保存，或填写数值。"),
            RowFault.IndicatorUnknown => new($"“{typed}” is no indicator of this plan. Use its code or its full name.", $"“{typed}”不是本规划的指标，请使用代码或全称。"),
            RowFault.IndicatorAmbiguous => new($"Several indicators are called “{typed}”. Use the code.", $"有多个指标名为“{typed}”，请使用代码。"),
            RowFault.RegionUnknown => new($"“{typed}” is no region. Use its division code or its name.", $"“{typed}”不是有效地区，请使用区划代码或名称。"),
            RowFault.RegionAmbiguous => new($"Several regions are called “{typed}”. Use the code.", $"有多个地区名为“{typed}”，请使用代码。"),
            RowFault.NotAPeriod => new($"“{typed}” is no period. Periods are written 2023, 2023-S1, 2023-Q1 or 2023-01.", $"“{typed}”不是有效时期。时期写作 2023、2023-S1、2023-Q1 或 2023-01。"),
            RowFault.DateForPeriod => new($"The cell holds the date {typed}. Write the period as text: 2023, 2023-S1, 2023-Q1 or 2023-01.", $"单元格为日期 {typed}。请以文本填写时期：2023、2023-S1、2023-Q1 或 2023-01。"),
            RowFault.StatusUnknown => new($"“{typed}” is no kind of figure. Known are {Kebab.Choices<ObservationStatus>()}.", $"“{typed}”不是有效的数据性质，可用：{Kebab.Choices<ObservationStatus>()}。"),
            RowFault.NotANumber => new($"“{typed}” is not a number. Use digits, one point and a minus only, for example 78.5.", $"“{typed}”不是数字。只用数字、小数点和负号，例如 78.5。"),
            RowFault.TooManyDecimals => new($"“{typed}” has more than {bound} decimals, and this indicator takes {bound}. Give the figure as it is published.", $"“{typed}”的小数超过 {bound} 位，本指标最多 {bound} 位。请按公布数填写。"),
            RowFault.TooLong => new($"“{typed}” has more than {bound} digits before the point.", $"“{typed}”整数部分超过 {bound} 位。"),
            RowFault.BelowMinimum => new($"{typed} is below the least possible value, {bound}.", $"{typed} 低于可能的最小值 {bound}。"),
            RowFault.AboveMaximum => new($"{typed} is above the greatest possible value, {bound}.", $"{typed} 高于可能的最大值 {bound}。"),
            RowFault.ValueMissing => new("A note or a kind of figure, but no value. Give the value, or a kind that says why there is none.", "有备注或数据性质而无数值。请填写数值，或填写说明无数据原因的性质。"),
            RowFault.ValueAndNoValue => new("The kind of figure says that there is no value, but there is one.", "数据性质表示没有数据，但填写了数值。"),
            RowFault.WrongFrequency => new($"The indicator is not reported for periods such as {typed}.", $"本指标不按 {typed} 这类时期填报。"),
            RowFault.PeriodNotOver => new($"The period {typed} is not over yet.", $"时期 {typed} 尚未结束。"),
            RowFault.SourceMissing => new("No source. Fill in a column of sources, or name one source for the whole file.", "没有来源。请填写来源列，或为整个文件指定来源。"),
            RowFault.SourceTooLong => new($"The source is longer than {bound} characters.", $"来源超过 {bound} 个字符。"),
            RowFault.NoteTooLong => new($"The note is longer than {bound} characters.", $"备注超过 {bound} 个字符。"),
            RowFault.ExplanationTooLong => new($"The explanation is longer than {bound} characters.", $"说明超过 {bound} 个字符。"),
            RowFault.StandsTwice => new($"The same figure stands in row {bound} already. Keep one of them.", $"同一数据已在第 {bound} 行出现，请保留其一。"),
            RowFault.OutOfScope => new("This figure is not yours to report: outside your scope, or not reported by this region.", "该数据不由您填报：超出您的填报范围，或该地区不填报此指标。"),
            _ => new("The reporting round of this period is over. Ask its administrator for an exception.", "该时期的填报安排已截止，请联系管理员申请例外。"),
        };
    }

    private static string N(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
