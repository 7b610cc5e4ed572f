using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Runtime.Keys;

/// <summary>Texts that only the holder of a session's cookie can have read: AES-GCM under a key derived from what the cookie holds (HKDF, RFC 5869), which the database does not.</summary>
internal static class SealedText
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private static readonly byte[] _purpose = "orchestrator session tokens"u8.ToArray();

    public static string Seal(string text, string cookie)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var all = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceLength));
        using var aes = new AesGcm(KeyOf(cookie), TagLength);
        aes.Encrypt(all.AsSpan(0, NonceLength), plain, all.AsSpan(NonceLength + TagLength), all.AsSpan(NonceLength, TagLength));
        return Convert.ToBase64String(all);
    }

    /// <summary>Null where the text was not sealed under this cookie.</summary>
    public static string? Open(string text, string cookie)
    {
        var all = Convert.FromBase64String(text);
        var plain = new byte[all.Length - NonceLength - TagLength];
        using var aes = new AesGcm(KeyOf(cookie), TagLength);
        try
        {
            aes.Decrypt(all.AsSpan(0, NonceLength), all.AsSpan(NonceLength + TagLength), all.AsSpan(NonceLength, TagLength), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(string cookie) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(cookie), 32, info: _purpose);
}
