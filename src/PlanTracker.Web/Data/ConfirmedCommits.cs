using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>
/// A commit waits for a synchronous standby. Where that takes longer than a command may, the wait is cancelled, and PostgreSQL says that the commit is
/// done although the standby has nothing of it. Whoever is told so could lose what was acknowledged: such an answer counts as none.
/// </summary>
internal sealed class ConfirmedCommits : DbTransactionInterceptor
{
    public static readonly ConfirmedCommits Only = new();

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Check(eventData);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Check(eventData);
        return Task.CompletedTask;
    }

    private static void Check(TransactionEndEventData commit)
    {
        if (commit.Duration.TotalSeconds < 1 || commit.Context is not { } db)
            return;
        var most = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).CommandTimeout;
        if (most > 0 && commit.Duration.TotalSeconds >= most)
            throw new NpgsqlException("The commit was not confirmed in time.");
    }
}

internal static class ConfirmedCommitQueries
{
    /// <summary>
    /// Ends a step that was done before. It is there, but perhaps not at a standby yet that it had to wait for: this commit, which has to write something,
    /// waits behind it.
    /// </summary>
    public static async Task ConfirmAsync(this IDbContextTransaction transaction, PlanDbContext db, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_logical_emit_message(true, 'done before', '')", ct);
        await transaction.CommitAsync(ct);
    }
}
