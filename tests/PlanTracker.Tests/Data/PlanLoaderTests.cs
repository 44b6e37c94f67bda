using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>What loading a package does to a database: all of it or nothing, once, and never over what people have approved.</summary>
public sealed class PlanLoaderTests(TestCluster cluster) : IAsyncLifetime
{
    private const string National = "readings/national.csv";

    private readonly SeededPlan _plan = new(cluster);
    private readonly TinyPlan _package = new();

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _package.Dispose();
        await _plan.DisposeAsync();
    }

    [Fact]
    public async Task Another_plan_loads_beside_the_shipped_one_and_its_pages_answer_in_both_languages()
    {
        await LoadAsync();
        using var leader = new Visitor(_plan.Application);
        (await leader.SignInAsync("leader", DemonstrationAccounts.Password)).Should().BeTrue();

        foreach (var (language, plan, region, element, indicator) in new[]
        {
            ("en", "Library Plan of the Isles", "North Isle", "Book boats", "Days until a book arrives"),
            ("zh", "群岛图书馆规划", "北岛", "图书船", "图书等待天数"),
        })
        {
            var home = $"/{language}/plans/{TinyPlan.Code}";
            await ShowsAsync($"/{language}", plan);
            await ShowsAsync(home, plan, indicator);
            await ShowsAsync($"{home}/elements", element);
            await ShowsAsync($"{home}/indicators", indicator);
            await ShowsAsync($"{home}/regions", region[..2]);
            await ShowsAsync($"{home}/readings", indicator);
            await ShowsAsync($"{home}/readings.csv", "29.50");
            foreach (var code in new[] { "O-READ", "K-HALLS", "K-HALLS.1", "K-BOATS", "K-BOATS.1" })
                await ShowsAsync($"{home}/elements/{code}", code);
            foreach (var code in new[] { "BOOKS", "WAIT", "LOANS" })
                await ShowsAsync($"{home}/indicators/{code}", code);
            foreach (var code in new[] { "ISLES", "NORTH", "SOUTH", "COVE", "RING" })
                await ShowsAsync($"{home}/regions/{code}", plan);
            await ShowsAsync($"{home}/elements/K-BOATS", element);
            await ShowsAsync($"{home}/indicators/WAIT", indicator, "29.50");
            await ShowsAsync($"{home}/indicators/BOOKS?region=NORTH&period=2030-S1", "60.5");
            await ShowsAsync($"{home}/regions/NORTH?indicator=BOOKS", region, "60.5");
            await ShowsAsync($"/{language}/plans/{SeededPlan.PlanCode}", language == "en" ? "National Informatization" : "国家信息化规划");
        }

        using (var mixed = await leader.GetAsync($"/en/plans/{SeededPlan.PlanCode}/indicators/WAIT"))
            mixed.StatusCode.Should().Be(HttpStatusCode.NotFound, "an indicator belongs to its plan");

        async Task ShowsAsync(string address, params string[] texts)
        {
            using var answer = await leader.GetAsync(address);
            answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0} answers", address);
            (await answer.Content.ReadAsStringAsync()).Should().ContainAll(texts, "{0} shows them", address);
        }
    }

    [Fact]
    public async Task Another_plan_is_judged_by_its_own_years_and_half_years()
    {
        await LoadAsync();

        (await StandingAsync("BOOKS", "ISLES")).Should().BeEquivalentTo(new
        {
            Period = Period.Parse("2030-S2"),
            Value = 118m,
            ObservationStatus = ObservationStatus.P,
            PreviousPeriod = Period.Parse("2030-S1"),
            PreviousValue = 112.5m,
            Status = Status.Behind,
            Planned = 120m,
            PaceRatio = 0.9m,
            Attainment = 0.18m,
            Elapsed = 0.2m,
            Receding = false,
        });
        (await StandingAsync("WAIT", "ISLES")).Should().BeEquivalentTo(new
        {
            Period = Period.Parse("2030-Q2"),
            Value = 29.5m,
            Status = Status.FarBehind,
            Planned = 28m,
            PaceRatio = 0.25m,
            Elapsed = 0.1m,
            Receding = true,
        });
        (await StandingAsync("LOANS", "ISLES")).Should().BeEquivalentTo(new
        {
            Period = Period.Parse("2030"),
            Value = 57m,
            Status = Status.NoJudgement,
            Reason = NoJudgementReason.NoBaseline,
        });
        (await StandingAsync("BOOKS", "NORTH")).Should().BeEquivalentTo(new { Value = 60.5m, Status = Status.NoJudgement, Reason = NoJudgementReason.NoTarget });
    }

    [Fact]
    public async Task Loading_an_unchanged_package_again_touches_no_row_of_any_plan()
    {
        await LoadAsync();
        var before = await RowVersionsAsync();

        var tiny = await LoadAsync();
        var shipped = await LoadAsync(SeededPlan.PackageFolder);

        tiny.Should().BeEquivalentTo(new { Plan = TinyPlan.Code, Changes = 0, NewStatements = 0 });
        shipped.Should().BeEquivalentTo(new { Plan = SeededPlan.PlanCode, Changes = 0, NewStatements = 0 });
        (await RowVersionsAsync()).Should().Equal(before);
        (await LoadEventsAsync()).Should().Be(2);
    }

    [Fact]
    public async Task A_changed_figure_makes_one_new_revision_and_is_judged_at_once()
    {
        await LoadAsync();
        var before = await RevisionsAsync();
        _package.Change(National, "118.0", "119.0");

        var report = await LoadAsync();

        report.Should().BeEquivalentTo(new { Changes = 0, NewStatements = 1 });
        (await RevisionsAsync()).Should().Be(before + 1);
        (await CellAsync("BOOKS", "2030-S2")).Should().Equal(
            (1, 118.0m, RevisionState.Superseded), (2, 119.0m, RevisionState.Approved));
        (await StandingAsync("BOOKS", "ISLES")).Should().BeEquivalentTo(new { Value = 119m, PaceRatio = 0.95m, Status = Status.OnTrack });
        (await LoadEventsAsync()).Should().Be(3);
    }

    [Fact]
    public async Task A_changed_target_is_judged_against_at_once()
    {
        await LoadAsync();
        var before = await RevisionsAsync();
        _package.Change("targets.csv", "interim,140", "interim,136");

        var report = await LoadAsync();

        report.Should().BeEquivalentTo(new { Changes = 1, NewStatements = 0 });
        (await StandingAsync("BOOKS", "ISLES")).Should().BeEquivalentTo(new { Value = 118m, PaceRatio = 1m, Status = Status.OnTrack });
        (await RevisionsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_figure_that_is_set_back_to_what_it_was_is_current_again()
    {
        await LoadAsync();
        _package.Change(National, "118.0", "119.0");
        await LoadAsync();
        _package.Change(National, "119.0", "118.0");

        var report = await LoadAsync();
        var again = await LoadAsync();

        report.NewStatements.Should().Be(1);
        again.Should().BeEquivalentTo(new { Changes = 0, NewStatements = 0 });
        (await CellAsync("BOOKS", "2030-S2")).Should().Equal(
            (1, 118.0m, RevisionState.Superseded), (2, 119.0m, RevisionState.Superseded), (3, 118.0m, RevisionState.Approved));
        (await StandingAsync("BOOKS", "ISLES")).Should().BeEquivalentTo(new { Value = 118m, Status = Status.Behind });
    }

    [Fact]
    public async Task Of_two_statements_about_a_cell_the_last_is_current_and_the_earlier_is_history()
    {
        await LoadAsync();

        (await CellAsync("WAIT", "2030-Q2")).Should().Equal((1, 31.00m, RevisionState.Superseded), (2, 29.50m, RevisionState.Approved));
        (await _plan.WithAsync((db, _) => db.Readings.Where(r => r.Indicator!.Code == "WAIT" && r.Period == Period.Parse("2030-Q2"))
            .Select(r => new { r.Value, r.Status, r.LastNumber, r.ApprovedRevision!.Source }).SingleAsync()))
            .Should().Be(new { Value = (decimal?)29.50m, Status = (ObservationStatus?)ObservationStatus.A, LastNumber = 2, Source = "Report 3" });
    }

    [Fact]
    public async Task Statements_that_change_places_change_which_one_is_current()
    {
        await LoadAsync();
        _package.Change(National, "31.00,E,about,Report 2", "x");
        _package.Change(National, "29.50,A,published,Report 3", "31.00,E,about,Report 2");
        _package.Change(National, "x,", "29.50,A,published,Report 3,");

        await LoadAsync();

        (await StandingAsync("WAIT", "ISLES")).Should().BeEquivalentTo(new { Value = 31m, Status = Status.MovingAway });
        (await LoadAsync()).NewStatements.Should().Be(0);
    }

    [Fact]
    public async Task History_added_before_a_statement_does_not_become_current()
    {
        await LoadAsync();
        const string Row = "BOOKS,ISLES,2030-S2,118.0,P,published,Bulletin 2,,";
        _package.Change(National, Row, $"BOOKS,ISLES,2030-S2,117.0,F,published,Bulletin 1,,\n{Row}");

        await LoadAsync();

        (await StandingAsync("BOOKS", "ISLES")).Value.Should().Be(118m);
        (await CellAsync("BOOKS", "2030-S2")).Where(r => r.State == RevisionState.Approved).Should().ContainSingle().Which.Value.Should().Be(118m);
        (await LoadAsync()).Should().BeEquivalentTo(new { Changes = 0, NewStatements = 0 });
    }

    [Fact]
    public async Task Why_there_is_no_figure_is_kept_and_does_not_hide_the_last_one()
    {
        await LoadAsync();

        (await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.Reading!.Indicator!.Code == "LOANS" && r.Reading.Period == Period.Annual(2031))
            .Select(r => new { r.Value, r.Status, r.Note }).SingleAsync()))
            .Should().Be(new { Value = (decimal?)null, Status = ObservationStatus.O, Note = (string?)"not counted in the year of the flood" });
        (await StandingAsync("LOANS", "ISLES")).Period.Should().Be(Period.Annual(2030));
    }

    [Fact]
    public async Task What_people_have_approved_survives_another_load()
    {
        var (reporter, reviewer) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"));
        var submission = new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(await _plan.IndicatorAsync("I13"), await _plan.RegionAsync("CN"), Period.Annual(2025)), "16.5") { BasedOn = 1 }],
        };
        (await _plan.WithAsync((_, store) => store.SubmitAsync(submission, reporter, CancellationToken.None))).Submitted.Should().Be(1);
        var waiting = await _plan.WithAsync((db, _) => db.Revisions.Where(r => r.RequestId == submission.RequestId).Select(r => r.Id).SingleAsync());
        (await _plan.WithAsync((_, store) => store.ApproveAsync([waiting], reviewer, CancellationToken.None))).Reviewed.Should().Be(1);

        var report = await LoadAsync(SeededPlan.PackageFolder);

        report.Should().BeEquivalentTo(new { Changes = 0, NewStatements = 0 });
        (await CellAsync("I13", "2025")).Should().Equal((1, 15.9722m, RevisionState.Superseded), (2, 16.5m, RevisionState.Approved));
        (await StandingAsync("I13", "CN")).Value.Should().Be(16.5m);
    }

    [Fact]
    public async Task What_waits_for_review_still_waits_after_another_load()
    {
        var submission = new Submission
        {
            Source = "Bulletin of the test",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(await _plan.IndicatorAsync("I13"), await _plan.RegionAsync("CN"), Period.Annual(2024)), "15.5")],
        };
        var reporter = await _plan.PersonAsync("reporter");
        await _plan.WithAsync((_, store) => store.SubmitAsync(submission, reporter, CancellationToken.None));

        await LoadAsync(SeededPlan.PackageFolder);

        (await CellAsync("I13", "2024")).Should().Equal((1, 15.5m, RevisionState.Submitted));
    }

    [Fact]
    public async Task A_package_that_contradicts_what_is_stored_changes_nothing_at_all()
    {
        await LoadAsync();
        var before = await RowVersionsAsync();
        _package.Change("plan.csv", "Library Plan of the Isles", "Another name");
        _package.Change(National, "118.0", "119.0");
        // Under another code it is a second final target beside the stored one.
        _package.Change("targets.csv", "BOOKS-F,", "BOOKS-2034,");
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var exit = await Commands.RunAsync(_plan.Application.Services, ["load-plan", _package.Folder], output, errors, CancellationToken.None);

        exit.Should().Be(1);
        output.ToString().Should().BeEmpty();
        errors.ToString().Should().Contain("contradicts what is stored").And.Contain("ux_targets_one");
        (await RowVersionsAsync()).Should().Equal(before);
    }

    [Fact]
    public async Task First_loads_that_run_at_the_same_time_end_in_one_plan()
    {
        await using var source = NpgsqlDataSource.Create(await cluster.EmptyDatabaseAsync());
        await WithAsync(source, async db =>
        {
            await db.Database.MigrateAsync();
            return true;
        });

        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => WithAsync(source, LoadInto)));

        reports.Count(r => r.Changes > 0).Should().Be(1);
        reports.Count(r => r.Changes == 0 && r.NewStatements == 0).Should().Be(5);
        (await WithAsync(source, async db => (await db.Plans.CountAsync(), await db.Regions.CountAsync(), await db.Elements.CountAsync()))).Should().Be((1, 5, 5));
        (await WithAsync(source, async db => (await db.Readings.CountAsync(), await db.Revisions.CountAsync(), await db.AuditEvents.CountAsync())))
            .Should().Be((8, 9, 1));
    }

    [Fact]
    public async Task A_load_and_the_writers_of_its_plan_wait_for_each_other_and_writers_of_other_plans_do_not()
    {
        await LoadAsync();
        var (books, wait) = (await SeriesAsync("BOOKS", "ISLES"), await SeriesAsync("WAIT", "ISLES"));
        var elsewhere = await SeriesAsync("I13", "CN");
        var plan = await _plan.WithAsync((db, _) => db.Indicators.Where(i => i.Id == books.IndicatorId).Select(i => i.PlanId).SingleAsync());

        await WhileAsync(db => db.LockPlanAsync(plan, CancellationToken.None), async () =>
        {
            (await WaitsAsync(db => db.LockAsync([books], CancellationToken.None))).Should().BeTrue("the plan is held");
            (await WaitsAsync(db => db.LockAsync([elsewhere], CancellationToken.None))).Should().BeFalse("that is another plan");
        });
        await WhileAsync(db => db.LockAsync([books], CancellationToken.None), async () =>
        {
            (await WaitsAsync(db => db.LockPlanAsync(plan, CancellationToken.None))).Should().BeTrue("somebody writes in the plan");
            (await WaitsAsync(db => db.LockAsync([books], CancellationToken.None))).Should().BeTrue("somebody writes in the series");
            (await WaitsAsync(db => db.LockAsync([wait], CancellationToken.None))).Should().BeFalse("that is another series");
        });
    }

    [Fact]
    public async Task A_load_that_meets_a_submission_goes_through_and_so_does_the_submission()
    {
        await LoadAsync();
        var series = await SeriesAsync("BOOKS", "ISLES");
        _package.Change("targets.csv", "final,200.0", "final,210.0");
        _package.Change(National, "118.0", "119.0");
        Task load = Task.CompletedTask;

        await WhileAsync(db => db.LockAsync([series], CancellationToken.None), async db =>
        {
            load = LoadAsync();
            await WaitsOrEndsAsync(load);
            // What the load is about to write as well.
            await db.Targets.Where(t => t.IndicatorId == series.IndicatorId).ExecuteUpdateAsync(set => set.SetProperty(t => t.Note, "changed meanwhile"));
            await db.Readings.Where(r => r.IndicatorId == series.IndicatorId).ExecuteUpdateAsync(set => set.SetProperty(r => r.LastNumber, r => r.LastNumber));
        });
        await load;

        (await StandingAsync("BOOKS", "ISLES")).Value.Should().Be(119m);
    }

    [Fact]
    public async Task However_many_series_are_written_the_locks_stay_few()
    {
        var indicator = await _plan.IndicatorAsync("I13");
        foreach (var (series, locks) in new[] { (Standings.MostSeriesLocks, Standings.MostSeriesLocks + 1), (50_000, 1) })
        {
            await WhileAsync(db => db.LockAsync(Enumerable.Range(1, series).Select(r => new Series(indicator, r)), CancellationToken.None), async db =>
                (await db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()").SingleAsync())
                    .Should().Be(locks));
        }
    }

    [Fact]
    public async Task The_application_starts_on_a_database_that_holds_only_another_plan()
    {
        var connectionString = await cluster.EmptyDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        {
            await WithAsync(source, async db =>
            {
                await db.Database.MigrateAsync();
                return await LoadInto(db);
            });
        }

        await using var application = new PlanApplication(connectionString);
        using var leader = new Visitor(application);

        (await leader.SignInAsync("leader", DemonstrationAccounts.Password)).Should().BeTrue();
        using var home = await leader.GetAsync("/en");
        home.Headers.Location!.ToString().Should().Be($"/en/plans/{TinyPlan.Code}");
        using var overview = await leader.PageAsync($"/en/plans/{TinyPlan.Code}");
        overview.Body!.TextContent.Should().Contain("Days until a book arrives");
    }

    private async Task<LoadReport> LoadAsync(string? folder = null)
    {
        var package = PlanPackage.Read(folder ?? _package.Folder);
        await using var scope = _plan.Application.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PlanLoader>().LoadAsync(package, CancellationToken.None);
    }

    private Task<LoadReport> LoadInto(PlanDbContext db) =>
        new PlanLoader(db, TimeProvider.System).LoadAsync(PlanPackage.Read(_package.Folder), CancellationToken.None);

    private async Task<Series> SeriesAsync(string indicator, string region) => new(await _plan.IndicatorAsync(indicator), await _plan.RegionAsync(region));

    /// <summary>Does something while another transaction holds a lock.</summary>
    private Task WhileAsync(Func<PlanDbContext, Task> held, Func<Task> work) => WhileAsync(held, _ => work());

    /// <summary>Takes a lock, goes on in the same transaction and commits.</summary>
    private Task WhileAsync(Func<PlanDbContext, Task> held, Func<PlanDbContext, Task> work) => _plan.WithAsync(async (db, _) =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await held(db);
        await work(db);
        await transaction.CommitAsync();
        return true;
    });

    /// <summary>Whether a lock is held by somebody else.</summary>
    private Task<bool> WaitsAsync(Func<PlanDbContext, Task> locking) => _plan.WithAsync(async (db, _) =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlAsync($"set local lock_timeout = '50ms'");
        try
        {
            await locking(db);
            return false;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return true;
        }
    });

    /// <summary>Comes back when work waits for an advisory lock, or has ended without.</summary>
    private Task WaitsOrEndsAsync(Task work) => _plan.WithAsync(async (db, _) =>
    {
        while (!work.IsCompleted && !await db.Database.SqlQuery<bool>($"""
            select exists (select from pg_locks where locktype = 'advisory' and not granted
                and database = (select oid from pg_database where datname = current_database())) as "Value"
            """).SingleAsync())
        {
            await Task.Yield();
        }

        return true;
    });

    /// <summary>Works on a database that no application has prepared.</summary>
    private async Task<T> WithAsync<T>(NpgsqlDataSource source, Func<PlanDbContext, Task<T>> work)
    {
        var options = new DbContextOptionsBuilder<PlanDbContext>();
        // The schema of accounts depends on options of the application.
        options.UsePlanDatabase(source).UseApplicationServiceProvider(_plan.Application.Services);
        await using var db = new PlanDbContext(options.Options);
        return await work(db);
    }

    private Task<Standing> StandingAsync(string indicator, string region) =>
        _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == indicator && s.Region!.Code == region));

    /// <summary>The revisions of a national cell, first to last.</summary>
    private async Task<List<(int Number, decimal? Value, RevisionState State)>> CellAsync(string indicator, string period)
    {
        var parsed = Period.Parse(period);
        var revisions = await _plan.WithAsync((db, _) => db.Revisions
            .Where(r => r.Reading!.Indicator!.Code == indicator && r.Reading.Region!.Kind == RegionKind.Country && r.Reading.Period == parsed)
            .OrderBy(r => r.Number).ToListAsync());
        return revisions.ConvertAll(r => (r.Number, r.Value, r.State));
    }

    private Task<int> RevisionsAsync() => _plan.WithAsync((db, _) => db.Revisions.CountAsync());

    private Task<int> LoadEventsAsync() => _plan.WithAsync((db, _) => db.AuditEvents.CountAsync(e => e.Action == "plan.loaded"));

    /// <summary>Every row a load may write, with the transaction that wrote it last.</summary>
    private Task<List<string>> RowVersionsAsync() => _plan.WithAsync((db, _) => db.Database.SqlQuery<string>($"""
        select format('%s %s %s', t, id, xmin) as "Value" from (
            select 'plan' as t, id::text, xmin from plans
            union all select 'region', id::text, xmin from regions
            union all select 'membership', grouping_id || '/' || region_id, xmin from region_memberships
            union all select 'element', id::text, xmin from plan_elements
            union all select 'link', from_id || '/' || to_id, xmin from element_links
            union all select 'milestone', id::text, xmin from milestones
            union all select 'department', id::text, xmin from departments
            union all select 'assignment', department_id || '/' || element_id, xmin from assignments
            union all select 'indicator', id::text, xmin from indicators
            union all select 'speaks for', indicator_id || '/' || element_id, xmin from indicator_elements
            union all select 'target', id::text, xmin from targets
            union all select 'reading', id::text, xmin from readings
            union all select 'revision', id::text, xmin from reading_revisions
            union all select 'standing', indicator_id || '/' || region_id, xmin from standings
            union all select 'event', id::text, xmin from audit_events) rows
        order by t, id
        """).ToListAsync());
}
