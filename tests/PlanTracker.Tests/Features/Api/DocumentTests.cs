using System.Net;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Features.Entry;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>The document says what the API does.</summary>
public sealed class DocumentTests(SeededPlan plan) : IClassFixture<SeededPlan>, IAsyncLifetime
{
    private readonly ApiSteps _api = new(plan);
    private string _token = "";
    private DocumentedRoutes _document = null!;

    public async ValueTask InitializeAsync()
    {
        _token = await _api.TokenAsync("zhejiang", TokenAccess.ReadAndWrite);
        _document = await DocumentedRoutes.ReadAsync(_api, await _api.TokenAsync("analyst"));
    }

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Every_address_is_documented_and_every_documented_one_is_there()
    {
        var endpoints = plan.Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("api/", StringComparison.Ordinal) && e.Metadata.GetMetadata<ControllerActionDescriptor>() is not null)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Where(m => m != "HEAD").Select(m => $"{m} /{e.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal)}"))
            .Where(e => e != "GET /api/v1/openapi.json");

        _document.Operations.Select(o => $"{o.Method} {o.Path}").Should().BeEquivalentTo(endpoints);
    }

    [Fact]
    public async Task Every_answer_has_the_shape_it_is_documented_with()
    {
        await new EntrySteps(plan).StandAsync(("P-RD-INT/330000/1950", "2"));
        var token = await _api.TokenAsync("analyst");
        foreach (var (address, schema) in _document.Readable)
        {
            foreach (var query in new[] { "", address.Contains("/changes/", StringComparison.Ordinal) ? "?from=2020-01-01" : "", address.EndsWith("/standings", StringComparison.Ordinal) ? "?methods=all" : "" }.Distinct())
            {
                var answer = await _api.GetAsync(address + query, token);
                answer.Status.Should().Be(HttpStatusCode.OK, address);
                _document.Faults(answer.Json, schema, address + query).Should().BeEmpty();
            }
        }
    }

    [Fact]
    public async Task What_is_sent_and_what_is_refused_have_their_documented_shapes_too()
    {
        var submit = _document.Operations.Single(o => o.Method == "POST").Operation;
        var id = Guid.NewGuid();
        var body = $$"""{"requestId":"{{id}}","source":"Y","explanation":"As counted.","readings":[{"indicator":"P-RD-INT","region":"330000","period":"1981","value":1.5}]}""";
        using var sent = System.Text.Json.JsonDocument.Parse(body);
        _document.Faults(sent.RootElement, submit.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"), "body").Should().BeEmpty();

        foreach (var (answer, status) in new[]
        {
            (await _api.SubmitAsync(_token, body), "200"), (await _api.SubmitAsync(_token, body.Replace("1.5", "true", StringComparison.Ordinal)), "422"),
            (await _api.SubmitAsync("pt_wrong", body), "401"), (await _api.SubmitAsync(_token, "{"), "400"),
        })
        {
            ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(status);
            var schema = submit.GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty(answer.MediaType!).GetProperty("schema");
            _document.Faults(answer.Json, schema, status).Should().BeEmpty();
        }

        var state = await _api.GetAsync($"{ApiSteps.Plan}/submissions/{id}", _token);
        var item = _document.Operations.Single(o => o.Path.Contains("requestId", StringComparison.Ordinal)).Operation;
        _document.Faults(state.Json, item.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema"), "state").Should().BeEmpty();
    }

    [Fact]
    public void Operations_parameters_and_fields_are_described_in_both_languages()
    {
        foreach (var (path, method, operation) in _document.Operations)
        {
            operation.GetProperty("summary").GetString().Should().NotBeNullOrEmpty("{0} {1}", method, path);
            operation.GetProperty("x-summary-zh").GetString().Should().NotBeNullOrEmpty();
            foreach (var parameter in operation.GetProperty("parameters").EnumerateArray())
            {
                parameter.GetProperty("description").GetString().Should().NotBeNullOrEmpty("{0} of {1}", parameter.GetProperty("name"), path);
                parameter.GetProperty("x-description-zh").GetString().Should().NotBeNullOrEmpty();
            }
        }

        var silent = from schema in _document.Document.GetProperty("components").GetProperty("schemas").EnumerateObject()
                     where schema.Value.TryGetProperty("properties", out _)
                     from field in schema.Value.GetProperty("properties").EnumerateObject()
                     where !field.Value.TryGetProperty("description", out _) || !field.Value.TryGetProperty("x-description-zh", out _)
                     select $"{schema.Name}.{field.Name}";
        silent.Should().BeEmpty();
        _document.Operations.Select(o => o.Operation.GetProperty("operationId").GetString()).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task The_page_shows_every_operation_and_its_links_lead_somewhere(string language)
    {
        using var visitor = await Visitor.SignedInAsync(plan.Application, "analyst");
        using var page = await visitor.PageAsync($"/{language}/api");

        foreach (var (path, method, operation) in _document.Operations)
        {
            page.GetElementById(operation.GetProperty("operationId").GetString()!).Should().NotBeNull();
            page.Body!.TextContent.Should().Contain($"{method} {path}");
        }

        foreach (var link in page.QuerySelectorAll("main a[href^='#']"))
            page.GetElementById(link.GetAttribute("href")![1..]).Should().NotBeNull(link.GetAttribute("href"));
        foreach (var link in page.QuerySelectorAll("main a[href^='/api/']").Where(l => !l.GetAttribute("href")!.Contains("/submissions/", StringComparison.Ordinal)))
            (await visitor.GetAsync(link.GetAttribute("href")!)).StatusCode.Should().Be(HttpStatusCode.OK, link.GetAttribute("href"));
    }
}
