using System.Globalization;
using System.Net;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Pages;

/// <summary>How much the published application sends for a page: all of it at first, the page alone once the files beside it are kept.</summary>
public sealed class PageWeightTests(PublishedApplication published, TestCluster cluster) : IAsyncLifetime
{
    private const int MostAtFirst = 200_000;
    private const int MostAfterwards = 60_000;

    private Running _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await published.StartAsync(await cluster.SeededDatabaseAsync());

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Every_page_is_light(string encoding)
    {
        var loads = await LoadsAsync(encoding);

        loads.Should().OnlyContain(l => l.Load.Files.Count > 2, "every page has its style sheet and icon");
        loads.Where(l => l.Load.First > MostAtFirst || l.Load.Page > MostAfterwards)
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Address}: {l.Load.First:N0} bytes at first, {l.Load.Page:N0} afterwards"))
            .Should().BeEmpty("a page weighs at most {0} bytes at first and {1} afterwards", MostAtFirst, MostAfterwards);
    }

    [Fact]
    public async Task A_file_is_kept_by_the_browser_and_not_sent_again()
    {
        const string Encoding = "br";
        using var client = _app.Client();
        foreach (var file in (await LoadsAsync(Encoding)).SelectMany(l => l.Load.Files.Keys).Distinct())
        {
            using var first = await client.SendAsync(PageLoad.Ask(file, Encoding), Cancelled);
            first.Headers.Vary.Should().Contain("Accept-Encoding");
            var kept = first.Headers.CacheControl!;
            kept.NoStore.Should().BeFalse("{0} may be kept", file);
            if (kept.ToString().Contains("immutable", StringComparison.Ordinal))
            {
                kept.MaxAge.Should().BeGreaterThan(TimeSpan.FromDays(300), "{0} never changes: its address has its version", file);
                continue;
            }

            using var question = PageLoad.Ask(file, Encoding);
            question.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var again = await client.SendAsync(question, Cancelled);
            again.StatusCode.Should().Be(HttpStatusCode.NotModified, "{0} is asked for again, and not sent", file);
            (await again.Content.ReadAsByteArrayAsync(Cancelled)).Should().BeEmpty();
        }
    }

    private async Task<List<(string Address, PageLoad Load)>> LoadsAsync(string encoding)
    {
        var loads = new List<(string Address, PageLoad Load)>();
        foreach (var reader in ReadPages.All.GroupBy(p => p.Reader))
        {
            using var visitor = await Visitor.SignedInAsync(new Visitor(_app.Client()), reader.Key);
            foreach (var page in reader)
            {
                foreach (var address in new[] { ReadPages.Address(page.Page), ReadPages.Address(page.Page, "2024-06-30") })
                    loads.Add((address, await PageLoad.OfAsync(visitor.Client, address, encoding)));
            }
        }

        return loads;
    }
}
