using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>
/// A transaction is over with its connection, and its locks with it. Npgsql tells nobody where it notices the loss while it throws the rest of an answer
/// away, and EF Core would open another connection and go on there, each step by itself: what belongs together could be written by half. So the next step
/// is refused. One of these belongs to one context.
/// </summary>
internal sealed class LostTransactions : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor
{
    private bool _isUnderWay;

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        _isUnderWay = true;
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        new(TransactionStarted(connection, eventData, result));

    /// <remarks>Statements are made before their connection is opened again, questions after it.</remarks>
    public InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result)
    {
        _isUnderWay &= eventData.Context?.Database.CurrentTransaction is not null;
        return _isUnderWay && IsLost(eventData.Connection) ? throw Lost() : result;
    }

    public InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        var goesOn = _isUnderWay && IsLost(connection);
        // EF Core has given the transaction up by now: what comes after the refusal is none of its steps.
        _isUnderWay = false;
        return goesOn ? throw Lost() : result;
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(ConnectionOpening(connection, eventData, result));

    private static bool IsLost(DbConnection connection) => connection is NpgsqlConnection { FullState: ConnectionState.Broken };

    private static NpgsqlException Lost() => new("The connection was lost in the middle of a transaction.");
}
