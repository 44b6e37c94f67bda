using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>
/// The database role the application works as: it reads and writes, and can change neither the schema nor the audit
/// (<c>Data/Sql/application-role.sql</c>). The owner of the tables gives it its rights, after every migration.
/// </summary>
public static class ApplicationRole
{
    private const string Refused = "PT001";
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <summary>Makes the role where it is missing, gives it a password where one is named, and sets its rights; all or nothing.</summary>
    /// <param name="source">The database, as the owner of the tables.</param>
    /// <param name="role">Its name.</param>
    /// <param name="password">None: it keeps the one it has.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Why it was refused; nothing when it has its rights.</returns>
    public static async Task<string?> GrantAsync(NpgsqlDataSource source, string role, string? password, CancellationToken ct)
    {
        if (password is not null && !IsPlain(password))
            return "The password of the role may hold letters, digits, blanks and signs of ASCII only.";
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var name = new NpgsqlCommand("select set_config('plantracker.role', $1, true), set_config('plantracker.verifier', $2, true)", connection, transaction);
        name.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role });
        name.Parameters.Add(new NpgsqlParameter<string> { TypedValue = password is null ? "" : Verifier(password) });
        await using var grant = new NpgsqlCommand(EmbeddedSql.Read("application-role"), connection, transaction);
        try
        {
            await name.ExecuteNonQueryAsync(ct);
            await grant.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException refused) when (refused.SqlState == Refused)
        {
            return refused.MessageText;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"Only the owner of the tables gives rights on them, and only a role that may make roles makes one. {refused.MessageText}";
        }

        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Whether the role that is connected could alter or remove audit events, as the owner of the tables can.</summary>
    public static async Task<bool> CanAlterAuditAsync(this PlanDbContext db, CancellationToken ct) =>
        (await db.Database.SqlQuery<bool>($"""select has_table_privilege('audit_events', 'update, delete, truncate, trigger') as "Value" """).ToListAsync(ct))[0];

    /// <summary>What PostgreSQL keeps of a password (RFC 5803): made here, so that the password itself appears in no statement and no log.</summary>
    private static string Verifier(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return FormattableString.Invariant(
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }

    private static bool IsPlain(string password) => password.Length > 0 && password.All(c => c is >= ' ' and < '\u007F');
}
