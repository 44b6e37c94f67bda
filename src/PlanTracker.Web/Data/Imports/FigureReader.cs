using System.Globalization;
using PlanTracker.Domain;

namespace PlanTracker.Data.Imports;

/// <summary>
/// Turns the rows of a file into figures by what its columns mean. Every figure comes out, with the first thing that is wrong with it and the cell in
/// which it stands: nothing is coerced, nothing is left out.
/// </summary>
internal sealed class FigureReader(ColumnPlan plan, IReadOnlyList<string> header, PlanNames names, DateOnly today)
{
    private readonly Dictionary<string, Period?> _periods = new(StringComparer.Ordinal);
    private readonly int _indicator = At(plan, ColumnUse.Indicator);
    private readonly int _region = At(plan, ColumnUse.Region);
    private readonly int _period = At(plan, ColumnUse.Period);
    private readonly int _value = At(plan, ColumnUse.Value);
    private readonly int _status = At(plan, ColumnUse.Status);
    private readonly int _note = At(plan, ColumnUse.Note);
    private readonly int _source = At(plan, ColumnUse.Source);
    private readonly int _explanation = At(plan, ColumnUse.Explanation);
    private readonly int[] _figures = [.. Enumerable.Range(0, header.Count).Where(i => plan.Columns[i] == ColumnUse.Figures)];
    private readonly ColumnUse? _spread = plan.Spread;

    /// <summary>The figures of one row: one, or one for each column of figures.</summary>
    public IEnumerable<FoundFigure> Read(int line, IReadOnlyList<FileCell> cells)
    {
        var row = new FoundFigure { Line = line, Column = 0 };
        if (Misshapen(cells) is { } column)
            return [row with { Column = column, Fault = RowFault.Ragged, Typed = cells.Count.ToString(CultureInfo.InvariantCulture), Limit = header.Count }];
        return _figures.Length == 0 ? [Figure(row, cells, _value, spreadName: null)] : _figures.Select(at => Figure(row, cells, at, header[at]));
    }

    /// <summary>A text row has to have as many fields as the header; in a worksheet empty cells at the end are not kept.</summary>
    private int? Misshapen(IReadOnlyList<FileCell> cells)
    {
        for (var i = header.Count; i < cells.Count; i++)
        {
            if (cells[i].Text.Length > 0 || cells[i].Kind == CellKind.Formula)
                return i + 1;
        }

        return cells.Count < header.Count && !IsWorksheet ? cells.Count + 1 : null;
    }

    /// <summary>Rows come from a worksheet, which keeps no empty cells.</summary>
    public bool IsWorksheet { get; init; }

    private FoundFigure Figure(FoundFigure row, IReadOnlyList<FileCell> cells, int valueAt, string? spreadName)
    {
        var figure = row with { Column = valueAt + 1 };
        if (Unreadable(figure, cells, valueAt) is { } unreadable)
            return unreadable;
        var typed = Text(cells, valueAt) ?? "";
        var (statusText, note, source, explanation) = (Text(cells, _status), Text(cells, _note), Text(cells, _source), Text(cells, _explanation));
        var says = typed.Length > 0 || (statusText?.Length > 0 && !string.Equals(statusText, "A", StringComparison.OrdinalIgnoreCase)) || note?.Length > 0;

        var indicator = Named(ColumnUse.Indicator, _indicator, plan.Indicator, cells, spreadName);
        if (indicator.Fault is { } wrongIndicator)
            return Wrong(figure, wrongIndicator, indicator);
        figure = figure with { Indicator = names.Indicators[indicator.Id] };
        var region = Named(ColumnUse.Region, _region, plan.Region, cells, spreadName);
        if (region.Fault is { } wrongRegion)
            return Wrong(figure, wrongRegion, region);
        figure = figure with { RegionId = region.Id };
        if (PeriodOf(cells, spreadName, figure.Indicator.Frequency, out var periodText, out var periodAt) is not { } period)
        {
            var isDate = periodAt >= 0 && cells[periodAt].Kind == CellKind.Date;
            return figure with { Column = periodAt + 1, Fault = isDate ? RowFault.DateForPeriod : RowFault.NotAPeriod, Typed = Cut(periodText) };
        }

        figure = figure with { Period = period };
        if (!says)
            return figure with { Blank = true };

        ObservationStatus? status = null;
        if (statusText?.Length > 0)
        {
            if (!Kebab.TryParse<ObservationStatus>(statusText.ToUpperInvariant(), out var known))
                return figure with { Column = _status + 1, Fault = RowFault.StatusUnknown, Typed = Cut(statusText) };
            status = known;
        }

        figure = figure with { Status = status, Note = Kept(note), Source = Kept(source), Explanation = Kept(explanation) };
        return Judged(figure, typed);
    }

    /// <summary>The first cell of those that are read that cannot be.</summary>
    private FoundFigure? Unreadable(FoundFigure figure, IReadOnlyList<FileCell> cells, int valueAt)
    {
        foreach (var at in (ReadOnlySpan<int>)[_indicator, _region, _period, valueAt, _status, _note, _source, _explanation])
        {
            if (at < 0 || at >= cells.Count)
                continue;
            var cell = cells[at];
            RowFault? fault = cell.Kind switch
            {
                CellKind.Error => RowFault.ErrorInCell,
                CellKind.Formula => RowFault.FormulaWithoutResult,
                _ => SafeText.IsSafe(cell.Text) ? null : RowFault.UnsafeText,
            };
            if (fault is not null)
                return figure with { Column = at + 1, Fault = fault, Typed = fault == RowFault.UnsafeText ? null : Cut(cell.Text) };
        }

        return null;
    }

    private readonly record struct Found(int Id, RowFault? Fault, string Text, int At);

    private Found Named(ColumnUse use, int at, string? constant, IReadOnlyList<FileCell> cells, string? spreadName)
    {
        var text = at >= 0 ? Text(cells, at) ?? "" : _spread == use ? spreadName! : constant!;
        var (named, unknown, ambiguous) = use == ColumnUse.Indicator
            ? (names.Indicator(text), RowFault.IndicatorUnknown, RowFault.IndicatorAmbiguous)
            : (names.Region(text), RowFault.RegionUnknown, RowFault.RegionAmbiguous);
        return new Found(named.Id ?? 0, named.Id is null ? named.Several ? ambiguous : unknown : null, text, at);
    }

    private static FoundFigure Wrong(FoundFigure figure, RowFault fault, Found found) =>
        figure with { Column = found.At >= 0 ? found.At + 1 : figure.Column, Fault = fault, Typed = Cut(found.Text) };

    private Period? PeriodOf(IReadOnlyList<FileCell> cells, string? spreadName, Frequency frequency, out string text, out int at)
    {
        at = _period;
        text = at >= 0 ? Text(cells, at) ?? "" : _spread == ColumnUse.Period ? spreadName! : plan.Period!.Trim();
        // Programs make the first day of a month of "2023-01"; of any other frequency a day says nothing.
        if (at >= 0 && cells[at].Kind == CellKind.Date)
            return frequency == Frequency.Month && text.EndsWith("-01", StringComparison.Ordinal) && text.Length == 10 && Period.TryParse(text[..7], out var month) ? month : null;
        if (!_periods.TryGetValue(text, out var period))
        {
            period = Period.TryParse(text, out var parsed) ? parsed : null;
            // Texts that are no period are as many as somebody cares to write.
            if (period is not null)
                _periods.Add(text, period);
        }

        return period;
    }

    private FoundFigure Judged(FoundFigure figure, string typed)
    {
        var indicator = figure.Indicator!;
        var number = StrictNumber.Parse(typed, indicator.Decimals, out var value);
        (RowFault? Fault, decimal? Limit) judged = number switch
        {
            NumberFault.NotANumber => (RowFault.NotANumber, null),
            NumberFault.TooManyDecimals => (RowFault.TooManyDecimals, indicator.Decimals),
            NumberFault.TooLong => (RowFault.TooLong, StrictNumber.MaxIntegerDigits),
            _ when value is null && figure.Status?.StandsForNoValue() != true => (RowFault.ValueMissing, null),
            _ when value is not null && figure.Status?.StandsForNoValue() == true => (RowFault.ValueAndNoValue, null),
            _ when value < indicator.Min => (RowFault.BelowMinimum, indicator.Min),
            _ when value > indicator.Max => (RowFault.AboveMaximum, indicator.Max),
            _ when figure.Period!.Value.Frequency != indicator.Frequency => (RowFault.WrongFrequency, null),
            _ when figure.Period.Value.End >= today => (RowFault.PeriodNotOver, null),
            _ when figure.Source?.Length > ReadingRevision.SourceLength => (RowFault.SourceTooLong, ReadingRevision.SourceLength),
            _ when figure.Note?.Length > ReadingRevision.NoteLength => (RowFault.NoteTooLong, ReadingRevision.NoteLength),
            _ when figure.Explanation?.Length > ReadingRevision.ReasonLength => (RowFault.ExplanationTooLong, ReadingRevision.ReasonLength),
            _ => (null, null),
        };
        var (fault, limit) = judged;
        return fault switch
        {
            null => figure with { Value = value },
            RowFault.WrongFrequency or RowFault.PeriodNotOver => figure with { Value = value, Fault = fault, Column = _period >= 0 ? _period + 1 : figure.Column, Typed = figure.Period.ToString() },
            // Rules may have changed since such a figure was taken: whether it stands is still to be seen.
            RowFault.BelowMinimum or RowFault.AboveMaximum => figure with { Value = value, Fault = fault, Limit = limit, Typed = Cut(typed) },
            RowFault.TooManyDecimals => figure with
            {
                Value = StrictNumber.Parse(typed, StrictNumber.MaxDecimals, out var whole) == NumberFault.None ? whole : null,
                Fault = fault,
                Limit = limit,
                Typed = Cut(typed),
            },
            RowFault.SourceTooLong => figure with { Fault = fault, Limit = limit, Column = _source + 1, Source = null },
            RowFault.NoteTooLong => figure with { Fault = fault, Limit = limit, Column = _note + 1, Note = null },
            RowFault.ExplanationTooLong => figure with { Fault = fault, Limit = limit, Column = _explanation + 1, Explanation = null },
            _ => figure with { Fault = fault, Limit = limit, Typed = Cut(typed) },
        };
    }

    private static int At(ColumnPlan plan, ColumnUse use) => plan.Columns.ToList().IndexOf(use);

    private static string? Text(IReadOnlyList<FileCell> cells, int at) => at >= 0 && at < cells.Count ? cells[at].Text : null;

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Cut(string? text)
    {
        if (text is null || text.Length <= ImportRow.TypedLength)
            return text;
        var end = ImportRow.TypedLength - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }
}
