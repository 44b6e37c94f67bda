using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentAssertions.Specialized;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Tests.Support;

namespace PlanTracker.Tests.Platform;

/// <summary>With a certificate the keys of the site cannot be read from its database, and what they signed before stays good.</summary>
public sealed class KeysTests(PublishedApplication published, TestCluster cluster) : IAsyncLifetime
{
    private readonly SeededPlan _plan = new(cluster);
    private readonly string _folder = Directory.CreateTempSubdirectory("plantracker-keys-").FullName;

    public ValueTask InitializeAsync() => _plan.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _plan.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Keys_go_under_the_certificate_and_from_one_to_the_next_and_a_session_goes_on()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var cookie = await CookieAsync();
        (await KeysAsync()).Should().Contain("<value>", "without a certificate they can be read");

        await using (var site = Site(("Keys:Certificate", first)))
        {
            (await AnswerAsync(site, cookie)).Should().Be(HttpStatusCode.OK);
            (await KeysAsync()).Should().NotContain("<value>").And.Contain("X509Certificate");
        }

        await using (var site = Site(("Keys:Certificate", second), ("Keys:FormerCertificate", first)))
            (await AnswerAsync(site, cookie)).Should().Be(HttpStatusCode.OK);
        await using (var site = Site(("Keys:Certificate", second)))
            (await AnswerAsync(site, cookie)).Should().Be(HttpStatusCode.OK, "the former one has served");
    }

    [Fact]
    public async Task Without_the_certificate_the_site_does_not_start_and_nothing_is_overwritten()
    {
        var (first, second) = (Certificate("first"), Certificate("second"));
        var cookie = await CookieAsync();
        (await KeysAsync()).Should().NotBeEmpty();
        await using (var site = Site(("Keys:Certificate", first)))
            (await AnswerAsync(site, cookie)).Should().Be(HttpStatusCode.OK);
        var keys = await KeysAsync();

        (await StartingAsync(("Keys__Certificate", second)).ThrowAsync<InvalidOperationException>()).WithMessage("*stands under another certificate*Keys:FormerCertificate*");
        (await StartingAsync().ThrowAsync<InvalidOperationException>()).WithMessage("*stand under a certificate*Keys:Certificate*");

        (await KeysAsync()).Should().Be(keys, "none is lost and none is made");
    }

    [Theory]
    [InlineData("missing.pem", null)]
    [InlineData("text.pem", "not a certificate")]
    public void A_certificate_that_cannot_be_used_is_named_at_the_start(string name, string? content)
    {
        var file = Path.Combine(_folder, name);
        if (content is not null)
            File.WriteAllText(file, content);
        using var site = Site(("Keys:Certificate", file));

        site.Invoking(s => s.Services).Should().Throw<InvalidOperationException>().WithMessage($"Keys:Certificate names {file}, which has to be a PEM file*");
    }

    private GenericAsyncFunctionAssertions<Running> StartingAsync(params (string Name, string Value)[] variables) =>
        FluentActions.Awaiting(() => published.StartAsync(_plan.ConnectionString, variables)).Should();

    private PlanApplication Site(params (string Name, string Value)[] settings) => new(_plan.ConnectionString, settings: settings);

    private string Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var file = Path.Combine(_folder, $"{name}.pem");
        File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return file;
    }

    private async Task<string> CookieAsync()
    {
        await using var site = Site();
        using var leader = new Visitor(site);
        using var answer = await leader.SendFormAsync("/en/account/sign-in", ("name", "leader"), ("password", "demo plan tracker"));
        return Visitor.SessionCookieOf(answer);
    }

    private static async Task<HttpStatusCode> AnswerAsync(PlanApplication site, string cookie)
    {
        using var client = site.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync(new Uri("/en/account", UriKind.Relative));
        return answer.StatusCode;
    }

    private Task<string> KeysAsync() => _plan.WithAsync(async (db, _) => string.Concat(await db.DataProtectionKeys.OrderBy(k => k.Id).Select(k => k.Xml!).ToListAsync()));
}
