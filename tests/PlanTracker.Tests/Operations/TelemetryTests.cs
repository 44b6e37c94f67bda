using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PlanTracker.Platform.Start;
using PlanTracker.Tests.Reliability;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Operations;

/// <summary>What a collector gets to see, and what it never does.</summary>
public sealed class TelemetryTests(PublishedApplication published, FilledCluster filled, TestCluster cluster)
{
    private static readonly string[] Wanted =
    [
        "http.server.request.duration", "db.client.operation.duration", "db.client.connection.count", "db.client.connection.max", "db.client.connection.state",
        "plantracker.import.rows", "plantracker.import.duration", "plantracker.sign_ins",
        "plantracker.replicas", "plantracker.clock.apart", "plantracker.temporary.free", "dotnet.gc.collections",
    ];

    [Fact]
    public async Task Requests_statements_imports_sign_ins_and_the_server_are_measured_and_nobody_is_named()
    {
        const string Searched = "what-nobody-else-should-read", WrongPassword = "a-password-that-is-not-right";
        await using var sink = await TelemetrySink.StartAsync();
        await using var server = await filled.StartAsync();
        var import = await ImportToApply.MakeAsync(server);
        await using var site = await Site.StartAsync(
            published, server.ConnectionString, ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Address), ("OTEL_METRIC_EXPORT_INTERVAL", "300"));

        using var visitor = site.Visitor();
        (await visitor.SignInAsync("leader", WrongPassword)).Should().BeFalse();
        (await visitor.SignInAsync("leader", DemonstrationAccounts.Password)).Should().BeTrue();
        using var page = await visitor.PageAsync($"/en/plans/{SeededPlan.PlanCode}/search?q={Searched}");
        page.Body!.TextContent.Should().NotBeEmpty();
        await ImportToApply.AppliedAsync(server, import);

        await Until.HoldsAsync(() => Wanted.All(w => sink.Metrics.Contains(w, StringComparison.Ordinal)), "every metric");
        await Until.HoldsAsync(() => sink.Traces.Contains("search", StringComparison.OrdinalIgnoreCase) && sink.Traces.Contains("postgresql", StringComparison.Ordinal), "traces of requests and statements");
        sink.Metrics.Should().ContainAll("applying", "done", "taken", "refused");
        foreach (var secret in new[] { Searched, WrongPassword, DemonstrationAccounts.Password, filled.ReporterToken })
            (sink.Metrics + sink.Traces).Should().NotContain(secret);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_gathered()
    {
        await using var silent = new PlanApplication(await cluster.SeededDatabaseAsync());
        await using var telling = new PlanApplication(await cluster.SeededDatabaseAsync(), "Development", ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"));

        silent.Services.GetService<MeterProvider>().Should().BeNull();
        silent.Services.GetService<TracerProvider>().Should().BeNull();
        telling.Services.GetService<MeterProvider>().Should().NotBeNull("with one, it is");
    }
}
