using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Data.Imports;
using PlanTracker.Domain;
using PlanTracker.Tests.Features.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Entry;

/// <summary>Whose reading is limited to their own scope enters, imports and reviews there as everybody does, and sees nothing of anybody else while at it.</summary>
public sealed class OwnScopeTests : IAsyncLifetime
{
    private const string Plan = $"/en/plans/{SeededPlan.PlanCode}";
    private const string Person = "zhejiang";
    private const string Sums = "P-RD-EXP";
    private const int MostPages = 400;

    private readonly SeededPlan _plan;
    private readonly EntrySteps _steps;

    public OwnScopeTests(TestCluster cluster)
    {
        _plan = new SeededPlan(cluster);
        _steps = new EntrySteps(_plan);
    }

    /// <summary>Zhejiang's reporter reviews there as well, and is limited. Figures wait there and elsewhere.</summary>
    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        foreach (var (cell, text) in new[] { ("P-RD-INT/330000/1950", "2.5"), ("P-RD-INT/110000/1950", "6.5") })
            (await _steps.SubmitAsync("reporter", text, cell)).Submitted.Should().Be(1);
        await LimitAsync(true);
        var person = await _plan.PersonAsync(Person);
        await _plan.WithAsync(async (db, _) =>
        {
            db.UserRoles.Add(new IdentityUserRole<Guid> { UserId = person, RoleId = await db.Roles.Where(r => r.Name == Roles.Reviewer).Select(r => r.Id).SingleAsync() });
            return await db.SaveChangesAsync();
        });
    }

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task No_page_they_find_by_following_links_speaks_of_another_region_or_leads_nowhere()
    {
        var import = await new ImportSteps(_plan).BroughtAsync(Person, $"{ImportSteps.Header}\nP-RD-INT,330000,1951,2.6,A,Yearbook,,\nP-RD-INT,110000,1951,6.6,A,Yearbook,,\n");
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        var others = await OthersAsync();
        var (explained, brought) = (new List<string> { "/en/api", $"{Plan}/method" }, $"{Plan}/imports/{import.Id}");
        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(["/en", $"{Plan}/work/regions/330000", $"{Plan}/review", brought]));
        while (next.TryDequeue(out var address) && seen.Count < MostPages)
        {
            if (!seen.Add(address))
                continue;
            using var answer = await visitor.GetAsync(address);
            if (answer.StatusCode == HttpStatusCode.Redirect)
            {
                next.Enqueue(answer.Headers.Location!.OriginalString);
                continue;
            }

            answer.StatusCode.Should().Be(HttpStatusCode.OK, address);
            if (answer.Content.Headers.ContentType!.MediaType != "text/html")
                continue;
            var page = await Visitor.ReadAsync(answer);
            // Method and programs are explained with examples; what they brought themselves is theirs to see, whatever it speaks of.
            if (!explained.Exists(e => address.StartsWith(e, StringComparison.Ordinal)) && !address.StartsWith(brought, StringComparison.Ordinal))
                others.Where(o => o.IsMatch(page.QuerySelector("main")!.OuterHtml)).Should().BeEmpty(address);
            foreach (var link in page.QuerySelectorAll("a[href^='/en']").Select(a => a.GetAttribute("href")!.Split('#')[0]))
                next.Enqueue(link);
        }

        using (var start = await visitor.GetAsync("/en"))
            start.Headers.Location!.OriginalString.Should().Be($"{Plan}/work", "what is due from them comes first");
        seen.Should().Contain([$"{Plan}/work", $"{Plan}/work/P-RD-INT/330000/1950", $"{Plan}/review", $"{Plan}/imports", $"{Plan}/readings"]).And.HaveCountGreaterThan(50);
    }

    [Fact]
    public async Task What_lies_elsewhere_is_not_there()
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        foreach (var address in new[] { "/work/regions/110000", "/work/P-RD-INT/110000/1950", "/goals/A01-2023", "/items/B01.1", "/indicators/P-RD-INT", "/rounds", "/regions/330000" })
            (await visitor.GetAsync(Plan + address)).StatusCode.Should().Be(HttpStatusCode.NotFound, address);
        (await visitor.PageAsync($"{Plan}/review")).QuerySelectorAll("input[name=revisions]").Should().ContainSingle("one figure waits in Zhejiang, and one elsewhere");
    }

    [Fact]
    public async Task They_submit_by_the_form_and_approve_what_others_entered_for_their_region()
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        const string Form = $"{Plan}/work/P-RD-INT?period=1952";
        var page = await visitor.PageAsync(Form);
        var input = page.QuerySelector("#cell-P-RD-INT-330000-1952")!;
        page.QuerySelectorAll("tbody tr").Should().ContainSingle();

        using var sent = await visitor.PostAsync(
            Form, new() { [input.GetAttribute("name")!] = "2.7", ["source"] = "Yearbook", ["explanation"] = "As counted.", ["requestId"] = $"{Guid.NewGuid()}", ["decision"] = "submit" }, Form);
        sent.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await _steps.ReadingAsync("P-RD-INT/330000/1952"))!.PendingRevision!.Value.Should().Be(2.7m);

        var queue = await visitor.PageAsync($"{Plan}/review");
        var waiting = queue.QuerySelectorAll("input[name=revisions]:not([disabled])").Should().ContainSingle("their own is nobody's to approve but another's").Which;
        using var approved = await visitor.PostAsync($"{Plan}/review", new() { ["revisions"] = waiting.GetAttribute("value")!, ["decision"] = "approve" }, $"{Plan}/review");
        approved.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await _steps.ReadingAsync("P-RD-INT/330000/1950"))!.Value.Should().Be(2.5m);
    }

    [Fact]
    public async Task What_regions_have_to_add_up_to_is_told_to_others_only()
    {
        await SumsAsync();
        await _steps.StandAsync(($"{Sums}/CN/2023", "33357.1"));
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        const string Form = $"{Plan}/work/{Sums}?period=2023";

        (await visitor.PageAsync(Form)).QuerySelector("[data-whole], [data-rest], [data-tolerance]").Should().BeNull();
        await LimitAsync(false);
        (await visitor.PageAsync(Form)).QuerySelector("th[data-whole='33357.1']").Should().NotBeNull();
    }

    [Fact]
    public async Task A_file_is_told_nothing_of_what_stands_or_waits_elsewhere_not_by_what_is_blank_and_not_by_what_stands_twice()
    {
        const string Elsewhere = "P-RD-INT,110000,1950";
        var import = await new ImportSteps(_plan).BroughtAsync(
            Person, $"{ImportSteps.Header}\nP-RD-INT,330000,1950,,A,Yearbook,,\n{Elsewhere},,A,Yearbook,,\n{Elsewhere},1.25,A,Yearbook,,\n{Elsewhere},6.5,A,Yearbook,,\n");

        var rows = await _plan.WithAsync((db, _) => db.ImportRows.Where(r => r.ImportId == import.Id).OrderBy(r => r.Position).Select(r => $"{r.Verdict} {r.Before} {r.Waits}").ToListAsync());
        rows.Should().Equal("Blank 2.5 True", "Blank  False", "Error  False", "Error  False");
    }

    [Fact]
    public async Task A_file_is_not_asked_whether_regions_add_up()
    {
        await SumsAsync();
        var parts = await _plan.WithAsync((db, _) => db.Cells()
            .Where(c => c.Indicator.Code == Sums && c.Region.Kind != RegionKind.Country && c.Region.Code != "330000").Select(c => c.Region.Code).ToListAsync());
        await _steps.StandAsync([($"{Sums}/CN/1950", "1000"), .. parts.Select(p => ($"{Sums}/{p}/1950", "1"))]);
        string[] Asked(Import import) => [.. _plan.WithAsync((db, _) => db.ImportRows.Where(r => r.ImportId == import.Id).Select(r => r.Questions ?? "").ToListAsync()).Result];
        var text = $"{ImportSteps.Header}\n{Sums},330000,1950,3,A,Yearbook,,\n";

        Asked(await new ImportSteps(_plan).BroughtAsync(Person, text)).Should().Equal("");
        await LimitAsync(false);
        Asked(await new ImportSteps(_plan).BroughtAsync(Person, text)).Should().Equal("RegionsDoNotAddUp");
    }

    [Fact]
    public async Task Of_a_file_of_others_they_see_the_rows_of_their_region_and_do_not_take_it_away()
    {
        var steps = new ImportSteps(_plan);
        await _steps.StandAsync(("P-RD-INT/110000/1954", "6.75"));
        var import = await steps.BroughtAsync("reporter", $"{ImportSteps.Header}\nP-RD-INT,330000,1954,2.75,A,Bulletin of the form,,\nP-RD-INT,110000,1954,6.75,A,Bulletin of the form,,\n");
        import.Should().BeEquivalentTo(new { New = 1, Same = 1 });
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        var address = $"{Plan}/imports/{import.Id}";

        var page = await visitor.PageAsync(address);
        page.QuerySelector("main")!.TextContent.Should().Contain("2.75").And.NotContain("6.75");
        (await visitor.PageAsync($"{address}?show=same")).QuerySelector("main")!.TextContent.Should().NotContain("6.75");
        (await visitor.GetAsync($"{address}/problems")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_they_imported_in_a_place_that_was_taken_from_them_stays_theirs_to_see_and_not_to_take_back()
    {
        var steps = new ImportSteps(_plan);
        var import = await steps.BroughtAsync(Person, $"{ImportSteps.Header}\nP-RD-INT,330000,1955,2.6,A,Yearbook,,As counted.\n");
        await steps.AppliedAsync(import.Id, Person, "As counted.");
        await _plan.WithAsync((db, _) => db.ScopeGrants.Where(g => g.Person!.UserName == Person).ExecuteDeleteAsync());

        (await steps.RevertAsync(import.Id, Person, isReviewer: false)).Should().Be(ImportFault.OutOfScope);
        (await _steps.ReadingAsync("P-RD-INT/330000/1955"))!.PendingRevision!.State.Should().Be(RevisionState.Submitted);
    }

    [Fact]
    public async Task What_others_changed_since_in_a_place_that_was_taken_from_them_is_not_told()
    {
        var steps = new ImportSteps(_plan);
        var import = await steps.BroughtAsync(Person, $"{ImportSteps.Header}\nP-RD-INT,330000,1953,2.6,A,Yearbook,,As counted.\n");
        (await steps.AppliedAsync(import.Id, Person, "As counted.")).State.Should().Be(ImportState.Applied);
        (await _steps.ReturnAsync("P-RD-INT/330000/1953")).Reviewed.Should().Be(1);
        (await _steps.SubmitAsync("reporter", "3.21", "P-RD-INT/330000/1953")).Submitted.Should().Be(1);
        using var visitor = await Visitor.SignedInAsync(_plan.Application, Person);
        (await visitor.PageAsync($"{Plan}/imports/{import.Id}")).QuerySelector("main")!.TextContent.Should().Contain("3.21");

        await _plan.WithAsync((db, _) => db.ScopeGrants.Where(g => g.Person!.UserName == Person).ExecuteDeleteAsync());

        (await visitor.PageAsync($"{Plan}/imports/{import.Id}")).QuerySelector("main")!.TextContent.Should().NotContain("3.21");
    }

    /// <summary>Makes an indicator reported by the country and by its regions, which are to add up.</summary>
    private Task<int> SumsAsync() => _plan.WithAsync(async (db, _) =>
    {
        (await db.Indicators.SingleAsync(i => i.Code == Sums)).Rules = new ReadingRules { SumTolerance = 0.01m };
        await db.SaveChangesAsync();
        return await db.Indicators.Where(i => i.Code == Sums).ExecuteUpdateAsync(s => s.SetProperty(i => i.ReportedBy, ReportedBy.Both));
    });

    private Task<int> LimitAsync(bool limited) =>
        _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == Person).ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, limited)));

    /// <summary>Codes and names of every other region but the country.</summary>
    private async Task<List<Regex>> OthersAsync()
    {
        var regions = await _plan.WithAsync((db, _) => db.Regions.Where(r => r.Code != "330000" && r.Kind != RegionKind.Country).Select(r => new { r.Code, r.ShortEn }).ToListAsync());
        return [.. regions.Select(r => new Regex($@"(?<![0-9A-Za-z-])({r.Code}|{Regex.Escape(r.ShortEn)})(?![0-9A-Za-z-])", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))];
    }
}
