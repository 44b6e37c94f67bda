using System.Globalization;
using Npgsql;
using PlanTracker.Data;

namespace PlanTracker.Benchmarks;

/// <summary>A plan of any size, of which no figure says anything about any place.</summary>
internal static class SyntheticPlan
{
    public const int Id = 1;

    /// <param name="connection">Where to.</param>
    /// <param name="regions">How many regions.</param>
    /// <param name="indicators">How many indicators.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="years">How many yearly readings each series has.</param>
    public static async Task FillAsync(NpgsqlConnection connection, int regions, int indicators, CancellationToken ct, int years = 5)
    {
        await using (var size = new NpgsqlCommand("select set_config('bench.regions', $1, false), set_config('bench.indicators', $2, false), set_config('bench.years', $3, false)", connection))
        {
            size.Parameters.Add(new NpgsqlParameter<string> { TypedValue = regions.ToString(CultureInfo.InvariantCulture) });
            size.Parameters.Add(new NpgsqlParameter<string> { TypedValue = indicators.ToString(CultureInfo.InvariantCulture) });
            size.Parameters.Add(new NpgsqlParameter<string> { TypedValue = years.ToString(CultureInfo.InvariantCulture) });
            await size.ExecuteNonQueryAsync(ct);
        }

        await using var statements = typeof(SyntheticPlan).Assembly.GetManifestResourceStream("synthetic-plan.sql")!;
        using var reader = new StreamReader(statements);
        await ExecuteAsync(connection, await reader.ReadToEndAsync(ct), ct);
        await ExecuteAsync(connection, "vacuum analyze", ct);
        await ExecuteAsync(connection, "checkpoint", ct);
    }

    /// <summary>With its standings.</summary>
    public static async Task FillAsync(BenchmarkDatabase database, int regions, int indicators, CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await FillAsync(connection, regions, indicators, ct);
        await database.WithAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.LockPlanAsync(Id, ct);
            await db.RejudgePlanAsync(Id, ct);
            await transaction.CommitAsync(ct);
        });
        await ExecuteAsync(connection, "vacuum analyze", ct);
    }

    public static async Task ExecuteAsync(BenchmarkDatabase database, string sql, CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, sql, ct);
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
