using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.Testing;
using PlanTracker.Platform.Start;

namespace PlanTracker.Tests.Support;

/// <summary>Somebody at a browser without scripts: keeps cookies, fills in forms, follows no redirect unasked.</summary>
public sealed class Visitor(HttpClient client) : IDisposable
{
    public Visitor(WebApplicationFactory<Program> application)
        : this(application.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }))
    {
    }

    public HttpClient Client { get; } = client;

    /// <summary>One of the demonstration accounts, signed in.</summary>
    public static Task<Visitor> SignedInAsync(WebApplicationFactory<Program> application, string name) => SignedInAsync(new Visitor(application), name);

    /// <summary>The same at any application that has these accounts.</summary>
    public static async Task<Visitor> SignedInAsync(Visitor visitor, string name)
    {
        (await visitor.SignInAsync(name, DemonstrationAccounts.Password)).Should().BeTrue("{0} can sign in", name);
        return visitor;
    }

    /// <summary>The page at <paramref name="address"/>, which has to answer as expected.</summary>
    public async Task<IHtmlDocument> PageAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await GetAsync(address);
        answer.StatusCode.Should().Be(expected, "{0} answers so", address);
        return await ReadAsync(answer);
    }

    public Task<HttpResponseMessage> GetAsync(string address) => Client.GetAsync(new Uri(address, UriKind.Relative));

    /// <summary>Sends fields with the token of the form that stands on the page <paramref name="form"/>, or at the address itself.</summary>
    public async Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields, string? form = null)
    {
        using var page = await PageAsync(form ?? address);
        fields["__RequestVerificationToken"] = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new FormUrlEncodedContent(fields);
        return await Client.PostAsync(new Uri(address, UriKind.Relative), content);
    }

    /// <summary>Opens the page, fills in its form and sends it.</summary>
    public Task<HttpResponseMessage> SendFormAsync(string address, params (string Name, string Value)[] fields) =>
        PostAsync(address, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal));

    /// <returns>Whether the name and the password were taken.</returns>
    public async Task<bool> SignInAsync(string name, string password)
    {
        using var answer = await SendFormAsync("/en/account/sign-in", ("name", name), ("password", password));
        return answer.StatusCode == HttpStatusCode.Redirect;
    }

    /// <summary>The cookie of the session that an answer gives, as a browser sends it back.</summary>
    public static string SessionCookieOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("plantracker=", StringComparison.Ordinal)).Split(';')[0];

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

    public void Dispose() => Client.Dispose();
}
