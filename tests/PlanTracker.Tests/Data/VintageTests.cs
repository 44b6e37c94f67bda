using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Tests.Features.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>
/// Standings are kept beside the readings, and the past is told from revisions: two ways to one truth, held against each other after any
/// sequence of what people do.
/// </summary>
public sealed class VintageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string National = "readings/national.csv";

    private static readonly DateTimeOffset Start = new(2032, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly SeededPlan _plan = new(cluster) { ImportsWait = true };
    private readonly TinyPlan _package = new();
    private readonly SettableClock _clock = new(Start);
    private readonly Dictionary<string, int> _regions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _indicators = new(StringComparer.Ordinal);
    private Guid[] _people = [];

    private DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        await LoadAsync();
        _people = [await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer")];
        await _plan.WithAsync(async (db, _) =>
        {
            foreach (var region in await db.Regions.Where(r => r.RegionSet == TinyPlan.Code).ToListAsync())
                _regions[region.Code] = region.Id;
            foreach (var indicator in await db.Indicators.Where(i => db.Plans.Any(p => p.Id == i.PlanId && p.Code == TinyPlan.Code)).ToListAsync())
                _indicators[indicator.Code] = indicator.Id;
            db.ScopeGrants.AddRange(_people.Select(p => new ScopeGrant { PersonId = p, RegionId = _regions["ISLES"] }));
            return await db.SaveChangesAsync();
        });
    }

    public async ValueTask DisposeAsync()
    {
        _package.Dispose();
        await _plan.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_any_sequence_of_changes_every_standing_follows_from_the_revisions_on_every_day(int seed)
    {
        var random = new Random(seed);
        var then = new Dictionary<DateOnly, Dictionary<Series, string>>();
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var step = 0; step < 130; step++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            var name = await AnOperationAsync(random);
            done[name] = done.GetValueOrDefault(name) + 1;
            var kept = await KeptAsync();
            (await AsOfAsync(Today)).Should().Equal(kept, "after step {0}, {1}, of seed {2}", step, name, seed);
            then[Today] = kept;
            if (random.Next(3) == 0)
                _clock.Advance(TimeSpan.FromDays(random.Next(1, 20)));
        }

        done.Keys.Where(n => n != "nothing").Should().BeEquivalentTo("submitted", "approved", "returned", "target set", "target removed", "loaded", "imported", "imported and approved", "import approved", "import reverted");
        foreach (var (day, standings) in then)
            (await AsOfAsync(day)).Should().Equal(standings, "as of {0} of seed {1}", day, seed);
    }

    [Fact]
    public async Task What_came_with_the_first_load_counts_from_its_publication_and_later_loads_from_their_day()
    {
        _package.Change(National, "LOANS,ISLES,2030,57,A,published,Bulletin 2,,", "LOANS,ISLES,2030,58,A,published,Bulletin 2b,2031-02-01,");
        await LoadAsync();

        var books = new Series(_indicators["BOOKS"], _regions["ISLES"]);
        var loans = new Series(_indicators["LOANS"], _regions["ISLES"]);
        (await AsOfAsync(new DateOnly(2029, 12, 1))).Keys.Should().Contain(books, "its targets were stated on that day");
        (await AsOfAsync(new DateOnly(2029, 11, 30))).Should().BeEmpty();
        (await AsOfAsync(new DateOnly(2031, 2, 1)))[loans].Should().NotContain("58");
        (await AsOfAsync(Today))[loans].Should().Contain("58");
    }

    [Fact]
    public async Task A_revision_counts_from_the_day_it_was_approved_and_hides_nothing_before()
    {
        await SubmitAsync("BOOKS", "ISLES", "2030-S2", "121");
        _clock.Advance(TimeSpan.FromDays(2));
        await ReviewAsync(approve: true);

        var books = new Series(_indicators["BOOKS"], _regions["ISLES"]);
        (await AsOfAsync(Today))[books].Should().Contain("121");
        (await AsOfAsync(Today.AddDays(-1)))[books].Should().Contain("118.0");
    }

    private async Task<string> AnOperationAsync(Random random)
    {
        string[] regions = ["ISLES", "NORTH", "SOUTH"];
        var region = regions[random.Next(regions.Length)];
        switch (random.Next(17))
        {
            case < 5:
                var (indicator, period) = random.Next(2) == 0
                    ? ("BOOKS", $"203{random.Next(0, 2)}-S{random.Next(1, 3)}")
                    : ("WAIT", $"203{random.Next(0, 2)}-Q{random.Next(1, 5)}");
                await SubmitAsync(indicator, region, period, random.Next(5, 200).ToString(CultureInfo.InvariantCulture));
                return "submitted";
            case < 8:
                await ReviewAsync(approve: true);
                return "approved";
            case 8:
                await ReviewAsync(approve: false);
                return "returned";
            case 9:
                // The country's target for the days of waiting is lent to the isles, which have none.
                await SetTargetAsync(random, random.Next(2) == 0 ? ("BOOKS", "BOOKS-F", "2034-S2") : ("WAIT", "WAIT-F", "2034-Q4"));
                return "target set";
            case 10:
                await RemoveTargetAsync();
                return "target removed";
            case 11 or 12:
                await ImportAsync(random, "reporter");
                return "imported";
            case 13:
                await ImportAsync(random, "reviewer");
                return "imported and approved";
            case 14:
                return await AppliedImportAsync(random, waiting: true) is { } waiting
                    && await Steps.WithAsync((_, store, _) => store.ApproveAsync(waiting, _people[1], CancellationToken.None)) is { Reviewed: > 0 } ? "import approved" : "nothing";
            case 15:
                return await AppliedImportAsync(random, waiting: false) is { } import && await Steps.RevertAsync(import, "reviewer", isReviewer: true) is null ? "import reverted" : "nothing";
            default:
                _package.Write(National, _package.Read(National) + $"WAIT,ISLES,2031-Q{random.Next(1, 5)},{random.Next(5, 60)},A,published,Report {random.Next(9)},,\n");
                await LoadAsync();
                return "loaded";
        }
    }

    private ImportSteps Steps => new(_plan, _clock, TinyPlan.Code);

    /// <summary>A few figures of both isles, applied by their author or by the reviewer.</summary>
    private async Task ImportAsync(Random random, string by)
    {
        var text = new StringBuilder(ImportSteps.Header).Append('\n');
        foreach (var region in (string[])["ISLES", "NORTH", "SOUTH"])
            text.Append(CultureInfo.InvariantCulture, $"BOOKS,{region},203{random.Next(0, 2)}-S{random.Next(1, 3)},{random.Next(5, 200)},A,Count of the test,,As counted.\n");
        var import = await Steps.BroughtAsync("reporter", text.ToString());
        import.Errors.Should().Be(0);
        if (import.CanBeApplied)
            (await Steps.AppliedAsync(import.Id, by, "As counted.")).State.Should().Be(ImportState.Applied);
    }

    private Task<int?> AppliedImportAsync(Random random, bool waiting) => InScopeAsync(async db =>
    {
        var ids = await db.Imports
            .Where(i => i.State == ImportState.Applied && (!waiting || db.Revisions.Any(v => v.ImportId == i.Id && v.State == RevisionState.Submitted)))
            .OrderBy(i => i.Id).Select(i => (int?)i.Id).ToListAsync();
        return ids.Count == 0 ? null : ids[random.Next(ids.Count)];
    });

    private Task<SubmissionResult> SubmitAsync(string indicator, string region, string period, string text) => InScopeAsync(async db =>
    {
        var at = Period.Parse(period);
        var based = await db.Readings.Where(r => r.IndicatorId == _indicators[indicator] && r.RegionId == _regions[region] && r.Period == at).Select(r => r.LastNumber).FirstOrDefaultAsync();
        return await new ReadingStore(db, _clock).SubmitAsync(
            new Submission
            {
                Source = "Count of the test",
                Explanation = "As counted.",
                RequestId = Guid.NewGuid(),
                Cells = [new TypedCell(new CellKey(_indicators[indicator], _regions[region], at), text) { BasedOn = based }],
            },
            _people[0], CancellationToken.None);
    });

    private Task<ReviewResult> ReviewAsync(bool approve) => InScopeAsync(async db =>
    {
        var store = new ReadingStore(db, _clock);
        var waiting = await db.Readings.Where(r => r.PendingRevision!.State == RevisionState.Submitted).OrderBy(r => r.Id).Select(r => r.PendingRevisionId!.Value).Take(3).ToListAsync();
        return approve
            ? await store.ApproveAsync(waiting, _people[1], CancellationToken.None)
            : await store.ReturnAsync(waiting, "count again", _people[1], CancellationToken.None);
    });

    private Task<TargetFault?> SetTargetAsync(Random random, (string Indicator, string Code, string Period) target) => InScopeAsync(async db =>
    {
        var id = _indicators[target.Indicator];
        var there = await db.Targets.AnyAsync(t => t.IndicatorId == id && t.Code == target.Code);
        return await new TargetStore(db, _clock).SetAsync(
            new StatedTarget
            {
                IndicatorId = id,
                RegionId = _regions["ISLES"],
                Code = there ? target.Code : null,
                BasedOn = await LastChangeAsync(db, id, target.Code),
                Role = TargetRole.Final,
                Period = Period.Parse(target.Period),
                Shape = random.Next(2) == 0 ? PathShape.Geometric : PathShape.Stepped,
                Text = random.Next(5, 240).ToString(CultureInfo.InvariantCulture),
                Document = new Bilingual("Amended plan", "修订规划"),
                Source = "Gazette",
                Reason = "amended",
            },
            _people[1], CancellationToken.None);
    });

    private static Task<int?> LastChangeAsync(PlanDbContext db, int indicatorId, string code) =>
        db.TargetChanges.Where(c => c.IndicatorId == indicatorId && c.Code == code).MaxAsync(c => (int?)c.Id);

    private Task<TargetFault?> RemoveTargetAsync() => InScopeAsync(async db =>
        await new TargetStore(db, _clock).RemoveAsync(
            _indicators["WAIT"], _regions["ISLES"], "WAIT-F", await LastChangeAsync(db, _indicators["WAIT"], "WAIT-F"), "withdrawn", _people[1], CancellationToken.None));

    private Task<LoadReport> LoadAsync() => InScopeAsync(db => new PlanLoader(db, _clock).LoadAsync(PlanPackage.Read(_package.Folder), CancellationToken.None));

    private async Task<T> InScopeAsync<T>(Func<PlanDbContext, Task<T>> work)
    {
        await using var scope = _plan.Application.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<PlanDbContext>());
    }

    private Task<Dictionary<Series, string>> KeptAsync() => InScopeAsync(async db =>
        (await db.Standings.AsNoTracking().Where(s => _indicators.Values.Contains(s.IndicatorId)).ToListAsync())
            .ToDictionary(s => new Series(s.IndicatorId, s.RegionId), Text));

    private Task<Dictionary<Series, string>> AsOfAsync(DateOnly day) => InScopeAsync(async db =>
        (await db.StandingsAsOfAsync(
            db.Indicators.Where(i => _indicators.Values.Contains(i.Id)), db.Regions.Where(r => r.RegionSet == TinyPlan.Code), day, CancellationToken.None))
            .ToDictionary(s => s.Key, s => Text(s.Value)));

    private static string Text(Standing s) => string.Create(CultureInfo.InvariantCulture,
        $"{s.Period} {s.Value} {s.ObservationStatus} {s.PreviousPeriod} {s.PreviousValue} {s.Status} {s.Reason} {s.Agreement} {Number(s.Planned)} {Number(s.Attainment)} {Number(s.Elapsed)} {Number(s.PaceRatio)} {s.Receding} {s.AchievedAtBaseline} {s.NationalTarget}");

    private static string Number(decimal? value) => value?.ToString("0.############", CultureInfo.InvariantCulture) ?? "-";
}
