namespace PlanTracker.Data;

/// <summary>Statements kept as files in <c>Data/Sql</c>, where an SQL editor can read them.</summary>
internal static class EmbeddedSql
{
    public static string Read(string name)
    {
        var resource = $"PlanTracker.Data.Sql.{name}.sql";
        using var stream = typeof(EmbeddedSql).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"There is no embedded statement {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
