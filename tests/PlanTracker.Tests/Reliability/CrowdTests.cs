using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Npgsql;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>Many at once: more than there are connections, all after the same cell, the same request again and again, bodies that never end.</summary>
[Trait("Speed", "slow")]
public sealed class CrowdTests(PublishedApplication published, FilledCluster filled)
{
    private const string Overview = $"/en/plans/{SeededPlan.PlanCode}";
    private const string Readings = $"/api/v1/plans/{SeededPlan.PlanCode}/readings";

    [Fact]
    public async Task All_connections_are_taken()
    {
        const int Connections = 3, Asking = 12;
        await using var server = await filled.StartAsync();
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { MaxPoolSize = Connections };
        settings.Remove("Timeout");
        await using var site = await Site.StartAsync(published, settings.ConnectionString);
        using var visitor = await Visitor.SignedInAsync(site.Visitor(), "leader");
        await using var holder = await server.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table plans in access exclusive mode", holder, transaction))
            await hold.ExecuteNonQueryAsync();

        var begun = Stopwatch.GetTimestamp();
        var asked = Enumerable.Range(0, Asking).Select(_ => visitor.GetAsync(Overview)).ToList();
        await Until.HoldsAsync(() => asked.Count(a => a.IsCompleted) >= Asking - Connections, "those without a connection are told");
        var told = Stopwatch.GetElapsedTime(begun);
        (await site.StatusAsync("/health/live")).Should().Be(200);
        (await site.StatusAsync("/health/ready")).Should().Be(503);
        foreach (var refused in asked.Where(a => a.IsCompleted))
        {
            (await refused).StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await refused).Headers.RetryAfter.Should().NotBeNull();
        }

        await transaction.RollbackAsync();
        begun = Stopwatch.GetTimestamp();
        (await visitor.GetAsync(Overview)).StatusCode.Should().Be(HttpStatusCode.OK, "it recovers");
        Ledger.Tell("connections exhausted", string.Create(CultureInfo.InvariantCulture, $"503 after {told.TotalSeconds:0.0} s; serves again after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s"));
        (await Task.WhenAll(asked)).Count(a => a.StatusCode == HttpStatusCode.OK).Should().BeInRange(1, Connections, "who had a connection was served in the end");
    }

    [Fact]
    public async Task Everybody_writes_to_one_cell_and_one_sends_the_same_request_again_and_again()
    {
        const int Racers = 16, Copies = 10;
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        using var reporter = ProgramWith(site, filled.ReporterToken);
        using var zhejiang = ProgramWith(site, filled.ZhejiangToken);

        var raced = await Task.WhenAll(Enumerable.Range(0, Racers).Select(n => SendAsync(n % 2 == 0 ? reporter : zhejiang, Guid.NewGuid(), "1900", n + 0.5m, basedOn: 0)));
        raced.Count(r => r.Status == HttpStatusCode.OK).Should().Be(1, "one wins");
        var told = raced.Where(r => r.Status != HttpStatusCode.OK).ToList();
        var stands = await server.AskAsync<string>("select p.display_name from reading_revisions v join readings r on r.id = v.reading_id join people p on p.id = v.author_id where r.period = '1900'");
        told.Should().OnlyContain(r => r.Status == HttpStatusCode.UnprocessableEntity);
        told.Select(r => r.Answer.GetProperty("errors")[0]).Should().OnlyContain(e =>
            e.GetProperty("code").GetString() == "conflict" && e.GetProperty("lastRevision").GetInt32() == 1 && e.GetProperty("message").GetString()!.Contains(stands, StringComparison.Ordinal));

        var id = Guid.NewGuid();
        var copies = await Task.WhenAll(Enumerable.Range(0, Copies).Select(_ => SendAsync(reporter, id, "1901", 2.5m, basedOn: 0)));
        copies.Should().OnlyContain(c => c.Status == HttpStatusCode.OK);
        copies.Select(c => c.Answer.GetRawText()).Distinct().Should().ContainSingle("each is told the same");
        (await server.AskAsync<long>("select count(*) from reading_revisions v join readings r on r.id = v.reading_id where r.period in ('1900', '1901')")).Should().Be(2);
        Ledger.Tell("one cell, one request", string.Create(CultureInfo.InvariantCulture, $"{Racers} writers, 1 taken, {told.Count} told; {Copies} copies, 1 effect"));

        // The control: what is not the same request is not taken for it.
        var other = await SendAsync(reporter, id, "1901", 3.5m, basedOn: 0);
        (other.Status, other.Answer.GetProperty("errors")[0].GetProperty("code").GetString()).Should().Be((HttpStatusCode.UnprocessableEntity, "sent-before"));
    }

    [Fact]
    public async Task Bodies_that_come_a_byte_at_a_time_are_refused_and_take_no_memory()
    {
        const int Slow = 200, MostGrowth = 100 << 20;
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        using var program = ProgramWith(site, filled.ReporterToken);
        (await SendAsync(program, Guid.NewGuid(), "1900", 1.5m, basedOn: 0)).Status.Should().Be(HttpStatusCode.OK);
        var before = site.Running.Memory;

        var begun = Stopwatch.GetTimestamp();
        var slow = Enumerable.Range(0, Slow).Select(_ => DripAsync(site.Address)).ToList();
        (await SendAsync(program, Guid.NewGuid(), "1901", 1.5m, basedOn: 0)).Status.Should().Be(HttpStatusCode.OK, "whoever sends as usual is served meanwhile");
        await Until.HoldsAsync(() => slow.TrueForAll(s => s.IsCompleted), "all of them are refused");
        var refused = Stopwatch.GetElapsedTime(begun);

        var grown = site.Running.Memory - before;
        (await Task.WhenAll(slow)).Should().OnlyContain(a => a.Length == 0 || a.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
        grown.Should().BeLessThan(MostGrowth);
        (await site.StatusAsync("/health/ready")).Should().Be(200);
        Ledger.Tell("slow bodies", string.Create(CultureInfo.InvariantCulture, $"{Slow} at once refused within {refused.TotalSeconds:0.0} s; memory grew by {grown >> 20} MB"));
    }

    /// <summary>Announces a megabyte and sends a byte a second, until the server has had enough.</summary>
    /// <returns>What the server said before it closed the connection.</returns>
    private async Task<string> DripAsync(Uri address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Readings} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {filled.ReporterToken}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"));
        using var closed = new CancellationTokenSource();
        var dripping = DripAsync(stream, closed.Token);
        try
        {
            var said = new byte[4096];
            var read = await stream.ReadAsync(said);
            return Encoding.ASCII.GetString(said, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
        finally
        {
            await closed.CancelAsync();
            await dripping;
        }
    }

    private static async Task DripAsync(NetworkStream stream, CancellationToken closed)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await second.WaitForNextTickAsync(closed))
                await stream.WriteAsync(" "u8.ToArray(), closed);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    private static HttpClient ProgramWith(Site site, string token)
    {
        var program = site.Running.Client();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return program;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpClient program, Guid id, string period, decimal value, int basedOn)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"requestId":"{{id}}","source":"Bulletin","explanation":"Counted.","readings":[{"indicator":"P-RD-INT","region":"330000","period":"{{period}}","value":{{value}},"basedOn":{{basedOn}}}]}""");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await program.PostAsync(new Uri(Readings, UriKind.Relative), content);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
