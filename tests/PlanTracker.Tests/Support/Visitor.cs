using System.Net;
using AngleSharp;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Mvc.Testing;
using PlanTracker.Platform.Start;

namespace PlanTracker.Tests.Support;

/// <summary>Somebody with a browser that runs no scripts: follows links, fills in forms, keeps cookies.</summary>
public sealed class Visitor(PlanApplication application)
{
    private static readonly IBrowsingContext Parser = BrowsingContext.New(Configuration.Default);

    public HttpClient Client { get; } = application.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    public static async Task<Visitor> SignedInAsync(PlanApplication application, string name)
    {
        var visitor = new Visitor(application);
        var answer = await visitor.PostAsync("/en/account/sign-in", new() { ["name"] = name, ["password"] = DemonstrationAccounts.Password });
        answer.StatusCode.Should().Be(HttpStatusCode.Redirect, $"{name} can sign in");
        return visitor;
    }

    public async Task<IHtmlDocument> PageAsync(string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await Client.GetAsync(new Uri(address, UriKind.Relative));
        answer.StatusCode.Should().Be(expected, address);
        return await ReadAsync(answer);
    }

    /// <summary>Posts fields with the token of the form that stands at <paramref name="form"/> (or at the address itself).</summary>
    public async Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields, string? form = null)
    {
        var page = await PageAsync(form ?? address);
        fields["__RequestVerificationToken"] = page.QuerySelector("main input[name=__RequestVerificationToken], input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new FormUrlEncodedContent(fields);
        return await Client.PostAsync(new Uri(address, UriKind.Relative), content);
    }

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer)
    {
        var html = await answer.Content.ReadAsStringAsync();
        return (IHtmlDocument)await Parser.OpenAsync(r => r.Content(html));
    }
}
