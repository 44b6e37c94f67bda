namespace PlanTracker.Data.Imports;

public enum CellKind
{
    Text,

    /// <summary>A number of a workbook, written out exactly.</summary>
    Number,

    /// <summary>A date of a workbook, written <c>2023-01-31</c>.</summary>
    Date,

    /// <summary>An error of a workbook, such as <c>#N/A</c>.</summary>
    Error,

    /// <summary>A formula whose result was not kept.</summary>
    Formula,
}

/// <summary>What stands in one cell of a file.</summary>
public readonly record struct FileCell(string Text, CellKind Kind = CellKind.Text);

/// <summary>
/// Reads a file row by row, once, in constant memory, empty rows left out. Whatever makes it no table is thrown as <see cref="FileRefusedException"/>
/// with its place.
/// </summary>
public interface ITableReader : IDisposable
{
    /// <summary>Line on which the row begins, or row of the worksheet; from 1.</summary>
    int Line { get; }

    /// <summary>The cells of the row, as many as it has.</summary>
    IReadOnlyList<FileCell> Cells { get; }

    /// <returns>Whether there was another row.</returns>
    bool Read();
}
