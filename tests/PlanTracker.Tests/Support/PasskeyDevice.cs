using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PlanTracker.Tests.Support;

/// <summary>A device that holds one passkey (WebAuthn level 3, ES256, no attestation), together with the browser it is used in.</summary>
public sealed class PasskeyDevice : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte WithCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);
    private string _owner = "";
    private uint _counter;

    /// <summary>The page that asks.</summary>
    public string Origin { get; init; } = "http://localhost";

    /// <summary>Whether it makes sure who uses it.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Whether it signs what it was asked, or something else.</summary>
    public bool SignsRightly { get; set; } = true;

    /// <summary>As in the addresses of the site.</summary>
    public string Key => Base64Url.EncodeToString(_id);

    /// <summary>What <c>navigator.credentials.create()</c> gives for what the server asked.</summary>
    public string Make(string asked)
    {
        var options = JsonNode.Parse(asked)!;
        _owner = (string)options["user"]!["id"]!;
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Head((string)options["rp"]!["id"]!, WithCredential), .. new byte[16], 0, (byte)_id.Length, .. _id, .. publicKey];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, checked((byte)data.Length), .. data];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encoded(ClientData("webauthn.create", options)),
            ["attestationObject"] = Encoded(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>What <c>navigator.credentials.get()</c> gives for what the server asked.</summary>
    public string Answer(string asked)
    {
        var options = JsonNode.Parse(asked)!;
        _counter++;
        var data = Head((string)options["rpId"]!, 0);
        var client = ClientData("webauthn.get", options);
        byte[] signed = [.. data, .. SHA256.HashData(SignsRightly ? client : [])];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encoded(client),
            ["authenticatorData"] = Encoded(data),
            ["signature"] = Encoded(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = _owner,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] Head(string site, byte more)
    {
        var head = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(site), head);
        head[32] = (byte)(Present | (Verifies ? Verified : 0) | more);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(33), _counter);
        return head;
    }

    private byte[] ClientData(string type, JsonNode options) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = (string)options["challenge"]!, origin = Origin, crossOrigin = false });

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Key,
        ["rawId"] = Key,
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    /// <summary>As CBOR.</summary>
    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static string Encoded(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
