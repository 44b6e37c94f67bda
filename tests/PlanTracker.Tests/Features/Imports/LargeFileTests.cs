using System.Net;
using AngleSharp.Html.Parser;
using PlanTracker.Data.Imports;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Imports;

/// <summary>A file beyond every limit is refused where it arrives: before it is stored, by the server that is shipped.</summary>
public sealed class LargeFileTests(PublishedApplication published, TestCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1L << 30, true)]
    [InlineData(Import.MostBytes + (1L << 17), false)]
    public async Task It_is_refused_before_it_is_read(long size, bool announced)
    {
        var database = await cluster.SeededDatabaseAsync();
        await using (var people = new PlanApplication(database))
            _ = people.Services;
        await using var app = await published.StartAsync(database);
        // The answer is waited for before anything is sent, however long it takes.
        using var patient = new SocketsHttpHandler { AllowAutoRedirect = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var visitor = await Visitor.SignedInAsync(new Visitor(new HttpClient(patient) { BaseAddress = app.Address }), "reporter");
        const string Page = $"/en/plans/{SeededPlan.PlanCode}/imports";
        using var form = await visitor.PageAsync(Page);
        using var fields = new MultipartFormDataContent
        {
            { new StringContent(form.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken" },
            { new EndlessFile(size, announced), "file", "figures.csv" },
        };
        // A program that asks first is told before it has sent anything; one that does not is told at the limit.
        using var request = new HttpRequestMessage(HttpMethod.Post, Page) { Content = fields };
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = !announced;
        using var answer = await visitor.Client.SendAsync(request, Ct);

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Ct)).QuerySelector("h1")!.TextContent.Should().Be("Too large");
        (await visitor.PageAsync(Page)).QuerySelectorAll("main tbody tr").Should().BeEmpty("nothing of it is kept");
    }

    /// <summary>Lines without end, as many as are asked for.</summary>
    private sealed class EndlessFile(long size, bool announced) : HttpContent
    {
        private static readonly byte[] Line = "I13,CN,2024,1.5\n"u8.ToArray();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var lines = new byte[1 << 16];
            for (var at = 0; at < lines.Length; at += Line.Length)
                Line.CopyTo(lines, at);
            for (var sent = 0L; sent < size; sent += lines.Length)
                await stream.WriteAsync(lines.AsMemory(0, (int)long.Min(lines.Length, size - sent)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return announced;
        }
    }
}
