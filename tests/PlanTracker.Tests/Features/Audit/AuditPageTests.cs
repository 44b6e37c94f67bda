using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Features.Audit;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Audit;

/// <summary>The audit as an auditor reads it, takes it away and verifies it.</summary>
public sealed partial class AuditPageTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Page = "/en/audit";

    private readonly SeededPlan _plan = new(cluster);

    private Visitor _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _plan.InitializeAsync();
        _auditor = await Visitor.SignedInAsync(_plan.Application, "auditor");
    }

    public ValueTask DisposeAsync()
    {
        _auditor.Dispose();
        return _plan.DisposeAsync();
    }

    [Theory]
    [InlineData("auditor", HttpStatusCode.OK)]
    [InlineData("security", HttpStatusCode.OK)]
    [InlineData("administrator", HttpStatusCode.Forbidden)]
    [InlineData("leader", HttpStatusCode.Forbidden)]
    [InlineData("reporter", HttpStatusCode.Forbidden)]
    [InlineData("reviewer", HttpStatusCode.Forbidden)]
    [InlineData("zhejiang-analyst", HttpStatusCode.Forbidden)]
    public async Task The_audit_is_there_for_auditors_and_security_administrators(string person, HttpStatusCode expected)
    {
        using var visitor = await Visitor.SignedInAsync(_plan.Application, person);

        foreach (var address in new[] { Page, "/zh/audit", "/en/audit.csv", "/en/audit/verify", "/en/audit/anchor.txt" })
        {
            using var answer = await visitor.GetAsync(address);
            answer.StatusCode.Should().Be(expected, address);
        }

        using var verified = await visitor.PostAsync("/en/audit/verify", [], form: "/en/account/tokens");
        verified.StatusCode.Should().Be(expected);
        using var page = await visitor.PageAsync("/en/account/tokens");
        page.QuerySelectorAll(".masthead a").Any(a => a.GetAttribute("href") == Page).Should().Be(expected == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_auditor_who_sees_only_a_part_of_the_figures_does_not_see_the_audit()
    {
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "auditor").ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, true)));

        using var answer = await _auditor.GetAsync(Page);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_change_is_told_with_who_when_what_and_its_facts_in_both_languages()
    {
        await new EntrySteps(_plan).SubmitAsync("zhejiang", "2.75");
        var kept = await _plan.WithAsync((db, _) => db.AuditEvents.OrderByDescending(e => e.Id).FirstAsync());

        using var english = await _auditor.PageAsync(Page);
        using var chinese = await _auditor.PageAsync("/zh/audit");

        var cells = Cells(english)[0];
        cells[0].Should().Be(kept.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        cells[1..5].Should().Equal("Zhejiang reporter zhejiang", "Submitted a figure for review", EntrySteps.Cell, "value 2.75 status A revision 1");
        cells[5].Should().Be($"{kept.Id} {Convert.ToHexStringLower(kept.Hash!)[..12]}");
        Cells(chinese)[0][2..5].Should().Equal("提交数据待审", EntrySteps.Cell, "数值 2.75 状态 A 修订号 1");
        Cells(english)[^1][1..3].Should().Equal("command", "Loaded a plan");
    }

    [Fact]
    public async Task Nothing_that_is_recorded_reaches_the_page_as_markup_or_raw_notation()
    {
        await SqlAsync("""
            insert into audit_events (at, action, subject, detail) values (now(), 'test.unknown', '<b>"x"</b>',
                '{"files": [{"name": "a.pdf", "sha256": "00"}], "reason": null, "codes": ["I01", "I02"], "now": {"deadline": "2026-03-31", "locks": true}, "text": "<script>"}')
            """);

        using var page = await _auditor.PageAsync(Page);

        var cells = Cells(page)[0];
        cells[2..4].Should().Equal("test.unknown", "<b>\"x\"</b>");
        cells[4].Should().Contain("files · 1 · name a.pdf").And.Contain("codes I01, I02").And.Contain("now · deadline 2026-03-31")
            .And.Contain("text <script>").And.NotContain("reason").And.NotContain("{");
        page.QuerySelectorAll("main b, main script").Should().BeEmpty();
    }

    [Fact]
    public async Task A_person_as_the_subject_is_named()
    {
        await SqlAsync("insert into audit_events (at, action, subject, detail) select now(), 'person.password-set', id::text, '{}' from people where user_name = 'leader'");

        using var page = await _auditor.PageAsync(Page);

        Cells(page)[0][3].Should().Be("Leader leader");
    }

    [Theory]
    [InlineData("", 8)]
    [InlineData("?person=reporter", 4)]
    [InlineData("?person=REPORTER&action=reading.submitted", 2)]
    [InlineData("?commands=true", 1)]
    [InlineData("?action=reading.", 6)]
    [InlineData("?action=reading.submitted", 4)]
    [InlineData("?action=target.set", 0)]
    [InlineData("?subject=p-pop/33", 2)]
    [InlineData("?subject=%25", 1)]
    [InlineData("?subject=_", 0)]
    [InlineData("?from=2025-03-01&to=2025-03-31", 4)]
    [InlineData("?from=2025-03-10", 8)]
    [InlineData("?from=2025-03-11", 4)]
    [InlineData("?to=2025-03-10", 4)]
    [InlineData("?to=9999-12-31&from=0001-01-01", 8)]
    [InlineData("?from=2025-03-11&person=zhejiang&action=reading.submitted&subject=1951", 1)]
    public async Task A_filter_leaves_what_it_names_on_the_page_and_in_the_file(string filter, int left)
    {
        await FillAsync();

        using var page = await _auditor.PageAsync(Page + filter);
        using var file = await _auditor.GetAsync("/en/audit.csv" + filter);

        Cells(page).Should().HaveCount(left);
        file.Headers.GetValues("X-Row-Count").Should().Equal(left.ToString(CultureInfo.InvariantCulture));
        ExportedRows.Csv(await file.Content.ReadAsByteArrayAsync()).Should().HaveCount(left);
    }

    [Theory]
    [InlineData("?from=1.3.2025", "from", "Not a day")]
    [InlineData("?to=2025-02-30", "to", "Not a day")]
    [InlineData("?from=2025-03-02&to=2025-03-01", "to", "ends before it begins")]
    [InlineData("?person=nobody", "person", "Nobody has this sign-in name")]
    [InlineData("?person=reporter&commands=true", "person", "not both")]
    [InlineData("?action=reading.burnt", "action", "No such action")]
    [InlineData("?action=nothing.", "action", "No such action")]
    public async Task What_cannot_be_asked_is_said_at_its_field_and_stays_there(string filter, string field, string message)
    {
        foreach (var address in new[] { Page, "/en/audit.csv" })
        {
            using var page = await _auditor.PageAsync(address + filter, HttpStatusCode.UnprocessableEntity);

            var input = page.QuerySelector($"#{field}.is-invalid")!;
            (input is IHtmlSelectElement select ? select.Value : input.GetAttribute("value")).Should().NotBeNullOrEmpty();
            page.QuerySelector($"#{input.GetAttribute("aria-describedby")}")!.TextContent.Should().Contain(message);
            page.QuerySelectorAll("main table").Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("/en/audit?before=x", HttpStatusCode.BadRequest)]
    [InlineData("/en/audit?before=1&after=1", HttpStatusCode.BadRequest)]
    [InlineData("/en/audit?before=999999", HttpStatusCode.NotFound)]
    [InlineData("/en/audit.csv?profile=word", HttpStatusCode.BadRequest)]
    public async Task An_address_that_leads_nowhere_says_so(string address, HttpStatusCode expected) => (await _auditor.PageAsync(address, expected)).Dispose();

    [Fact]
    public async Task Pages_lead_through_all_events_and_back_each_once_and_in_order()
    {
        // Many at the same moment, and some that were made before those they stand behind.
        await SqlAsync("""
            insert into audit_events (at, action, subject, detail)
            select timestamptz '2026-01-01' + interval '1 hour' * (n / 20) - case when n % 7 = 0 then interval '90 minutes' else interval '0' end, 'reading.submitted', 'n' || n, '{}'
            from generate_series(1, 170) n
            """);
        var expected = await _plan.WithAsync((db, _) => db.AuditEvents.Where(e => e.Subject.StartsWith("n")).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Select(e => e.Subject).ToListAsync());
        var (seen, pages, address) = (new List<string>(), new List<List<string>>(), (string?)$"{Page}?action=reading.submitted");

        while (address is not null)
        {
            using var page = await _auditor.PageAsync(address);
            pages.Add([.. Cells(page).Select(c => c[3])]);
            seen.AddRange(pages[^1]);
            if (page.QuerySelector(".pages a[rel=next]")?.GetAttribute("href") is { } next)
            {
                address = next;
                continue;
            }

            pages.Should().HaveCount(4);
            using var third = await _auditor.PageAsync(page.QuerySelector(".pages a[rel=prev]")!.GetAttribute("href")!);
            Cells(third).Select(c => c[3]).Should().Equal(pages[2]);
            using var second = await _auditor.PageAsync(third.QuerySelector(".pages a[rel=prev]")!.GetAttribute("href")!);
            Cells(second).Select(c => c[3]).Should().Equal(pages[1]);
            using var first = await _auditor.PageAsync(second.QuerySelector(".pages a[rel=prev]")!.GetAttribute("href")!);
            Cells(first).Select(c => c[3]).Should().Equal(pages[0]);
            first.QuerySelector(".pages a[rel=prev]").Should().BeNull("there is nothing newer");
            address = null;
        }

        seen.Should().Equal(expected);
    }

    [Fact]
    public async Task The_file_holds_all_that_somebody_needs_to_compute_every_hash_again()
    {
        await FillAsync();
        await SqlAsync("insert into audit_events (at, action, subject, detail) values ('2025-03-10 08:00:00.000007+00', 'test.exact', ' = 1, \"two\"', '{\"b\": 1.50, \"a\": \"引\\n文\"}')");

        using var answer = await _auditor.GetAsync("/en/audit.csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var rows = ExportedRows.Csv(bytes);

        answer.Headers.GetValues("Repr-Digest").Should().Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:");
        answer.Content.Headers.ContentDisposition!.FileName.Should().MatchRegex(@"\Aaudit-\d{4}-\d\d-\d\d\.csv\z");
        rows.Should().HaveCount(9);
        rows[^1].Should().Contain("at", "2025-03-10T08:00:00.000007Z").And.Contain("epoch", "1741593600.000007").And.Contain("detail", "{\"a\": \"引\\n文\", \"b\": 1.50}");
        rows.Should().Contain(r => r["sign_in_name"] == "zhejiang" && r["display_name"] == "Zhejiang reporter");
        var previous = "";
        foreach (var row in rows)
        {
            row["previous_hash"].Should().Be(previous);
            row["hash"].Should().Be(Recomputed(row), "event {0} follows from what it says", row["id"]);
            previous = row["hash"];
        }
    }

    [Fact]
    public async Task Each_row_of_a_part_of_the_file_can_be_computed_by_itself()
    {
        await FillAsync();

        using var answer = await _auditor.GetAsync("/en/audit.csv?person=reporter");
        var rows = ExportedRows.Csv(await answer.Content.ReadAsByteArrayAsync());

        rows.Should().HaveCount(4).And.OnlyContain(r => r["hash"] == Recomputed(r));
    }

    [Fact]
    public async Task A_spreadsheet_gets_no_formula()
    {
        await SqlAsync("insert into audit_events (at, action, subject, detail) values (now(), 'test.formula', '=1+1', '{}')");

        using var answer = await _auditor.GetAsync("/en/audit.csv?profile=spreadsheet&action=test.formula");

        (await answer.Content.ReadAsByteArrayAsync()).Should().StartWith(Encoding.UTF8.GetPreamble());
        (await answer.Content.ReadAsStringAsync()).Should().Contain(",'=1+1,");
    }

    [Fact]
    public async Task The_chain_is_verified_on_the_page_with_the_anchor_that_was_downloaded()
    {
        await FillAsync();
        using var anchored = await _auditor.GetAsync("/en/audit/anchor.txt");
        var anchor = await anchored.Content.ReadAsStringAsync();
        using (var page = await _auditor.PageAsync("/en/audit/verify"))
            page.QuerySelector("#anchor ~ p code")!.TextContent.Split(' ')[..^1].Should().Equal(anchor.Split(' ')[..^1]);

        (await VerifiedAsync(anchor)).Should().Contain("The chain is whole.").And.Contain("8 events were computed anew");

        await TamperAsync("delete from audit_events where id = (select max(id) from audit_events)");
        (await VerifiedAsync("")).Should().Contain("The chain is whole.");
        (await VerifiedAsync(anchor)).Should().Contain("The chain is not whole.").And.NotContain("It breaks at");

        await TamperAsync("update audit_events set subject = 'another' where id = (select min(id) + 2 from audit_events)");
        (await VerifiedAsync("")).Should().Contain("The chain is not whole.").And.Contain("It breaks at event");
    }

    [Fact]
    public async Task A_line_that_is_no_anchor_is_named_and_nothing_is_verified()
    {
        using var answer = await _auditor.SendFormAsync("/en/audit/verify", ("anchors", "\n1234"));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        using var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain("Line 2 is no anchor");
        page.QuerySelector("textarea")!.TextContent.Should().Contain("1234");
    }

    [Fact]
    public async Task Without_the_token_of_the_form_nothing_is_verified()
    {
        using var content = new FormUrlEncodedContent([]);
        using var answer = await _auditor.Client.PostAsync(new Uri("/en/audit/verify", UriKind.Relative), content);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/en/audit")]
    [InlineData("/en/audit?person=reporter&action=reading.&subject=P-POP&from=2020-01-01")]
    [InlineData("/en/audit/verify")]
    public async Task A_page_takes_at_most_twelve_statements(string address)
    {
        await FillAsync();
        await _auditor.PageAsync(address);
        using var statements = new SqlStatements(_plan.ConnectionString);

        await _auditor.PageAsync(address);

        statements.Texts.Should().HaveCountGreaterThan(1).And.HaveCountLessThanOrEqualTo(12, statements.Summary);
    }

    [Fact]
    public void Ways_to_sign_in_and_roles_stand_in_words_and_what_somebody_typed_as_it_is()
    {
        AuditDetail.Of("""{"by": "password+Recovery", "after": {"roles": ["Reporter", "Auditor"], "displayName": "password"}}""").Select(f => (f.Name.Zh, f.Value.Zh))
            .Should().Equal(("方式", "密码与恢复码"), ("修改后 · 角色", "填报员、审计员"), ("修改后 · 显示名称", "password"));
    }

    [Fact]
    public void Every_action_in_the_code_has_a_sentence_in_both_languages()
    {
        var sources = Path.Combine(SeededPlan.RepositoryRoot, "src", "PlanTracker.Web");
        var written = Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories).Concat(Directory.GetFiles(sources, "*.sql", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && Path.GetFileName(f) != "AuditWords.cs")
            .SelectMany(File.ReadAllLines).Where(l => Writes().IsMatch(l)).SelectMany(l => Code().Matches(l).Select(m => m.Groups["code"].Value))
            // These are put together of two parts.
            .Concat(["item.submitted", "item.approved", "item.returned", "milestone.submitted", "milestone.approved", "milestone.returned"])
            .Distinct(StringComparer.Ordinal).ToList();

        written.Should().HaveCountGreaterThan(25);
        foreach (var action in written)
        {
            var (sentence, kind) = (AuditWords.Of(action), AuditWords.Kind(AuditWords.KindOf(action)));
            new[] { sentence.En, sentence.Zh, kind.En, kind.Zh }.Should().NotContain(action).And.NotContain(AuditWords.KindOf(action), "{0} is in AuditWords", action);
            Chinese().IsMatch(sentence.Zh).Should().BeTrue(action);
        }
    }

    /// <summary>Seven events: the load, four on 10 March 2025 and two today. Whoever signs in adds one.</summary>
    private async Task FillAsync() => await SqlAsync("""
        insert into audit_events (at, actor_id, action, subject, detail)
        select '2025-03-10 23:59:59+00', (select id from people where user_name = 'reporter'), a, s, '{"value": 1}'
        from (values ('reading.drafted', 'P-POP/320000/1950'), ('reading.submitted', 'P-POP/330000/1950'), ('reading.drafted', '100%/x'), ('reading.submitted', 'I13/CN/1950')) v (a, s);
        insert into audit_events (at, actor_id, action, subject, detail)
        select now(), (select id from people where user_name = 'zhejiang'), 'reading.submitted', s, '{"value": 2}' from (values ('P-POP/330000/1951'), ('I13/CN/1952')) v (s);
        """);

    private async Task<string> VerifiedAsync(string anchors)
    {
        using var answer = await _auditor.SendFormAsync("/en/audit/verify", ("anchors", anchors));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        using var page = await Visitor.ReadAsync(answer);
        return page.QuerySelector(".notice")!.TextContent;
    }

    private static List<string[]> Cells(IHtmlDocument page) =>
        [.. page.QuerySelectorAll("table.audit tbody tr").Select(r => r.Children.Select(c => Blank().Replace(Text(c), " ").Trim()).ToArray())];

    /// <summary>A line break on the page parts words.</summary>
    private static string Text(AngleSharp.Dom.IElement cell)
    {
        foreach (var apart in cell.QuerySelectorAll("br"))
            apart.OuterHtml = " ";
        return cell.TextContent;
    }

    private static string Recomputed(Dictionary<string, string> row)
    {
        var said = new[] { row["id"], row["epoch"], row["actor_id"], row["action"], row["subject"], row["detail"] }.Where((text, at) => at != 2 || text.Length > 0);
        return Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(row["previous_hash"]), .. Encoding.UTF8.GetBytes(string.Join('\u001F', said))]));
    }

    private Task TamperAsync(string sql) => SqlAsync($"set session_replication_role = replica; {sql}");

    private async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_plan.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex(@"\bEvent\(|\bTell(?:Async)?\(|\bDoAsync\(|\bAction\b|RecordAsync\(|\bRecord\(|audit_events", RegexOptions.None | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Writes();

    [GeneratedRegex(@"[""'](?<code>[a-z]+\.[a-z]+(-[a-z]+)*)[""']", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Chinese();
}
