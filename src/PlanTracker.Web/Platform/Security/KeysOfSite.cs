using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using PlanTracker.Data;
using PlanTracker.Platform.Start;

namespace PlanTracker.Platform.Security;

/// <summary>The section <c>Keys</c>: what protects the keys of cookies, forms and second factors where they stand, in the database.</summary>
public sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>A PEM file with a certificate and its RSA key; none: whoever reads the database reads the keys.</summary>
    public string? Certificate { get; init; }

    /// <summary>The one before it, for the start at which the keys change over.</summary>
    public string? FormerCertificate { get; init; }
}

/// <summary>The certificate that protects the keys of the site, where there is one.</summary>
public sealed record KeyCertificate(X509Certificate2? Current);

/// <summary>Keys of the site, in its database so that all nodes have the same.</summary>
public static class KeysOfSite
{
    /// <exception cref="SettingException">A certificate is named that cannot be used.</exception>
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(KeyOptions.Section).Get<KeyOptions>() ?? new KeyOptions();
        var current = Read(nameof(options.Certificate), options.Certificate);
        var keys = builder.Services.AddDataProtection().SetApplicationName("PlanTracker").PersistKeysToDbContext<PlanDbContext>();
        if (current is not null)
            keys.ProtectKeysWithCertificate(current);
        if (Read(nameof(options.FormerCertificate), options.FormerCertificate) is { } former)
            keys.UnprotectKeysWithAnyCertificate(former);
        builder.Services.AddSingleton(new KeyCertificate(current)).AddScoped<KeyProtection>();
    }

    private static X509Certificate2? Read(string setting, string? file)
    {
        if (string.IsNullOrWhiteSpace(file))
            return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file);
            return certificate.GetRSAPrivateKey() is null ? throw new CryptographicException("Its key is not an RSA key.") : certificate;
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{KeyOptions.Section}:{setting} names {file}, which has to be a PEM file with a certificate and its RSA key. {error.Message}", error);
        }
    }
}

/// <summary>The keys of the site cannot be read here. Whoever went on would make others, which no second factor was encrypted with.</summary>
public sealed class KeyCertificateMissingException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>Puts keys that were made before under the present certificate: the framework does so only with those it makes.</summary>
public sealed partial class KeyProtection(PlanDbContext db, KeyCertificate certificate, IServiceProvider services, ILoggerFactory logs)
{
    private static readonly XNamespace Keys = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";

    /// <exception cref="KeyCertificateMissingException">A key stands under a certificate that is not there.</exception>
    public async Task ProtectAsync(CancellationToken ct)
    {
        if (certificate.Current is not { } current)
        {
            // Else the site made new keys, signed everybody out, and could read no second factor.
            if (await db.DataProtectionKeys.AnyAsync(k => k.Xml!.Contains("encryptedSecret"), ct))
                throw new KeyCertificateMissingException($"The keys in the database stand under a certificate. Name it in {KeyOptions.Section}:{nameof(KeyOptions.Certificate)}.");
            return;
        }

        var (encryptor, own) = (new CertificateXmlEncryptor(current, logs), Convert.ToBase64String(current.RawData));
        var changed = 0;
        foreach (var key in await db.DataProtectionKeys.AsTracking().ToListAsync(ct))
        {
            var text = XElement.Parse(key.Xml!);
            foreach (var secret in text.Descendants().Where(IsSecret).ToList())
            {
                if (secret.Descendants(Signature + "X509Certificate").FirstOrDefault()?.Value is { } under && string.Equals(under, own, StringComparison.Ordinal))
                    continue;
                var sealedOne = encryptor.Encrypt(secret.Name == Keys + "encryptedSecret" ? Opened(secret, key.FriendlyName) : new XElement(secret));
                secret.ReplaceWith(new XElement(Keys + "encryptedSecret", new XAttribute("decryptorType", sealedOne.DecryptorType.AssemblyQualifiedName!), sealedOne.EncryptedElement));
                key.Xml = text.ToString(SaveOptions.DisableFormatting);
                changed++;
            }
        }

        if (changed == 0)
            return;
        await db.SaveChangesAsync(ct);
        Protected(logs.CreateLogger<KeyProtection>(), changed);
    }

    private static bool IsSecret(XElement element) => element.Name == Keys + "encryptedSecret" || (bool?)element.Attribute(Keys + "requiresEncryption") == true;

    private XElement Opened(XElement secret, string? key)
    {
        try
        {
            return new EncryptedXmlDecryptor(services).Decrypt(secret.Elements().Single());
        }
        catch (CryptographicException error)
        {
            throw new KeyCertificateMissingException(
                $"The key {key} in the database stands under another certificate. Name that one in {KeyOptions.Section}:{nameof(KeyOptions.FormerCertificate)}.", error);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} keys of the site were put under the present certificate")]
    private static partial void Protected(ILogger log, int count);
}
