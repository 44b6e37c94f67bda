using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PlanTracker.Tests.Support;

/// <summary>A small OpenID Connect provider on this machine: whoever comes is the person that was named, without being asked.</summary>
public sealed class SignInService : IAsyncDisposable
{
    public const string ClientId = "plantracker";
    public const string Secret = "kept between the two";

    private readonly WebApplication _app;
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "one" };
    private readonly Dictionary<string, (string Nonce, string Challenge)> _codes = new(StringComparer.Ordinal);

    private SignInService(WebApplication app) => _app = app;

    /// <summary>Who comes next: the unchanging number and the name.</summary>
    public (string Subject, string Name) Person { get; set; } = ("1", "leader");

    /// <summary>Signs with a key that nobody was told of.</summary>
    public bool Forges { get; set; }

    public string Address { get; private set; } = "";

    public static async Task<SignInService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = new SignInService(builder.Build());
        service._app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = service.Address,
            authorization_endpoint = $"{service.Address}/authorize",
            token_endpoint = $"{service.Address}/token",
            jwks_uri = $"{service.Address}/keys",
            response_types_supported = new[] { "code" },
            subject_types_supported = new[] { "public" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        }));
        service._app.MapGet("/keys", () => Results.Json(new { keys = new[] { Public(service._key) } }));
        service._app.MapGet("/authorize", service.Authorize);
        service._app.MapPost("/token", service.TokenAsync);
        await service._app.StartAsync();
        service.Address = service._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Rsa.Dispose();
    }

    private IResult Authorize(HttpRequest request)
    {
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (request.Query["nonce"].ToString(), request.Query["code_challenge"].ToString());
        return Results.Redirect(QueryHelpers.AddQueryString(request.Query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = code, ["state"] = request.Query["state"] }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var verifier = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["client_secret"] != Secret || !_codes.Remove(form["code"].ToString(), out var asked) || asked.Challenge != verifier)
            return Results.BadRequest(new { error = "invalid_grant" });
        using var other = RSA.Create(2048);
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = ClientId,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            Subject = new ClaimsIdentity([new("sub", Person.Subject), new("preferred_username", Person.Name), new("nonce", asked.Nonce)]),
            SigningCredentials = new SigningCredentials(Forges ? new RsaSecurityKey(other) { KeyId = "one" } : _key, SecurityAlgorithms.RsaSha256),
        });
        return Results.Json(new { id_token = token, access_token = "none", token_type = "Bearer" });
    }

    private static object Public(RsaSecurityKey key)
    {
        var numbers = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n = Base64UrlEncoder.Encode(numbers.Modulus), e = Base64UrlEncoder.Encode(numbers.Exponent) };
    }
}
