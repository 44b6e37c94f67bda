using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using PlanTracker.Data.Imports;

namespace PlanTracker.Tests.Support;

/// <summary>
/// Every statement sent to one database while this lives, whoever sends it: pages, sign-in, or a command beside Entity Framework. Only the look for
/// imports to work on is left out, which comes by itself.
/// </summary>
public sealed partial class SqlStatements : IDisposable
{
    private const string Text = "db.query.text";
    private const string Database = "db.namespace";
    private const int Shown = 160;

    private readonly ActivityListener _listener;
    private readonly List<string> _texts = [];

    public SqlStatements(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem(Text) is string text && (string?)activity.GetTagItem(Database) == database)
                    Take(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts)
                return [.. _texts];
        }
    }

    /// <summary>One line for each, shortened, in the order they were sent.</summary>
    public string Summary => string.Join('\n', Texts.Select((t, i) => $"{i + 1,3} {Short(t)}"));

    public void Dispose() => _listener.Dispose();

    private void Take(string text)
    {
        if (text.Contains(ImportRunner.LookForWork, StringComparison.Ordinal))
            return;
        lock (_texts)
            _texts.Add(text);
    }

    /// <summary>What is asked for matters less than from where.</summary>
    private static string Short(string text)
    {
        var line = Space().Replace(text, " ").Trim();
        var from = line.IndexOf("FROM ", StringComparison.Ordinal);
        line = from > 0 ? string.Concat(line.AsSpan(0, Math.Min(from, 40)), " … ", line.AsSpan(from)) : line;
        return line.Length > Shown ? line[..Shown] + "…" : line;
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
