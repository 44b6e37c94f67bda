namespace PlanTracker.Data.Files;

/// <summary>Text in files that a spreadsheet opens.</summary>
public static class SpreadsheetText
{
    /// <summary>A text that a spreadsheet would run as a formula is given as text. Figures are never touched.</summary>
    public static string WithoutFormula(string text) =>
        text.Length > 0 && "=+-@\t\r＝＋－＠".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
