using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Reliability;

/// <summary>The application is asked to stop: what it has begun to answer it answers, nothing new is taken, and an import is whole or not there.</summary>
[Trait("Speed", "slow")]
public sealed class StopTests(PublishedApplication published, FilledCluster filled)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_request_under_way_is_answered_and_no_other_is_taken()
    {
        await using var server = await filled.StartAsync();
        await using var site = await Site.StartAsync(published, server.ConnectionString);
        using var program = site.Running.Client();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", filled.ReporterToken);
        var held = await server.HoldAsync(ImportToApply.LastStep);
        var figure = new SentFigure(Guid.NewGuid(), "330000", Writers.FirstYear, 1.25m);
        using var content = new StringContent(figure.Body, Encoding.UTF8, "application/json");
        var asked = program.PostAsync(new Uri($"/api/v1/plans/{SeededPlan.PlanCode}/readings", UriKind.Relative), content);
        await ImportToApply.WrittenAndWaitingAsync(server);

        var stopping = site.Running.StopAsync(Soon);
        await Until.HoldsAsync(() => IsRefusedAsync(site), "nothing new is taken");
        asked.IsCompleted.Should().BeFalse("it still waits");
        await held.DisposeAsync();

        using var answer = await asked;
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await stopping).Should().Be(0, site.Running.Output);
        (await server.AskAsync<long>($"select count(*) from reading_revisions where request_id = '{figure.RequestId}'")).Should().Be(1);
    }

    [Fact]
    public async Task An_import_under_way_is_undone_and_taken_up_at_the_next_start()
    {
        await using var server = await filled.StartAsync();
        var import = await ImportToApply.MakeAsync(server);
        await using (var held = await server.HoldAsync(ImportToApply.LastStep))
        await using (var stopped = await Site.StartAsync(published, server.ConnectionString))
        {
            await ImportToApply.WrittenAndWaitingAsync(server);
            (await stopped.Running.StopAsync(Soon)).Should().Be(0, stopped.Running.Output);
        }

        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(0, "nothing of it is there");
        await using var again = await Site.StartAsync(published, server.ConnectionString);
        await ImportToApply.AppliedAsync(server, import);
        (await ImportToApply.FiguresOfAsync(server, import)).Should().Be(ImportToApply.Figures, "all of it is there, once");
    }

    private static async Task<bool> IsRefusedAsync(Site site)
    {
        try
        {
            await site.StatusAsync("/health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
