using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PlanTracker.Features.Shared;
using PlanTracker.Tests.Features.Api;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Exports;

/// <summary>Whose reading is limited to their own grants sees nothing of anybody else, by whatever way.</summary>
public sealed class LimitedReaderTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";
    private const string Analyst = "zhejiang-analyst";

    /// <summary>For who enters and reviews: <see cref="Entry.OwnScopeTests"/>.</summary>
    private static readonly string[] Working =
    [
        "work", "work/{indicator}", "work/regions", "work/regions/{region}", "work/{indicator}/{region}/{period}", "review", "review/progress",
        "imports", "imports/template.{extension:regex(^(csv|xlsx)$)}", "imports/{id:int}", "imports/{id:int}/progress.json", "imports/{id:int}/problems",
        "{kind:regex(^(goals|items)$)}/{code}", "{kind:regex(^(goals|items)$)}/{code}/progress", "evidence/{id:guid}",
    ];

    private static readonly string[] Extensions = ["csv", "xlsx", "sdmx.csv", "json", "zip"];

    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["lang"] = ["en", "zh"],
        ["plan"] = [SeededPlan.PlanCode],
        ["indicator"] = ["I13", "P-RD-INT"],
        ["region"] = ["330000", "110000"],
        ["period"] = ["2023"],
        ["kind"] = ["goals", "items"],
        ["extension"] = ["csv", "xlsx"],
        ["id"] = ["8d5b7c0e-5a2d-4a3e-9a67-0f8f5b1f7b1d"],
        ["code"] = ["T01", "I13", "330000", "A01-2023", "B01.1"],
    };

    public async ValueTask InitializeAsync()
    {
        // The regions' figures came with the plan and say no day of their own: here they were known long ago, so that there is a past to look at.
        await using var source = NpgsqlDataSource.Create(plan.ConnectionString);
        await using var earlier = source.CreateCommand("set session_replication_role = replica; update reading_revisions set known_on = '2024-01-01' where known_on is not null");
        await earlier.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nothing_of_the_plan_answers_them_but_what_is_marked_as_open()
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, Analyst);
        var (open, closed) = (0, 0);
        foreach (var endpoint in Routes().Where(e => e.RoutePattern.RawText!.Contains("{plan}", StringComparison.Ordinal)))
        {
            var marked = endpoint.Metadata.GetMetadata<OpenToLimitedReadersAttribute>() is not null;
            foreach (var address in Addresses(endpoint))
            {
                using var answer = await analyst.GetAsync(address);
                if (marked)
                    answer.StatusCode.Should().BeOneOf(WhereOpen(endpoint), address);
                else
                    answer.StatusCode.Should().BeOneOf([HttpStatusCode.NotFound, HttpStatusCode.Forbidden], address);
                (open, closed) = marked ? (open + 1, closed) : (open, closed + 1);
            }
        }

        open.Should().BeGreaterThanOrEqualTo(4);
        closed.Should().BeGreaterThan(40);
    }

    /// <summary>What is for other roles is not theirs; there is no report in their scope.</summary>
    private static HttpStatusCode[] WhereOpen(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is not null) ? [HttpStatusCode.Forbidden, HttpStatusCode.NotFound]
        : endpoint.Metadata.GetRequiredMetadata<ControllerActionDescriptor>().ControllerTypeInfo.Namespace!.EndsWith(".Progress", StringComparison.Ordinal) ? [HttpStatusCode.NotFound]
        : [HttpStatusCode.OK];

    [Fact]
    public void Only_what_was_thought_of_is_marked_as_open() =>
        Routes().Where(e => e.Metadata.GetMetadata<OpenToLimitedReadersAttribute>() is not null).Select(e => e.RoutePattern.RawText)
            .Should().BeEquivalentTo(
                [.. Working.Select(w => "{lang:language}/plans/{plan}/" + w), "", "{lang:language}", "{lang:language}/plans/{plan}/method", "{lang:language}/plans/{plan}/readings", "{lang:language}/plans/{plan}/readings.{extension}", "{lang:language}/account", "{lang:language}/account/tokens", "{lang:language}/api"]);

    [Fact]
    public async Task The_way_in_leads_to_the_data_and_no_link_on_it_leads_anywhere_else()
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, Analyst);

        using var start = await analyst.GetAsync("/en");
        start.Headers.Location!.OriginalString.Should().Be($"{Plan}/readings");
        foreach (var query in new[] { "", "?layout=wide", "?region=110000", "?asOf=2024-06-30" })
        {
            var page = await Visitor.ReadAsync(await analyst.GetAsync($"{Plan}/readings{query}"));
            foreach (var link in page.QuerySelectorAll("a[href^='/'], form[method=get][action]").Select(a => a.GetAttribute("href") ?? a.GetAttribute("action")!).Distinct(StringComparer.Ordinal))
            {
                using var answer = await analyst.GetAsync(link);
                answer.StatusCode.Should().BeOneOf([HttpStatusCode.OK, HttpStatusCode.Redirect, HttpStatusCode.UnprocessableEntity], link);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("layout=wide")]
    [InlineData("region=330000")]
    [InlineData("indicator=P-RD-INT")]
    [InlineData("task=T01")]
    [InlineData("status=no-judgement")]
    [InlineData("asOf=2024-06-30")]
    [InlineData("asOf=2024-06-30&status=no-judgement&layout=wide")]
    [InlineData("profile=spreadsheet")]
    public async Task Every_format_the_count_and_the_first_rows_hold_their_own_region_only(string query)
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, Analyst);
        var page = await analyst.PageAsync($"{Plan}/readings?{query}");
        foreach (var extension in Extensions)
        {
            using var answer = await analyst.GetAsync($"{Plan}/readings.{extension}?{query}");
            var file = await answer.Content.ReadAsByteArrayAsync();

            ExportedRows.Read(extension, file).Select(r => r["region"]).Distinct(StringComparer.Ordinal).Should().Equal(["330000"], extension);
            var texts = extension is "zip" or "xlsx" ? await UnpackedAsync(file) : Encoding.UTF8.GetString(file);
            Others(await RegionsAsync()).Should().NotContain(code => Regex.IsMatch(texts, $@"(?<![0-9A-Za-z-]){code}(?![0-9A-Za-z-])", RegexOptions.None, TimeSpan.FromSeconds(5)), extension);
        }

        page.QuerySelectorAll("tbody tr").Should().NotBeEmpty().And.OnlyContain(r => r.TextContent.Contains("Zhejiang"));
        page.QuerySelectorAll("#region option").Select(o => o.GetAttribute("value")).Should().BeEquivalentTo("", "330000");
    }

    [Fact]
    public async Task A_token_opens_the_same_files_and_no_others()
    {
        using var program = new ApiSteps(plan);
        using var analyst = await Visitor.SignedInAsync(plan.Application, Analyst);
        using var stranger = new Visitor(plan.Application);
        var token = await program.TokenAsync(Analyst);
        foreach (var extension in Extensions)
        {
            // A day that is over gives the same bytes every time.
            var address = $"{Plan}/readings.{extension}?asOf=2024-06-30";
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Authorization", $"Bearer {token}" } } };
            using var fetched = await stranger.Client.SendAsync(request);
            var file = await fetched.Content.ReadAsByteArrayAsync();

            fetched.StatusCode.Should().Be(HttpStatusCode.OK, extension);
            file.Should().Equal(await analyst.Client.GetByteArrayAsync(new Uri(address, UriKind.Relative)), extension);
            ExportedRows.Read(extension, file).Select(r => r["region"]).Distinct(StringComparer.Ordinal).Should().Equal(["330000"], extension);
        }

        foreach (var closed in new[] { $"{Plan}/changes.csv", $"{Plan}/compare.csv", $"{Plan}/indicators/I13.csv" })
            (await program.GetAsync(closed, token)).Status.Should().Be(HttpStatusCode.NotFound, closed);
    }

    [Theory]
    [InlineData("region=110000")]
    [InlineData("region=CN")]
    [InlineData("region=CN-EAST")]
    [InlineData("region=110000&asOf=2024-06-30")]
    public async Task A_region_of_somebody_else_is_as_unknown_as_one_that_does_not_exist(string query)
    {
        using var analyst = await Visitor.SignedInAsync(plan.Application, Analyst);
        foreach (var address in Extensions.Select(e => $"readings.{e}").Prepend("readings"))
        {
            var page = await analyst.PageAsync($"{Plan}/{address}?{query}", HttpStatusCode.UnprocessableEntity);
            var unknown = await analyst.PageAsync($"{Plan}/{address}?region=nowhere", HttpStatusCode.UnprocessableEntity);

            page.QuerySelector("#region-fault")!.TextContent.Should().Be(unknown.QuerySelector("#region-fault")!.TextContent);
            page.QuerySelectorAll("tbody tr, a[download]").Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Without_a_grant_there_is_nothing_to_see()
    {
        await plan.WithAsync((db, _) => db.Users.Where(u => u.UserName == "auditor").ExecuteUpdateAsync(u => u.SetProperty(p => p.ReadsOwnScopeOnly, true)));
        using var auditor = await Visitor.SignedInAsync(plan.Application, "auditor");

        (await auditor.PageAsync($"{Plan}/readings")).QuerySelector(".finding")!.TextContent.Should().StartWith("0 approved readings");
        foreach (var extension in Extensions)
            ExportedRows.Read(extension, await auditor.Client.GetByteArrayAsync(new Uri($"{Plan}/readings.{extension}", UriKind.Relative))).Should().BeEmpty();
        (await auditor.GetAsync(Plan)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await auditor.PageAsync("/en/account")).QuerySelector("a[href='/en/audit']").Should().BeNull("it is closed to them");
    }

    private Task<List<string>> RegionsAsync() => plan.WithAsync((db, _) => db.Regions.Select(r => r.Code).ToListAsync());

    private static IEnumerable<string> Others(IEnumerable<string> codes) => codes.Where(c => c is not ("330000" or "CN"));

    private static async Task<string> UnpackedAsync(byte[] file)
    {
        await using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(file));
        var texts = new StringBuilder();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            texts.Append(await reader.ReadToEndAsync());
        }

        return texts.ToString();
    }

    /// <summary>Pages and files; the API's own addresses are tried where its tokens are.</summary>
    private IEnumerable<RouteEndpoint> Routes() => plan.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<ControllerActionDescriptor>() is not null && e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") != false
            && !e.RoutePattern.RawText!.StartsWith("api/", StringComparison.Ordinal));

    /// <summary>Every combination of what may stand in the place of the names.</summary>
    private static IEnumerable<string> Addresses(RouteEndpoint endpoint)
    {
        IEnumerable<string> addresses = ["/" + endpoint.RoutePattern.RawText!.TrimStart('/')];
        foreach (var parameter in endpoint.RoutePattern.Parameters)
        {
            Values.Should().ContainKey(parameter.Name, "{0} needs something to stand in its place", endpoint.RoutePattern.RawText);
            addresses = addresses.SelectMany(a => Values[parameter.Name].Select(v => Place(parameter.Name).Replace(a, v))).ToList();
        }

        return addresses;

        static Regex Place(string name) => new($@"\{{{name}(:[^}}]*)?\}}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }
}
