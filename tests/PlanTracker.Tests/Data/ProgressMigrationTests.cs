using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>What was assessed about goals before there were reports of progress is a report of progress afterwards.</summary>
public sealed class ProgressMigrationTests(TestCluster cluster)
{
    private const string Before = "LoadedOn";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assessments_become_reports_with_their_numbers_words_and_reviews()
    {
        await using var source = NpgsqlDataSource.Create(await cluster.EmptyDatabaseAsync());
        // The schema of accounts depends on options of the application.
        await using var application = new PlanApplication(await cluster.SeededDatabaseAsync());
        var options = new DbContextOptionsBuilder<PlanDbContext>();
        options.UsePlanDatabase(source).UseApplicationServiceProvider(application.Services);
        await using var db = new PlanDbContext(options.Options);
        await db.Database.MigrateAsync(Before, Cancelled);
        await db.Database.ExecuteSqlAsync($"""
            insert into people (id, display_name, disabled, created_at, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
            select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'Person ' || n, false, now(), false, false, false, false, 0 from generate_series(1, 2) n;
            insert into plans (id, code, name_en, name_zh, baseline_period, end_period, milestone_years, region_set, source)
            values (1, 'p', 'P', 'P', '2020', '2025', array[2025], 'cn', 's');
            insert into plan_elements (id, plan_id, code, kind, path, position, title_en, title_zh, title_zh_basis, summary_en, summary_zh, source)
            values (1, 1, 'A', 'action', '/A/', 1, 'A', 'A', 'published', 'a', 'a', 's');
            insert into milestones (id, element_id, code, year, goal_en, goal_zh, source) values (1, 1, 'A-2025', 2025, 'g', 'g', 's');
            insert into milestone_assessments (id, milestone_id, number, status, statement, evidence, author_id, created_at, request_id, state, reviewer_id, reviewed_at, reason, known_on)
            values
                (3, 1, 1, 'behind', 'Half.', 'Report 1', '00000000-0000-0000-0000-000000000001', '2024-01-02T03:04:05Z', '10000000-0000-0000-0000-000000000000', 'superseded', '00000000-0000-0000-0000-000000000002', '2024-01-03T00:00:00Z', null, '2024-01-03'),
                (7, 1, 2, 'achieved', 'All.', 'Report 2', '00000000-0000-0000-0000-000000000001', '2024-02-02T03:04:05Z', '20000000-0000-0000-0000-000000000000', 'approved', '00000000-0000-0000-0000-000000000002', '2024-02-03T00:00:00Z', null, '2024-02-03'),
                (8, 1, 3, 'behind', 'Less.', 'Report 3', '00000000-0000-0000-0000-000000000001', '2024-03-02T03:04:05Z', '30000000-0000-0000-0000-000000000000', 'returned', '00000000-0000-0000-0000-000000000002', '2024-03-03T00:00:00Z', 'Why?', null)
            """, Cancelled);

        await db.Database.MigrateAsync(Cancelled);

        var reports = await db.ProgressReports.AsNoTracking().OrderBy(r => r.Number).ToListAsync(Cancelled);
        reports.Select(r => (r.Id, r.MilestoneId, r.ItemId, r.Status, r.Stage, r.Statement, r.Evidence, r.State, r.Reason, r.KnownOn)).Should().Equal(
            (3, 1, null, Status.Behind, null, "Half.", "Report 1", RevisionState.Superseded, null, new DateOnly(2024, 1, 3)),
            (7, 1, null, Status.Achieved, null, "All.", "Report 2", RevisionState.Approved, null, new DateOnly(2024, 2, 3)),
            (8, 1, null, Status.Behind, null, "Less.", "Report 3", RevisionState.Returned, "Why?", null));
        reports[0].CreatedAt.Should().Be(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero));
        (await db.Database.SqlQuery<long>($"""select nextval(pg_get_serial_sequence('progress_reports', 'id')) as "Value" """).ToListAsync(Cancelled)).Should().Equal(9);
        (await db.Database.SqlQuery<bool>($"""select to_regclass('milestone_assessments') is null as "Value" """).ToListAsync(Cancelled)).Should().Equal(true);
    }
}
