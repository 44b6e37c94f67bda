using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;

namespace PlanTracker.Tests.Support;

/// <summary>What a browser loads for a page: the page, and every style sheet, script and image that it names or that one of those names.</summary>
/// <param name="Page">Bytes of the page as sent.</param>
/// <param name="Files">Each file's address, with its bytes as sent.</param>
public sealed partial record PageLoad(int Page, IReadOnlyDictionary<Uri, int> Files)
{
    public int First => Page + Files.Values.Sum();

    public static async Task<PageLoad> OfAsync(HttpClient client, string address, string encoding)
    {
        var at = new Uri(client.BaseAddress!, address);
        var page = await SentAsync(client, at, encoding);
        page.Encoding.Should().Be(encoding, "{0} is compressed", address);
        var files = new Dictionary<Uri, int>();
        var named = new Queue<Uri>(NamedInPage(page.Text).Select(n => new Uri(at, n)));
        while (named.TryDequeue(out var next))
        {
            // A part of a file (#) is loaded with the file.
            var file = new Uri(next.GetLeftPart(UriPartial.Query));
            if (files.ContainsKey(file))
                continue;
            var sent = await SentAsync(client, file, encoding);
            files.Add(file, sent.Bytes);
            foreach (var other in NamedInFile(file.AbsolutePath, sent.Text))
                named.Enqueue(new Uri(file, other));
        }

        return new PageLoad(page.Bytes, files);
    }

    public static HttpRequestMessage Ask(Uri address, string encoding) =>
        new(HttpMethod.Get, address) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(encoding) } } };

    private static async Task<(int Bytes, string? Encoding, string Text)> SentAsync(HttpClient client, Uri address, string encoding)
    {
        using var question = Ask(address, encoding);
        using var answer = await client.SendAsync(question);
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0} is there", address);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var used = answer.Content.Headers.ContentEncoding.SingleOrDefault();
        using var raw = new MemoryStream(bytes);
        await using Stream unpacked = used switch
        {
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            "gzip" => new GZipStream(raw, CompressionMode.Decompress),
            _ => raw,
        };
        using var reader = new StreamReader(unpacked);
        return (bytes.Length, used, await reader.ReadToEndAsync());
    }

    private static IEnumerable<string> NamedInPage(string html)
    {
        var page = new HtmlParser().ParseDocument(html);
        return page.QuerySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src], img[src], use")
            .Select(e => e.GetAttribute("href") ?? e.GetAttribute("src")!).Where(a => !a.StartsWith('#'));
    }

    private static IEnumerable<string> NamedInFile(string path, string text) => Path.GetExtension(path) switch
    {
        // Bootstrap draws its marks from data: addresses.
        ".css" => AddressInStyle().Matches(text).Select(m => m.Groups["address"].Value).Where(a => !a.StartsWith("data:", StringComparison.Ordinal)),
        ".js" => ImportInScript().Matches(text).Select(m => m.Groups["address"].Value),
        _ => [],
    };

    [GeneratedRegex("""(@import\s+(url\()?|url\()\s*["']?(?<address>[^"')\s]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex AddressInStyle();

    [GeneratedRegex("""(^\s*import\b[^"';]*|\bimport\()["'](?<address>\.{0,2}/[^"']+)["']""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ImportInScript();
}
