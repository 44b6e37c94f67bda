using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>What the server asks about a figure, from what stands around it, and what becomes of the answer.</summary>
public sealed class QuestionTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Sums = "P-HTM-FIRMS";

    private readonly SeededPlan _plan = new(cluster);

    private EntrySteps _steps = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _steps = new EntrySteps(_plan);
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [InlineData("30", "UnitSlip")]
    [InlineData("0.3", "UnitSlip")]
    [InlineData("8", "")]
    public async Task A_figure_about_ten_times_the_one_before_or_a_tenth_of_it_is_questioned(string typed, string asked)
    {
        await _steps.StandAsync((Year(1950), "3"));

        (await AskedAsync((Year(1951), typed))).Should().Be(asked);
    }

    [Fact]
    public async Task The_figure_before_is_the_latest_one_whatever_lies_between()
    {
        await _steps.StandAsync((Year(1950), "3"), (Year(1951), "30"));

        (await AskedAsync((Year(1955), "31"))).Should().BeEmpty();
        (await AskedAsync((Year(1949), "300"))).Should().BeEmpty("nothing stands before it");
    }

    [Theory]
    [InlineData("4.7", "Outlier")]
    [InlineData("3.6", "")]
    public async Task A_change_unlike_those_the_series_has_made_is_questioned(string typed, string asked)
    {
        await _steps.StandAsync((Year(1950), "3"), (Year(1951), "3.1"), (Year(1952), "3.22"), (Year(1953), "3.3"), (Year(1954), "3.45"));

        (await AskedAsync((Year(1955), typed))).Should().Be(asked);
    }

    [Fact]
    public async Task What_only_waits_does_not_say_what_is_usual()
    {
        foreach (var (year, text) in new[] { (1950, "3"), (1951, "3.1"), (1952, "3.22"), (1953, "3.3"), (1954, "3.45") })
            await _steps.SubmitAsync("reporter", text, Year(year));

        (await AskedAsync((Year(1955), "4.7"))).Should().BeEmpty();
    }

    [Theory]
    [InlineData("4.51", "Jump")]
    [InlineData("4.5", "")]
    [InlineData("1.49", "Jump")]
    public async Task A_change_of_more_than_the_share_the_indicator_allows_is_questioned(string typed, string asked)
    {
        await RulesAsync("P-RD-INT", new ReadingRules { AskJump = 0.5m });
        await _steps.StandAsync((Year(1950), "3"));

        (await AskedAsync((Year(1951), typed))).Should().Be(asked);
    }

    [Theory]
    [InlineData("2.99", "Falling")]
    [InlineData("3", "")]
    public async Task A_cumulative_count_that_falls_is_questioned(string typed, string asked)
    {
        await RulesAsync("P-RD-INT", new ReadingRules { Cumulative = true });
        await _steps.StandAsync((Year(1950), "3"));

        (await AskedAsync((Year(1951), typed))).Should().Be(asked);
    }

    [Fact]
    public async Task Nothing_is_asked_that_the_indicator_does_not_want_asked()
    {
        await RulesAsync("P-RD-INT", new ReadingRules { AskUnitSlip = false, AskOutlier = false });
        await _steps.StandAsync((Year(1950), "3"), (Year(1951), "3.1"), (Year(1952), "3.22"), (Year(1953), "3.3"), (Year(1954), "3.45"));

        (await AskedAsync((Year(1955), "34"))).Should().BeEmpty();
    }

    [Fact]
    public async Task The_figure_before_may_be_on_the_same_form_or_wait_for_review()
    {
        await _steps.StandAsync((Year(1950), "3"));

        (await AskedAsync((Year(1951), "30"), (Year(1952), "31"))).Should().Be("UnitSlip", "only the first is ten times the one before");
        await _steps.SubmitAsync("reporter", "30", Year(1951));
        (await AskedAsync((Year(1952), "31"))).Should().BeEmpty("what waits counts as the figure before");
        await _steps.ReturnAsync(Year(1951));
        (await AskedAsync((Year(1952), "31"))).Should().Be("UnitSlip", "what was returned does not");
    }

    [Fact]
    public async Task What_stands_later_than_the_one_typed_before_is_the_figure_before()
    {
        await _steps.StandAsync((Year(1952), "3"));

        (await AskedAsync((Year(1951), "30"), (Year(1953), "3.1"))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_draft_is_warned_and_kept_all_the_same()
    {
        await _steps.StandAsync((Year(1950), "3"));

        (await _steps.SaveAsync("zhejiang", "30", Year(1951))).Should().BeEquivalentTo(new { Outcome = DraftOutcome.Saved, Warnings = new[] { Warning.UnitSlip } });
    }

    [Fact]
    public async Task Why_there_is_no_value_is_not_questioned()
    {
        await _steps.StandAsync((Year(1950), "3"));

        (await _steps.SendAsync("reporter", null, (await _steps.TypedAsync("", Year(1951))) with { Status = ObservationStatus.M })).Submitted.Should().Be(1);
    }

    [Theory]
    [InlineData("cell")]
    [InlineData("draft")]
    [InlineData("form")]
    public async Task A_questioned_figure_is_taken_once_the_cell_the_draft_or_the_form_explains_it(string where)
    {
        await _steps.StandAsync((Year(1950), "3"));
        (await _steps.SubmitUnexplainedAsync("zhejiang", (Year(1951), "30"))).Faults.Should().ContainSingle().Which.Kind.Should().Be(SubmissionFaultKind.Unexplained);
        (await _steps.ReadingAsync(Year(1951))).Should().BeNull();
        var cell = await _steps.TypedAsync("30", Year(1951));
        if (where == "draft")
            await _steps.SaveAsync("zhejiang", cell with { Explanation = "A new survey." });

        (await _steps.SendAsync("zhejiang", where == "form" ? "A new survey." : null, where == "cell" ? cell with { Explanation = "A new survey." } : cell))
            .Submitted.Should().Be(1);

        (await _steps.ReadingAsync(Year(1951)))!.PendingRevision.Should().BeEquivalentTo(new { Questions = "UnitSlip", Explanation = "A new survey." });
    }

    [Fact]
    public async Task What_a_cell_says_for_itself_goes_before_what_the_form_says_and_nothing_is_kept_where_nothing_was_asked()
    {
        await _steps.StandAsync((Year(1950), "3"));

        await _steps.SendAsync("reporter", "Of the form.",
            (await _steps.TypedAsync("30", Year(1951))) with { Explanation = "Of the cell." }, await _steps.TypedAsync("31", Year(1952)));

        (await _steps.ReadingAsync(Year(1951)))!.PendingRevision!.Explanation.Should().Be("Of the cell.");
        (await _steps.ReadingAsync(Year(1952)))!.PendingRevision.Should().BeEquivalentTo(new { Questions = (string?)null, Explanation = (string?)null });
    }

    [Fact]
    public async Task The_whole_is_questioned_when_its_regions_do_not_add_up()
    {
        var parts = await SumsAsync();
        await StandInPartsAsync(parts, "10");

        (await AskedAsync(($"{Sums}/CN/1950", $"{(parts.Count * 10) + 4}"))).Should().Be("RegionsDoNotAddUp");
        (await AskedAsync(($"{Sums}/CN/1950", $"{(parts.Count * 10) + 3}"))).Should().BeEmpty("it is within one per cent");
    }

    [Fact]
    public async Task Without_the_whole_on_the_form_the_last_of_the_typed_regions_is_questioned()
    {
        var parts = await SumsAsync();
        await StandInPartsAsync(parts, "10");
        await _steps.StandAsync(($"{Sums}/CN/1950", $"{parts.Count * 10}"));

        var result = await _steps.SubmitUnexplainedAsync("reporter", ($"{Sums}/{parts[0]}/1950", "15"), ($"{Sums}/{parts[1]}/1950", "15"));

        var fault = result.Faults.Should().ContainSingle().Which;
        fault.Warnings.Should().Equal(Warning.RegionsDoNotAddUp);
        fault.Cell.Should().Be(await _steps.KeyAsync($"{Sums}/{parts[1]}/1950"));
        (await AskedAsync(($"{Sums}/{parts[0]}/1950", "15"), ($"{Sums}/{parts[1]}/1950", "5"))).Should().BeEmpty("together they make up for each other");
    }

    [Fact]
    public async Task Who_sees_their_own_scope_only_is_not_asked_about_sums_that_would_tell_the_rest()
    {
        var parts = await SumsAsync();
        await StandInPartsAsync(parts, "10");
        await _steps.StandAsync(($"{Sums}/CN/1950", $"{parts.Count * 10}"));
        var id = await _plan.PersonAsync("reporter");
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.Id == id).ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, true)));

        (await AskedAsync(($"{Sums}/{parts[0]}/1950", "15"))).Should().NotContain("RegionsDoNotAddUp");
    }

    [Fact]
    public async Task What_waits_counts_in_the_sum()
    {
        var parts = await SumsAsync();
        await StandInPartsAsync(parts, "10");
        await _steps.SubmitAsync("reporter", "20", $"{Sums}/{parts[0]}/1950");

        (await AskedAsync(($"{Sums}/CN/1950", $"{parts.Count * 10}"))).Should().Be("RegionsDoNotAddUp");
        (await AskedAsync(($"{Sums}/CN/1950", $"{(parts.Count * 10) + 10}"))).Should().BeEmpty();
    }

    [Fact]
    public async Task Where_one_region_is_missing_or_the_indicator_has_no_tolerance_nobody_adds_up()
    {
        var parts = await SumsAsync();
        await StandInPartsAsync([.. parts.Skip(1)], "10");

        (await AskedAsync(($"{Sums}/CN/1950", "1"))).Should().BeEmpty("one region is missing");
        (await AskedAsync(($"{Sums}/CN/1950", "1"), ($"{Sums}/{parts[0]}/1950", "10"))).Should().Be("RegionsDoNotAddUp", "now it is there");
        await RulesAsync(Sums, new ReadingRules());
        (await AskedAsync(($"{Sums}/CN/1950", "1"), ($"{Sums}/{parts[0]}/1950", "10"))).Should().BeEmpty("nobody wants it asked");
    }

    [Fact]
    public async Task What_was_asked_and_answered_cannot_be_altered()
    {
        await _steps.StandAsync((Year(1950), "3"));
        await _steps.SubmitAsync("zhejiang", "30", Year(1951));

        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set questions = null where questions is not null");
        await RefusedAsync("reading_revisions is append-only", $"update reading_revisions set explanation = 'Another' where explanation is not null");

        (await _steps.ReadingAsync(Year(1951)))!.PendingRevision.Should().BeEquivalentTo(new { Questions = "UnitSlip", Explanation = "As counted." });
    }

    [Fact]
    public async Task A_remark_stays_as_it_was_made()
    {
        await _steps.SubmitAsync("zhejiang", "3", Year(1950));
        var (key, reviewer) = (await _steps.KeyAsync(Year(1950)), await _plan.PersonAsync("reviewer"));
        for (var time = 0; time < 2; time++)
            (await _plan.WithAsync((_, store) => store.CommentAsync(key, " Which survey?\r\nAnd when? ", reviewer, CancellationToken.None))).Should().BeNull();
        (await _plan.WithAsync((db, _) => db.Comments.CountAsync())).Should().Be(1, "the same remark sent twice is one");

        await RefusedAsync("reading_comments is append-only", $"update reading_comments set text = 'Another'");
        await RefusedAsync("reading_comments is append-only", $"delete from reading_comments");
        await RefusedAsync("reading_comments is append-only", $"truncate reading_comments");

        (await _plan.WithAsync((db, _) => db.Comments.Select(c => c.Text).ToListAsync())).Should().Equal("Which survey?\nAnd when?");
        (await _steps.AuditAsync(Year(1950))).Should().Equal("reading.submitted", "reading.commented");
    }

    private static string Year(int year) => $"P-RD-INT/330000/{year}";

    /// <summary>What is asked when these are submitted without a word; nothing is left behind.</summary>
    private async Task<string> AskedAsync(params (string Cell, string Text)[] cells)
    {
        var result = await _steps.SubmitUnexplainedAsync("reporter", cells);
        result.Faults.Should().NotContain(f => f.Kind != SubmissionFaultKind.Unexplained);
        if (result.Faults.Count > 0)
            return string.Join(' ', result.Faults.SelectMany(f => f.Warnings));
        foreach (var (cell, _) in cells)
        {
            (await _steps.WithdrawAsync("reporter", cell)).Reviewed.Should().Be(1);
            await _steps.SaveAsync("reporter", "", cell);
        }

        return "";
    }

    private async Task RulesAsync(string indicator, ReadingRules rules)
    {
        var id = await _plan.IndicatorAsync(indicator);
        await _plan.WithAsync(async (db, _) =>
        {
            (await db.Indicators.SingleAsync(i => i.Id == id)).Rules = rules;
            return await db.SaveChangesAsync();
        });
    }

    /// <summary>Makes an indicator reported by the country and by its regions.</summary>
    /// <returns>The regions that are to add up.</returns>
    private async Task<List<string>> SumsAsync()
    {
        await _plan.WithAsync((db, _) => db.Indicators.Where(i => i.Code == Sums).ExecuteUpdateAsync(s => s.SetProperty(i => i.ReportedBy, ReportedBy.Both)));
        await RulesAsync(Sums, new ReadingRules { SumTolerance = 0.01m });
        var parts = await _plan.WithAsync((db, _) => db.Cells().Where(c => c.Indicator.Code == Sums && c.Region.Kind != RegionKind.Country)
            .OrderBy(c => c.Region.Position).Select(c => c.Region.Code).ToListAsync());
        parts.Should().HaveCount(31);
        return parts;
    }

    private async Task StandInPartsAsync(IReadOnlyCollection<string> parts, string text)
    {
        var cells = new List<TypedCell>();
        foreach (var part in parts)
            cells.Add(new TypedCell(await _steps.KeyAsync($"{Sums}/{part}/1950"), text));
        (await _steps.SubmitAsync("reporter", [.. cells])).Submitted.Should().Be(parts.Count);
        var reviewer = await _plan.PersonAsync("reviewer");
        await _plan.WithAsync(async (db, store) => await store.ApproveAsync(
            await db.Readings.Where(r => r.PendingRevisionId != null).Select(r => r.PendingRevisionId!.Value).ToListAsync(), reviewer, CancellationToken.None));
    }

    private async Task RefusedAsync(string reason, FormattableString sql)
    {
        var change = () => _plan.WithAsync((db, _) => db.Database.ExecuteSqlAsync(sql));

        (await change.Should().ThrowAsync<PostgresException>("{0} is refused", sql)).Which.MessageText.Should().Be(reason);
    }
}
