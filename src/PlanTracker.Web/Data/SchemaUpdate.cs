using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>The schema that this version needs.</summary>
public static class SchemaUpdate
{
    /// <summary>Brings the schema up to date where it is behind; where it is not, no right to change it is needed.</summary>
    /// <param name="db">The database.</param>
    /// <param name="allowed">Whether it may be changed here.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Why it stays behind, and what to do; nothing when it is up to date.</returns>
    public static async Task<string?> BringUpToDateAsync(this PlanDbContext db, bool allowed, CancellationToken ct)
    {
        try
        {
            var missing = (await db.Database.GetPendingMigrationsAsync(ct)).Count();
            if (missing == 0)
                return null;
            if (!allowed)
                return Behind(missing);
            await db.Database.MigrateAsync(ct);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"The role of the connection string may not change the schema, which this version needs. {WhatToDo}";
        }
    }

    private const string WhatToDo =
        "Run 'migrate --grant-to <role of the application>' with the connection string of the owner of the database, then start again.";

    private static string Behind(int missing) =>
        FormattableString.Invariant($"The schema of the database is behind this version by {missing} migration(s). {WhatToDo} ")
        + "With Database__MigrateOnStart=true the application brings it up to date itself, if its role may.";
}
