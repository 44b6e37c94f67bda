using System.Net;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>No length of a compressed page gives away what stands in it.</summary>
public sealed class CompressionTests(SeededPlan plan) : IClassFixture<SeededPlan>
{
    private static readonly Uri SignIn = new("/en/account/sign-in", UriKind.Relative);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, true)]
    [InlineData("none", true)]
    [InlineData("same-origin", true)]
    [InlineData("same-site", false)]
    [InlineData("cross-site", false)]
    public async Task What_another_site_asks_for_is_not_compressed(string? site, bool compressed)
    {
        using var client = new Visitor(plan.Application).Client;
        using var question = PageLoad.Ask(SignIn, "br");
        if (site is not null)
            question.Headers.Add("Sec-Fetch-Site", site);

        using var answer = await client.SendAsync(question, Cancelled);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentEncoding.Should().Equal(compressed ? ["br"] : []);
    }

    [Fact]
    public async Task The_token_of_a_form_is_another_one_in_every_answer()
    {
        using var client = new Visitor(plan.Application).Client;

        var tokens = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var page = await client.GetAsync(SignIn, Cancelled);
            tokens.Add((await Visitor.ReadAsync(page)).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!);
        }

        tokens.Should().OnlyHaveUniqueItems("nothing can be learnt about it from the lengths of compressed pages");
    }
}
