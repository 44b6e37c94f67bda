using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>What belongs together is written together or not at all, also where the connection is lost in the middle of it.</summary>
public sealed class LostTransactionTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<PlanDbContext, Task>> Steps => new()
    {
        { "a question", db => db.Plans.AnyAsync(Ct) },
        { "a statement", db => db.Database.ExecuteSqlAsync($"insert into audit_events (at, action, subject, detail) values (now(), 'person.signed-in', 'lost', '{{}}')", Ct) },
        { "a row", db => db.SaveChangesAsync(Ct) },
        { "its end", db => db.Database.CurrentTransaction!.CommitAsync(Ct) },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_transaction_that_lost_its_connection_does_not_go_on_on_another_one(string name, Func<PlanDbContext, Task> step)
    {
        _ = name;
        await plan.WithAsync(async (db, _) =>
        {
            var before = await db.AuditEvents.CountAsync(Ct);
            await using (await db.Database.BeginTransactionAsync(Ct))
            {
                await EndConnectionAsync(db);
                db.AuditEvents.Add(new AuditEvent { At = TimeProvider.System.GetUtcNow(), Action = "person.signed-in", Subject = "lost", Detail = "{}" });

                (await step.Awaiting(s => s(db)).Should().ThrowAsync<Exception>()).Which.Should().Match<Exception>(e => PlanDatabase.IsAway(e), "whoever sent it is to send it again");
            }

            (await plan.WithAsync((other, _) => other.AuditEvents.CountAsync(Ct))).Should().Be(before, "nothing was written outside of the transaction");
            return 0;
        });
    }

    [Fact]
    public async Task What_comes_after_a_lost_transaction_was_given_up_is_written() =>
        await plan.WithAsync(async (db, _) =>
        {
            await using (await db.Database.BeginTransactionAsync(Ct))
                await EndConnectionAsync(db);

            return await db.Database.ExecuteSqlAsync($"update plans set regions_version = regions_version", Ct);
        });

    /// <summary>The server ends it, and Npgsql notices where it tells nobody: when the rest of an answer is thrown away.</summary>
    private async Task EndConnectionAsync(PlanDbContext db)
    {
        var process = await db.Database.SqlQuery<int>($"select pg_backend_pid() as \"Value\"").SingleAsync(Ct);
        await plan.WithAsync((other, _) => other.Database.ExecuteSqlAsync($"select pg_terminate_backend({process}, 5000)", Ct));
        await db.Awaiting(d => d.Database.ExecuteSqlAsync($"select 1", Ct)).Should().ThrowAsync<Exception>();
    }
}
