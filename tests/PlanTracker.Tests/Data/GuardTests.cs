using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>What the database itself refuses, whoever asks: to forget a statement, or to rewrite what happened.</summary>
public sealed class GuardTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task The_hash_of_every_event_follows_from_the_event_and_the_one_before()
    {
        await SubmitAsync("P-RD-INT", ("110000", "6.9"), ("310000", "4.5"), ("330000", "3.3"));
        await ApproveEverythingAsync();
        await SubmitAsync("I13", ("CN", "15.5"));

        var events = await ChainAsync();

        events.Should().HaveCount(8, "one load, four submissions and three approvals happened");
        events.Where(e => e.ActorId is null).Should().ContainSingle();
        events.Select(e => Convert.ToHexString(e.Hash)).Should().Equal(Recomputed(events));
    }

    [Fact]
    public async Task Many_writers_at_once_make_one_chain_without_forks()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SubmitAsync("P-RD-INT", 1950 + i, ("110000", "6.9"), ("310000", "4.5"))));

        var events = await ChainAsync();

        events.Count(e => e.Action == "reading.submitted").Should().Be(24);
        events.Select(e => Convert.ToHexString(e.Hash)).Should().Equal(Recomputed(events)).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task An_event_altered_behind_the_guards_breaks_the_chain_from_there_on()
    {
        await SubmitAsync("P-RD-INT", ("110000", "6.9"), ("310000", "4.5"));
        var second = (await ChainAsync())[1].Id;

        await SqlAsync($"alter table audit_events disable trigger keep_audit_event");
        await SqlAsync($"update audit_events set detail = jsonb_set(detail, array['value'], '7.9') where id = {second}");

        var events = await ChainAsync();
        events.Zip(Recomputed(events), (e, hash) => Convert.ToHexString(e.Hash) == hash).Should().Equal(true, false, true);
        // Whoever forges the hash as well breaks the link to the event after it.
        events[1] = events[1] with { Hash = Convert.FromHexString(Recomputed(events)[1]) };
        events.Zip(Recomputed(events), (e, hash) => Convert.ToHexString(e.Hash) == hash).Should().Equal(true, true, false);
    }

    [Fact]
    public async Task The_hash_is_the_databases_to_give()
    {
        await SqlAsync($"insert into audit_events (at, action, subject, detail, hash) values (now(), 'test.forged', 'nothing', '[]', sha256('forged'))");

        var events = await ChainAsync();

        events.Should().HaveCount(2);
        events.Select(e => Convert.ToHexString(e.Hash)).Should().Equal(Recomputed(events));
    }

    [Fact]
    public Task An_event_cannot_be_altered() => RefusedAsync("audit_events is insert-only", $"update audit_events set subject = 'another'");

    [Fact]
    public Task An_event_cannot_be_removed() => RefusedAsync("audit_events is insert-only", $"delete from audit_events");

    [Fact]
    public Task The_events_cannot_be_emptied_out() => RefusedAsync("audit_events is insert-only", $"truncate audit_events");

    [Fact]
    public Task A_statement_cannot_be_removed() => RefusedAsync("reading_revisions is append-only", $"delete from reading_revisions");

    [Fact]
    public Task The_statements_cannot_be_emptied_out() => RefusedAsync("reading_revisions is append-only", $"truncate reading_revisions cascade");

    [Fact]
    public async Task Nothing_that_was_stated_can_be_altered()
    {
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set value = value + 1");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set value = null, status = 'M'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set status = 'E' where status = 'A'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set quality = 'reported'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set source = 'another'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set note = 'another'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set number = number + 1");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set reading_id = reading_id + 1");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set author_id = (select id from people limit 1)");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set created_at = created_at - interval '1 day'");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set request_id = gen_random_uuid()");
    }

    [Fact]
    public async Task The_state_of_a_statement_and_its_review_may_change() =>
        (await SqlAsync($"update reading_revisions set state = 'superseded', reviewer_id = (select id from people limit 1), reviewed_at = now(), reason = 'test'"))
            .Should().Be(4887);

    [Fact]
    public async Task Nobody_approves_a_statement_of_their_own()
    {
        await SubmitAsync("I13", ("CN", "15.5"));

        var approve = () => SqlAsync($"update reading_revisions set reviewer_id = author_id where author_id is not null");

        (await approve.Should().ThrowAsync<PostgresException>()).Which.ConstraintName.Should().Be("ck_reading_revisions_own_approval");
    }

    private async Task RefusedAsync(string reason, FormattableString sql)
    {
        var before = await FootprintAsync();
        var change = () => SqlAsync(sql);

        var refusal = (await change.Should().ThrowAsync<PostgresException>("{0} is refused", sql)).Which;

        refusal.SqlState.Should().Be(PostgresErrorCodes.RestrictViolation);
        refusal.MessageText.Should().Be(reason);
        (await FootprintAsync()).Should().Be(before);
    }

    private Task<(int Revisions, decimal? Sum, int Events)> FootprintAsync() => _plan.WithAsync(async (db, _) =>
        (await db.Revisions.CountAsync(), await db.Revisions.SumAsync(r => r.Value), await db.AuditEvents.CountAsync()));

    private Task<int> SqlAsync(FormattableString sql) => _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync(sql));

    private Task SubmitAsync(string indicator, params (string Region, string Text)[] cells) => SubmitAsync(indicator, 2024, cells);

    private async Task SubmitAsync(string indicator, int year, params (string Region, string Text)[] cells)
    {
        var typed = new List<TypedCell>();
        foreach (var (region, text) in cells)
            typed.Add(new TypedCell(new CellKey(await _plan.IndicatorAsync(indicator), await _plan.RegionAsync(region), Period.Annual(year)), text));
        var submission = new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = typed,
        };
        var author = await _plan.PersonAsync("reporter");
        (await _plan.WithAsync((_, store) => store.SubmitAsync(submission, author, CancellationToken.None))).Submitted.Should().Be(cells.Length);
    }

    private async Task ApproveEverythingAsync()
    {
        var reviewer = await _plan.PersonAsync("reviewer");
        var waiting = await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.State == RevisionState.Submitted).Select(r => r.Id).ToListAsync());
        (await _plan.WithAsync((_, store) => store.ApproveAsync(waiting, reviewer, CancellationToken.None))).Reviewed.Should().Be(waiting.Count);
    }

    private Task<List<Line>> ChainAsync() => _plan.WithAsync((db, _) => db.Database.SqlQuery<Line>($"""
        select id, extract(epoch from at)::text as epoch, actor_id, action, subject, detail::text as detail, hash from audit_events order by id
        """).ToListAsync());

    /// <summary>The hashes as the chain wants them: each from its event and from the stored hash before it.</summary>
    private static List<string> Recomputed(List<Line> events)
    {
        byte[] previous = [];
        var hashes = new List<string>();
        foreach (var one in events)
        {
            var text = string.Join('\x1f', new[] { $"{one.Id}", one.Epoch, one.ActorId?.ToString(), one.Action, one.Subject, one.Detail }.Where(t => t is not null));
            hashes.Add(Convert.ToHexString(SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text)])));
            previous = one.Hash;
        }

        return hashes;
    }

    private sealed record Line(long Id, string Epoch, Guid? ActorId, string Action, string Subject, string Detail, byte[] Hash);
}
