using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Packages;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>A whole plan judged in one stream stands exactly as its series judged one by one, and writes only what differs.</summary>
public sealed class StandingsOfPlanTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);
    private readonly TinyPlan _package = new();
    private int _id;
    private int _isles;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        // The country's target for the days of waiting is lent: to an isle that has read since before it starts, to one that has not, and to a
        // cove that states where it starts and has not read at all.
        const string Readings = "readings/regional.csv";
        _package.Write(Readings, _package.Read(Readings) + """
            WAIT,NORTH,2029-Q4,40,A,published,Report 1,,
            WAIT,NORTH,2030-Q2,38.50,P,published,Report 3,,
            WAIT,SOUTH,2030-Q2,33,A,published,Report 3,,
            BOOKS,COVE,2030-S1,,M,published,Bulletin 1,,no hall yet

            """);
        _package.Write("targets.csv", _package.Read("targets.csv") + """
            WAIT-C,WAIT,COVE,2029-Q4,baseline,44,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,
            LOANS-S,LOANS,SOUTH,2034,final,30,,Library Plan,图书馆规划,2029-12-01,Gazette of the Isles 12,yes,

            """);
        await _plan.WithAsync((db, _) => new PlanLoader(db, TimeProvider.System).LoadAsync(PlanPackage.Read(_package.Folder), CancellationToken.None));
        (_id, _isles) = (await PlanAsync(SeededPlan.PlanCode), await PlanAsync(TinyPlan.Code));
        await SeriesBySeriesAsync();
    }

    public ValueTask DisposeAsync()
    {
        _package.Dispose();
        return _plan.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task From_nothing_every_column_of_every_standing_is_what_judging_series_by_series_makes_it(int readingsAtOnce)
    {
        var oneByOne = await StandingsAsync();
        await ChangeAsync($"delete from standings");

        var judged = await RejudgeAsync(_id, readingsAtOnce);
        var isles = await RejudgeAsync(_isles, readingsAtOnce);

        (await StandingsAsync()).Should().Equal(oneByOne).And.HaveCountGreaterThan(500);
        isles.Should().Be(new JudgedPlan(Series: 8, Differing: 8));
        judged.Should().Be(new JudgedPlan(oneByOne.Count - 8, oneByOne.Count - 8));
        (await LentAsync()).Should().Equal("NORTH far-behind", "SOUTH no-judgement");
    }

    [Fact]
    public async Task Wrong_missing_and_groundless_standings_are_put_right_and_counted()
    {
        var right = await StandingsAsync();
        var wrong = await ChangeAsync($"""
            update standings set status = 'achieved', planned = null, value = value + 0.01 where (indicator_id + region_id) % 3 = 0
            """);
        wrong += await ChangeAsync($"delete from standings where (indicator_id + region_id) % 3 = 1");
        wrong += await ChangeAsync($"update standings set receding = not receding where (indicator_id + region_id) % 15 = 2");
        wrong += await ChangeAsync($"""
            insert into standings (indicator_id, region_id, status, reason, agreement, receding, achieved_at_baseline, national_target)
            select i.id, r.id, 'no-judgement', 'no-target', 'not-comparable', false, false, false
            from indicators i, regions r
            where not exists (select from readings where indicator_id = i.id and region_id = r.id)
              and not exists (select from targets where indicator_id = i.id and region_id = r.id)
            """);

        var judged = await RejudgeAsync(_id);
        var isles = await RejudgeAsync(_isles);

        (judged.Series + isles.Series, judged.Differing + isles.Differing).Should().Be((right.Count, wrong));
        (await StandingsAsync()).Should().Equal(right);
    }

    [Fact]
    public async Task What_is_right_already_is_not_touched_and_nothing_differs_even_twice_in_one_transaction()
    {
        var before = await RowVersionsAsync();
        var standings = await _plan.WithAsync((db, _) => db.Standings.CountAsync(s => s.Indicator!.PlanId == _id));

        var (first, second) = await _plan.WithAsync(async (db, _) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            var twice = (await db.RejudgePlanAsync(_id, CancellationToken.None), await db.RejudgePlanAsync(_id, CancellationToken.None));
            await transaction.CommitAsync();
            return twice;
        });

        first.Should().Be(new JudgedPlan(standings, 0));
        second.Should().Be(first);
        (await RowVersionsAsync()).Should().Equal(before);
    }

    [Fact]
    public async Task Another_plan_is_left_alone()
    {
        await ChangeAsync($"delete from standings");

        await RejudgeAsync(_isles);

        (await _plan.WithAsync((db, _) => db.Standings.Select(s => s.Indicator!.PlanId).Distinct().ToListAsync())).Should().Equal(_isles);
    }

    [Fact]
    public async Task What_is_not_committed_leaves_nothing()
    {
        await ChangeAsync($"delete from standings");

        await _plan.WithAsync(async (db, _) =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            return await db.RejudgePlanAsync(_id, CancellationToken.None);
        });

        (await StandingsAsync()).Should().BeEmpty();
    }

    private Task<int> PlanAsync(string code) => _plan.WithAsync((db, _) => db.Plans.Where(p => p.Code == code).Select(p => p.Id).SingleAsync());

    private Task<JudgedPlan> RejudgeAsync(int plan, int readingsAtOnce = 10_000) => _plan.WithAsync(async (db, _) =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var judged = await db.RejudgePlanAsync(plan, readingsAtOnce, CancellationToken.None);
        await transaction.CommitAsync();
        return judged;
    });

    private Task<bool> SeriesBySeriesAsync() => _plan.WithAsync(async (db, _) =>
    {
        var series = await db.Readings.Select(r => new { r.IndicatorId, r.RegionId }).Union(db.Targets.Select(t => new { t.IndicatorId, t.RegionId })).ToListAsync();
        await db.RejudgeAsync([.. series.Select(s => new Series(s.IndicatorId, s.RegionId))], CancellationToken.None);
        return true;
    });

    private Task<List<string>> LentAsync() => _plan.WithAsync((db, _) => db.Database.SqlQuery<string>($"""
        select r.code || ' ' || s.status as "Value" from standings s join regions r on r.id = s.region_id where s.national_target order by 1
        """).ToListAsync());

    private Task<int> ChangeAsync(FormattableString statement) => _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync(statement));

    /// <summary>All columns of all standings, figures with every decimal they have.</summary>
    private Task<List<string>> StandingsAsync() => _plan.WithAsync((db, _) =>
        db.Database.SqlQuery<string>($"""select s::text as "Value" from standings s order by indicator_id, region_id""").ToListAsync());

    private Task<List<string>> RowVersionsAsync() => _plan.WithAsync((db, _) =>
        db.Database.SqlQuery<string>($"""select format('%s %s %s %s', indicator_id, region_id, xmin, xmax) as "Value" from standings order by 1""").ToListAsync());
}
