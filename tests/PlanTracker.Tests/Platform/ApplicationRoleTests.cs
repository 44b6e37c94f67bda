using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Features.Api;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Features.Imports;
using PlanTracker.Tests.Features.Progress;
using PlanTracker.Tests.Features.Rounds;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>The role of the application: all of its work is possible as that role, and nothing that would undo what was recorded.</summary>
public sealed class ApplicationRoleTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = $"/en/plans/{SeededPlan.PlanCode}";

    private readonly SeededPlan _plan = new(cluster) { InItsOwnRole = true };

    private string Role => new NpgsqlConnectionStringBuilder(_plan.ApplicationConnectionString).Username!;

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task Figures_are_saved_submitted_decided_and_withdrawn_on_the_pages()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        using (var page = await reporter.PageAsync($"{Plan}/work/P-RD-INT?period=2024"))
        {
            using var sent = await reporter.PostAsync($"{Plan}/work/P-RD-INT?period=2024", new()
            {
                ["requestId"] = Guid.NewGuid().ToString(),
                ["decision"] = "submit",
                ["source"] = "Bulletin",
                ["explanation"] = "As counted.",
                [page.QuerySelector("#cell-P-RD-INT-330000-2024")!.GetAttribute("name")!] = "3.3",
            });
            sent.StatusCode.Should().Be(HttpStatusCode.Redirect);
        }

        var steps = new EntrySteps(_plan);
        (await steps.SaveAsync("zhejiang", "2.70")).Outcome.Should().Be(DraftOutcome.Saved);
        (await steps.SubmitAsync("zhejiang", "2.75")).Submitted.Should().Be(1);
        (await steps.WithdrawAsync("zhejiang")).Reviewed.Should().Be(1);
        (await steps.SubmitAsync("zhejiang", "2.76")).Submitted.Should().Be(1);
        (await steps.ReturnAsync()).Reviewed.Should().Be(1);
        (await steps.SubmitAsync("zhejiang", "2.77")).Submitted.Should().Be(1);
        (await steps.ApproveAsync()).Reviewed.Should().Be(1);

        (await steps.ReadingAsync())!.Value.Should().Be(2.77m);
        var (key, author) = (await steps.KeyAsync(), await _plan.PersonAsync("zhejiang"));
        (await _plan.WithAsync((_, store) => store.CommentAsync(key, "A remark.", author, CancellationToken.None))).Should().BeNull();
        (await steps.AuditAsync()).Should().HaveCount(8);
    }

    [Fact]
    public async Task A_file_is_applied_approved_and_taken_back()
    {
        var imports = new ImportSteps(_plan);
        var import = await imports.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nP-RD-INT,330000,1951,2.5,A,Yearbook,,\n");

        (await imports.AppliedAsync(import.Id, "reviewer")).State.Should().Be(ImportState.Applied);
        (await _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN"))).Value.Should().Be(16.5m);
        (await imports.RevertAsync(import.Id, "reviewer", isReviewer: true)).Should().BeNull();

        (await imports.ImportAsync(import.Id)).State.Should().Be(ImportState.Reverted);
    }

    [Fact]
    public async Task A_target_is_changed_on_its_page()
    {
        using var administrator = await Visitor.SignedInAsync(_plan.Application, "administrator");
        var basedOn = await _plan.WithAsync((db, _) => db.TargetChanges.Where(c => c.Code == "I13").MaxAsync(c => (int?)c.Id));

        using var answer = await administrator.PostAsync($"{Plan}/indicators/I13/targets?region=CN", new()
        {
            ["basedOn"] = basedOn?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["shape"] = "linear",
            ["statedOn"] = "2024-03-01",
            ["target"] = "I13",
            ["role"] = "final",
            ["period"] = "2025",
            ["value"] = "15.5",
            ["documentEn"] = "Document of the test",
            ["documentZh"] = "测试文件",
            ["source"] = "Page 1",
            ["reason"] = "because of the test",
        });

        answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await AuditAsync()).Should().Equal("plan.loaded", "person.signed-in", "target.set");
    }

    [Fact]
    public async Task A_round_is_kept_a_token_made_and_figures_sent_by_it()
    {
        var rounds = new RoundSteps(_plan);
        await rounds.OpenAsync();
        (await rounds.GrantAsync("zhejiang", region: null, "2026-04-30")).Should().BeEmpty();
        await rounds.CloseAsync();
        using var api = new ApiSteps(_plan);
        var token = await api.TokenAsync("zhejiang", TokenAccess.ReadAndWrite);

        var sent = await api.SubmitAsync(token, $$"""
            {"requestId":"{{Guid.NewGuid()}}","source":"Yearbook","explanation":"As published.","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1960","value":2.5}]}
            """);

        sent.Status.Should().Be(HttpStatusCode.OK, sent.Text);
        (await AuditAsync()).Should().Equal("plan.loaded", "round.created", "round.exception-granted", "round.closed", "token.made", "reading.submitted");
    }

    [Fact]
    public async Task Progress_is_reported_and_decided()
    {
        var steps = new ProgressSteps(_plan);
        var goal = await steps.TakenAsync(await steps.StatedAsync());
        var item = await steps.TakenAsync(await steps.StatedAsync("B01.1"));

        (await steps.ApproveAsync(goal)).Reviewed.Should().Be(1);
        (await steps.ReturnAsync("Which courses?", item)).Reviewed.Should().Be(1);
    }

    [Fact]
    public async Task Plans_are_loaded_and_judged_and_administrators_made_from_a_shell()
    {
        using var package = new TinyPlan();

        (await RunAsync("load-plan", package.Folder)).Exit.Should().Be(0);
        (await RunAsync("rejudge")).Exit.Should().Be(0);
        (await RunAsync("create-admin", "amina")).Exit.Should().Be(0);
        (await RunAsync("migrate")).Should().Be((0, "The database schema is up to date.\n", ""), "there is nothing to change");
    }

    [Theory]
    [InlineData("update audit_events set subject = 'another'")]
    [InlineData("update audit_events set hash = null")]
    [InlineData("delete from audit_events")]
    [InlineData("truncate audit_events")]
    [InlineData("alter table audit_events disable trigger all")]
    [InlineData("drop trigger keep_audit_event on audit_events")]
    [InlineData("create trigger another before insert on audit_events for each row execute function keep_audit_event()")]
    [InlineData("create or replace function chain_audit_event() returns trigger language plpgsql as 'begin return new; end'")]
    [InlineData("drop table audit_events")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("select setval('audit_events_id_seq', 1)")]
    [InlineData("create table another (id int)")]
    [InlineData("create schema another")]
    [InlineData("alter table readings add column another int")]
    [InlineData("alter role current_user superuser")]
    [InlineData("create role another")]
    [InlineData("delete from reading_revisions")]
    [InlineData("truncate reading_revisions")]
    [InlineData("update reading_revisions set value = 1")]
    [InlineData("update target_changes set value = 1")]
    [InlineData("delete from target_changes")]
    [InlineData("update reading_comments set text = ''")]
    [InlineData("delete from progress_reports")]
    [InlineData("update progress_reports set statement = ''")]
    [InlineData("delete from evidence_files")]
    [InlineData("delete from \"__EFMigrationsHistory\"")]
    public async Task What_would_undo_the_record_is_refused(string sql)
    {
        var change = () => SqlAsync(_plan.ApplicationConnectionString, sql);

        (await change.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task Rights_are_exactly_these()
    {
        await using var source = NpgsqlDataSource.Create(_plan.ConnectionString);
        await using var command = source.CreateCommand("""
            select c.relname || ': ' || coalesce(string_agg(lower(a.privilege_type), ' ' order by a.privilege_type), '')
            from pg_class c cross join lateral aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and r.rolname = $1 group by c.relname
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = Role });
        var rights = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                rights.Add(reader.GetString(0).Split(": ")[0], reader.GetString(0).Split(": ")[1].Replace(" maintain", "", StringComparison.Ordinal));
        }

        rights.Where(r => r.Value != "delete insert select update").Select(r => $"{r.Key}: {r.Value}").Should().BeEquivalentTo(
            "audit_events: insert select", "reading_revisions: insert select", "target_changes: insert select", "reading_comments: insert select",
            "progress_reports: insert select", "evidence_files: insert select", "report_files: insert select", "__EFMigrationsHistory: select");
        rights.Should().HaveCountGreaterThan(40, "every table is the application's to work with");
    }

    [Fact]
    public async Task Granting_again_takes_away_what_was_too_much_and_leaves_the_password()
    {
        await SqlAsync(_plan.ConnectionString, $"grant update, truncate on audit_events to {Role}; grant create on schema public to {Role}");

        (await GrantAsync(Role)).Should().BeNull();

        await FluentActions.Awaiting(() => SqlAsync(_plan.ApplicationConnectionString, "update audit_events set subject = 'another'")).Should().ThrowAsync<PostgresException>();
        await FluentActions.Awaiting(() => SqlAsync(_plan.ApplicationConnectionString, "create table another (id int)")).Should().ThrowAsync<PostgresException>();
    }

    [Fact]
    public async Task A_role_that_could_do_more_is_not_given_the_rights()
    {
        await SqlAsync(_plan.ConnectionString, $"""
            create role {Role}_maker createrole; create role {Role}_member; create role {Role}_group; grant {Role}_group to {Role}_member;
            grant update on audit_events to {Role}_group
            """);

        (await GrantAsync(new NpgsqlConnectionStringBuilder(_plan.ConnectionString).Username!)).Should().Contain("may do more than the application should");
        (await GrantAsync($"{Role}_maker")).Should().Contain("may do more than the application should");
        (await GrantAsync($"{Role}_member")).Should().Contain("by way of another role");
        (await GrantAsync($"{Role}_nobody")).Should().Contain("There is no role").And.Contain("Database__ApplicationPassword");
        (await GrantAsync($"{Role}_nobody", "中文")).Should().Contain("ASCII");
    }

    [Fact]
    public async Task A_name_is_a_name_whatever_it_holds()
    {
        var name = $"{Role}\"; drop table audit_events; --";

        (await GrantAsync(name, "it's a 'password'")).Should().BeNull();

        var connection = new NpgsqlConnectionStringBuilder(_plan.ConnectionString) { Username = name, Password = "it's a 'password'" }.ConnectionString;
        await SqlAsync(connection, "insert into audit_events (at, action, subject, detail) values (now(), 'test.named', 'nothing', '{}')");
    }

    [Fact]
    public async Task Where_the_schema_is_behind_the_role_is_told_who_brings_it_up_to_date()
    {
        await WithAsync(_plan.ConnectionString, async db =>
        {
            var migrations = db.Database.GetMigrations().ToList();
            await db.GetService<IMigrator>().MigrateAsync(migrations[^2]);
            return 0;
        });

        var waiting = await WithAsync(_plan.ApplicationConnectionString, db => db.BringUpToDateAsync(allowed: false, CancellationToken.None));
        var trying = await WithAsync(_plan.ApplicationConnectionString, db => db.BringUpToDateAsync(allowed: true, CancellationToken.None));
        var command = await RunAsync("rejudge");

        waiting.Should().Contain("behind this version by 1 migration(s)").And.Contain("migrate --grant-to");
        trying.Should().Contain("may not change the schema").And.Contain("migrate --grant-to");
        command.Should().Be((1, "", trying + "\n"));
        (await WithAsync(_plan.ConnectionString, db => db.BringUpToDateAsync(allowed: true, CancellationToken.None))).Should().BeNull();
    }

    private async Task<string?> GrantAsync(string role, string? password = null)
    {
        await using var source = NpgsqlDataSource.Create(_plan.ConnectionString + ";Pooling=false");
        return await ApplicationRole.GrantAsync(source, role, password, CancellationToken.None);
    }

    private Task<List<string>> AuditAsync() => _plan.WithAsync((db, _) => db.AuditEvents.OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());

    private async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exit = await Commands.RunAsync(_plan.Application.Services, args, output, errors, CancellationToken.None);
        return (exit, output.ToString(), errors.ToString());
    }

    private async Task<T> WithAsync<T>(string connection, Func<PlanDbContext, Task<T>> work)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        var options = new DbContextOptionsBuilder<PlanDbContext>();
        options.UsePlanDatabase(source).UseApplicationServiceProvider(_plan.Application.Services);
        await using var db = new PlanDbContext(options.Options);
        return await work(db);
    }

    private static async Task SqlAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
