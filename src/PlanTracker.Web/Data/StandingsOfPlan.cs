using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PlanTracker.Data;

/// <summary>What judging a whole plan anew came to.</summary>
/// <param name="Series">Series that stand: those with a reading, and those with a target of their own.</param>
/// <param name="Differing">Standings that were missing, said something else, or had nothing to stand on.</param>
public readonly record struct JudgedPlan(int Series, int Differing);

/// <summary>Judges a whole plan anew: readings stream in, standings stream out, and only what differs is written.</summary>
public static class StandingsOfPlan
{
    private const int ReadingsAtOnce = 10_000;

    /// <summary>
    /// Judges every series of a plan from its approved readings and targets, within the caller's transaction, which holds the plan
    /// (<see cref="Standings.LockPlanAsync"/>). How much memory it takes depends on the number of targets, not on that of readings.
    /// </summary>
    public static Task<JudgedPlan> RejudgePlanAsync(this PlanDbContext db, int planId, CancellationToken ct) =>
        db.RejudgePlanAsync(planId, ReadingsAtOnce, ct);

    internal static async Task<JudgedPlan> RejudgePlanAsync(this PlanDbContext db, int planId, int readingsAtOnce, CancellationToken ct)
    {
        var aims = await db.AimsAsync(await db.LedgerPartAsync(db.Indicators.Where(i => i.PlanId == planId), db.Regions, ct), asOf: null, ct);
        var unread = aims.Targets.Select(t => t.Key).ToHashSet();
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var judged = await JudgedStandings.StartAsync(connection, ct);
        await using var readings = await ReadingsOfPlan.OpenAsync(connection, planId, readingsAtOnce, ct);
        for (var page = await readings.NextAsync(ct); page.Count > 0;)
        {
            unread.ExceptWith(page.Select(s => s.Series));
            var standing = page;
            var standings = Task.Run(() => Judge(aims, standing), ct);
            // The database gathers the next page while this one is judged.
            page = await readings.NextAsync(ct);
            await judged.AddAsync(await standings, ct);
        }

        await judged.AddAsync(Judge(aims, unread.Select(s => new SeriesReadings(s, []))), ct);
        return new JudgedPlan(judged.Count, await judged.MergeAsync(planId, ct));
    }

    private static List<Standing> Judge(LedgerAims aims, IEnumerable<SeriesReadings> page) =>
        [.. page.Select(s => aims.With(s.Series, s.Values).ToStandingIfAny()).OfType<Standing>()];
}
