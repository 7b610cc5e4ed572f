using System.Buffers.Text;
using System.Security.Cryptography;

namespace Orchestrator.Server.Access;

/// <summary>The random word of one answer by which its page may set styles of its own.</summary>
internal static class Nonce
{
    private static readonly object _key = new();

    public static string Of(HttpContext context)
    {
        if (context.Items[_key] is string known)
        {
            return known;
        }

        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        context.Items[_key] = nonce;
        return nonce;
    }
}
