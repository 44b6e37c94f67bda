using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>What was taken away and brought back changes nothing: every figure, name and text survives the way out and in.</summary>
public sealed class RoundTripTests(TestCluster cluster) : IAsyncLifetime
{
    /// <summary>Files that hold readings and can be brought back, by their address behind the page of data.</summary>
    public static readonly TheoryData<string> Files =
    [
        "readings.csv", "readings.csv?profile=spreadsheet", "readings.xlsx", "readings.csv?layout=wide", "readings.xlsx?layout=wide", "readings.sdmx.csv",
    ];

    private readonly SeededPlan _plan = new(cluster);

    private ImportSteps Steps => new(_plan);

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_whole_plan_taken_away_and_brought_back_changes_nothing(string file)
    {
        var import = await BroughtBackAsync(file);

        import.Should().BeEquivalentTo(new { State = ImportState.Ready, New = 0, Changed = 0, Errors = 0 });
        var values = await _plan.WithAsync((db, _) => db.Readings.CountAsync(r => r.Value != null));
        import.Same.Should().BeGreaterThanOrEqualTo(values);
    }

    [Theory]
    [InlineData("readings.csv")]
    [InlineData("readings.xlsx")]
    [InlineData("readings.sdmx.csv")]
    public async Task Ten_thousand_figures_with_hostile_text_come_back_as_they_went(string file)
    {
        var count = await HostileFiguresAsync();

        var import = await BroughtBackAsync(file + "?indicator=P-RD-INT");

        import.Should().BeEquivalentTo(new { State = ImportState.Ready, New = 0, Changed = 0, Errors = 0, Blank = 0 });
        import.Same.Should().BeGreaterThanOrEqualTo(count).And.BeGreaterThan(10_000);
    }

    [Fact]
    public async Task A_figure_changed_on_the_way_is_the_only_change()
    {
        var text = Encoding.UTF8.GetString(await FileAsync("readings.csv?indicator=I13&region=CN"));

        var import = await Steps.BroughtAsync("reporter", text.Replace(",15.9722,", ",15.9723,", StringComparison.Ordinal));

        import.Should().BeEquivalentTo(new { New = 0, Changed = 1, Errors = 0 });
    }

    private async Task<Import> BroughtBackAsync(string file)
    {
        var import = await Steps.BringAsync("reporter", await FileAsync(file), file.Contains("xlsx", StringComparison.Ordinal) ? "readings.xlsx" : "readings.csv");
        return await Steps.ReadAsync(import.Id);
    }

    private async Task<byte[]> FileAsync(string file)
    {
        using var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        using var answer = await analyst.GetAsync($"/en/plans/{SeededPlan.PlanCode}/{file}");
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Ten thousand approved figures whose sources and notes hold what breaks files.</summary>
    private async Task<int> HostileFiguresAsync()
    {
        var random = new Random(6);
        string[] pieces =
        [
            "\"", ",", ";", "\t", "\n", "\r\n", "=1+1", "+x", "-2", "@sum", "００１", "007", "1,5", "浙江", "𠮷", "😀", "e\u0301", "\u202E", "\u200B", "_x0041_", "&lt;", "<t>", "'", "\\", "NULL", "\u0007", "﻿", " ",
        ];
        var (indicator, person) = (await _plan.IndicatorAsync("P-RD-INT"), await _plan.PersonAsync("reporter"));
        var regions = await _plan.WithAsync((db, _) => db.CellsInScope(person).Where(c => c.Indicator.Id == indicator && c.Region.Kind == RegionKind.Unit).Select(c => c.Region.Id).ToListAsync());
        var years = (11_000 / regions.Count) + 1;
        var rows = (
            from region in regions
            from year in Enumerable.Range(1500, years)
            select (region, year, value: Math.Round((decimal)(random.NextDouble() * 90), random.Next(0, 3)), source: Text(random, pieces), note: random.Next(3) == 0 ? null : Text(random, pieces))).ToList();
        await _plan.WithAsync(async (db, _) => await db.Database.ExecuteSqlAsync($"""
            with given as (
                select nextval('readings_id_seq') as reading, nextval('reading_revisions_id_seq') as revision, g.*
                from unnest({rows.Select(r => r.region).ToArray()}, {rows.Select(r => r.year.ToString(CultureInfo.InvariantCulture)).ToArray()}, {rows.Select(r => r.value).ToArray()}, {rows.Select(r => r.source).ToArray()}, {rows.Select(r => r.note).ToArray()})
                    as g(region, period, value, source, note)),
            stated as (
                insert into reading_revisions (id, reading_id, number, value, status, quality, source, note, created_at, known_on, state)
                select revision, reading, 1, value, 'A', 'published', source, note, now(), now()::date, 'approved' from given)
            insert into readings (id, indicator_id, region_id, period, value, status, approved_revision_id, last_number)
            select reading, {indicator}, region, period, value, 'A', revision, 1 from given
            """));
        return rows.Count;
    }

    private static string Text(Random random, string[] pieces)
    {
        // What people submit is kept without blanks at its ends.
        var text = $"a{string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]))}z";
        return random.Next(5) == 0 ? pieces[random.Next(6, 10)] + text : text;
    }
}
