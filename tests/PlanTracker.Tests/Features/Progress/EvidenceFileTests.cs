using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Features.Progress;
using PlanTracker.Tests.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Progress;

/// <summary>Files as evidence: which are taken, who may take them away, and that they stay what they were.</summary>
public sealed class EvidenceFileTests : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";
    private const string Item = $"{Plan}/items/B01.1";
    private const string Form = $"{Item}/progress";

    private static readonly byte[] Pdf = "%PDF-1.7 a report"u8.ToArray();

    private readonly SeededPlan _plan;
    private readonly ProgressSteps _steps;

    public EvidenceFileTests(TestCluster cluster)
    {
        _plan = new SeededPlan(cluster);
        _steps = new ProgressSteps(_plan);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "plan.exe", [1, 2, 3], "plan.exe: files of that kind are not taken; these are: .pdf, .png" },
        { "page.html", "<html>"u8.ToArray(), "page.html: files of that kind" },
        { "report.pdf", "MZ and more"u8.ToArray(), "report.pdf: the file is not what its name says" },
        { "table.xlsx", EvidenceFormatTests.Zip("word/document.xml"), "table.xlsx: the file is not what its name says" },
        { "empty.txt", [], "empty.txt: the file is empty" },
        { "large.txt", Enumerable.Repeat((byte)'x', EvidenceFile.MostBytes + 1).ToArray(), "large.txt: the file is larger than 10 MB" },
        { new string('n', EvidenceFile.NameLength) + ".pdf", Pdf, "longer than 200 characters" },
    };

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Fact]
    public async Task Files_come_with_the_report_and_are_saved_by_whoever_sees_it()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using var reviewer = await Visitor.SignedInAsync(_plan.Application, "reviewer");
        using var zhejiang = await Visitor.SignedInAsync(_plan.Application, "zhejiang");
        using var leader = await Visitor.SignedInAsync(_plan.Application, "leader");
        using var anonymous = new Visitor(_plan.Application);
        var large = Enumerable.Repeat((byte)'x', EvidenceFile.MostBytes).ToArray();

        using var sent = await SendAsync(reporter, files: [("C:\\plans\\../验收 <b>.pdf", Pdf), ("large.txt", large)]);
        sent.StatusCode.Should().Be(HttpStatusCode.Redirect);

        var links = (await reviewer.PageAsync($"{Plan}/review")).QuerySelectorAll("#reports ~ form .evidence a");
        links.Select(a => a.TextContent).Should().Equal("验收 <b>.pdf", "large.txt");
        var address = links[0].GetAttribute("href")!;
        foreach (var (person, expected) in new[]
        {
            (reporter, HttpStatusCode.OK), (reviewer, HttpStatusCode.OK), (zhejiang, HttpStatusCode.NotFound), (leader, HttpStatusCode.NotFound), (anonymous, HttpStatusCode.Redirect),
        })
        {
            using var answer = await person.GetAsync(address);
            answer.StatusCode.Should().Be(expected, "nobody has approved it yet");
        }

        await _steps.ApproveAsync(await ReportIdAsync());
        using var file = await leader.GetAsync(address);
        (await file.Content.ReadAsByteArrayAsync()).Should().Equal(Pdf);
        file.Content.Headers.ContentType!.MediaType.Should().Be("application/pdf");
        file.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        file.Content.Headers.ContentDisposition.FileNameStar.Should().Be("验收 <b>.pdf");
        file.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        (await leader.PageAsync($"{Plan}/elements/B01.1")).QuerySelectorAll("#progress ~ .evidence a").Select(a => a.GetAttribute("href")).Should().Contain(address);
        await _plan.WithAsync((db, _) => db.Users.Where(p => p.UserName == "zhejiang").ExecuteUpdateAsync(p => p.SetProperty(x => x.ReadsOwnScopeOnly, true)));
        using var limited = await zhejiang.GetAsync(address);
        limited.StatusCode.Should().Be(HttpStatusCode.NotFound, "it is of another scope");
        using var elsewhere = await leader.GetAsync(address.Replace("14fyp-informatization", "no-such-plan", StringComparison.Ordinal));
        using var unknown = await leader.GetAsync($"{Plan}/evidence/{Guid.NewGuid()}");
        using var stranger = await anonymous.GetAsync(address);
        (elsewhere.StatusCode, unknown.StatusCode, stranger.StatusCode).Should().Be((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Redirect));
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_file_that_is_not_taken_is_named_with_the_reason_and_what_was_typed_stays(string name, byte[] content, string told)
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        var before = await _steps.FootprintAsync();

        using var answer = await SendAsync(reporter, files: [("good.pdf", Pdf), (name, content)], percent: "35", nextStep: "Award the contract");

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var page = await Visitor.ReadAsync(answer);
        page.QuerySelector("[role=alert]")!.TextContent.Should().Contain(told).And.Contain("Choose the files again").And.NotContain("good.pdf");
        page.QuerySelector("[role=alert] a")!.GetAttribute("href").Should().Be("#files");
        page.QuerySelector("#files")!.GetAttribute("aria-describedby").Should().Be("files-fault");
        page.QuerySelector("#statement")!.TextContent.Should().Be("Poles stand.");
        page.QuerySelector("#percent")!.GetAttribute("value").Should().Be("35");
        page.QuerySelector("#nextStep")!.TextContent.Should().Be("Award the contract");
        page.QuerySelector("#stage option[selected]")!.GetAttribute("value").Should().Be("under-way");
        page.QuerySelector("#confidence-in-doubt")!.HasAttribute("checked").Should().BeTrue();
        (await _steps.FootprintAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_report_takes_five_files_and_not_six()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        var six = Enumerable.Range(1, 6).Select(i => ($"r{i}.pdf", Pdf)).ToArray();

        using var tooMany = await SendAsync(reporter, files: six);
        (await Visitor.ReadAsync(tooMany)).QuerySelector("[role=alert]")!.TextContent.Should().Contain("at most 5 files");
        using var five = await SendAsync(reporter, files: six[..5], evidence: "");

        five.StatusCode.Should().Be(HttpStatusCode.Redirect, "a file is evidence enough");
        (await _steps.WithAsync((db, _) => db.EvidenceFiles.CountAsync())).Should().Be(5);
    }

    [Fact]
    public async Task More_than_five_full_files_are_not_even_read()
    {
        // Only the real server limits what it reads.
        await using var application = new PlanApplication(_plan.ConnectionString);
        application.UseKestrel(0);
        application.StartServer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = application.ClientOptions.BaseAddress };
        using var reporter = await Visitor.SignedInAsync(new Visitor(client), "reporter");
        using var content = new ByteArrayContent(new byte[ReportForm.MostBytes + 1]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Form, UriKind.Relative)) { Content = content };
        request.Headers.ExpectContinue = true;

        using var answer = await reporter.Client.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await Visitor.ReadAsync(answer)).QuerySelector("h1")!.TextContent.Should().Be("Too large");
    }

    [Fact]
    public async Task Files_of_a_returned_report_are_kept_or_left_behind_as_chosen()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using (await SendAsync(reporter, files: [("one.pdf", Pdf), ("two.pdf", [.. Pdf, 2])]))
            await _steps.ReturnAsync("Where is the third?", await ReportIdAsync());
        var page = await reporter.PageAsync(Form);
        var kept = page.QuerySelectorAll("input[name=kept]");
        kept.Should().HaveCount(2).And.OnlyContain(k => k.HasAttribute("checked"));
        page.QuerySelector("[role=note]")!.TextContent.Should().Contain("Where is the third?");

        using var again = await SendAsync(reporter, files: [("three.pdf", [.. Pdf, 3])], kept: [kept[1].GetAttribute("value")!, Guid.NewGuid().ToString()], basedOn: "1");

        again.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await NamesAsync(2)).Should().Equal("two.pdf", "three.pdf");
        (await NamesAsync(1)).Should().Equal("one.pdf", "two.pdf");
        (await _steps.WithAsync((db, _) => db.EvidenceFiles.CountAsync())).Should().Be(3, "what is kept is not stored twice");
    }

    [Fact]
    public async Task A_file_of_another_report_cannot_be_kept()
    {
        using var reporter = await Visitor.SignedInAsync(_plan.Application, "reporter");
        using (await SendAsync(reporter, files: [("one.pdf", Pdf)]))
            (await NamesAsync(1)).Should().Equal("one.pdf");
        var id = await _steps.WithAsync((db, _) => db.EvidenceFiles.Select(f => f.Id).SingleAsync());

        using var other = await SendAsync(reporter, kept: [id.ToString()], address: $"{Plan}/items/B01.2/progress");

        other.StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await _steps.WithAsync((db, _) => db.ReportFiles.CountAsync())).Should().Be(1);
    }

    [Fact]
    public async Task The_same_request_with_other_files_is_another_one()
    {
        var stated = (await _steps.StatedAsync("B01.1")) with { Files = [new GivenFile("a.pdf", Pdf.Length, Pdf)] };
        byte[] longer = [.. Pdf, 1];
        await _steps.TakenAsync(stated);

        (await _steps.SubmitAsync(stated)).Faults.Should().BeEmpty();
        (await _steps.SubmitAsync(stated with { Files = [new GivenFile("a.pdf", longer.Length, longer)] })).Faults.Should().Equal(new ReportFault(ReportFaultKind.SentBefore));

        (await _steps.WithAsync((db, _) => db.EvidenceFiles.Select(f => f.Sha256).ToListAsync())).Should().ContainSingle().Which.Should().Equal(SHA256.HashData(Pdf));
    }

    [Fact]
    public async Task The_database_keeps_files_and_what_they_belong_to_as_they_are()
    {
        await _steps.TakenAsync((await _steps.StatedAsync("B01.1")) with { Files = [new GivenFile("a.pdf", Pdf.Length, Pdf)] });

        foreach (FormattableString sql in new FormattableString[]
        {
            $"update evidence_files set name = 'b.pdf'", $"delete from evidence_files", $"truncate evidence_files, report_files",
            $"update report_files set position = 2", $"delete from report_files", $"truncate report_files",
        })
        {
            var force = () => _steps.WithAsync((db, _) => db.Database.ExecuteSqlAsync(sql));
            (await force.Should().ThrowAsync<PostgresException>()).Which.MessageText.Should().EndWith("is append-only", sql.Format);
        }

        var forge = () => _steps.WithAsync((db, _) => db.Database.ExecuteSqlAsync(
            $"insert into evidence_files (id, name, media_type, size, sha256, content) values (gen_random_uuid(), 'x.pdf', 'application/pdf', 1, sha256('b'), 'a')"));
        (await forge.Should().ThrowAsync<PostgresException>()).Which.ConstraintName.Should().Be("ck_evidence_files_content");
    }

    private static async Task<HttpResponseMessage> SendAsync(
        Visitor visitor, (string Name, byte[] Content)[]? files = null, string[]? kept = null, string evidence = "Report 7", string percent = "", string nextStep = "",
        string basedOn = "0", string address = Form)
    {
        using var page = await visitor.PageAsync(address);
        page.QuerySelector("form[enctype='multipart/form-data']").Should().NotBeNull();
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in new List<(string, string)>
        {
            ("__RequestVerificationToken", page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!), ("stage", "under-way"),
            ("confidence", "in-doubt"), ("statement", "Poles stand."), ("evidence", evidence), ("percent", percent), ("nextStep", nextStep), ("basedOn", basedOn),
            ("requestId", Guid.NewGuid().ToString()),
        }.Concat((kept ?? []).Select(k => ("kept", k))))
        {
            content.Add(new StringContent(value), name);
        }

        foreach (var (name, bytes) in files ?? [])
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            content.Add(file, "files", name);
        }

        return await visitor.Client.PostAsync(new Uri(address, UriKind.Relative), content);
    }

    private Task<long> ReportIdAsync() => _steps.WithAsync((db, _) => db.ProgressReports.OrderByDescending(r => r.Id).Select(r => r.Id).FirstAsync());

    private Task<List<string>> NamesAsync(int number) => _steps.WithAsync((db, _) =>
        db.ProgressReports.Where(r => r.Item!.Code == "B01.1" && r.Number == number).SelectMany(r => r.Files).OrderBy(f => f.Position).Select(f => f.File!.Name).ToListAsync());
}
