using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data.Audit;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>What somebody who rules over the database can do to the audit, and how it is found out.</summary>
public sealed class AuditChainTests(TestCluster cluster) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 8, 0, 0, TimeSpan.Zero);

    private readonly SeededPlan _plan = new(cluster);

    private List<long> _ids = [];

    /// <summary>Ten events behind the one of the load. There are ids between theirs that nobody has.</summary>
    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        await SqlAsync("""
            insert into audit_events (at, actor_id, action, subject, detail)
            select now(), (select id from people where user_name = 'reporter' and n % 2 = 0), 'reading.submitted', 'I13/CN/' || n, jsonb_build_object('value', n, 'text', '中文, "quoted"')
            from generate_series(2000, 2004) n;
            insert into audit_events (at, action, subject, detail) select now(), 'reading.approved', 'I13/CN/' || n, '{}' from generate_series(2005, 2009) n;
            """);
        _ids = await _plan.WithAsync((db, _) => db.AuditEvents.OrderBy(e => e.Id).Select(e => e.Id).ToListAsync());
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task A_chain_that_nobody_touched_is_whole()
    {
        var verdict = await VerifyAsync();

        verdict.IsSound.Should().BeTrue();
        verdict.Events.Should().Be(11);
        verdict.Head.Should().Be(new AuditAnchor(_ids[10], await HashAsync(_ids[10]), Now));
    }

    [Theory]
    [InlineData("detail = '{\"value\": 9}'")]
    [InlineData("detail = detail || '{\"more\": null}'")]
    [InlineData("subject = 'I13/CN/2020'")]
    [InlineData("action = 'reading.returned'")]
    [InlineData("actor_id = null")]
    [InlineData("at = at + interval '1 microsecond'")]
    [InlineData("hash = sha256('forged')")]
    [InlineData("hash = null")]
    public async Task An_altered_event_is_named(string change)
    {
        await TamperAsync($"update audit_events set {change} where id = {_ids[1]}");

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[1], _ids[0]));
    }

    [Fact]
    public async Task An_altered_event_with_a_hash_to_match_breaks_the_next_one()
    {
        await TamperAsync($"update audit_events set subject = 'another' where id = {_ids[3]}");
        await RehashAsync(_ids[3], _ids[3]);

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[4], _ids[3]));
    }

    [Fact]
    public async Task An_event_removed_from_the_middle_is_missed_by_the_next_one()
    {
        await TamperAsync($"delete from audit_events where id = {_ids[4]}");

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[5], _ids[3]));
    }

    [Fact]
    public async Task A_chain_without_its_beginning_is_broken_at_its_first_event()
    {
        await TamperAsync($"delete from audit_events where id < {_ids[2]}");

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[2], After: null));
    }

    [Fact]
    public async Task Events_that_changed_places_are_found()
    {
        await TamperAsync($"update audit_events set id = -1 where id = {_ids[2]}; update audit_events set id = {_ids[2]} where id = {_ids[3]}; update audit_events set id = {_ids[3]} where id = -1");

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[2], _ids[1]));
    }

    [Fact]
    public async Task An_event_put_in_between_is_found()
    {
        await TamperAsync($"insert into audit_events (id, at, action, subject, detail, hash) values ({_ids[5] + 1}, now(), 'reading.approved', 'nothing', '{{}}', sha256('forged'))");

        (await VerifyAsync()).Break.Should().Be(new ChainBreak(_ids[5] + 1, _ids[5]));
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_seen_by_an_anchor_only()
    {
        var anchor = await AnchorAsync();
        await TamperAsync($"delete from audit_events where id > {_ids[7]}");

        (await VerifyAsync()).IsSound.Should().BeTrue("what is left follows from itself");
        var verdict = await VerifyAsync(anchor);

        verdict.IsSound.Should().BeFalse();
        verdict.Anchors.Should().Equal(new AnchorCheck(anchor, AnchorFault.CutOff));
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_is_seen_by_an_anchor_only()
    {
        var before = new AuditAnchor(_ids[1], await HashAsync(_ids[1]), Now);
        var anchor = await AnchorAsync();
        await TamperAsync($"update audit_events set subject = 'another' where id = {_ids[2]}");
        await RehashAsync(_ids[2], long.MaxValue);

        (await VerifyAsync()).IsSound.Should().BeTrue("every hash was made to match");
        (await VerifyAsync(before, anchor)).Anchors.Should().Equal(new AnchorCheck(before, Fault: null), new AnchorCheck(anchor, AnchorFault.Differs));
    }

    [Fact]
    public async Task An_anchored_event_that_was_taken_out_of_a_chain_written_anew_is_missed()
    {
        var anchor = await AnchorAsync();
        await SqlAsync("insert into audit_events (at, action, subject, detail) values (now(), 'reading.approved', 'I13/CN/2010', '{}')");
        await TamperAsync($"delete from audit_events where id = {anchor.EventId}");
        await RehashAsync(anchor.EventId, long.MaxValue);

        (await VerifyAsync(anchor)).Anchors.Should().Equal(new AnchorCheck(anchor, AnchorFault.Missing));
    }

    [Fact]
    public async Task A_chain_that_only_grew_still_holds_its_anchors()
    {
        var anchor = await AnchorAsync();
        await SqlAsync("insert into audit_events (at, action, subject, detail) values (now(), 'reading.approved', 'I13/CN/2010', '{}')");

        var verdict = await VerifyAsync(anchor);

        verdict.IsSound.Should().BeTrue();
        verdict.Events.Should().Be(12);
    }

    [Fact]
    public async Task An_empty_chain_holds_no_anchor()
    {
        var anchor = await AnchorAsync();
        await TamperAsync("delete from audit_events");

        var verdict = await VerifyAsync(anchor);

        verdict.Should().BeEquivalentTo(new { Events = 0, Head = (AuditAnchor?)null, Break = (ChainBreak?)null });
        verdict.Anchors.Should().Equal(new AnchorCheck(anchor, AnchorFault.CutOff));
    }

    [Fact]
    public async Task A_temporary_table_of_the_same_name_is_not_taken_for_the_chain()
    {
        await SqlAsync("""
            create temporary table audit_events (id bigint, hash bytea);
            insert into public.audit_events (at, action, subject, detail) values (now(), 'reading.approved', 'I13/CN/2010', '{}');
            """);

        (await VerifyAsync()).Should().BeEquivalentTo(new { IsSound = true, Events = 12 });
    }

    [Fact]
    public void A_kept_line_is_read_as_it_was_written()
    {
        var anchor = new AuditAnchor(12_345, new string('a', 64), Now);

        anchor.ToString().Should().Be($"plantracker-audit-anchor 1 12345 {new string('a', 64)} 2026-03-10T08:00:00Z");
        AuditAnchor.Read($"\uFEFF# kept by the archive\r\n\r\n  {anchor} \r\n{anchor}").Anchors.Should().Equal(anchor, anchor);
    }

    [Theory]
    [InlineData("plantracker-audit-anchor 2 1 {0} 2026-03-10T08:00:00Z")]
    [InlineData("plantracker-audit-anchor 1 -1 {0} 2026-03-10T08:00:00Z")]
    [InlineData("plantracker-audit-anchor 1 99999999999999999999 {0} 2026-03-10T08:00:00Z")]
    [InlineData("plantracker-audit-anchor 1 1 {0}0 2026-03-10T08:00:00Z")]
    [InlineData("plantracker-audit-anchor 1 1 {0}")]
    [InlineData("plantracker-audit-anchor 1 1 {0} 2026-02-30T08:00:00Z")]
    [InlineData("plantracker-audit-anchor 1 1 {0} 2026-03-10T08:00:00Z and more")]
    [InlineData("{0}")]
    public void What_is_no_anchor_is_said_with_its_line(string line)
    {
        var hash = new string('b', 64);

        var (anchors, wrongLine) = AuditAnchor.Read($"{new AuditAnchor(1, hash, Now)}\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, line, hash)}\n");

        anchors.Should().BeEmpty();
        wrongLine.Should().Be(2);
    }

    private Task<ChainVerdict> VerifyAsync(params AuditAnchor[] anchors) => _plan.WithAsync((db, _) => db.VerifyAsync(anchors, Now, CancellationToken.None));

    private async Task<AuditAnchor> AnchorAsync() => (await _plan.WithAsync((db, _) => db.AnchorAsync(Now, CancellationToken.None)))!;

    private async Task<string> HashAsync(long id) =>
        Convert.ToHexStringLower((await _plan.WithAsync((db, _) => db.AuditEvents.Where(e => e.Id == id).Select(e => e.Hash).SingleAsync()))!);

    /// <summary>As a superuser can who silences the guards.</summary>
    private Task TamperAsync(string sql) => SqlAsync($"set session_replication_role = replica; {sql}");

    /// <summary>Gives events the hashes that would follow.</summary>
    private async Task RehashAsync(long from, long to)
    {
        foreach (var id in await _plan.WithAsync((db, _) => db.AuditEvents.Where(e => e.Id >= from && e.Id <= to).OrderBy(e => e.Id).Select(e => e.Id).ToListAsync()))
        {
            await TamperAsync($"""
                update audit_events set hash = audit_hash((select hash from audit_events p where p.id < {id} order by id desc limit 1), id, at, actor_id, action, subject, detail) where id = {id}
                """);
        }
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_plan.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
