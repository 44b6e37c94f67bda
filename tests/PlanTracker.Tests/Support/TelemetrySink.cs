using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PlanTracker.Tests.Support;

/// <summary>A collector on a free port of this machine that keeps what it is sent. Names and texts stand in it as they are written.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, string Content)> _received = new();

    private TelemetrySink(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public string Metrics => Of("/v1/metrics");

    public string Traces => Of("/v1/traces");

    public static async Task<TelemetrySink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new TelemetrySink(builder.Build());
        sink._server.Run(sink.TakeAsync);
        await sink._server.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        _received.Enqueue((context.Request.Path, Encoding.UTF8.GetString(content.ToArray())));
        context.Response.ContentType = "application/x-protobuf";
    }

    private string Of(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Content));
}
