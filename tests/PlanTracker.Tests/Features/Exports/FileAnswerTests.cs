using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Npgsql;
using PlanTracker.Data;
using PlanTracker.Domain;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Exports;

/// <summary>A file comes whole, says what it is, and comes again as it was.</summary>
public sealed class FileAnswerTests(TestCluster cluster) : IAsyncLifetime
{
    private const string Plan = "/en/plans/14fyp-informatization";

    private readonly SeededPlan _plan = new(cluster);

    public static TheoryData<string> Files => ["csv", "csv?layout=wide", "csv?profile=spreadsheet", "xlsx", "xlsx?layout=wide", "sdmx.csv", "json", "zip"];

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public ValueTask DisposeAsync() => _plan.DisposeAsync();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_says_its_rows_its_length_and_the_digest_of_its_bytes(string file)
    {
        using var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        analyst.Client.DefaultRequestHeaders.Add("Accept-Encoding", "br, gzip");

        using var answer = await analyst.GetAsync($"{Plan}/readings.{file}");

        var content = await answer.Content.ReadAsByteArrayAsync();
        var digest = Convert.ToBase64String(SHA256.HashData(content));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.GetValues("Repr-Digest").Should().Equal($"sha-256=:{digest}:");
        answer.Headers.ETag!.Tag.Should().Be($"\"{digest}\"");
        answer.Content.Headers.ContentEncoding.Should().BeEmpty("the digest is that of the bytes that are sent");
        answer.Content.Headers.ContentLength.Should().Be(content.Length);
        answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        var rows = ExportedRows.Read(file.Split('?')[0], content);
        answer.Headers.GetValues("X-Row-Count").Should().Equal(rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        rows.Count.Should().BeGreaterThan(500);
    }

    [Fact]
    public async Task Who_has_the_file_already_is_not_sent_it_again_and_who_has_a_part_gets_the_rest()
    {
        using var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        var address = new Uri($"{Plan}/readings.csv?indicator=I13", UriKind.Relative);
        using var whole = await analyst.Client.GetAsync(address);
        var content = await whole.Content.ReadAsByteArrayAsync();

        using var question = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        using var same = await analyst.Client.SendAsync(question);
        using var part = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(100, null), IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!) } };
        using var rest = await analyst.Client.SendAsync(part);

        same.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await same.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
        rest.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await rest.Content.ReadAsByteArrayAsync()).Should().Equal(content[100..]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_link_of_a_past_day_gives_the_same_bytes_after_new_figures_and_a_new_start(string file)
    {
        var past = $"{Plan}/readings.{file}{(file.Contains('?', StringComparison.Ordinal) ? '&' : '?')}asOf=2025-06-30";
        var (first, now) = (await DownloadAsync(_plan.Application, past), await DownloadAsync(_plan.Application, $"{Plan}/readings.{file}"));
        await ApproveAsync("I13", Period.Annual(2024), "15.5");

        await using var restarted = new PlanApplication(_plan.ConnectionString);

        (await DownloadAsync(restarted, past)).Should().Equal(first);
        (await DownloadAsync(restarted, $"{Plan}/readings.{file}")).Should().NotEqual(now);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_fails_in_the_last_row_is_an_error_and_never_a_shorter_file(string file)
    {
        await using (var source = NpgsqlDataSource.Create(_plan.ConnectionString))
        {
            // No guard lets such a number in; it stands for whatever may break on the way.
            await using var broken = source.CreateCommand("""
                set session_replication_role = replica;
                update readings set value = 1e40 where id = (
                    select r.id from readings r join indicators i on i.id = r.indicator_id join regions g on g.id = r.region_id
                    where r.status is not null order by i.position desc, g.position desc, r.period_end desc limit 1);
                """);
            await broken.ExecuteNonQueryAsync();
        }

        using var analyst = await Visitor.SignedInAsync(_plan.Application, "analyst");
        using var answer = await analyst.GetAsync($"{Plan}/readings.{file}");

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentDisposition.Should().BeNull();
        (await Visitor.ReadAsync(answer)).QuerySelector("h1").Should().NotBeNull();
    }

    [Fact]
    public async Task Wide_or_long_the_figures_are_the_same()
    {
        var rows = ExportedRows.Csv(await DownloadAsync(_plan.Application, $"{Plan}/readings.csv?task=T05"));
        foreach (var extension in new[] { "csv", "xlsx" })
        {
            var wide = ExportedRows.Read(extension, await DownloadAsync(_plan.Application, $"{Plan}/readings.{extension}?task=T05&layout=wide"));

            wide.SelectMany(r => r.Where(c => char.IsAsciiDigit(c.Key[0]) && c.Value.Length > 0)
                    .Select(c => (r["indicator"], r["region"], c.Key, decimal.Parse(c.Value, System.Globalization.CultureInfo.InvariantCulture))))
                .Should().Equal(rows.Where(r => r["value"].Length > 0)
                    .Select(r => (r["indicator"], r["region"], r["period"], decimal.Parse(r["value"], System.Globalization.CultureInfo.InvariantCulture))));
        }
    }

    [Fact]
    public async Task Every_format_holds_the_same_readings_in_the_same_order()
    {
        static string Key(Dictionary<string, string> row) => $"{row["indicator"]} {row["region"]} {row["period"]} {row["observation_status"]}";
        var rows = ExportedRows.Csv(await DownloadAsync(_plan.Application, $"{Plan}/readings.csv")).ConvertAll(Key);

        rows.Should().OnlyHaveUniqueItems();
        foreach (var extension in new[] { "xlsx", "sdmx.csv", "json", "zip" })
            ExportedRows.Read(extension, await DownloadAsync(_plan.Application, $"{Plan}/readings.{extension}")).ConvertAll(Key).Should().Equal(rows);
    }

    [Fact]
    public async Task A_reading_that_only_says_why_there_is_no_value_is_a_row_of_its_own()
    {
        await ApproveAsync("I15", Period.Annual(2025), null);

        foreach (var extension in new[] { "csv", "xlsx", "sdmx.csv", "json", "zip" })
        {
            ExportedRows.Read(extension, await DownloadAsync(_plan.Application, $"{Plan}/readings.{extension}?indicator=I15&from=2025&to=2025"))
                .Should().ContainSingle(r => r["observation_status"] == "O" && r["value"].Length == 0);
        }
    }

    private async Task ApproveAsync(string indicator, Period period, string? value)
    {
        var (author, reviewer, id, region) = (await _plan.PersonAsync("reporter"), await _plan.PersonAsync("reviewer"), await _plan.IndicatorAsync(indicator), await _plan.RegionAsync("CN"));
        var submitted = await _plan.WithAsync((_, store) => store.SubmitAsync(new Submission
        {
            Source = "Bulletin",
            Explanation = "As counted.",
            RequestId = Guid.NewGuid(),
            Cells = [new TypedCell(new CellKey(id, region, period), value ?? "") { Status = value is null ? ObservationStatus.O : ObservationStatus.A }],
        }, author, CancellationToken.None));
        var waiting = await _plan.WithAsync((db, _) => Task.FromResult(db.Revisions.Where(r => r.State == RevisionState.Submitted).Select(r => r.Id).ToList()));
        waiting.Should().ContainSingle("it was submitted: {0}", string.Join(", ", submitted.Faults));
        await _plan.WithAsync((_, store) => store.ApproveAsync(waiting, reviewer, CancellationToken.None));
    }

    private static async Task<byte[]> DownloadAsync(PlanApplication application, string address)
    {
        using var analyst = await Visitor.SignedInAsync(application, "analyst");
        return await analyst.Client.GetByteArrayAsync(new Uri(address, UriKind.Relative));
    }
}
