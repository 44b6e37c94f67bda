using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>Two people, one cell, the same moment: one is taken, the other is told who, when and what. A thousand pairs.</summary>
public sealed class RacingTests(TestCluster cluster) : IAsyncLifetime
{
    private const int Pairs = 1000, AtOnce = 16;

    private readonly SeededPlan _plan = new(cluster);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task Of_two_people_who_race_for_a_cell_one_is_taken_and_the_other_is_told_who_when_and_what()
    {
        var races = await RacesAsync();

        await Parallel.ForEachAsync(races, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (race, _) => await RunAsync(race));

        var stored = await StoredAsync();
        races.SelectMany(r => Faults(r, stored.GetValueOrDefault(r.Cell))).Should().BeEmpty();
        stored.Should().HaveCount(Pairs, "nothing else was written");
        races.Count(r => r.First.IsTaken).Should().BeInRange(1, Pairs - 1, "each of them wins at times, or nobody raced");
    }

    /// <summary>Half of the people save drafts, half submit: alike in two pairs of four, one against the other in the rest.</summary>
    private async Task<List<Race>> RacesAsync()
    {
        var indicator = await _plan.IndicatorAsync("P-RD-INT");
        var people = new[] { await PersonAsync("reporter"), await PersonAsync("second") };
        var regions = await _plan.WithAsync((db, _) => db.Cells().Where(c => c.Indicator.Id == indicator).OrderBy(c => c.Region.Id).Select(c => c.Region.Id).ToListAsync());
        return [.. Enumerable.Range(0, Pairs).Select(n => new Race(
            new CellKey(indicator, regions[n % regions.Count], Period.Annual(1900 + (n / regions.Count))),
            new Racer(people[0], $"{n}.25", Submits: n % 4 is 1 or 2),
            new Racer(people[1], $"{n}.75", Submits: n % 4 is 1 or 3)))];
    }

    /// <summary>An account by its name; the second reporter for the whole country is made here.</summary>
    private Task<Person> PersonAsync(string name) => _plan.WithAsync(async (db, _) =>
    {
        if (await db.Users.SingleOrDefaultAsync(p => p.UserName == name) is { } known)
            return known;
        var person = db.Users.Add(new Person { UserName = name, DisplayName = "Second reporter", CreatedAt = DateTimeOffset.UnixEpoch }).Entity;
        db.ScopeGrants.Add(new ScopeGrant { Person = person, RegionId = await _plan.RegionAsync("CN") });
        await db.SaveChangesAsync();
        return person;
    });

    private async Task RunAsync(Race race)
    {
        await Task.WhenAll(Task.Run(() => RunAsync(race.First)), Task.Run(() => RunAsync(race.Second)));

        async Task RunAsync(Racer racer)
        {
            var cell = new TypedCell(race.Cell, racer.Text);
            racer.Fault = await _plan.WithAsync(async (_, store) => racer.Submits
                ? (await store.SubmitAsync(
                    new Submission { Source = "Bulletin", Explanation = "As counted.", RequestId = Guid.NewGuid(), Cells = [cell] }, racer.Person.Id, CancellationToken.None))
                    .Faults.SingleOrDefault()
                : (await store.SaveDraftsAsync([cell], racer.Person.Id, CancellationToken.None))[0].Fault);
        }
    }

    /// <summary>What stands in every cell: what was submitted, or is drafted, and by whom.</summary>
    private Task<Dictionary<CellKey, (decimal? Value, Guid? Author, DateTimeOffset At)>> StoredAsync() => _plan.WithAsync(async (db, _) =>
    {
        var submitted = await db.Readings.Where(r => r.PendingRevisionId != null)
            .Select(r => new { r.IndicatorId, r.RegionId, r.Period, r.PendingRevision!.Value, r.PendingRevision.AuthorId, r.PendingRevision.CreatedAt, r.LastNumber }).ToListAsync();
        submitted.Should().OnlyContain(r => r.LastNumber == 1);
        var drafted = await db.Drafts.Select(d => new { d.IndicatorId, d.RegionId, d.Period, d.Value, AuthorId = (Guid?)d.AuthorId, d.SavedAt, d.Version }).ToListAsync();
        drafted.Should().OnlyContain(d => d.Version == 1);
        return submitted.Select(r => (Key: new CellKey(r.IndicatorId, r.RegionId, r.Period), Standing: (r.Value, r.AuthorId, r.CreatedAt)))
            .Concat(drafted.Select(d => (Key: new CellKey(d.IndicatorId, d.RegionId, d.Period), Standing: (d.Value, d.AuthorId, d.SavedAt))))
            .ToDictionary(s => s.Key, s => s.Standing);
    });

    private static IEnumerable<string> Faults(Race race, (decimal? Value, Guid? Author, DateTimeOffset At) stored)
    {
        if (race.First.IsTaken == race.Second.IsTaken)
        {
            yield return $"{race}: {(race.First.IsTaken ? "both were" : "neither was")} taken";
            yield break;
        }

        var (winner, loser) = race.First.IsTaken ? (race.First, race.Second) : (race.Second, race.First);
        if ((stored.Value, stored.Author) != (winner.Value, winner.Person.Id))
            yield return $"{race}: {winner.Value} was taken, and {stored} stands";
        var told = loser.Fault!.Conflict;
        if ((told?.Author, told?.At, told?.Value) != (winner.Person.DisplayName, stored.At, winner.Value))
            yield return $"{race}: the loser was told {told}";
        if (told?.State != (winner.Submits ? RevisionState.Submitted : null))
            yield return $"{race}: the loser was told of {told?.State}";
    }

    private sealed record Race(CellKey Cell, Racer First, Racer Second);

    private sealed record Racer(Person Person, string Text, bool Submits)
    {
        public SubmissionFault? Fault { get; set; }

        public bool IsTaken => Fault is null;

        public decimal Value => StrictNumber.Parse(Text, StrictNumber.MaxDecimals, out var value) == NumberFault.None ? value!.Value : throw new FormatException(Text);
    }
}
