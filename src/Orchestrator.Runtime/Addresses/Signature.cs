using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Runtime.Addresses;

/// <summary>How a request proves who sent it and when, after the specification Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.</summary>
public static class Signature
{
    private const string EncodedSecret = "whsec_";

    /// <summary>Seconds by which clocks may differ.</summary>
    private const int Tolerance = 300;

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="secret">Text, or <c>whsec_</c> with base64 after it.</param>
    /// <param name="id">The header <c>webhook-id</c>: the same for every attempt at the same message.</param>
    /// <param name="at">The header <c>webhook-timestamp</c>, in whole seconds.</param>
    public static string Of(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{Seconds(at)}.");
        byte[] signed = [.. head, .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Key(secret), signed))}";
    }

    /// <summary>Whether one of the signatures of a header is ours, and the request neither old nor from the future.</summary>
    /// <param name="now">The real clock.</param>
    public static bool Holds(string secret, SignedHead head, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        if (!long.TryParse(head.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance)
        {
            return false;
        }

        var expected = Encoding.UTF8.GetBytes(Of(secret, head.Id, DateTimeOffset.FromUnixTimeSeconds(seconds), body));
        return head.Signature.Split(' ').Any(given => CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(given)));
    }

    public static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static byte[] Key(string secret)
    {
        var decoded = new byte[secret.Length];
        return secret.StartsWith(EncodedSecret, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[EncodedSecret.Length..], decoded, out var length)
            ? decoded[..length]
            : Encoding.UTF8.GetBytes(secret);
    }
}

/// <summary>What a signed request says of itself, in the headers <c>webhook-id</c>, <c>webhook-timestamp</c> and <c>webhook-signature</c>.</summary>
public sealed record SignedHead(string Id, string Timestamp, string Signature);
