using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Core.Series;

/// <summary>SHA-256 in lower-case hexadecimal: the one form in which content is identified.</summary>
public static class Digest
{
    /// <summary>Of the text's UTF-8 bytes.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
