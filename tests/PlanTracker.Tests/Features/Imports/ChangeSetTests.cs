using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>What a file would change, told row by row before it counts.</summary>
public sealed class ChangeSetTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);

    private ImportSteps Steps => new(_plan);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task Every_row_is_new_changed_the_same_blank_or_an_error_with_its_place()
    {
        var import = await Steps.BroughtAsync("reporter", $"""
            {ImportSteps.Header}
            I13,CN,2025,16.5,A,Yearbook,,Revised.
            I13,CN,2019,12.25,A,Yearbook,,
            P-RD-INT,330000,2024,,,Yearbook,,
            P-RD-INT,330000,2024,"3,2",A,Yearbook,,
            NOPE,330000,2024,3.2,A,Yearbook,,

            """);

        import.Should().BeEquivalentTo(new { State = ImportState.Ready, Rows = 5, New = 1, Changed = 1, Same = 0, Blank = 1, Errors = 2 });
        (await Steps.RowsAsync(import.Id)).Select(r => (r.Line, r.Column, r.Verdict, r.Fault, r.Typed)).Should().Equal(
            (2, 4, RowVerdict.Changed, null, null),
            (3, 4, RowVerdict.New, null, null),
            (4, 4, RowVerdict.Blank, null, null),
            (5, 4, RowVerdict.Error, RowFault.NotANumber, "3,2"),
            (6, 1, RowVerdict.Error, RowFault.IndicatorUnknown, "NOPE"));
        var changed = (await Steps.RowsAsync(import.Id))[0];
        changed.Should().BeEquivalentTo(new { Before = 15.9722m, Value = 16.5m, StatusBefore = ObservationStatus.A, BasedOn = 1, Explanation = "Revised." });
    }

    [Fact]
    public async Task Nothing_counts_before_it_is_applied_and_then_waits_for_review()
    {
        var before = await RevisionsAsync();
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        (await RevisionsAsync()).Should().Be(before);

        (await Steps.AppliedAsync(import.Id, "reporter")).State.Should().Be(ImportState.Applied);

        var reading = await _plan.WithAsync((db, _) => db.Readings.Include(r => r.PendingRevision).SingleAsync(r => r.Indicator!.Code == "I13" && r.Region!.Code == "CN" && r.Period == Period.Annual(2025)));
        reading.Should().BeEquivalentTo(new { Value = 15.9722m, LastNumber = 2 });
        reading.PendingRevision.Should().BeEquivalentTo(new { Value = 16.5m, State = RevisionState.Submitted, Source = "Yearbook", ImportId = import.Id, Number = 2 });
    }

    [Fact]
    public async Task Applying_again_and_bringing_the_same_file_again_change_nothing()
    {
        var text = $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,12.25,A,Yearbook,,\n";
        var import = await Steps.BroughtAsync("reporter", text);
        await Steps.AppliedAsync(import.Id, "reporter");
        var after = await RevisionsAsync();

        (await Steps.ApplyAsync(import.Id, "reporter")).Should().BeNull();
        await Steps.DoneAsync(import.Id);
        var again = await Steps.BroughtAsync("reporter", text);

        (await RevisionsAsync()).Should().Be(after);
        again.Should().BeEquivalentTo(new { State = ImportState.Ready, Same = 2, New = 0, Changed = 0, CanBeApplied = false, import.Sha256 });
        (await Steps.ApplyAsync(again.Id, "reporter")).Should().Be(ImportFault.NothingToApply);
    }

    [Fact]
    public async Task One_error_keeps_every_row_out()
    {
        var before = await RevisionsAsync();
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,x,A,Yearbook,,\n");

        (await Steps.ApplyAsync(import.Id, "reporter", "Right.")).Should().Be(ImportFault.HasErrors);

        (await RevisionsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_questioned_figure_needs_a_reason_from_the_file_or_the_person()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,159.722,A,Yearbook,,\n");

        import.Should().BeEquivalentTo(new { Changed = 1, Questioned = 1, Unexplained = 1 });
        (await Steps.RowsAsync(import.Id))[0].Questions.Should().Contain(nameof(Warning.UnitSlip));
        (await Steps.ApplyAsync(import.Id, "reporter", "  ")).Should().Be(ImportFault.ExplanationMissing);
        await Steps.AppliedAsync(import.Id, "reporter", "Counted anew.");

        var revision = await _plan.WithAsync((db, _) => db.Revisions.SingleAsync(v => v.ImportId == import.Id));
        revision.Should().BeEquivalentTo(new { Explanation = "Counted anew.", State = RevisionState.Submitted });
    }

    [Fact]
    public async Task Rows_outside_the_scope_are_errors_that_say_nothing_of_what_stands_there()
    {
        var import = await Steps.BroughtAsync("zhejiang", $"{ImportSteps.Header}\nP-RD-INT,330000,2024,3.21,A,Yearbook,,\nP-RD-INT,110000,2023,6.7,A,Yearbook,,\n");

        (await Steps.RowsAsync(import.Id))[1].Should().BeEquivalentTo(new { Fault = RowFault.OutOfScope, Before = (decimal?)null, StatusBefore = (ObservationStatus?)null, BasedOn = 0 });
        (await Steps.ApplyAsync(import.Id, "zhejiang", "Right.")).Should().Be(ImportFault.HasErrors);
    }

    [Fact]
    public async Task The_same_figure_twice_in_a_file_is_an_error_that_names_the_other_row()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2019,12.25,A,Yearbook,,\nI13,CN,2018,12,A,Yearbook,,\nI13,CN,2019,12.25,A,Yearbook,,\n");

        (await Steps.RowsAsync(import.Id))[2].Should().BeEquivalentTo(new { Line = 4, Fault = RowFault.StandsTwice, Limit = 2m });
        import.Errors.Should().Be(1);
    }

    [Fact]
    public async Task A_cell_that_has_moved_on_since_sends_the_change_set_back_to_be_looked_at()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        var other = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.4,A,Yearbook,,\n");
        await Steps.AppliedAsync(other.Id, "reporter");

        var overtaken = await Steps.AppliedAsync(import.Id, "reporter");

        overtaken.Should().BeEquivalentTo(new { State = ImportState.Ready, Overtaken = true, AppliedById = (Guid?)null });
        (await Steps.RowsAsync(import.Id))[0].Should().BeEquivalentTo(new { Before = 16.4m, Waits = true, BasedOn = 2 });
        (await Steps.AppliedAsync(import.Id, "reporter")).State.Should().Be(ImportState.Applied);
    }

    [Fact]
    public async Task A_file_read_anew_since_a_reviewer_looked_is_not_approved_by_that_look()
    {
        var seen = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        await Steps.ReadAsync(seen.Id, plan => plan with { Columns = [.. plan.Columns.Select(c => c == ColumnUse.Period ? ColumnUse.Ignored : c)], Period = "2019" });

        (await Steps.ApplyAsync(seen.Id, "reviewer", timesRead: seen.TimesRead)).Should().Be(ImportFault.ReadAnew);

        (await Steps.ImportAsync(seen.Id)).State.Should().Be(ImportState.Ready);
        (await Steps.AppliedAsync(seen.Id, "reviewer")).State.Should().Be(ImportState.Applied, "the second look is at what is approved");
    }

    [Fact]
    public async Task A_figure_that_stood_already_and_was_withdrawn_since_sends_the_change_set_back()
    {
        var waiting = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");
        await Steps.AppliedAsync(waiting.Id, "reporter");
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\nI13,CN,2019,12.25,A,Yearbook,,\n");
        import.Same.Should().Be(1);
        (await Steps.RevertAsync(waiting.Id, "reporter", isReviewer: false)).Should().BeNull();

        (await Steps.AppliedAsync(import.Id, "reporter")).Should().BeEquivalentTo(new { State = ImportState.Ready, Overtaken = true, Same = 0, New = 1, Changed = 1 });
    }

    [Fact]
    public async Task A_reviewer_applies_and_approves_in_one_step_and_the_dashboards_follow()
    {
        var import = await Steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nI13,CN,2025,16.5,A,Yearbook,,\n");

        (await Steps.AppliedAsync(import.Id, "reviewer")).State.Should().Be(ImportState.Applied);

        var revision = await _plan.WithAsync((db, _) => db.Revisions.Include(v => v.Reading).SingleAsync(v => v.ImportId == import.Id));
        revision.Should().BeEquivalentTo(new { State = RevisionState.Approved, AuthorId = await _plan.PersonAsync("reporter"), ReviewerId = await _plan.PersonAsync("reviewer") });
        revision.Reading!.Value.Should().Be(16.5m);
        (await _plan.WithAsync((db, _) => db.Standings.SingleAsync(s => s.Indicator!.Code == "I13" && s.Region!.Code == "CN"))).Value.Should().Be(16.5m);
    }

    [Fact]
    public async Task Columns_may_be_periods_and_the_file_says_no_more_than_its_values()
    {
        var import = await Steps.BroughtAsync("reporter", "指标,地区,2018,2019,2025\n数字经济核心产业增加值占GDP比重,CN,,12.25,15.9722\n".Replace("数字经济核心产业增加值占GDP比重", await NameAsync("I13"), StringComparison.Ordinal),
            p => p with { Source = "Yearbook" });

        import.Should().BeEquivalentTo(new { Rows = 3, New = 1, Same = 1, Blank = 1, Errors = 0 });
        import.Columns.Should().Equal(ColumnUse.Indicator, ColumnUse.Region, ColumnUse.Figures, ColumnUse.Figures, ColumnUse.Figures);
    }

    [Fact]
    public async Task Columns_may_be_indicators_and_regions_short_codes_or_chinese_names()
    {
        var import = await Steps.BroughtAsync("reporter", "地区;时期;P-RD-INT\n33;2010;1.78\n北京;2010;5.82\n", p => p with { Source = "统计年鉴" });

        import.Should().BeEquivalentTo(new { New = 2, Errors = 0, Separator = Separator.Semicolon });
    }

    [Fact]
    public async Task What_columns_mean_is_remembered_for_the_next_such_file()
    {
        await Steps.BroughtAsync("reporter", "什么,哪里,何时,多少\nI13,CN,2019,12.25\n",
            p => p with { Columns = [ColumnUse.Indicator, ColumnUse.Region, ColumnUse.Period, ColumnUse.Value], Source = "Yearbook" });

        var next = await Steps.BringAsync("reporter", "什么,哪里,何时,多少,导入问题\nI13,CN,2018,12,\n");

        next.Columns.Should().Equal(ColumnUse.Indicator, ColumnUse.Region, ColumnUse.Period, ColumnUse.Value, ColumnUse.Ignored);
        next.Source.Should().Be("Yearbook");
        (await Steps.BringAsync("zhejiang", "什么,哪里,何时,多少\nI13,CN,2018,12\n")).Columns.Should().AllBeEquivalentTo(ColumnUse.Ignored, "it is remembered for the person");
    }

    private Task<string> NameAsync(string indicator) => _plan.WithAsync((db, _) => db.Indicators.Where(i => i.Code == indicator).Select(i => i.NameZh).SingleAsync());

    private Task<int> RevisionsAsync() => _plan.WithAsync((db, _) => db.Revisions.CountAsync());
}
