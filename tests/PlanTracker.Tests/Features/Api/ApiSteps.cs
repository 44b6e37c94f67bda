using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using PlanTracker.Data;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Features.Api;

/// <summary>What came back: status, headers and body.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public IEnumerable<JsonElement> Items => Json.GetProperty("items").EnumerateArray();

    public string? Next => Json.GetProperty("next").GetString();

    public IEnumerable<string> Errors => Json.GetProperty("errors").EnumerateArray().Select(e =>
        $"{(e.TryGetProperty("row", out var row) ? row.GetInt32() : -1)} {(e.TryGetProperty("field", out var named) ? named.GetString() : "")} {e.GetProperty("code").GetString()}");
}

/// <summary>A program with a token.</summary>
internal sealed class ApiSteps(SeededPlan plan, WebApplicationFactory<Program>? application = null) : IDisposable
{
    public const string Plan = $"/api/v1/plans/{SeededPlan.PlanCode}";

    private readonly HttpClient _client = (application ?? plan.Application).CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public async Task<string> TokenAsync(string person, TokenAccess access = TokenAccess.Read)
    {
        var id = await plan.PersonAsync(person);
        await using var scope = plan.Application.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<ApiTokenStore>().MakeAsync($"Test {Guid.NewGuid():N}", access, 30, id, CancellationToken.None);
        return made.Text!;
    }

    public Task<Answer> GetAsync(string address, string? token, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, address, token, null, headers);

    public Task<Answer> SubmitAsync(string token, string body) => SendAsync(HttpMethod.Post, $"{Plan}/readings", token, new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<Answer> SendAsync(HttpMethod method, string address, string? token, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = content };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _client.SendAsync(request);
        return new Answer(answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();
}
