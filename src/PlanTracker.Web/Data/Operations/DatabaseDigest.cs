using System.Data;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PlanTracker.Data.Operations;

/// <summary>What one table holds, or where one sequence stands.</summary>
/// <param name="Name">The table, or the sequence.</param>
/// <param name="Rows">Its rows; of a sequence the last number it gave.</param>
/// <param name="Sha256">Of all its rows, in the order of their key; none for a sequence.</param>
public sealed record DigestLine(string Name, long Rows, string? Sha256)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} {Rows} {Sha256 ?? "-"}");
}

/// <summary>
/// Tells whether two databases hold the same: a backup that was restored, or a standby, and its source. Rows are read as the server's binary copy,
/// which depends on no setting, in one picture of the database, and hashed as they come: nothing is held in memory.
/// </summary>
public static class DatabaseDigest
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>A line for each table, in order of their names, then one for each sequence.</summary>
    public static async Task<IReadOnlyList<DigestLine>> DigestAsync(this NpgsqlDataSource source, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var picture = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var lines = new List<DigestLine>();
        foreach (var (name, count, rows) in await StatementsAsync(connection, ct))
            lines.Add(new DigestLine(name, await CountAsync(connection, count, ct), await HashAsync(connection, rows, ct)));
        await using var command = new NpgsqlCommand(
            """select sequencename::text, coalesce(last_value, 0) from pg_sequences where schemaname = current_schema() order by sequencename collate "C" """, connection);
        await using var sequences = await command.ExecuteReaderAsync(ct);
        while (await sequences.ReadAsync(ct))
            lines.Add(new DigestLine(sequences.GetString(0), sequences.GetInt64(1), Sha256: null));
        return lines;
    }

    /// <summary>All lines in one: it is the same where they are.</summary>
    public static string Of(IReadOnlyList<DigestLine> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

    private static async Task<List<(string Name, string Count, string Rows)>> StatementsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(EmbeddedSql.Read("digest-statements"), connection);
        await using var found = await command.ExecuteReaderAsync(ct);
        var statements = new List<(string, string, string)>();
        while (await found.ReadAsync(ct))
            statements.Add((found.GetString(0), found.GetString(1), found.GetString(2)));
        return statements;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = (int)Patience.TotalSeconds };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<string> HashAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync(statement, ct);
        rows.ReadTimeout = (int)Patience.TotalMilliseconds;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(rows, ct));
    }
}
