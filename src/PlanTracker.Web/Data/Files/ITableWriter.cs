namespace PlanTracker.Data.Files;

/// <summary>Rows of typed cells on their way into a file; nothing that was written is kept in memory.</summary>
public interface ITableWriter
{
    /// <summary>The first row: the names of the columns.</summary>
    void Heading(IReadOnlyList<string> columns);

    /// <summary>A cell with text; never read as a number, a date or a formula by what the file is for.</summary>
    void Text(string text);

    /// <summary>A cell with a number exactly as it was stated, or an empty one.</summary>
    void Number(decimal? number);

    void EndRow();
}
