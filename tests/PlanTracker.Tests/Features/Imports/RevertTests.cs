using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>An import taken back as a whole: what stood before stands again, and the ledger keeps both.</summary>
public sealed class RevertTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster) { ImportsWait = true };

    private readonly SettableClock _clock = new(TimeProvider.System.GetUtcNow().AddDays(1));

    private ImportSteps Steps => new(_plan, _clock);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task What_waits_is_withdrawn_and_what_waited_before_waits_again()
    {
        var before = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.4,A,Yearbook,,\n");
        await Steps.AppliedAsync(before.Id, "reporter");
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,12.25,A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reporter");

        (await Steps.RevertAsync(import.Id, "reporter", isReviewer: false)).Should().BeNull();

        (await StatesAsync(import.Id)).Should().AllBeEquivalentTo(RevisionState.Withdrawn);
        (await StatesAsync(before.Id)).Should().Equal(RevisionState.Submitted);
        (await CellAsync("2025")).PendingRevision!.Value.Should().Be(16.4m);
        (await CellAsync("2019")).Should().BeEquivalentTo(new { PendingRevisionId = (long?)null, Value = (decimal?)null, LastNumber = 1 });
        (await Steps.ImportAsync(import.Id)).Should().BeEquivalentTo(new { State = ImportState.Reverted, Kept = 0 });
    }

    [Fact]
    public async Task What_is_approved_no_longer_counts_the_earlier_value_does_and_the_standing_follows()
    {
        var import = await ApprovedAsync("16.5");

        (await Steps.RevertAsync(import, "reviewer", isReviewer: true)).Should().BeNull();

        (await CellAsync("2025")).Should().BeEquivalentTo(new { Value = 15.9722m, Status = ObservationStatus.A });
        (await _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN"))).Value.Should().Be(15.9722m);
        (await StatesAsync(import)).Should().Equal(RevisionState.Reverted);
        (await ReadingNowAsync()).Should().Be(15.9722m, "the ledger of today says the same");
    }

    [Fact]
    public async Task A_figure_that_was_new_is_gone_again_with_its_standing()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nP-RD-INT,110000,2005,5.5,A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reviewer");

        (await Steps.RevertAsync(import.Id, "reviewer", isReviewer: true)).Should().BeNull();

        var reading = await _plan.WithAsync((db, _) => db.Revisions.Where(v => v.ImportId == import.Id).Select(v => v.Reading!).SingleAsync());
        reading.Should().BeEquivalentTo(new { Value = (decimal?)null, Status = (ObservationStatus?)null, ApprovedRevisionId = (long?)null });
    }

    [Fact]
    public async Task What_was_changed_since_stays_and_is_counted()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,12.25,A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reviewer");
        var later = await ApprovedAsync("16.6");

        (await Steps.RevertAsync(import.Id, "reviewer", isReviewer: true)).Should().BeNull();

        (await CellAsync("2025")).Value.Should().Be(16.6m);
        (await CellAsync("2019")).Value.Should().BeNull();
        (await Steps.ImportAsync(import.Id)).Kept.Should().Be(1);
        (await StatesAsync(later)).Should().Equal(RevisionState.Approved);
    }

    [Fact]
    public async Task Approved_figures_are_taken_back_by_a_reviewer_only_and_not_by_their_author()
    {
        var import = await ApprovedAsync("16.5");

        (await Steps.RevertAsync(import, "reporter", isReviewer: false)).Should().Be(ImportFault.Approved);

        (await CellAsync("2025")).Value.Should().Be(16.5m);
    }

    [Fact]
    public async Task A_figure_approved_while_its_author_waits_to_take_it_back_stays_approved()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reporter");
        var (author, reviewer) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"));
        (await Steps.WithAsync((_, store, _) => store.RevertAsync(import.Id, author, isReviewer: false, "The wrong file.", CancellationToken.None))).Should().BeNull();
        await _plan.WithAsync((db, _) => db.RunAsync(
            "approve-import", CancellationToken.None, import.Id, reviewer, _clock.GetUtcNow(), DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime)));

        (await Steps.DoneAsync(import.Id)).Should().BeEquivalentTo(new { State = ImportState.Applied, Overtaken = true });

        (await CellAsync("2025")).Value.Should().Be(16.5m);
        (await StatesAsync(import.Id)).Should().Equal(RevisionState.Approved);
    }

    [Fact]
    public async Task A_past_day_shows_what_counted_then_also_after_it_was_taken_back()
    {
        var import = await ApprovedAsync("16.5");
        var approved = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        _clock.Advance(TimeSpan.FromDays(10));

        (await Steps.RevertAsync(import, "reviewer", isReviewer: true)).Should().BeNull();

        (await ReadingAsOfAsync(approved.AddDays(-1))).Should().Be(15.9722m);
        (await ReadingAsOfAsync(approved)).Should().Be(16.5m);
        (await ReadingAsOfAsync(approved.AddDays(9))).Should().Be(16.5m);
        (await ReadingAsOfAsync(approved.AddDays(10))).Should().Be(15.9722m);
    }

    [Fact]
    public async Task Cancelled_while_it_waits_a_file_is_not_read_and_a_change_set_not_applied()
    {
        var file = await Steps.BringAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2019,12.25,A,Yearbook,,\n");
        await Steps.WithAsync((_, store, _) => store.ReadAsync(file.Id, new ColumnPlan { Columns = file.Columns }, CancellationToken.None));
        await CancelAsync(file.Id);
        (await Steps.DoneAsync(file.Id)).Should().BeEquivalentTo(new { State = ImportState.Cancelled, Rows = (int?)null });

        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2019,12.25,A,Yearbook,,\n");
        (await Steps.ApplyAsync(import.Id, "reporter")).Should().BeNull();
        await CancelAsync(import.Id);
        (await Steps.DoneAsync(import.Id)).Should().BeEquivalentTo(new { State = ImportState.Ready, AppliedById = (Guid?)null, CancelAsked = false });
        (await StatesAsync(import.Id)).Should().BeEmpty();
        (await Steps.AppliedAsync(import.Id, "reporter")).State.Should().Be(ImportState.Applied);
    }

    [Fact]
    public async Task Who_cancelled_or_replaced_a_file_is_in_the_audit_once()
    {
        var (waiting, underWay, wrong) = (await BringAsync(), await BringAsync(), await BringAsync());
        await Steps.WithAsync((_, store, _) => store.ReadAsync(underWay.Id, new ColumnPlan { Columns = underWay.Columns }, CancellationToken.None));

        foreach (var id in new[] { waiting.Id, waiting.Id, underWay.Id, underWay.Id })
            await CancelAsync(id);
        var author = await _plan.PersonAsync("reporter");
        foreach (var by in new[] { waiting.Id, underWay.Id })
            await Steps.WithAsync(async (_, store, _) => { await store.ReplaceAsync(wrong.Id, by, author, CancellationToken.None); return 0; });

        var events = await _plan.WithAsync((db, _) => db.AuditEvents.Where(e => e.ActorId == author && e.Action != "import.received")
            .Where(e => e.Subject == $"import/{waiting.Id}" || e.Subject == $"import/{underWay.Id}" || e.Subject == $"import/{wrong.Id}").OrderBy(e => e.Id).Select(e => $"{e.Action} {e.Detail}").ToListAsync());
        events.Should().Equal("import.cancelled {}", "import.broken-off {}", $"import.replaced {{\"import\": {waiting.Id}}}");

        Task<Import> BringAsync() => Steps.BringAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2019,12.25,A,Yearbook,,\n");
    }

    private async Task CancelAsync(int importId)
    {
        var person = await _plan.PersonAsync("reporter");
        (await Steps.WithAsync((_, store, _) => store.CancelAsync(importId, person, CancellationToken.None))).Should().BeNull();
    }

    [Fact]
    public async Task Files_and_rows_are_put_away_after_thirty_days_and_what_was_written_stays()
    {
        var applied = await ApprovedAsync("16.5");
        var waiting = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2019,12.25,A,Yearbook,,\n");
        _clock.Advance(TimeSpan.FromDays(ImportRunner.DaysKept - 1));
        await PutAwayAsync();
        (await KeptAsync(applied)).Should().Be((1, 1));

        _clock.Advance(TimeSpan.FromDays(2));
        await PutAwayAsync();

        (await KeptAsync(applied)).Should().Be((0, 0));
        (await KeptAsync(waiting.Id)).Should().Be((0, 0));
        (await Steps.ImportAsync(waiting.Id)).State.Should().Be(ImportState.Cancelled);
        (await StatesAsync(applied)).Should().Equal(RevisionState.Approved);
        (await Steps.RevertAsync(applied, "reviewer", isReviewer: true)).Should().BeNull("what it wrote can be taken back all the same");
    }

    private Task<int> PutAwayAsync() => Steps.WithAsync(async (_, _, runner) =>
    {
        await runner.PutAwayAsync(CancellationToken.None);
        return 0;
    });

    private Task<(int Rows, int Chunks)> KeptAsync(int import) =>
        _plan.WithAsync(async (db, _) => (await db.ImportRows.CountAsync(r => r.ImportId == import), await db.ImportChunks.CountAsync(c => c.ImportId == import)));

    private async Task<int> ApprovedAsync(string value)
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,{value},A,Yearbook,,\n");
        await Steps.AppliedAsync(import.Id, "reviewer");
        return import.Id;
    }

    private Task<decimal?> ReadingNowAsync() => ReadingAsOfAsync(null);

    private Task<decimal?> ReadingAsOfAsync(DateOnly? day) => _plan.WithAsync((db, _) =>
        db.KnownReadings(day).Where(k => k.Reading.Indicator!.Code == "I13" && k.Reading.Region!.Code == "CN" && k.Reading.Period == Period.Annual(2025)).Select(k => k.Value).SingleAsync());

    private Task<List<RevisionState>> StatesAsync(int import) =>
        _plan.WithAsync((db, _) => db.Revisions.Where(v => v.ImportId == import).OrderBy(v => v.Id).Select(v => v.State).ToListAsync());

    private Task<Reading> CellAsync(string period)
    {
        var year = Period.Parse(period);
        return _plan.WithAsync((db, _) => db.Readings.AsNoTracking().Include(r => r.PendingRevision)
            .SingleAsync(r => r.Indicator!.Code == "I13" && r.Region!.Code == "CN" && r.Period == year));
    }
}
