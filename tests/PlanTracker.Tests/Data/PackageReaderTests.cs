using System.Text;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data.Packages;
using PlanTracker.Domain;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Data;

/// <summary>A faulty package is refused with file, line and reason for each fault, and nothing of it reaches the database.</summary>
public sealed class PackageReaderTests(SeededPlan plan) : IClassFixture<SeededPlan>, IDisposable
{
    private const string National = "readings/national.csv";

    private readonly TinyPlan _package = new();

    public void Dispose() => _package.Dispose();

    [Fact]
    public void A_package_of_other_years_regions_and_elements_is_read_as_it_stands()
    {
        var read = PlanPackage.Read(_package.Folder);

        read.Plan.Should().BeEquivalentTo(new
        {
            TinyPlan.Code,
            Name = new Bilingual("Library Plan of the Isles", "群岛图书馆规划"),
            BaselinePeriod = Period.Annual(2029),
            EndPeriod = Period.Annual(2034),
            MilestoneYears = new[] { 2031, 2034 },
            RegionSet = TinyPlan.Code,
        });
        read.Regions.Select(r => (r.Code, r.Parent)).Should().Equal(("ISLES", null), ("NORTH", "ISLES"), ("SOUTH", "ISLES"), ("COVE", "SOUTH"), ("RING", null));
        read.Memberships.Select(m => (m.Grouping, m.Region)).Should().Equal(("RING", "NORTH"), ("RING", "COVE"));
        read.Elements.Select(e => (e.Code, e.Parent)).Should()
            .Equal(("O-READ", null), ("K-HALLS", null), ("K-HALLS.1", "K-HALLS"), ("K-BOATS", "K-HALLS"), ("K-BOATS.1", "K-BOATS"));
        read.Indicators.Select(i => (i.Code, i.Frequency, i.Better, i.Weight)).Should().Equal(
            ("BOOKS", Frequency.Semester, Better.Increase, null), ("WAIT", Frequency.Quarter, Better.Decrease, "BOOKS"),
            ("LOANS", Frequency.Annual, Better.Increase, null));
        read.Indicators[0].Elements.Should().Equal("O-READ", "K-HALLS");
        read.Indicators[0].DefinitionEn.Should().Be("Books that can be borrowed,\ncounted at the end of the half-year.");
        read.Targets.Should().HaveCount(8);
        read.Readings.Should().HaveCount(9);
        read.Readings.Select(r => r.Value is { } value ? Rounding.Exact(value) : null).Should()
            .Equal("112.5", "118.0", "28.75", "31.00", "29.50", "57", null, "60.5", "52.0");
    }

    [Theory]
    // The table itself.
    [InlineData("elements.csv", "summary_zh,source", "summary_zh,sources", 1, "column 'sources' is not known")]
    [InlineData("elements.csv", "summary_zh,source", "summary_zh", 1, "column 'source' is missing")]
    [InlineData("links.csv", "from,to,basis", "from,to,basis,to", 1, "column 'to' stands twice")]
    [InlineData("links.csv", "from,to,basis\n", "", 1, "column 'from' is missing")]
    [InlineData(National, "Report 1,", "Report 1", 6, "8 fields where the header names 9")]
    [InlineData(National, "Report 1,", "Report 1,,", 6, "10 fields where the header names 9")]
    [InlineData(National, "57,A", "5\07,A", 9, "a NUL character")]
    [InlineData(National, "Report 1,", "\"Report 1,", 6, "a quote is out of place")]
    [InlineData(National, "Report 1,", "The \"Report\" 1,", 6, "a quote is out of place")]
    [InlineData(National, "Report 1,", "\"Report\" 1,", 6, "a quote is out of place")]
    // Numbers.
    [InlineData(National, "28.75", "\"28,75\"", 6, "value '28,75' is not a number")]
    [InlineData(National, "28.75", "２８", 6, "value '２８' is not a number")]
    [InlineData(National, "28.75", "28.75%", 6, "value '28.75%' is not a number")]
    [InlineData(National, "28.75", " 28.75", 6, "value ' 28.75' is not a number")]
    [InlineData(National, "28.75", "28.750", 6, "value '28.750' has more than 2 decimals")]
    [InlineData(National, "57,A", "57.0,A", 9, "value '57.0' has more than 0 decimals")]
    [InlineData(National, "57,A", "12345678901234567,A", 9, "has more than 16 digits before the point")]
    [InlineData(National, "28.75", "-0.01", 6, "value -0.01 is below the indicator's minimum 0")]
    [InlineData(National, "28.75", "365.01", 6, "value 365.01 is above the indicator's maximum 365")]
    [InlineData("targets.csv", "final,10,", "final,-1,", 8, "value -1 is below the indicator's minimum 0")]
    [InlineData("targets.csv", "final,10,", "final,\"1,5\",", 8, "value '1,5' is not a number")]
    [InlineData("targets.csv", "final,10,", "final,,", 8, "value is empty")]
    [InlineData("indicators.csv", "0,365,Q", "365,0,Q", 4, "min is not below max")]
    [InlineData("indicators.csv", "天,2,", "天,11,", 4, "decimals '11' is not between 0 and 10")]
    [InlineData("indicators.csv", "天,2,", "天,,", 4, "decimals is empty")]
    [InlineData("isles.csv", "yes,1,2,", "yes,1,0,", 5, "tile_row '0' is not between 1 and 100")]
    // What is named has to exist, once.
    [InlineData(National, "WAIT,ISLES,2030-Q1", "WAITS,ISLES,2030-Q1", 6, "indicator 'WAITS' is not known")]
    [InlineData(National, "WAIT,ISLES,2030-Q1", "WAIT,EAST,2030-Q1", 6, "region 'EAST' is not known")]
    [InlineData(National, "WAIT,ISLES,2030-Q1", ",ISLES,2030-Q1", 6, "indicator is empty")]
    [InlineData("targets.csv", "WAIT-F,WAIT", "WAIT-F,WEIGHT", 8, "indicator 'WEIGHT' is not known")]
    [InlineData("targets.csv", "WAIT-F,", "WAIT-B,", 8, "code 'WAIT-B' stands twice")]
    [InlineData("targets.csv", "WAIT-F,", ",", 8, "code is empty")]
    [InlineData("indicators.csv", "LOANS,Loans", "WAIT,Loans", 5, "code 'WAIT' stands twice")]
    [InlineData("indicators.csv", "weighted-mean,BOOKS", "weighted-mean,BOOK", 4, "weight 'BOOK' is not known")]
    [InlineData("indicators.csv", "图书船,K-BOATS,", "图书船,K-BOATS;K-SHIPS,", 4, "elements names 'K-SHIPS', which is not in elements.csv")]
    [InlineData("indicators.csv", "图书船,K-BOATS,", "图书船,K-BOATS;K-BOATS,", 4, "elements names one element twice")]
    [InlineData("elements.csv", "K-BOATS.1,project-item", "K-HALLS,project-item", 7, "code 'K-HALLS' stands twice")]
    [InlineData("isles.csv", "COVE,unit,SOUTH", "NORTH,unit,SOUTH", 6, "code 'NORTH' stands twice")]
    [InlineData("isles.csv", "COVE,unit,SOUTH", "COVE,unit,EAST", 6, "parent 'EAST' is not known")]
    [InlineData("rings.csv", "RING,NORTH", "RING,EAST", 2, "region 'EAST' is not known")]
    [InlineData("rings.csv", "RING,COVE", "RING,NORTH", 3, "grouping, region 'RING / NORTH' stands twice")]
    [InlineData("links.csv", "K-HALLS,O-READ", "K-HALLS,O-WRITE", 2, "to 'O-WRITE' is not known")]
    [InlineData("milestones.csv", "K-HALLS,2031", "K-HALL,2031", 2, "element 'K-HALL' is not known")]
    [InlineData("milestones.csv", "K-HALLS,2031", "K-HALLS,", 2, "year is empty")]
    [InlineData("assignments.csv", "LIB,K-HALLS", "BIB,K-HALLS", 2, "department 'BIB' is not known")]
    // The tree of regions and elements.
    [InlineData("isles.csv", "NORTH,unit,ISLES", "NORTH,country,", 1, "exactly one region must be of kind country")]
    [InlineData("isles.csv", "ISLES,country,,", "ISLES,unit,NORTH,", 1, "exactly one region must be of kind country")]
    [InlineData("isles.csv", "SOUTH,unit,ISLES", "SOUTH,unit,COVE", 5, "its parents run in a circle")]
    [InlineData("isles.csv", "SOUTH,unit,ISLES", "SOUTH,unit,SOUTH", 5, "its parents run in a circle")]
    [InlineData("isles.csv", "COVE,unit,SOUTH", "COVE,unit,", 6, "a unit needs a parent")]
    [InlineData("isles.csv", "RING,grouping,", "RING,grouping,ISLES", 7, "only units have a parent")]
    [InlineData("elements.csv", "project-item,K-BOATS", "project-item,K-HALLS", 7, "a project-item stands under a project")]
    [InlineData("elements.csv", "project-item,K-BOATS", "project-item,", 7, "a project-item stands under a project")]
    [InlineData("elements.csv", "K-BOATS,project,K-HALLS", "K-BOATS,project,O-READ", 6, "a project stands under a task")]
    [InlineData("elements.csv", "K-HALLS,task,", "K-HALLS,task,O-READ", 4, "a task has no parent")]
    // The path of an indicator in a region.
    [InlineData("targets.csv", "2031-S2,interim", "2031-S2,final", 5, "a second final for the same indicator and region")]
    [InlineData("targets.csv", "2031-S2,interim", "2031-S2,baseline", 4, "a second baseline for the same indicator and region")]
    [InlineData("targets.csv", "2031-S2,interim", "2034-S2,interim", 5, "a second value for 2034-S2 of the same indicator and region")]
    [InlineData("targets.csv", "2031-S2,interim", "2029-S2,interim", 4, "the target is not later than the baseline of 2029-S2")]
    [InlineData("targets.csv", "2031-S2,interim", "2029-12,interim", 4, "the target is not later than the baseline of 2029-S2")]
    [InlineData("targets.csv", "2034-Q4,final", "2028,final", 8, "the target is not later than the baseline of 2029-Q4")]
    [InlineData("targets.csv", "interim,140,,", "interim,140,stepped,", 4, "shape 'stepped' stands with role interim; the shape of a path is stated with its final target")]
    [InlineData("targets.csv", "final,200.0,,", "final,200.0,curved,", 5, "shape 'curved' is not one of linear, geometric, stepped, manual")]
    [InlineData("targets.csv", "final,200.0,,", "final,200.0,manual,", 5, "a manual path needs an interim target for every year between baseline and final target")]
    [InlineData("targets.csv", "final,80,,", "final,-80,geometric,", 10, "a geometric path needs a baseline and targets above zero")]
    [InlineData("targets.csv", "200.0,,Library Plan,图书馆规划,2029-12-01", "200.0,,Library Plan,图书馆规划,01.12.2029", 5, "stated_on '01.12.2029' is not a date")]
    // Periods, choices and dates.
    [InlineData(National, "2030-Q1", "2030-Q5", 6, "period '2030-Q5' is not a period")]
    [InlineData(National, "2030-Q1", "２０３０", 6, "period '２０３０' is not a period")]
    [InlineData("targets.csv", "2034-Q4", "2034-13", 8, "period '2034-13' is not a period")]
    [InlineData("plan.csv", "2029,2034", "2034,2029", 2, "end_period is not later than baseline_period")]
    [InlineData("plan.csv", "2031;2034", "2031;2034-S1", 2, "milestone_years '2034-S1' is not a year")]
    [InlineData("plan.csv", "2029-12-01", "01.12.2029", 2, "issued_on '01.12.2029' is not a date")]
    [InlineData("plan.csv", "isles-libraries,", "Isles Libraries,", 2, "code 'Isles Libraries' may hold lower-case letters, digits and hyphens only")]
    [InlineData("indicators.csv", "365,Q,", "365,W,", 4, "frequency 'W' is not one of A, S, Q, M")]
    [InlineData("indicators.csv", "2,decrease", "2,down", 4, "direction 'down' is not one of increase, decrease")]
    [InlineData("indicators.csv", "target only", "perhaps", 5, "verified 'perhaps' is not one of yes, target only, no")]
    [InlineData("isles.csv", "北岛,,,yes", "北岛,,,maybe", 4, "reports 'maybe' is neither yes nor no")]
    [InlineData(National, "28.75,A", "28.75,a", 6, "status 'a' is not one of")]
    [InlineData(National, "28.75,A,stated", "28.75,A,guessed", 6, "quality 'guessed' is not one of")]
    // Figures without a word of where they come from, or why they are not there.
    [InlineData(National, "Report 1,", ",", 6, "source is empty")]
    [InlineData(National, "28.75,A", ",A", 6, "value is empty, and status A does not say why")]
    [InlineData(National, "28.75,A", "28.75,M", 6, "status M says there is no value, but there is one")]
    [InlineData("targets.csv", "展望,,Outlook 3,", "展望,,,", 6, "source is empty")]
    [InlineData("elements.csv", "两岛开放阅览室。", "", 4, "summary_zh is empty")]
    public async Task A_fault_is_named_with_file_line_and_reason_and_nothing_is_loaded(string file, string was, string now, int line, string reason)
    {
        _package.Change(file, was, now);

        await RefusedAsync(file, line, reason);
    }

    [Theory]
    [InlineData("BD", "initials 'BD' may hold lower-case letters a to z only, e.g. bj for 北京; leave it empty where there are none")]
    [InlineData("b d", "initials 'b d' may hold")]
    [InlineData("b1", "initials 'b1' may hold")]
    [InlineData("běi", "initials 'běi' may hold")]
    [InlineData("ｂｄ", "initials 'ｂｄ' may hold")]
    [InlineData("abcdefghijklmnopqrstu", "initials is longer than 20 characters")]
    public async Task Initials_of_a_region_are_small_letters(string initials, string reason)
    {
        WithInitials(initials);

        await RefusedAsync("isles.csv", 4, reason);
    }

    [Fact]
    public void Initials_are_read_where_they_are_given_and_their_column_may_be_missing()
    {
        PlanPackage.Read(_package.Folder).Regions.Should().OnlyContain(r => r.Initials == null);

        WithInitials("bd");

        PlanPackage.Read(_package.Folder).Regions.Select(r => r.Initials).Should().Equal(null, "bd", null, null, null);
    }

    [Theory]
    [InlineData("NONE", "denominator 'NONE' is not known")]
    [InlineData("LOANS", "denominator is the indicator itself")]
    public async Task A_denominator_is_another_indicator(string denominator, string reason)
    {
        WithDenominator(denominator);

        await RefusedAsync("indicators.csv", 5, reason);
    }

    [Fact]
    public void A_denominator_is_read_where_it_is_given_and_its_column_may_be_missing()
    {
        PlanPackage.Read(_package.Folder).Indicators.Should().OnlyContain(i => i.Denominator == null);

        WithDenominator("BOOKS");

        PlanPackage.Read(_package.Folder).Indicators.Select(i => i.Denominator).Should().Equal(null, null, "BOOKS");
    }

    [Theory]
    [InlineData("plan.csv")]
    [InlineData("isles.csv")]
    [InlineData("rings.csv")]
    [InlineData("elements.csv")]
    [InlineData("links.csv")]
    [InlineData("indicators.csv")]
    [InlineData("targets.csv")]
    [InlineData("milestones.csv")]
    [InlineData("departments.csv")]
    [InlineData("assignments.csv")]
    public async Task A_missing_file_is_named(string file)
    {
        _package.Delete(file);

        await RefusedAsync(file, 1, "the file is missing");
    }

    [Theory]
    [InlineData("elements.csv")]
    [InlineData("links.csv")]
    [InlineData("targets.csv")]
    [InlineData(National)]
    public async Task A_file_without_even_a_header_is_refused(string file)
    {
        _package.Write(file, "");

        await RefusedAsync(file, 1, "the file is empty");
    }

    [Theory]
    [InlineData("elements.csv")]
    [InlineData(National)]
    public async Task A_file_in_another_encoding_is_refused(string file)
    {
        _package.Write(file, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(_package.Read(file) + "群岛"));

        await RefusedAsync(file, 1, "the file is not UTF-8");
    }

    [Fact]
    public async Task A_byte_order_mark_does_not_make_wrong_bytes_right()
    {
        byte[] text = Encoding.UTF8.GetBytes(_package.Read(National));
        text[^3] = 0xC8;
        _package.Write(National, [0xEF, 0xBB, 0xBF, .. text]);

        await RefusedAsync(National, 1, "the file is not UTF-8");
    }

    [Fact]
    public async Task A_file_in_UTF_16_is_refused()
    {
        _package.Write(National, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(_package.Read(National))]);

        await RefusedAsync(National, 1, "the file is not UTF-8");
    }

    [Fact]
    public void A_byte_order_mark_and_the_line_ends_of_Windows_change_nothing()
    {
        var plain = PlanPackage.Read(_package.Folder);
        foreach (var path in Directory.GetFiles(_package.Folder, "*.csv", SearchOption.AllDirectories))
            File.WriteAllText(path, File.ReadAllText(path).Replace("\n", "\r\n", StringComparison.Ordinal), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var read = PlanPackage.Read(_package.Folder);

        read.Plan.Should().BeEquivalentTo(plain.Plan);
        read.Readings.Skip(1).Should().Equal(plain.Readings.Skip(1));
        read.Readings[0].Note.Should().Be("first count\r\nof the\r\nnew office");
        read.Targets.Skip(1).Should().Equal(plain.Targets.Skip(1));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Other_line_ends_do_not_shift_the_line_of_a_fault(string lineEnd)
    {
        _package.Change(National, "28.75", "28.7x");
        _package.Write(National, _package.Read(National).Replace("\n", lineEnd, StringComparison.Ordinal));

        await RefusedAsync(National, 6, "value '28.7x' is not a number");
    }

    [Fact]
    public async Task Blank_lines_are_counted_and_mean_nothing()
    {
        _package.Change(National, "WAIT,ISLES,2030-Q1,28.75", "\n\nWAIT,ISLES,2030-Q1,28.7x");

        await RefusedAsync(National, 8, "value '28.7x' is not a number");
    }

    [Fact]
    public async Task A_fault_inside_a_field_of_many_lines_is_named_where_its_row_begins()
    {
        _package.Change(National, "112.5,A", "112.55,A");

        await RefusedAsync(National, 2, "value '112.55' has more than 1 decimals");
    }

    [Fact]
    public async Task The_last_line_needs_no_line_end()
    {
        _package.Change(National, "Bulletin 4,", ",");
        _package.Write(National, _package.Read(National).TrimEnd('\n'));

        await RefusedAsync(National, 10, "source is empty");
    }

    [Fact]
    public void Every_fault_of_a_package_is_named_at_once()
    {
        _package.Change(National, "28.75", "\"28,75\"");
        _package.Change(National, "57,A", "57,X");
        _package.Change("targets.csv", "WAIT-F,", "WAIT-B,");

        var read = () => PlanPackage.Read(_package.Folder);

        read.Should().Throw<PackageRefusedException>().Which.Faults.Select(f => (f.File, f.Line)).Should()
            .BeEquivalentTo([(National, 6), (National, 9), ("targets.csv", 8)]);
    }

    [Fact]
    public async Task The_message_shows_the_first_fifty_faults_and_says_how_many_more_there_are()
    {
        _package.Write(National, "indicator,region,period,value,status,quality,source,published_on,note\n"
            + string.Concat(Enumerable.Range(0, 53).Select(_ => "BOOKS,ISLES,2030-S1,1,A,published,,,\n")));

        var message = await RefusedAsync(National, 51, "source is empty");

        message.Should().Contain("53 fault(s)").And.Contain("and 3 more").And.NotContain($"{National}:52:");
    }

    [Fact]
    public async Task A_folder_that_holds_no_plan_is_refused()
    {
        foreach (var path in Directory.GetFiles(_package.Folder))
            File.Delete(path);

        var message = await RefusedAsync("plan.csv", 1, "the file is missing");

        message.Should().Contain("1 fault(s)");
    }

    [Fact]
    public async Task Two_plans_in_one_package_are_refused()
    {
        _package.Write("plan.csv", _package.Read("plan.csv") + _package.Read("plan.csv").Split('\n')[1] + "\n");

        await RefusedAsync("plan.csv", 1, "there must be exactly one row");
    }

    /// <summary>Gives the regions a column of initials, filled for the northern isle.</summary>
    private void WithInitials(string initials)
    {
        _package.Change("isles.csv", "short_zh,iso", "short_zh,initials,iso");
        foreach (var name in new[] { "Isles,群岛", "South,南岛", "Cove,小湾", "Ring,外环" })
            _package.Change("isles.csv", $",{name},,", $",{name},,,");
        _package.Change("isles.csv", ",North,北岛,,", $",North,北岛,{initials},,");
    }

    /// <summary>Gives the indicators a column of denominators, filled for the loans.</summary>
    private void WithDenominator(string denominator)
    {
        _package.Change("indicators.csv", "weight,reported_by", "weight,denominator,reported_by");
        _package.Change("indicators.csv", "stock,sum,,", "stock,sum,,,");
        _package.Change("indicators.csv", "weighted-mean,BOOKS,", "weighted-mean,BOOKS,,");
        _package.Change("indicators.csv", "flow,sum,,", $"flow,sum,,{denominator},");
    }

    /// <returns>What the command printed.</returns>
    private async Task<string> RefusedAsync(string file, int line, string reason)
    {
        var before = await FootprintAsync();
        using var output = new StringWriter();
        using var errors = new StringWriter();

        var exit = await Commands.RunAsync(plan.Application.Services, ["load-plan", _package.Folder], output, errors, CancellationToken.None);

        exit.Should().Be(1);
        output.ToString().Should().BeEmpty();
        errors.ToString().Split('\n').Should().Contain(l => l.StartsWith($"{file}:{line}: ", StringComparison.Ordinal) && l.Contains(reason, StringComparison.Ordinal),
            "the fault is named in\n{0}", errors);
        (await FootprintAsync()).Should().Be(before);
        return errors.ToString();
    }

    private Task<(int Plans, int Regions, int Revisions, int Events)> FootprintAsync() => plan.WithAsync(async (db, _) =>
        (await db.Plans.CountAsync(), await db.Regions.CountAsync(), await db.Revisions.CountAsync(), await db.AuditEvents.CountAsync()));
}
